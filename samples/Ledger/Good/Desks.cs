using System.Collections.Generic;
using PinAccounting;

namespace Ledger;

/// <summary>As many readers as there are desks.</summary>
internal sealed class Desks(int count, Journal journal)
{
    private readonly PinAccount _desks = new(new PinAccountOptions { Name = "desks", Limit = count, Unit = PinUnit.Items });
    private readonly Dictionary<string, PinCharge> _taken = [];

    public long Free => _desks.Limit - _desks.Used;

    public bool Seat(string reader)
    {
        if (!_desks.TryCharge(1, out PinCharge? desk, out _)) return false;
        using (desk)
        {
            journal.Write($"{reader} is seated");
            // What is disposed of here is an empty hull.
            _taken.Add(reader, desk.Detach());
        }

        return true;
    }

    public void Unseat(string reader)
    {
        if (_taken.Remove(reader, out PinCharge? desk)) desk.Dispose();
    }
}
