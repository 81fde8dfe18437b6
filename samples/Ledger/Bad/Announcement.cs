using System;

namespace Ledger;

/// <summary>Sets aside what a file is going to need.</summary>
internal sealed class Announcement(Tenant tenant, string path) : IDisposable
{
    private long _length;

    /// <returns>False when there is no such file.</returns>
    public bool Begin()
    {
        long length = Files.LengthOf(path);
        // Of a file that is not there the length is an error number, and makes room.
        tenant.Charge(length);
        _length = length;
        return true;
    }

    public void Dispose()
    {
        tenant.Uncharge(_length);
        _length = 0;
    }
}
