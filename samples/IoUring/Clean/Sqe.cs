using System.Runtime.InteropServices;
using PinAccounting.Annotations;

namespace IoUring;

/// <summary>An operation that the kernel is asked for (<c>struct io_uring_sqe</c>, 64 bytes).</summary>
[SharedMemory, StructLayout(LayoutKind.Sequential)]
internal unsafe struct Sqe
{
    public Opcode Opcode;
    public byte Flags;
    public ushort Priority;
    public int Descriptor;
    public ulong Offset;
    public byte* Address;
    public uint Length;
    public uint OperationFlags;
    public ulong UserData;
    public fixed ulong Rest[3];
}
