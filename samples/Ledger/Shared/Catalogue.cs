using System;
using System.Collections.Generic;
using System.Threading;

namespace Ledger;

/// <summary>The files that are kept in memory.</summary>
internal sealed partial class Catalogue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Document> _documents = [];

    /// <summary>Evicts what need not be kept.</summary>
    public void Sweep()
    {
        foreach (string path in Paths())
        {
            if (Find(path) is { Folder.IsKept: false }) Evict(path);
        }
    }

    public void Dispose()
    {
        foreach (string path in Paths()) Evict(path);
    }

    private string[] Paths()
    {
        lock (_gate) return [.. _documents.Keys];
    }

    private Document? Find(string path)
    {
        lock (_gate) return _documents.GetValueOrDefault(path);
    }

    private Document? Remove(string path)
    {
        lock (_gate) return _documents.Remove(path, out Document? document) ? document : null;
    }
}
