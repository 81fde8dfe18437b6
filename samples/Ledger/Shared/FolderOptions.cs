using System;

namespace Ledger;

[Flags]
internal enum FolderOptions
{
    None = 0,
    Keep = 1,
    Compress = 2,
}
