using System;
using System.Threading;
using PinAccounting;

namespace Ledger;

/// <summary>Sets aside what a file is going to need.</summary>
internal sealed class Announcement(Tenant tenant, string path) : IDisposable
{
    private PinCharge? _charge;

    /// <returns>False when there is no such file.</returns>
    public bool Begin()
    {
        long length = Files.LengthOf(path);
        if (length < 0) return false;
        _charge = tenant.Charge(length);
        return true;
    }

    public void Dispose() => Interlocked.Exchange(ref _charge, null)?.Dispose();
}
