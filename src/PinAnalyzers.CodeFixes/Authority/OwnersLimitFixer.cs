using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>PIN2004: reads the limit from the owner whose use is compared with it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(OwnersLimitFixer))]
[Shared]
public sealed class OwnersLimitFixer : CodeFixProvider
{
    public const string Key_OwnersLimit = "PIN2004.OwnersLimit";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN2004");

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (diagnostic.AdditionalLocations.Count < 2 || !root.FullSpan.Contains(diagnostic.AdditionalLocations[1].SourceSpan)) continue;
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not MemberAccessExpressionSyntax limit) continue;
            if (root.FindNode(diagnostic.AdditionalLocations[1].SourceSpan, getInnermostNodeForTie: true) is not MemberAccessExpressionSyntax counter) continue;

            // Another kind of subject may have no such limit, and a variable may not be there yet: what does not compile is not offered.
            Document changed = context.Document.WithSyntaxRoot(root.ReplaceNode(limit.Expression, counter.Expression.WithTriviaFrom(limit.Expression)));
            if (!await CheckedEdits.IsAsGoodAsync(context.Document.Project.Solution, changed.Project.Solution, [context.Document.Id], context.CancellationToken).ConfigureAwait(false)) continue;
            context.RegisterCodeFix(CodeAction.Create($"Use the limit of '{counter.Expression}'", cancellation => FileConventions.KeepAsync(context.Document, changed, cancellation), Key_OwnersLimit), diagnostic);
        }
    }
}
