using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;

namespace IoUring;

/// <summary>Writes a file block by block through the ring, reads it back the same way, and compares every byte.</summary>
internal static unsafe class RoundTrip
{
    private const int Block = 512;
    private const int Depth = 64;

    /// <summary>The first difference, or null.</summary>
    public static string? Run(IoRing ring, string path, int operations)
    {
        int blocks = operations / 2;
        using FileStream file = new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        int descriptor = (int)file.SafeFileHandle.DangerousGetHandle();
        byte[] expected = new byte[blocks * Block];
        new Random(blocks).NextBytes(expected);
        byte* memory = (byte*)NativeMemory.AlignedAlloc(Depth * Block, Block);
        try
        {
            var buffers = new Span<byte>(memory, Depth * Block);
            byte[] seen = new byte[expected.Length];
            Transfer(ring, descriptor, Opcode.Write, memory, buffers, blocks, expected);
            Transfer(ring, descriptor, Opcode.Read, memory, buffers, blocks, seen);
            if (FirstDifference(expected, seen) is { } inRing) return $"byte {inRing} came back different through the ring";
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }

        file.Flush();
        return FirstDifference(expected, ReadAll(path)) is { } onDisk ? $"byte {onDisk} is different in the file" : null;
    }

    /// <summary>Some file systems answer -EAGAIN or a short count: then the block is asked for again.</summary>
    private static void Transfer(IoRing ring, int descriptor, Opcode operation, byte* memory, Span<byte> buffers, int blocks, byte[] data)
    {
        int next = 0, done = 0, inFlight = 0;
        int[] blockOf = new int[Depth];
        var free = new System.Collections.Generic.Stack<int>();
        for (int slot = Depth - 1; slot >= 0; slot--) free.Push(slot);
        while (done < blocks)
        {
            while (next < blocks && free.TryPop(out int slot))
            {
                if (operation == Opcode.Write) data.AsSpan(next * Block, Block).CopyTo(buffers.Slice(slot * Block, Block));
                if (!TryAsk(ring, descriptor, operation, memory, slot, next))
                {
                    free.Push(slot);
                    break;
                }

                blockOf[slot] = next++;
                inFlight++;
            }

            ring.Submit(waitFor: inFlight > 0 ? 1u : 0u);
            while (ring.Completions.TryPop(out Cqe completion))
            {
                int slot = (int)completion.UserData;
                if (completion.Result is < 0 and not -11) throw new Win32Exception(-completion.Result);
                if (completion.Result != Block)
                {
                    if (!TryAsk(ring, descriptor, operation, memory, slot, blockOf[slot])) throw new InvalidOperationException("There is no room in a ring that was just emptied.");
                    continue;
                }

                if (operation == Opcode.Read) buffers.Slice(slot * Block, Block).CopyTo(data.AsSpan(blockOf[slot] * Block, Block));
                free.Push(slot);
                inFlight--;
                done++;
            }
        }
    }

    private static bool TryAsk(IoRing ring, int descriptor, Opcode operation, byte* memory, int slot, int block)
    {
        Sqe sqe = default;
        sqe.Opcode = operation;
        sqe.Descriptor = descriptor;
        sqe.Offset = (ulong)block * Block;
        sqe.Address = memory + slot * Block;
        sqe.Length = Block;
        sqe.UserData = (ulong)slot;
        return ring.Submissions.TryPush(sqe);
    }

    private static byte[] ReadAll(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] all = new byte[file.Length];
        file.ReadExactly(all);
        return all;
    }

    private static int? FirstDifference(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> seen)
    {
        int same = expected.CommonPrefixLength(seen);
        return same == expected.Length && same == seen.Length ? null : same;
    }
}
