using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.CodeFixes.Contract;

/// <summary>PIN4001: a status that says failure is returned before it is replaced, where the method returns statuses of that kind.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReturnEarlyFixer))]
[Shared]
public sealed class ReturnEarlyFixer() : ContractCodeFix("PIN4001", "Return the error first", Key_ReturnEarly)
{
    public const string Key_ReturnEarly = "PIN4001.ReturnEarly";

    private protected override SyntaxNode? Apply(SyntaxNode root, SyntaxNode at, string fix, Diagnostic diagnostic, SemanticModel model)
    {
        if (at.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is not { Left: IdentifierNameSyntax name, Parent: ExpressionStatementSyntax } assignment || StatementInList(assignment) is not { } statement) return null;
        if (model.GetSymbolInfo(name).Symbol is not ILocalSymbol local || model.GetEnclosingSymbol(assignment.SpanStart) is not IMethodSymbol method) return null;
        if (statement.Ancestors().Any(static node => node is FinallyClauseSyntax) || IsIterator(statement)) return null;
        ITypeSymbol? returned = method.IsAsync ? (method.ReturnType as INamedTypeSymbol)?.TypeArguments.FirstOrDefault() : method.ReturnType;
        if (!SymbolEqualityComparer.Default.Equals(returned, local.Type) || !System.Enum.TryParse(fix, out SuccessSignal signal)) return null;
        string text = name.Identifier.Text;
        string? failed = signal switch
        {
            SuccessSignal.True => $"!{text}",
            SuccessSignal.Zero => $"{text} != 0",
            SuccessSignal.NonNegative => $"{text} < 0",
            SuccessSignal.NotMinusOne => $"{text} == -1",
            SuccessSignal.NonZero => $"{text} == 0",
            _ => null,
        };
        return failed is null ? null : InsertBefore(root, statement, $"if ({failed}) return {text};");
    }

    private static bool IsIterator(SyntaxNode statement) =>
        statement.Ancestors().FirstOrDefault(static node => node is MemberDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax) is { } body
        && body.DescendantNodes().OfType<YieldStatementSyntax>().Any();
}
