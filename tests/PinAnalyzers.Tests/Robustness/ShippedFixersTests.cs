using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Tests.Contracts;
using Xunit;

namespace PinAnalyzers.Tests.Robustness;

/// <summary>Every fixer that ships, on the violations of the rule pages, changed in ways that their authors did not think of.</summary>
public sealed class ShippedFixersTests
{
    // Over all tokens it is five thousand files and two minutes, over all surroundings half of both.
    private const int EveryToken = 17;

    private const int SurroundingsPerStatement = 2;

    private static IEnumerable<string> Sources => RulePage.All().SelectMany(page => page.Blocks.Where(block => block.Role == "violation")).Select(CodeBlockCheck.FileOf);

    /// <summary>Where a token is missing the rest of the file is bound as well as can be, and its findings have their fixes in an editor.</summary>
    [Fact]
    public async Task SourceWithoutOneToken_ThrowsNothing()
    {
        var (tokens, edits) = (0, 0);
        foreach (var source in Sources)
        {
            var root = await AnalyzerRun.Parse(source).GetRootAsync();
            foreach (var token in root.DescendantTokens().Where(token => token.Parent?.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null && !token.Span.IsEmpty))
            {
                if (tokens++ % EveryToken == 0)
                    edits += (await FixRun.RunAsync(source.Remove(token.SpanStart, token.Span.Length))).Count;
            }
        }

        Assert.NotEqual(0, edits);
    }

    /// <summary>Wherever a statement stands, a fix that is offered leaves code that compiles as before, with all its comments and directives.</summary>
    [Fact]
    public async Task StatementInOtherSurroundings_IsFixedRightOrNotAtAll()
    {
        List<string> objections = [];
        var turn = 0;
        foreach (var source in Sources)
        {
            var root = await AnalyzerRun.Parse(source).GetRootAsync();
            foreach (var statement in root.DescendantNodes().OfType<StatementSyntax>().Where(statement => statement.Parent is BlockSyntax or SwitchSectionSyntax && statement is not BlockSyntax))
            {
                for (var i = 0; i < SurroundingsPerStatement; i++)
                {
                    // Another step than the number of surroundings, so that in time every kind of statement stands everywhere.
                    var around = Surroundings.All[turn++ * 7 % Surroundings.All.Length];
                    if (!around.KeepsDeclarations && statement is LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax)
                        continue;
                    var changed = source.Remove(statement.SpanStart, statement.Span.Length).Insert(statement.SpanStart, around.Put(statement.ToString()));
                    objections.AddRange((await ObjectionsAsync(changed)).Select(objection => $"{around.Name}: {objection}"));
                }
            }
        }

        Assert.Empty(objections);
    }

    private static async Task<List<string>> ObjectionsAsync(string source)
    {
        List<string> objections = [];
        var before = AnalyzerRun.Parse(source);
        var known = await ComplaintsAsync(before);
        if (known.Any(group => group.Any(complaint => complaint.Severity == DiagnosticSeverity.Error)))
            return objections;
        foreach (var edit in await FixRun.RunAsync(source))
        {
            var after = AnalyzerRun.Parse(edit.Text);
            var name = $"{edit.Finding.Id} '{edit.Title}'";
            objections.AddRange((await ComplaintsAsync(after)).Where(group => group.Count() > known[group.Key].Count()).Select(group => $"{name}: {group.First()}{Environment.NewLine}{edit.Text}"));
            if (!Remarks(before.GetRoot()).SequenceEqual(Remarks(after.GetRoot())))
                objections.Add($"{name}: comments or directives are gone{Environment.NewLine}{edit.Text}");
            if (!edit.Made.DescendantTokens().Select(token => token.Text).SequenceEqual(after.GetRoot().DescendantTokens().Select(token => token.Text)))
                objections.Add($"{name}: the text has other tokens than the tree{Environment.NewLine}{edit.Text}");
        }

        return objections;
    }

    private static async Task<ILookup<string, Diagnostic>> ComplaintsAsync(SyntaxTree tree)
        => (await AnalyzerRun.CompileAsync(tree)).GetDiagnostics().Where(complaint => complaint.Severity >= DiagnosticSeverity.Warning).ToLookup(complaint => complaint.Id);

    private static IEnumerable<string> Remarks(SyntaxNode root) => root.DescendantTrivia()
        .Where(trivia => trivia.IsDirective || trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.DisabledTextTrivia)
        .Select(trivia => string.Concat(trivia.ToFullString().Where(character => !char.IsWhiteSpace(character))))
        .Order(StringComparer.Ordinal);
}
