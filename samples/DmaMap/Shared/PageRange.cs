using System;
using System.Collections.Generic;

namespace DmaMap;

/// <summary>Pages that lie side by side: a buffer of the user, or a part of one.</summary>
internal readonly record struct PageRange(nint Start, int Pages)
{
    public static int PageSize { get; } = Environment.SystemPageSize;

    public long Bytes => (long)Pages * PageSize;

    public nint this[int page] => Start + (nint)page * PageSize;

    /// <summary>The same pages in pieces of at most <paramref name="size"/>: nobody pins gigabytes under one lock.</summary>
    public IEnumerable<PageRange> InBatchesOf(int size)
    {
        for (int first = 0; first < Pages; first += size)
            yield return new PageRange(this[first], Math.Min(size, Pages - first));
    }
}
