using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs.Options;

/// <summary>Options are per file; each file's are read once per compilation.</summary>
internal sealed class PinOptionsProvider(AnalyzerConfigOptionsProvider provider)
{
    private readonly ConcurrentDictionary<SyntaxTree, PinOptions> _options = new();

    public PinOptions For(SyntaxTree tree) => _options.GetOrFind(tree, this, static (self, asked) => self.Read(asked));

    /// <summary>Every wrong value in the options of these files, each once however many files it applies to.</summary>
    public ImmutableArray<DeclarationProblem> Problems(IEnumerable<SyntaxTree> trees)
    {
        var seen = new HashSet<(string, string)>();
        var problems = ImmutableArray.CreateBuilder<DeclarationProblem>();
        foreach (var tree in trees)
        {
            var options = provider.GetOptions(tree);
            PinOptions.Read(options, (key, value, message) =>
            {
                if (seen.Add((key, value)))
                    problems.Add(new DeclarationProblem(Location.None, $"'{value}' is no value for the option '{key}': {message}"));
            });
            foreach (var key in PinOptions.MisspeltKeys(options))
            {
                if (seen.Add((key, "")))
                    problems.Add(new DeclarationProblem(Location.None, $"There is no option '{key}'" + NearMiss.Suggestion(key, PinOptions.Keys)));
            }
        }
        return problems.ToImmutable();
    }

    private PinOptions Read(SyntaxTree tree) => PinOptions.Read(provider.GetOptions(tree), static (_, _, _) => { });
}
