using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PinAnalyzers.Benchmarks.Measuring;

/// <summary>What an .editorconfig would say: the same for every file.</summary>
internal sealed class AnalyzerSettings(IReadOnlyDictionary<string, string> values, IReadOnlyCollection<string> ids, bool allRules) : AnalyzerConfigOptionsProvider
{
    private readonly Values _values = new(values);

    public static AnalyzerSettings Default { get; } = new(new Dictionary<string, string>(), [], allRules: false);

    /// <summary>The only rules to run; empty for all that are on.</summary>
    public IReadOnlyCollection<string> Ids { get; } = ids;

    /// <summary>Also those that are off by default.</summary>
    public bool AllRules { get; } = allRules;

    public override AnalyzerConfigOptions GlobalOptions => _values;

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _values;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => _values;

    private sealed class Values(IReadOnlyDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override IEnumerable<string> Keys => values.Keys;

        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
