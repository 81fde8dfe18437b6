using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Options;
using Microsoft.CodeAnalysis.Simplification;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.CodeFixes;

/// <summary>Formats what an edit has made the way its file is written: with the line ends, the indentation and the braces that are there, whatever those of the machine are.</summary>
internal static class FileConventions
{
    public static async Task<Solution> KeepAsync(Solution before, Solution after, CancellationToken cancellation)
    {
        foreach (DocumentId id in after.GetChanges(before).GetProjectChanges().SelectMany(static project => project.GetChangedDocuments()).ToList())
            after = (await KeepAsync(before.GetDocument(id)!, after.GetDocument(id)!, cancellation).ConfigureAwait(false)).Project.Solution;
        return after;
    }

    public static async Task<Document> KeepAsync(Document before, Document after, CancellationToken cancellation)
    {
        SourceText old = await before.GetTextAsync(cancellation).ConfigureAwait(false);
        OptionSet options = await after.GetOptionsAsync(cancellation).ConfigureAwait(false);
        (string? lineEnd, bool isUniform) = LineEndOf(old);
        if (lineEnd is not null) options = options.WithChangedOption(FormattingOptions.NewLine, LanguageNames.CSharp, lineEnd);
        options = FileStyle.Of(old, await SetForAsync(before, cancellation).ConfigureAwait(false), options);
        after = await Simplifier.ReduceAsync(after, Simplifier.Annotation, options, cancellation).ConfigureAwait(false);
        SyntaxNode edited = (await after.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        after = await Formatter.FormatAsync(after, Formatter.Annotation, options, cancellation).ConfigureAwait(false);
        string text = OriginalSpacing.Restore((await before.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!, edited, (await after.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!);
        if (isUniform) text = text.Replace("\r\n", "\n").Replace("\n", lineEnd);

        // As text: what is formatted once more after this is formatted without these options.
        return after.WithText(SourceText.From(text, old.Encoding, old.ChecksumAlgorithm));
    }

    /// <summary>The line end that most lines have, and whether all have it.</summary>
    private static (string? LineEnd, bool IsUniform) LineEndOf(SourceText text)
    {
        int carriageReturns = text.Lines.Count(static line => line.EndIncludingLineBreak - line.End == 2), all = text.Lines.Count(static line => line.EndIncludingLineBreak > line.End);
        return all == 0 ? (null, false) : (carriageReturns * 2 > all ? "\r\n" : "\n", carriageReturns == all || (carriageReturns == 0 && text.Lines.All(line => line.EndIncludingLineBreak == line.End || text[line.End] == '\n')));
    }

    private static async Task<AnalyzerConfigOptions?> SetForAsync(Document document, CancellationToken cancellation) =>
        await document.GetSyntaxTreeAsync(cancellation).ConfigureAwait(false) is { } tree ? document.Project.AnalyzerOptions.AnalyzerConfigOptionsProvider.GetOptions(tree) : null;
}
