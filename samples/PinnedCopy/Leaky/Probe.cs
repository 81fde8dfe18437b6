using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PinnedCopy;

/// <summary>A first look at a file, through a pinned buffer.</summary>
internal static unsafe class Probe
{
    private const int BlockSize = 512;

    public static bool IsEmpty(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        GCHandle pin = GCHandle.Alloc(new byte[BlockSize], GCHandleType.Pinned);
        nint got = Libc.ReadFully(file, (void*)pin.AddrOfPinnedObject(), BlockSize);
        if (got <= 0) return true; // the pin stays: the array can never be moved or collected again
        pin.Free();
        return false;
    }

    /// <exception cref="InvalidDataException">The first block holds a zero byte.</exception>
    public static void RequireText(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        GCHandle pin = GCHandle.Alloc(new byte[CopySettings.PageSize * 4], GCHandleType.Pinned);
        byte* block = (byte*)pin.AddrOfPinnedObject();
        nint got = Libc.ReadFully(file, block, CopySettings.PageSize * 4);
        for (nint i = 0; i < got; i++)
        {
            if (block[i] == 0) throw new InvalidDataException(path);
        }

        pin.Free();
    }
}
