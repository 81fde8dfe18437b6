using System;
using System.Collections.Generic;

namespace PinnedCopy;

/// <summary>What all files of one run share.</summary>
internal sealed class CopySettings
{
    public const int PageSize = 4096;

    /// <summary>Pages of all buffers of a run together.</summary>
    public PageAccount Run { get; } = new("run", long.MaxValue);

    /// <summary>Pages that one file may take.</summary>
    public PageAccount File { get; } = new("file", 64);

    /// <summary>Pages that reading back may take.</summary>
    public PageAccount Verify { get; } = new("verify", 32);

    /// <summary>Checksums of what was copied already.</summary>
    public HashSet<ulong> Seen { get; } = [];

    /// <summary>Called before each copy; throws <see cref="OperationCanceledException"/> to decline the file.</summary>
    public Action<string> BeforeCopy { get; init; } = static _ => { };

    public static long PagesFor(long bytes) => (bytes + PageSize - 1) / PageSize;
}
