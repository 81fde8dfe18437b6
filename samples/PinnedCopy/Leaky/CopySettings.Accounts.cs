namespace PinnedCopy;

internal sealed partial class CopySettings
{
    /// <summary>Pages of all buffers of a run together.</summary>
    public PageAccount Run { get; } = new("run", long.MaxValue);

    /// <summary>Pages that one file may take.</summary>
    public PageAccount File { get; } = new("file", 64);

    /// <summary>Pages that reading back may take.</summary>
    public PageAccount Verify { get; } = new("verify", 32);
}
