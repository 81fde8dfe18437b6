using PinAccounting;

namespace PinnedCopy;

internal sealed partial class CopySettings
{
    public CopySettings() => File = new PinAccount(new PinAccountOptions { Name = "file", Limit = 64, Parent = Run });

    /// <summary>Pages of all buffers of a run together.</summary>
    public PinAccount Run { get; } = new("run", long.MaxValue);

    /// <summary>Pages that one file may take; the run pays for them as well, or neither does.</summary>
    public PinAccount File { get; }

    /// <summary>Pages that reading back may take.</summary>
    public PinAccount Verify { get; } = new("verify", 32);
}
