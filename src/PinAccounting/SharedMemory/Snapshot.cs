using System;
using System.Runtime.CompilerServices;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting.SharedMemory;

/// <summary>Takes private copies of what lies in shared memory, so that what was checked is what is used.</summary>
/// <remarks>
/// Every byte is fetched exactly once, by volatile loads that are neither repeated nor merged. A copy of more than eight bytes, or of
/// unaligned ones, may be torn: parts of it from before and parts from after a write of the peer. So a snapshot is to be checked as a
/// whole, and <c>T</c> should be made of integers: types that do not allow every bit pattern (<see cref="bool"/>,
/// <see cref="decimal"/>, <see cref="DateTime"/>) would carry whatever the peer wrote.
/// Thread-safe; allocates nothing. In a 32-bit process a load of eight bytes is an interlocked operation, which needs a mapping that the process may write.
/// </remarks>
public static unsafe class Snapshot
{
    /// <summary>Copies a value out of shared memory.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="source">Where it lies.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <remarks>Acquire loads. A value of 1, 2, 4 or 8 bytes that is aligned to its size is read by a single load and not torn.</remarks>
    public static T Take<T>([SharedMemory] T* source) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(source);
        return TakeAt<T>((byte*)source);
    }

    /// <summary>Copies a value out of a shared region.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="region">The region.</param>
    /// <param name="offset">Where in the region, in bytes.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="region"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value would not lie within the region.</exception>
    /// <exception cref="System.IO.InvalidDataException">Somebody has shortened the file since it was mapped; see <see cref="SharedRegion.IsSealed"/>.</exception>
    /// <exception cref="ObjectDisposedException">The region is disposed.</exception>
    /// <remarks>Acquire loads, as for <see cref="Take{T}(T*)"/>. The region stays mapped while it is read, even when it is disposed meanwhile.</remarks>
    public static T Take<T>(SharedRegion region, long offset) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(region);
        using SharedRegion.Hold hold = region.Use();
        T copy = TakeAt<T>(region.AddressOf(offset, sizeof(T)));
        return copy;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T TakeAt<T>([SharedMemory] byte* source) where T : unmanaged
    {
        if (sizeof(T) == sizeof(ulong) && ((nuint)source & 7) == 0)
            return Unsafe.BitCast<ulong, T>(Volatile.Read(ref *(ulong*)source));
        if (sizeof(T) == sizeof(uint) && ((nuint)source & 3) == 0)
            return Unsafe.BitCast<uint, T>(Volatile.Read(ref *(uint*)source));
        T copy;
        CopyOnce(source, (byte*)&copy, sizeof(T));
        return copy;
    }

    private static void CopyOnce([SharedMemory] byte* source, byte* target, int length)
    {
        int at = 0;
        while (at < length)
        {
            // The widest load that is aligned here and does not reach past the end.
            nuint address = (nuint)source + (nuint)at;
            int left = length - at;
            if ((address & 7) == 0 && left >= 8)
            {
                Unsafe.WriteUnaligned(target + at, Volatile.Read(ref *(ulong*)(source + at)));
                at += 8;
            }
            else if ((address & 3) == 0 && left >= 4)
            {
                Unsafe.WriteUnaligned(target + at, Volatile.Read(ref *(uint*)(source + at)));
                at += 4;
            }
            else if ((address & 1) == 0 && left >= 2)
            {
                Unsafe.WriteUnaligned(target + at, Volatile.Read(ref *(ushort*)(source + at)));
                at += 2;
            }
            else
            {
                target[at] = Volatile.Read(ref source[at]);
                at++;
            }
        }
    }
}
