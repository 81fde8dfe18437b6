using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace PinAnalyzers.Balance.Types;

/// <summary>Fixes types one after another, each field in what the one before it made: several fields end in one <c>Dispose</c>, which may be in another file.</summary>
internal sealed class TypeFixAllProvider : FixAllProvider
{
    public static readonly TypeFixAllProvider Instance = new();

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
    {
        Solution solution = context.Solution;
        foreach (Project project in context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project])
        {
            ImmutableArray<Diagnostic> diagnostics = context is { Scope: FixAllScope.Document, Document: { } document }
                ? await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false)
                : await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
            foreach (Diagnostic diagnostic in diagnostics.OrderBy(static d => d.Location.SourceTree?.FilePath).ThenBy(static d => d.Location.SourceSpan.Start))
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                if (solution.GetProject(project.Id) is { } current) solution = await ImplementReleaseFixer.FixAsync(current, diagnostic, context.CancellationToken).ConfigureAwait(false) ?? solution;
            }
        }

        return CodeAction.Create("Release in Dispose", _ => Task.FromResult(solution), ImplementReleaseFixer.Key_Implement);
    }
}
