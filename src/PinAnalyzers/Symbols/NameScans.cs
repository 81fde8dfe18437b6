using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PinAnalyzers.Symbols;

/// <summary>
/// One scan per set of names, the same object each time the set comes up: the driver keeps what a scan found in a file under that object, so that after an
/// edit elsewhere an unchanged file is not scanned again. Thread-safe.
/// </summary>
internal sealed class NameScans
{
    private ImmutableArray<(ImmutableHashSet<string> Names, SyntaxTreeValueProvider<ImmutableArray<int>> Provider)> _recent = ImmutableArray<(ImmutableHashSet<string>, SyntaxTreeValueProvider<ImmutableArray<int>>)>.Empty;

    public SyntaxTreeValueProvider<ImmutableArray<int>> For(ImmutableHashSet<string> names)
    {
        foreach (var (known, provider) in _recent)
        {
            if (known.SetEquals(names)) return provider;
        }

        NameScan scan = new(names);
        SyntaxTreeValueProvider<ImmutableArray<int>> created = new(tree => scan.Find(tree.GetText()));
        ImmutableInterlocked.Update(ref _recent, recent => (recent.Length < MaxKept ? recent : recent.RemoveAt(0)).Add((names, created)));
        return created;
    }

    /// <summary>Several sets for each of a solution's projects.</summary>
    private const int MaxKept = 64;
}
