using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>
/// PIN2001, PIN2003 and PIN2006: records whose account was charged where it is charged, and releases by that record. Never records who was privileged.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RecordOwnerFixer))]
[Shared]
public sealed class RecordOwnerFixer : CodeFixProvider
{
    public const string Key_RecordOwner = "PinAnalyzers.RecordOwner";

    internal const string Title = "Record what was charged, and release that";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN2001", "PIN2003", "PIN2006");

    public override FixAllProvider GetFixAllProvider() => new FixAllByType(Title, Key_RecordOwner);

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Solution solution = context.Document.Project.Solution;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (await AccountEdit.FindAsync(solution, diagnostic, context.CancellationToken).ConfigureAwait(false) is not { } edit) continue;
            if (await OwnerTracking.ApplyAsync(solution, edit, context.CancellationToken).ConfigureAwait(false) is not { } changed) continue;
            context.RegisterCodeFix(CodeAction.Create(Title, cancellation => FileConventions.KeepAsync(solution, changed, cancellation), Key_RecordOwner), diagnostic);
        }
    }
}
