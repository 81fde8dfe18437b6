using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using PinAccounting;

namespace Ledger;

/// <summary>The files that are kept in memory.</summary>
internal sealed class Catalogue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Document> _documents = [];

    public bool Add(Folder folder, string path)
    {
        if (!folder.Owner.TryCharge(new FileInfo(path).Length, out PinCharge? charge)) return false;
        Document? document = null;
        try
        {
            document = new Document(folder, path, charge);
            // Last: from here on others find it.
            lock (_gate) _documents.Add(path, document);
            return true;
        }
        catch
        {
            document?.Dispose();
            charge.Dispose();
            throw;
        }
    }

    public bool Evict(string path)
    {
        using Document? document = Remove(path);
        return document is not null;
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
