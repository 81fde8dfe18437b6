using System;
using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Symbols;

/// <summary>What is found in each file, once. Thread-safe; two threads may both find it when it is first asked for.</summary>
internal sealed class PerTree<T>(Func<SyntaxTree, T> find)
{
    private readonly ConcurrentDictionary<SyntaxTree, T> _known = new();

    // Members are asked about file by file.
    private Entry? _last;

    public T Of(SyntaxTree tree)
    {
        Entry? last = _last;
        if (last?.Tree != tree) _last = last = new Entry(tree, _known.GetOrAdd(tree, find));
        return last.Found;
    }

    private sealed class Entry(SyntaxTree tree, T found)
    {
        public SyntaxTree Tree { get; } = tree;

        public T Found { get; } = found;
    }
}
