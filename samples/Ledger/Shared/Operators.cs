using System;
using System.IO;
using System.Linq;
using System.Threading;
using PinAccounting.Annotations;

namespace Ledger;

/// <summary>Who may do more than others: a file with a name on each line, read anew whenever somebody asks.</summary>
internal sealed class Operators(string path)
{
    private int _asked;

    /// <summary>How often somebody asked, which is what an auditor sees.</summary>
    public int Asked => Volatile.Read(ref _asked);

    [CapabilityCheck]
    public bool Include(string name)
    {
        Interlocked.Increment(ref _asked);
        return File.ReadLines(path).Contains(name, StringComparer.Ordinal);
    }
}
