using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>Lets a rollback stop at the item that failed.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RollBackWhatWasDoneFixer)), Shared]
public sealed class RollBackWhatWasDoneFixer : BalanceCodeFix
{
    public const string Key_StopAtFailed = "PinAnalyzers.RollBackWhatWasDone";

    public RollBackWhatWasDoneFixer()
        : base("Roll back what was done", Key_StopAtFailed)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1019");

    private protected override SyntaxNode? Apply(BalanceTarget target) =>
        target.Properties.Template is { } condition && target.Sites.Releases.Length == 1 && target.Sites.Releases[0] is ExpressionSyntax bound
            ? target.Root.ReplaceNode(bound, SyntaxFactory.ParseExpression(condition).WithTriviaFrom(bound))
            : null;
}
