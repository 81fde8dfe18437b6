using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PinAnalyzers.Symbols;

/// <summary>
/// Gathers the sets of names that one compilation looks for, so that a file is read once for all of them. The first question closes a group: what is asked for after
/// that, as by those who need one scan to know what the next must look for, is scanned for in another. Sets are added while the analysis starts, by one thread.
/// </summary>
internal sealed class ScanGroups(NameScans scans, Func<SyntaxTree, SyntaxTreeValueProvider<ScanResult>, ScanResult> scan)
{
    private Group? _open;

    public NameHits Add(ImmutableHashSet<string> names)
    {
        if (_open is not { IsClosed: false, IsFull: false } group) _open = group = new Group(scans, scan);
        return new GroupHits(group, group.Add(names));
    }

    /// <summary>One set of a group.</summary>
    private sealed class GroupHits(Group group, int set) : NameHits
    {
        public override bool Any(SyntaxNode node) => (group.SetsIn(node) & 1u << set) != 0;

        public override ImmutableArray<int> Of(SyntaxTree tree) => group.Found.Of(tree).Of(set);
    }

    private sealed class Group
    {
        private readonly List<ImmutableHashSet<string>> _sets = [];
        private readonly object _gate = new();
        private SyntaxTreeValueProvider<ScanResult>? _provider;

        // Every rule asks about the same member in turn.
        private Answer? _last;

        public Group(NameScans scans, Func<SyntaxTree, SyntaxTreeValueProvider<ScanResult>, ScanResult> scan) => Found = new PerTree<ScanResult>(tree => scan(tree, Close(scans)));

        /// <summary>What the driver keeps, without asking it about each member again.</summary>
        public PerTree<ScanResult> Found { get; }

        public bool IsClosed => _provider is not null;

        public bool IsFull => _sets.Count == NameScan.MaxSets;

        public int Add(ImmutableHashSet<string> names)
        {
            int same = _sets.FindIndex(known => known.SetEquals(names));
            if (same >= 0) return same;
            _sets.Add(names);
            return _sets.Count - 1;
        }

        public uint SetsIn(SyntaxNode node)
        {
            Answer? last = _last;
            if (last?.Node != node) _last = last = new Answer(node, Found.Of(node.SyntaxTree).SetsIn(node.FullSpan));
            return last.Sets;
        }

        private SyntaxTreeValueProvider<ScanResult> Close(NameScans scans)
        {
            lock (_gate) return _provider ??= scans.For(_sets.ToImmutableArray());
        }

        private sealed class Answer(SyntaxNode node, uint sets)
        {
            public SyntaxNode Node { get; } = node;

            public uint Sets { get; } = sets;
        }
    }
}
