using System.Collections.Concurrent;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// Parameters that a method gets by reference and does nothing to but clear: <c>void ReleaseIfHeld(ref bool held) { if (held) { held = false; _gate.Release(); } }</c>. A flag that was down stays down.
/// Told by what is written: a body is searched for the name once, and asked of the compiler only where it hands the reference on.
/// </summary>
internal sealed class ClearedReferences(Compilation compilation, CancellationToken cancellation)
{
    private const int MaxSteps = 3;
    private readonly ConcurrentDictionary<IParameterSymbol, bool> _known = new(SymbolEqualityComparer.Default);

    public bool IsOnlyCleared(IMethodSymbol method, int ordinal) => !method.IsVirtual && !method.IsOverride && !method.IsAbstract && !method.IsExtern
        && _known.GetOrFind(method.OriginalDefinition.Parameters[ordinal], this, static (self, parameter) => self.IsOnlyCleared(parameter, 0));

    private bool IsOnlyCleared(IParameterSymbol parameter, int depth)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol method || !method.IsWrittenIn(compilation) || BodyGraphs.BodyOf(method, compilation, cancellation) is not { } body || BodyGraphs.IsTooDeep(body)) return false;
        NameMentions mentions = new(body);
        if (mentions.MayMiss) return false;
        foreach (IdentifierNameSyntax mention in mentions.Of(parameter.Name))
        {
            if (NameMentions.IsWrite(mention) && !Clears(mention) && !IsHandedOn(mention, depth)) return false;
        }

        return true;
    }

    private static bool Clears(IdentifierNameSyntax mention) => mention.Parent is AssignmentExpressionSyntax assignment && assignment.Left == mention && assignment.IsKind(SyntaxKind.SimpleAssignmentExpression)
        && assignment.Right is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.FalseLiteralExpression or (int)SyntaxKind.NullLiteralExpression or (int)SyntaxKind.DefaultLiteralExpression }
            or LiteralExpressionSyntax { Token.Value: 0 } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Zero" };

    private bool IsHandedOn(IdentifierNameSyntax mention, int depth)
    {
        if (depth >= MaxSteps || mention.Parent is not ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } } argument || !argument.RefKindKeyword.IsKind(SyntaxKind.RefKeyword)) return false;
        return SemanticModels.Of(call.SyntaxTree, compilation).GetOperation(argument, cancellation) is IArgumentOperation { Parameter.OriginalDefinition: { ContainingSymbol: IMethodSymbol { IsVirtual: false, IsOverride: false, IsAbstract: false, IsExtern: false } } given }
            && IsOnlyCleared(given, depth + 1);
    }
}
