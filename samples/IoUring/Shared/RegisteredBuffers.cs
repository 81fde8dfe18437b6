using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using PinAccounting;

namespace IoUring;

/// <summary>
/// Buffers that the kernel pins for a ring. Whoever pays is recorded when they are registered: what the process may do when they are given back is not asked.
/// </summary>
internal sealed unsafe class RegisteredBuffers : IDisposable
{
    private readonly IoRing _ring;
    private readonly PinCharge _charge;
    private void* _memory;

    public RegisteredBuffers(IoRing ring, PinAccount owner, int pages)
    {
        _ring = ring;
        PinCharge charge = owner.Charge(pages);
        nuint length = (nuint)(pages * Environment.SystemPageSize);
        void* memory = NativeMemory.AlignedAlloc(length, (nuint)Environment.SystemPageSize);
        NativeMemory.Clear(memory, length);
        Range range = new() { Start = memory, Length = length };
        if (!ring.TryRegister(&range, 1, out int error))
        {
            NativeMemory.AlignedFree(memory);
            charge.Dispose();
            throw new Win32Exception(error);
        }

        _memory = memory;
        _charge = charge;
    }

    /// <summary>The owner was charged more than its limit, because it was allowed to.</summary>
    public bool ExceededLimit => _charge.ExceededLimit;

    public void Dispose()
    {
        if (_memory == null) return;
        _ring.Unregister();
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _charge.Dispose();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public void* Start;
        public nuint Length;
    }
}
