using System;
using System.Collections.Generic;
using System.Threading;
using PinAccounting.Annotations;

namespace Ledger;

/// <summary>As many readers as there are desks.</summary>
internal sealed class Desks(int count, Journal journal)
{
    private readonly Dictionary<string, Desk> _taken = [];
    private int _free = count;

    public int Free => Volatile.Read(ref _free);

    public bool Seat(string reader)
    {
        if (!TryTake(out Desk desk)) return false;
        using (desk)
        {
            // The table of readers came later. It has a copy of what is given back at the end of this block.
            _taken.Add(reader, desk);
            journal.Write($"{reader} is seated");
        }

        return true;
    }

    public void Unseat(string reader)
    {
        if (_taken.Remove(reader, out Desk desk)) desk.Dispose();
    }

    [Charge("desk", ReleasedBy = nameof(Desk.Dispose))]
    private bool TryTake([ChargeToken] out Desk desk)
    {
        desk = new Desk(this);
        if (Interlocked.Decrement(ref _free) >= 0) return true;
        Interlocked.Increment(ref _free);
        return false;
    }

    private readonly struct Desk(Desks desks) : IDisposable
    {
        [Release("desk")]
        public void Dispose() => Interlocked.Increment(ref desks._free);
    }
}
