using PinAccounting;
using PinAccounting.Annotations;

namespace Ledger;

/// <summary>A folder is somebody's, and may be given to somebody else.</summary>
internal sealed partial class Folder(Tenant owner)
{
    [Inherited(Inheritance.Copy)]
    private bool _isKept;

    public Tenant Owner { get; set; } = owner;

    public bool IsKept => _isKept;
}
