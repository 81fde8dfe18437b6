using System;
using System.Collections.Generic;
using System.Threading;
using PinAccounting.Annotations;

namespace Ledger;

/// <summary>The files that are kept in memory.</summary>
internal sealed class Catalogue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Document> _documents = [];

    public bool Add(Folder folder, string path)
    {
        var document = new Document(folder, path);
        // From here on others find it, and may evict what has not been charged.
        lock (_gate) _documents.Add(path, document);
        if (!document.Folder.Owner.TryCharge(document.Length))
        {
            Remove(path)?.Dispose();
            return false;
        }

        document.Charged = document.Length;
        return true;
    }

    [ReleasePath]
    public bool Evict(string path)
    {
        using Document? document = Remove(path);
        if (document is null) return false;
        // Of whoever owns the folder now; it may have been somebody else's then.
        document.Folder.Owner.Uncharge(document.Charged);
        return true;
    }

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
