using System;

namespace Ledger;

/// <summary>A file that is kept in memory, at an address that does not change.</summary>
internal sealed partial class Document : IDisposable
{
    public Folder Folder { get; }

    public long Length { get; }

    public nint Address => _pin.AddrOfPinnedObject();
}
