using System.Collections.Concurrent;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Handle types of the source that wrap what was mapped: what they are given to keep is what they give out. Kept for the life of the compilation.</summary>
internal sealed class SharedHandles(SharedContext context)
{
    private const string SetHandle = "SetHandle";
    private readonly ConcurrentDictionary<INamedTypeSymbol, SharedTraits?> _traits = new(SymbolEqualityComparer.Default);

    public SharedTraits? TraitsOf(INamedTypeSymbol type)
    {
        type = type.OriginalDefinition;
        if (!type.IsWrittenIn(context.Compilation)) return null;
        // A handle made from what another one of the type gave out is what the others are: the others decide.
        return context.Open.Ask(_traits, type, SharedTraits.Inferred, Read);
    }

    private SharedTraits? Read(INamedTypeSymbol type)
    {
        SharedTraits? traits = null;
        foreach (SyntaxReference reference in type.PartsIn(context.Compilation))
        {
            SyntaxNode declaration = reference.GetSyntax(context.Cancellation);
            SemanticModel model = SemanticModels.Of(declaration.SyntaxTree, context.Compilation);
            foreach (MemberDeclarationSyntax member in TypeBodies.MembersMentioning(declaration, SetHandle))
            {
                if (BodyGraphs.IsTooDeep(member)) return null;
                foreach (InvocationExpressionSyntax call in member.DescendantNodes().OfType<InvocationExpressionSyntax>())
                {
                    if (!TypeBodies.IsNamed(call.Expression, SetHandle) || call.ArgumentList.Arguments.Count != 1 || PlaceReader.IsNull(call.ArgumentList.Arguments[0].Expression)) continue;
                    if (context.ReaderOf(member, model).TargetOf(call.ArgumentList.Arguments[0].Expression)?.Shared is not { } own) return null;
                    traits = traits is null ? own : traits.And(own);
                }
            }
        }

        return traits;
    }
}
