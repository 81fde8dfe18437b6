using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace IoUring;

/// <summary>A part of a ring, mapped until it is disposed.</summary>
internal sealed unsafe class MappedRegion : IDisposable
{
    private readonly nuint _length;
    private void* _address;

    public MappedRegion(int ring, nuint length, long part, int protection = Native.ReadWrite)
    {
        void* address = Native.Map(ring, length, protection, part);
        if (address == (void*)-1) throw new Win32Exception(Marshal.GetLastPInvokeError());
        _address = address;
        _length = length;
    }

    public byte* Address => (byte*)_address;

    public void Dispose()
    {
        if (_address != null) _ = Native.munmap(_address, _length);
        _address = null;
    }
}
