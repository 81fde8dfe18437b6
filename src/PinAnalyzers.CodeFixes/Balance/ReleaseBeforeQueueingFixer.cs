using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.Balance;

/// <summary>Takes a release out of the delegate and puts it before the statement that queues the delegate.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReleaseBeforeQueueingFixer)), Shared]
public sealed class ReleaseBeforeQueueingFixer : BalanceCodeFix
{
    public const string Key_ReleaseNow = "PinAnalyzers.ReleaseBeforeQueueing";

    public ReleaseBeforeQueueingFixer()
        : base("Release before queueing", Key_ReleaseNow)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1010");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        // A charge is not moved: where it comes first it can fail, and that has to be answered.
        if (InsteadOfQueueing(target) is { } whole) return whole;
        if (target.Sites.At.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax { Parent: AnonymousFunctionExpressionSyntax lambda } body } release || body.Statements.Count < 2) return null;
        if (target.Model.GetSymbolInfo(target.Sites.At, target.Cancellation).Symbol is not IMethodSymbol || !IsRelease(target)) return null;
        if (lambda.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax } queueing || !queueing.Span.Contains(target.Sites.Path[0].Span)) return null;
        if (!Exits.IsSimple(Arguments(release)) || UsesOwnVariables(target, release, lambda) || IsDecidedThere(body, release) || IsUsedThere(body, release)) return null;
        var editor = target.Edit();
        editor.InsertBefore(queueing, SyntaxFactory.ExpressionStatement(release.Expression.WithoutTrivia())
            .WithLeadingTrivia(queueing.GetLeadingTrivia()).WithTrailingTrivia(Edits.EndOfLine(queueing)).WithAdditionalAnnotations(Formatter.Annotation));
        Edits.Mark(editor, release);
        editor.ReplaceNode(queueing, static (node, _) => Edits.WithoutComments((StatementSyntax)node));
        return Edits.RemoveMarked(editor.GetChangedRoot());
    }

    /// <summary>Nothing else is queued: then nothing is left to queue.</summary>
    private static SyntaxNode? InsteadOfQueueing(BalanceTarget target)
    {
        AnonymousFunctionExpressionSyntax? lambda = target.Sites.At.Parent switch
        {
            AnonymousFunctionExpressionSyntax arrow => arrow,
            ExpressionStatementSyntax { Parent: BlockSyntax { Statements.Count: 1, Parent: AnonymousFunctionExpressionSyntax block } } => block,
            _ => null,
        };
        if (lambda is null || lambda.ContainsDirectives || target.Sites.Path[0] is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var on } } queueing || lambda.DescendantTrivia().Any(static t => t.IsKind(SyntaxKind.SingleLineCommentTrivia) || t.IsKind(SyntaxKind.MultiLineCommentTrivia))) return null;
        if (target.Model.GetSymbolInfo(target.Sites.At, target.Cancellation).Symbol is not IMethodSymbol { ReturnsVoid: true, Name: var name } || target.Properties.Release != name && !target.Properties.Release.EndsWith("." + name, System.StringComparison.Ordinal)) return null;

        // What the call itself waits for, or evaluates, would be lost with it.
        if (target.Model.GetSymbolInfo(on, target.Cancellation).Symbol is not INamedTypeSymbol || target.Model.GetSymbolInfo(queueing, target.Cancellation).Symbol is not IMethodSymbol { Name: "Run" or "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" } || queueing.ArgumentList.Arguments.Any(a => a.Expression != lambda && !Exits.IsSimple(a.Expression))) return null;
        ExpressionSyntax release = (ExpressionSyntax)target.Sites.At;
        if (release is not InvocationExpressionSyntax call || UsesOwnVariables(target, call, lambda)) return null;
        ExpressionSyntax whole = queueing.Parent is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } discard ? discard : queueing;
        bool isUnused = whole.Parent is ExpressionStatementSyntax || whole.Parent is ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } } };
        return isUnused ? target.Root.ReplaceNode(whole, release.WithTriviaFrom(whole)) : null;
    }

    private static bool IsRelease(BalanceTarget target) => ReleaseCall.StatementOf(target, target.Sites.At) is not null;

    private static SyntaxNode Arguments(ExpressionStatementSyntax release) => release.Expression is InvocationExpressionSyntax call ? call.ArgumentList : release;

    /// <summary>The delegate may end before it comes to the release.</summary>
    private static bool IsDecidedThere(BlockSyntax body, StatementSyntax release) => body.Statements.TakeWhile(s => s != release)
        .Any(static s => s.DescendantNodesAndSelf(static n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(static n => n is ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or GotoStatementSyntax));

    /// <summary>What is released, or how much, is named elsewhere in the delegate: it is still needed there, or only known there.</summary>
    private static bool IsUsedThere(BlockSyntax body, ExpressionStatementSyntax release)
    {
        if (release.Expression is not InvocationExpressionSyntax call) return true;
        var released = call.ArgumentList.Arguments.Select(static a => a.Expression).Append((call.Expression as MemberAccessExpressionSyntax)?.Expression)
            .Select(NameOf).Where(static name => name is not null).ToList();
        return body.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => !release.Span.Contains(name.Span) && released.Contains(name.Identifier.ValueText));
    }

    private static string? NameOf(ExpressionSyntax? value) => value switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } => name.Identifier.ValueText,
        ParenthesizedExpressionSyntax parenthesized => NameOf(parenthesized.Expression),
        PostfixUnaryExpressionSyntax forgiven => NameOf(forgiven.Operand),
        _ => null,
    };

    /// <summary>What only the delegate has.</summary>
    private static bool UsesOwnVariables(BalanceTarget target, SyntaxNode release, SyntaxNode lambda) => release.DescendantNodes().OfType<IdentifierNameSyntax>()
        .Any(name => target.Model.GetSymbolInfo(name, target.Cancellation).Symbol is { Kind: SymbolKind.Local or SymbolKind.Parameter or SymbolKind.RangeVariable } symbol
            && symbol.DeclaringSyntaxReferences.Any(r => lambda.Span.Contains(r.Span)));
}
