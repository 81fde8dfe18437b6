using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AioContexts;

/// <summary>Operations on consecutive pages of a file, with the memory that the kernel reads them from and answers into: it must outlive all that was submitted.</summary>
internal sealed unsafe class Batch : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly ControlBlock* _blocks;
    private readonly bool _held;

    internal Batch(SafeFileHandle file, int pages)
    {
        _file = file;
        Pages = pages;
        Size = Environment.SystemPageSize;
        Memory = (byte*)NativeMemory.AlignedAlloc((nuint)(pages * Size), (nuint)Size);
        _blocks = (ControlBlock*)NativeMemory.AllocZeroed((nuint)pages, (nuint)sizeof(ControlBlock));
        Blocks = (ControlBlock**)NativeMemory.Alloc((nuint)pages, (nuint)sizeof(ControlBlock*));
        Events = (Event*)NativeMemory.AllocZeroed((nuint)pages, (nuint)sizeof(Event));
        file.DangerousAddRef(ref _held);
    }

    internal int Pages { get; }

    internal int Size { get; }

    internal byte* Memory { get; }

    internal ControlBlock** Blocks { get; }

    internal Event* Events { get; }

    internal Span<byte> Bytes => new(Memory, Pages * Size);

    /// <summary>Makes every operation a read or a write.</summary>
    internal void Fill(Operation operation)
    {
        for (int i = 0; i < Pages; i++)
        {
            _blocks[i] = new ControlBlock
            {
                Operation = operation, File = (int)_file.DangerousGetHandle(), Buffer = (nint)(Memory + i * Size), Length = Size, Offset = (long)i * Size,
            };
            Blocks[i] = _blocks + i;
        }
    }

    public void Dispose()
    {
        if (_held) _file.DangerousRelease();
        NativeMemory.Free(Events);
        NativeMemory.Free(Blocks);
        NativeMemory.Free(_blocks);
        NativeMemory.AlignedFree(Memory);
    }
}
