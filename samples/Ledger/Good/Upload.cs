using System;
using System.Threading;
using PinAccounting;

namespace Ledger;

/// <summary>A file on its way in; until it has arrived its buffer is charged.</summary>
internal sealed class Upload(int length) : IDisposable
{
    private byte[]? _buffer;
    private PinCharge? _charge;

    public bool Begin()
    {
        if (!Session.Tenant.TryCharge(length, out _charge)) return false;
        _buffer = new byte[length];
        return true;
    }

    /// <summary>The charge knows whose it is, whoever closes.</summary>
    public void Dispose()
    {
        _buffer = null;
        Interlocked.Exchange(ref _charge, null)?.Dispose();
    }
}
