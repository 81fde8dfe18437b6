using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace DmaMap;

/// <summary>Memory of the user, fresh from mmap, that a device is to read and write.</summary>
internal sealed class UserMemory : IDisposable
{
    private readonly PageRange _range;

    public UserMemory(int pages)
    {
        nint address = Libc.Map(0, (nuint)(pages * PageRange.PageSize), Libc.ReadWrite, Libc.PrivateAnonymous, -1, 0);
        if (address == -1) throw new Win32Exception(Marshal.GetLastPInvokeError());
        _range = new PageRange(address, pages);
    }

    public PageRange All => _range;

    /// <summary>Takes a page away, as a program may at any time.</summary>
    public void PunchHole(int page)
    {
        if (Libc.Unmap(_range[page], (nuint)PageRange.PageSize) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>The kernel unlocks what goes away: nothing that a twin leaks outlives its scenario.</summary>
    public void Dispose()
    {
        if (Libc.Unmap(_range.Start, (nuint)(_range.Pages * PageRange.PageSize)) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
