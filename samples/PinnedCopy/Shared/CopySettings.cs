using System;
using System.Collections.Generic;

namespace PinnedCopy;

/// <summary>What all files of one run share; each twin adds its accounts.</summary>
internal sealed partial class CopySettings
{
    public const int PageSize = 4096;

    /// <summary>Checksums of what was copied already.</summary>
    public HashSet<ulong> Seen { get; } = [];

    /// <summary>Called before each copy; throws <see cref="OperationCanceledException"/> to decline the file.</summary>
    public Action<string> BeforeCopy { get; init; } = static _ => { };

    public static long PagesFor(long bytes) => (bytes + PageSize - 1) / PageSize;
}
