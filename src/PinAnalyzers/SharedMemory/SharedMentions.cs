using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Between the names by which shared memory may be reached and the accesses of a whole member: whether any of what goes by them there reaches it. Binds these mentions and nothing else.</summary>
internal static class SharedMentions
{
    public static bool AnyReaches(SyntaxNode member, NameHits names, SemanticModel model, SharedContext context)
    {
        PlaceReader? reader = null;
        foreach (int hit in names.In(member))
        {
            SyntaxToken token = member.FindToken(hit);
            if (!token.Span.Contains(hit) || token.Parent is not SimpleNameSyntax name || !context.Sites.MayReach(token)) continue;
            // What a pattern takes out of an object goes by another name.
            if (name.Parent is NameColonSyntax { Parent: SubpatternSyntax } or ExpressionColonSyntax) return true;
            if (Reaches(name, reader ??= context.ReaderOf(member, model), context)) return true;
        }

        return false;
    }

    /// <summary>Some pointer or reference that the method is handed is shared.</summary>
    public static bool IsHanded(ISymbol? method, SharedContext context) => method is IMethodSymbol { Parameters: var parameters }
        && parameters.Any(parameter => (SharedAnnotations.Of(parameter) ?? SharedAnnotations.Of(parameter.Type) ?? context.Parameters.TraitsOf(parameter)) is not null);

    /// <summary>From the name outwards, as far as it is what is accessed, called or indexed.</summary>
    private static bool Reaches(SimpleNameSyntax name, PlaceReader reader, SharedContext context)
    {
        for (SyntaxNode? node = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name; node is ExpressionSyntax expression; node = expression.Parent)
        {
            switch (expression)
            {
                case InvocationExpressionSyntax call when call.ArgumentList.Arguments.Any(static argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None)):
                    return true;
                case SimpleNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax:
                    if (expression.Parent is InvocationExpressionSyntax called && called.Expression == expression) continue;
                    // A tuple may have a pointer in it.
                    if (reader.TypeOf(expression) is INamedTypeSymbol { IsTupleType: true }) return true;
                    if (reader.CellAt(expression)?.Shared is not null || reader.TargetOf(expression)?.Shared is not null || context.Accessors.At(expression, reader) is not null) return true;
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }
}
