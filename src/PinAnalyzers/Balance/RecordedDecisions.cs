using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// Fields in which one body keeps what it has done: <c>Monitor.Enter(gate); _entered = true; try { … } finally { if (_entered) … }</c>. A call in between may run anything, but nothing
/// else writes the field, unless it comes back to the same body.
/// </summary>
internal static class RecordedDecisions
{
    /// <summary>Something but the body and the constructors may write the member: it can be seen from outside, or is written by its name in the rest of the type.</summary>
    public static bool IsWrittenOutside(ISymbol member, SyntaxNode body, CancellationToken cancellation)
    {
        if (member is not IFieldSymbol { DeclaredAccessibility: Accessibility.Private, IsVolatile: false, AssociatedSymbol: null } field) return true;
        foreach (SyntaxReference part in field.ContainingType.DeclaringSyntaxReferences)
        {
            SyntaxNode type = part.GetSyntax(cancellation);
            NameMentions mentions = new(type);
            if (mentions.MayMiss || mentions.Of(field.Name).Any(mention => NameMentions.IsWrite(mention) && !IsIn(mention, body) && !IsConstruction(mention, type))) return true;
        }

        return false;
    }

    /// <summary>A function inside the body may run at any time.</summary>
    private static bool IsIn(SyntaxNode mention, SyntaxNode body) => mention.SyntaxTree == body.SyntaxTree && body.Span.Contains(mention.Span)
        && !mention.Ancestors().TakeWhile(outer => outer != body && body.Span.Contains(outer.Span)).Any(static outer => outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);

    /// <summary>A delegate that a constructor makes runs later.</summary>
    private static bool IsConstruction(SyntaxNode mention, SyntaxNode type)
    {
        for (SyntaxNode? outer = mention.Parent; outer is not null && outer != type; outer = outer.Parent)
        {
            if (outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseTypeDeclarationSyntax) return false;
            if (outer is ConstructorDeclarationSyntax) return true;
        }

        return false;
    }
}
