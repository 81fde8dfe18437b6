using System;
using System.Diagnostics;

namespace Ledger;

internal static class Invariant
{
    /// <summary>Tested only in builds that define CHECKED; nobody ships those.</summary>
    [Conditional("CHECKED")]
    public static void Holds(bool condition)
    {
        if (!condition) throw new InvalidOperationException("This cannot be.");
    }
}
