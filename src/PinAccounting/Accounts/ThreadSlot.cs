using System;
using System.Threading;

namespace PinAccounting;

/// <summary>A number for each thread, dealt out in turn, by which threads spread over stripes and shards.</summary>
/// <remarks>Cheaper than asking for the core, and two threads that contend are sure to differ; which thread gets which stripe never matters for correctness.</remarks>
internal static class ThreadSlot
{
    [ThreadStatic]
    private static int t_slot;

    private static int s_last;

    internal static int Current
    {
        get
        {
            // One look at thread-static storage: it is most of what a sharded charge costs.
            int slot = t_slot;
            return slot != 0 ? slot : Assign();
        }
    }

    private static int Assign() => t_slot = Interlocked.Increment(ref s_last) is var next && next != 0 ? next : 1;
}
