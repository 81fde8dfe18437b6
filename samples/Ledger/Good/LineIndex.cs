using System;
using System.IO;
using System.Linq;
using System.Threading;
using PinAccounting;

namespace Ledger;

/// <summary>How long the lines of a file are.</summary>
internal sealed class LineIndex(Tenant tenant, string path) : IDisposable
{
    private int[] _lengths = [];
    private PinCharge? _charge;

    public void Build()
    {
        _lengths = [.. File.ReadLines(path).Select(static line => line.Length)];
        bool isCharged = tenant.TryCharge(_lengths.Length * (long)sizeof(int), out _charge);
        // What is so small always fits.
        Invariant.Holds(isCharged);
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref _charge, null)?.Dispose();
        _lengths = [];
    }
}
