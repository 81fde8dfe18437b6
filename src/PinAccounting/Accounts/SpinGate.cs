using System.Runtime.CompilerServices;
using System.Threading;

namespace PinAccounting;

/// <summary>A lock for a few instructions on release paths.</summary>
/// <remarks>
/// Monitor and SpinWait can throw ThreadInterruptedException where they wait; a release must not. Nothing that is done under it
/// calls foreign code, allocates or blocks.
/// </remarks>
internal struct SpinGate
{
    private int _held;

    internal bool TryEnter() => Volatile.Read(ref _held) == 0 && Interlocked.CompareExchange(ref _held, 1, 0) == 0;

    internal void Enter()
    {
        for (int round = 0; !TryEnter(); round++) Pause(round);
    }

    internal void Exit() => Volatile.Write(ref _held, 0);

    // Never inlined: the calls into the runtime would give whoever waits here, and hardly ever does, a frame for them at each of its calls.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Pause(int round)
    {
        // With one core, or a holder that lost its time slice, only giving up ours helps.
        if (round < 20) Thread.SpinWait(4 << (round & 3));
        else Thread.Yield();
    }
}
