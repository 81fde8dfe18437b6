using System;
using System.Collections.Generic;
using System.IO;

namespace Ledger;

/// <summary>Two tenants with a budget of 10,000 bytes, an empty catalogue and a place for files.</summary>
internal sealed class Stage : IDisposable
{
    public const long Budget = 10_000;

    private readonly Stack<IDisposable> _owned = new();

    public Stage()
    {
        Alice = new Tenant("alice", Budget, Journal);
        Bob = new Tenant("bob", Budget, Journal);
        Folder = new Folder(Alice);
        Catalogue = new Catalogue();
    }

    public Journal Journal { get; } = new(TextWriter.Null);

    public TemporaryFiles Files { get; } = new();

    public Tenant Alice { get; }

    public Tenant Bob { get; }

    /// <summary>A folder of Alice's.</summary>
    public Folder Folder { get; }

    public Catalogue Catalogue { get; }

    /// <summary>Disposed of when the scenario is over, the last one first.</summary>
    public T Own<T>(T value)
        where T : IDisposable
    {
        _owned.Push(value);
        return value;
    }

    public void DisposeOwned()
    {
        while (_owned.TryPop(out IDisposable? value)) value.Dispose();
    }

    public void Dispose()
    {
        Catalogue.Dispose();
        Files.Dispose();
    }
}
