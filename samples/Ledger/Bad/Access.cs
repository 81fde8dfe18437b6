using System;

namespace Ledger;

/// <summary>As open(2) has them.</summary>
[Flags]
internal enum Access
{
    Read = 0,
    Write = 1,
    Append = 2,
}
