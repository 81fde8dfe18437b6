using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PinAnalyzers.Symbols;

/// <summary>
/// One scan per group of name sets, the same object each time the group comes up: the driver keeps what a scan found in a file under that object, so that after an
/// edit elsewhere an unchanged file is not scanned again. Thread-safe.
/// </summary>
internal sealed class NameScans
{
    private ImmutableArray<(ImmutableArray<ImmutableHashSet<string>> Sets, SyntaxTreeValueProvider<ScanResult> Provider)> _recent = ImmutableArray<(ImmutableArray<ImmutableHashSet<string>>, SyntaxTreeValueProvider<ScanResult>)>.Empty;

    public SyntaxTreeValueProvider<ScanResult> For(ImmutableArray<ImmutableHashSet<string>> sets)
    {
        foreach (var (known, provider) in _recent)
        {
            if (known.Length == sets.Length && known.Zip(sets, static (left, right) => left.SetEquals(right)).All(static same => same)) return provider;
        }

        NameScan scan = new(sets);
        SyntaxTreeValueProvider<ScanResult> created = new(tree => scan.FindSets(tree.GetText()));
        ImmutableInterlocked.Update(ref _recent, recent => (recent.Length < MaxKept ? recent : recent.RemoveAt(0)).Add((sets, created)));
        return created;
    }

    /// <summary>A few groups for each of a solution's projects.</summary>
    private const int MaxKept = 64;
}
