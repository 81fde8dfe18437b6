using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>A dropped result is tested, and its failure handed on the way the method tells of failures; a dropped token that disposes itself is kept in a <c>using</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CheckChargeResultFixer)), Shared]
public sealed class CheckChargeResultFixer : BalanceCodeFix
{
    public const string Key_Check = "PinAnalyzers.CheckChargeResult";

    public CheckChargeResultFixer()
        : base("Use the result of the charge", Key_Check)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1005");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (target.Sites.At is not ExpressionSyntax charge) return null;
        ExpressionSyntax value = ChargeStatement.Outermost(charge);
        if (value.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax block } statement || statement.ContainsDirectives) return null;
        StatementSyntax? changed = target.Properties.HasToken ? Keep(target, value, block) : Check(target, value, statement);
        return changed is null ? null : target.Root.ReplaceNode(statement, changed.WithTriviaFrom(statement).WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation));
    }

    private static StatementSyntax? Keep(BalanceTarget target, ExpressionSyntax value, BlockSyntax block)
    {
        if (!target.Allows(LanguageVersion.CSharp8) || target.Model.GetTypeInfo(value, target.Cancellation).Type is not { } type || !Disposables.Is(type, target.Model.Compilation)) return null;
        string name = NewNames.For(char.ToLowerInvariant(type.Name[0]) + type.Name.Substring(1), target.Model, value.SpanStart, block);
        if (SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None) return null;
        return SyntaxFactory.ParseStatement($"using var {name} = {value.WithoutTrivia().ToFullString()};");
    }

    private static StatementSyntax? Check(BalanceTarget target, ExpressionSyntax value, StatementSyntax statement)
    {
        // Leaving here would strand what else is held.
        if (!target.Properties.IsCertain || statement.Ancestors().Any(static a => a is FinallyClauseSyntax or CatchClauseSyntax)) return null;
        string call = value.WithoutTrivia().ToFullString();
        string? failed = target.Properties.Success switch
        {
            SuccessSignal.True => "!" + call,
            SuccessSignal.Zero => call + " != 0",
            SuccessSignal.NonNegative => call + " < 0",
            SuccessSignal.NotMinusOne => call + " == -1",
            SuccessSignal.NonZero => call + " == 0",
            _ => null,
        };
        if (failed is null || Leave(target, statement) is not { } leave) return null;
        return SyntaxFactory.ParseStatement($"if ({failed}) {leave}");
    }

    private static string? Leave(BalanceTarget target, StatementSyntax statement)
    {
        if (target.Model.GetEnclosingSymbol(statement.SpanStart, target.Cancellation) is not IMethodSymbol method) return null;
        SyntaxNode? body = statement.Ancestors().FirstOrDefault(static a => a is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax or AccessorDeclarationSyntax);
        if (body is null || method.MethodKind == MethodKind.Destructor || method.Name is "Dispose" or "DisposeAsync") return null;
        bool isIterator = body.DescendantNodes().OfType<YieldStatementSyntax>().Any();
        ITypeSymbol? result = method.IsAsync ? (method.ReturnType as INamedTypeSymbol)?.TypeArguments.FirstOrDefault() : method.ReturnType;
        if (!isIterator && result?.SpecialType == SpecialType.System_Boolean) return "return false;";
        if (!isIterator && result?.SpecialType == SpecialType.System_Int32 && ReturnsNegative(body)) return "return -1;";
        return $"throw new {ReleaseCall.NameOf("System.InvalidOperationException", target, statement.SpanStart)}({SymbolDisplay.FormatLiteral($"The {target.Properties.Pair} could not be taken.", quote: true)});";
    }

    private static bool ReturnsNegative(SyntaxNode body) => body.DescendantNodes().OfType<ReturnStatementSyntax>().Any(static r => r.Expression is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression });
}
