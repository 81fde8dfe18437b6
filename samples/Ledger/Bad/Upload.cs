using System;

namespace Ledger;

/// <summary>A file on its way in; until it has arrived its buffer is charged.</summary>
internal sealed class Upload(int length) : IDisposable
{
    private byte[]? _buffer;

    public bool Begin()
    {
        if (!Session.Tenant.TryCharge(length)) return false;
        _buffer = new byte[length];
        return true;
    }

    public void Dispose()
    {
        if (_buffer is null) return;
        _buffer = null;
        // Whoever closes it: the uploader, or the janitor who found it abandoned.
        Session.Tenant.Uncharge(length);
    }
}
