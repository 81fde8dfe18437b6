using System;
using System.Collections.Generic;
using System.Threading;
using PinAccounting.Annotations;

namespace DmaMap;

/// <summary>Maps user memory for devices, and counts it when there is time.</summary>
internal sealed class Container(Target target) : IDisposable
{
    private const int BatchSize = 16;

    /// <summary>Whoever runs this: a daemon that maps for its virtual machines, with a limit of its own.</summary>
    private static readonly Target Self = new(limit: 64);

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PageRange[]> _mappings = [];
    private readonly CountdownEvent _queued = new(1);

    [return: Errno(ErrnoConvention.NegativeErrno)]
    public int MapDma(ulong iova, params ReadOnlySpan<PageRange> buffers)
    {
        lock (_gate)
        {
            if (_mappings.ContainsKey(iova)) return -Errno.Exists;
            foreach (PageRange buffer in buffers)
            {
                foreach (PageRange batch in buffer.InBatchesOf(BatchSize))
                {
                    int status = PinBatch(batch);
                    if (status < 0) return status;
                }
            }

            _mappings.Add(iova, buffers.ToArray());
            return 0;
        }
    }

    [return: Errno(ErrnoConvention.NegativeErrno)]
    public int UnmapDma(ulong iova)
    {
        lock (_gate)
        {
            if (!_mappings.Remove(iova, out PageRange[]? buffers)) return -Errno.NoSuchEntry;
            foreach (PageRange buffer in buffers)
            {
                Libc.Unlock(buffer.Start, (nuint)(buffer.Pages * PageRange.PageSize));
                Uncharge(buffer.Pages);
            }

            return 0;
        }
    }

    [return: Errno(ErrnoConvention.NegativeErrno)]
    public int PinExternal(nint page)
    {
        if (Libc.Lock(page, (nuint)PageRange.PageSize) != 0) return -Errno.Fault;
        if (!ReservedPages.Contains(page)) target.Account(1);
        return 0;
    }

    public void UnpinExternal(nint page)
    {
        Libc.Unlock(page, (nuint)PageRange.PageSize);
        target.Unaccount(1);
    }

    /// <summary>Waits until the queue has caught up.</summary>
    public void Settle()
    {
        _queued.Signal();
        _queued.Wait();
        _queued.Reset();
    }

    public void Dispose()
    {
        foreach (ulong iova in (ulong[])[.. _mappings.Keys]) UnmapDma(iova);
        Settle();
        _queued.Dispose();
    }

    private int PinBatch(PageRange batch)
    {
        // The limit of whoever asks, read before and counted after.
        if (!target.MayExceedLimit && target.LockedPages + (batch.Bytes / PageRange.PageSize) > Self.Limit) return -Errno.NoMemory;
        int pinned = 0;
        for (int i = 0; i < batch.Pages; i++)
        {
            if (ReservedPages.Contains(batch[i])) continue;
            if (Libc.Lock(batch[i], (nuint)PageRange.PageSize) != 0)
            {
                for (int undone = 0; undone < batch.Pages; undone++) Libc.Unlock(batch[undone], (nuint)PageRange.PageSize);
                return -Errno.Fault;
            }

            pinned++;
        }

        if (target.MayExceedLimit || target.HasExited) return 0;
        if (Monitor.TryEnter(target.MmapLock))
        {
            target.LockedPages += pinned;
            Monitor.Exit(target.MmapLock);
            return 0;
        }

        // The target is busy, and waiting would be slow.
        _queued.AddCount();
        ThreadPool.QueueUserWorkItem(_ =>
        {
            lock (target.MmapLock) target.LockedPages += pinned;
            _queued.Signal();
        });
        return 0;
    }

    private void Uncharge(int pages)
    {
        if (target.MayExceedLimit || target.HasExited) return;
        if (Monitor.TryEnter(target.MmapLock))
        {
            target.LockedPages -= pages;
            Monitor.Exit(target.MmapLock);
            return;
        }

        _queued.AddCount();
        ThreadPool.QueueUserWorkItem(_ =>
        {
            lock (target.MmapLock) target.LockedPages -= pages;
            _queued.Signal();
        });
    }
}
