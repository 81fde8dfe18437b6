using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
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
        return InsertBefore(root, statement, $"{name.Identifier.Text} = default;");
    }
}
