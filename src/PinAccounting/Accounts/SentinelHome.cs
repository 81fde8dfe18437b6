using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace PinAccounting;

/// <summary>Where a thread keeps the sentinel that it will need next, so that charging and releasing in turn needs no atomic operation for it.</summary>
/// <remarks>
/// Only its thread takes from it; any thread that releases a charge of that thread may put into it, without touching thread-static storage (whose first use allocates).
/// Two that put at once lose one of the two: a sentinel without a charge is only garbage.
/// </remarks>
internal sealed class SentinelHome
{
    [ThreadStatic]
    private static SentinelHome? t_current;

    internal LeakSentinel? Spare;

    internal static SentinelHome Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_current ?? Settle();
    }

    internal bool TryKeep(LeakSentinel sentinel)
    {
        if (Volatile.Read(ref Spare) is not null) return false;
        // Release: the owner must not see it before it is clean.
        Volatile.Write(ref Spare, sentinel);
        return true;
    }

    private static SentinelHome Settle() => t_current = new SentinelHome();
}
