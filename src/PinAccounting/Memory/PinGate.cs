using System.Threading;

namespace PinAccounting.Memory;

/// <summary>Counts the pins of a block, and lets exactly one caller free it: whoever closes it unpinned, or who takes the last pin off a closed one.</summary>
/// <remarks>Thread-safe. One word holds both, so a pin that races the closing is either before it or refused.</remarks>
internal struct PinGate
{
    private const int Closed = int.MinValue;
    private const int Pins = int.MaxValue;

    private int _state;

    public readonly bool IsClosed => Volatile.Read(in _state) < 0;

    /// <summary>Adds a pin; false when the gate is closed.</summary>
    public bool TryPin()
    {
        int state = Volatile.Read(ref _state);
        while (state >= 0 && state != Pins)
        {
            int seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
                return true;
            state = seen;
        }
        return false;
    }

    /// <summary>Takes a pin off.</summary>
    /// <param name="free">Whether the caller has to free the block now.</param>
    /// <returns>False when there was no pin; nothing has changed.</returns>
    public bool TryUnpin(out bool free)
    {
        free = false;
        int state = Volatile.Read(ref _state);
        while ((state & Pins) != 0)
        {
            int seen = Interlocked.CompareExchange(ref _state, state - 1, state);
            if (seen == state)
            {
                free = state - 1 == Closed;
                return true;
            }
            state = seen;
        }
        return false;
    }

    /// <summary>Refuses pins from now on.</summary>
    /// <returns>Whether the caller has to free the block now: it was open, and nothing is pinned.</returns>
    public bool Close() => Interlocked.Or(ref _state, Closed) == 0;
}
