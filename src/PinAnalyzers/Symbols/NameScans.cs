using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PinAnalyzers.Symbols;

/// <summary>What one pass over a file found: for each set of names where its names stand.</summary>
internal sealed class ScanResult(ImmutableArray<ImmutableArray<int>> hits)
{
    public static readonly ScanResult None = new(ImmutableArray<ImmutableArray<int>>.Empty);

    public ImmutableArray<int> Of(int set) => set < hits.Length ? hits[set] : ImmutableArray<int>.Empty;
}

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

/// <summary>
/// Gathers the sets of names that one compilation looks for, so that a file is read once for all of them. The first question closes a group: what is asked for after
/// that, as by those who need one scan to know what the next must look for, is scanned for in another. Sets are added while the analysis starts, by one thread.
/// </summary>
internal sealed class ScanGroups(NameScans scans, Func<SyntaxTree, SyntaxTreeValueProvider<ScanResult>, ScanResult> scan)
{
    private Group _open = new();

    public Func<SyntaxTree, ImmutableArray<int>> Add(ImmutableHashSet<string> names)
    {
        if (_open.IsClosed || _open.IsFull) _open = new Group();
        Group group = _open;
        int set = group.Add(names);
        return tree => scan(tree, group.Close(scans)).Of(set);
    }

    private sealed class Group
    {
        private readonly List<ImmutableHashSet<string>> _sets = [];
        private readonly object _gate = new();
        private SyntaxTreeValueProvider<ScanResult>? _provider;

        public bool IsClosed => _provider is not null;

        public bool IsFull => _sets.Count == NameScan.MaxSets;

        public int Add(ImmutableHashSet<string> names)
        {
            int same = _sets.FindIndex(known => known.SetEquals(names));
            if (same >= 0) return same;
            _sets.Add(names);
            return _sets.Count - 1;
        }

        public SyntaxTreeValueProvider<ScanResult> Close(NameScans scans)
        {
            lock (_gate) return _provider ??= scans.For(_sets.ToImmutableArray());
        }
    }
}
