using System;
using System.IO;
using System.Linq;

namespace Ledger;

/// <summary>How long the lines of a file are.</summary>
internal sealed class LineIndex(Tenant tenant, string path) : IDisposable
{
    private int[] _lengths = [];

    private long Bytes => _lengths.Length * (long)sizeof(int);

    public void Build()
    {
        _lengths = [.. File.ReadLines(path).Select(static line => line.Length)];
        // What is so small always fits. Without CHECKED nobody asks, and nobody charges.
        Invariant.Holds(tenant.TryCharge(Bytes));
    }

    public void Dispose()
    {
        tenant.Uncharge(Bytes);
        _lengths = [];
    }
}
