using System;

namespace Ledger;

[Flags]
internal enum Access
{
    None = 0,
    Read = 1,
    Write = 2,
    Append = 4,
}
