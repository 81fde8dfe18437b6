using System;
using System.Collections.Generic;
using System.Threading;
using PinAccounting;
using PinAccounting.Annotations;

namespace DmaMap;

/// <summary>Maps user memory for devices. What is pinned was charged before, at once, to the target; what fails leaves nothing behind.</summary>
internal sealed class Container(Target target) : IDisposable
{
    private const int BatchSize = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, List<nint>> _mappings = [];

    /// <summary>A page costs one, however many mappings and devices hold it: charged with the first, released with the last.</summary>
    private readonly PinLedger<nint> _pins = new(target.Account);

    /// <summary>Pins the buffers for device address <paramref name="iova"/>: all of them or nothing.</summary>
    [return: Errno(ErrnoConvention.NegativeErrno)]
    public int MapDma(ulong iova, params ReadOnlySpan<PageRange> buffers)
    {
        lock (_gate)
        {
            if (_mappings.ContainsKey(iova)) return -Errno.Exists;
            var pinned = new List<nint>();
            foreach (PageRange buffer in buffers)
            {
                foreach (PageRange batch in buffer.InBatchesOf(BatchSize))
                {
                    int status = PinBatch(batch, pinned);
                    if (status >= 0) continue;
                    UnpinAll(pinned);
                    return status;
                }
            }

            _mappings.Add(iova, pinned);
            return 0;
        }
    }

    [return: Errno(ErrnoConvention.NegativeErrno)]
    public int UnmapDma(ulong iova)
    {
        lock (_gate)
        {
            if (!_mappings.Remove(iova, out List<nint>? pinned)) return -Errno.NoSuchEntry;
            UnpinAll(pinned);
            return 0;
        }
    }

    /// <summary>A device pins a page by itself (a mediated device does), whether or not it is mapped.</summary>
    [return: Errno(ErrnoConvention.NegativeErrno)]
    public int PinExternal(nint page)
    {
        lock (_gate) return Pin(page);
    }

    public void UnpinExternal(nint page)
    {
        lock (_gate) Unpin(page);
    }

    /// <summary>Waits until accounts and pages agree. They always do.</summary>
    public void Settle()
    {
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (List<nint> pinned in _mappings.Values) UnpinAll(pinned);
            _mappings.Clear();
            _pins.Dispose();
        }
    }

    /// <summary>Adds to <paramref name="pinned"/> exactly what was pinned, also when it fails on the way.</summary>
    private int PinBatch(PageRange batch, List<nint> pinned)
    {
        for (int i = 0; i < batch.Pages; i++)
        {
            nint page = batch[i];
            // Asked of every page: reserved and ordinary ones may lie side by side.
            if (ReservedPages.Contains(page)) continue;
            int status = Pin(page);
            if (status < 0) return status;
            pinned.Add(page);
        }

        return 0;
    }

    /// <summary>Page by page: mlock of a range with a hole fails, and leaves locked what lies before the hole.</summary>
    private int Pin(nint page)
    {
        ChargeResult result = _pins.TryAcquire(page, 1);
        if (!result.Succeeded) return -result.ToErrno(ErrnoProfile.Vfio);
        if (_pins.HoldersOf(page) > 1 || Libc.Lock(page, (nuint)PageRange.PageSize) == 0) return 0;
        _pins.Release(page);
        return -Errno.Fault;
    }

    /// <summary>From what was done, not from what was asked for.</summary>
    private void UnpinAll(List<nint> pinned)
    {
        for (int i = pinned.Count - 1; i >= 0; i--) Unpin(pinned[i]);
    }

    private void Unpin(nint page)
    {
        // mlock does not count: only the last holder may unlock. Uncharged last, so that what is pinned is always paid for.
        if (_pins.HoldersOf(page) == 1) Libc.Unlock(page, (nuint)PageRange.PageSize);
        _pins.Release(page);
    }
}
