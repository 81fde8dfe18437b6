using System.Collections.Generic;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.Contract;

/// <summary>PIN4004: the local is cleared before the call. Not offered for a live handle, which would be lost.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ClearFirstFixer))]
[Shared]
public sealed class ClearFirstFixer() : ContractCodeFix("PIN4004", "Clear it before the call", Key_ClearFirst)
{
    public const string Key_ClearFirst = "PIN4004.ClearFirst";

    private protected override SyntaxNode? Apply(SyntaxNode root, SyntaxNode at, string fix, Diagnostic diagnostic, SemanticModel model)
    {
        if (at.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().FirstOrDefault() is not { } name || model.GetSymbolInfo(name).Symbol is not ILocalSymbol) return null;
        if (StatementInList(name) is not { } statement) return null;

        // In a condition it is not sure that the call is reached; in `a && b(ref x)` clearing before would be too early only if a reads it.
        if (statement.DescendantNodes().OfType<IdentifierNameSyntax>().Any(other => other.Identifier.ValueText == name.Identifier.ValueText && other.SpanStart < name.SpanStart)) return null;
        if (diagnostic.AdditionalLocations.Count > 0 && root.FindNode(diagnostic.AdditionalLocations[0].SourceSpan, getInnermostNodeForTie: true) is { } before && IsStillNeeded(name, before)) return null;
        return InsertBefore(root, statement, $"{name.Identifier.Text} = default;");
    }

    /// <summary>What the call before has set is still to be asked, as by a <c>finally</c> around both: cleared, it would not be released.</summary>
    private static bool IsStillNeeded(IdentifierNameSyntax name, SyntaxNode before)
    {
        SyntaxNode? round = before.Span.Contains(name.Span) ? name.FirstAncestorOrSelf<StatementSyntax>(static node => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax) : null;
        List<IdentifierNameSyntax> asked = name.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.DescendantNodes().OfType<IdentifierNameSyntax>().Where(other => other.Identifier.ValueText == name.Identifier.ValueText
            && other.Parent is not (ArgumentSyntax { RefKindKeyword.RawKind: not 0 } or AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression }) && other.SpanStart > before.Span.End).ToList() ?? [];
        return round is not null
            ? asked.Any(other => !round.Span.Contains(other.Span))
            : asked.Any(other => other.SpanStart > name.SpanStart) && !asked.Any(other => other.SpanStart < name.SpanStart);
    }
}
