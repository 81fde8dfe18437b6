using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using PinAccounting.Memory.Os;

namespace PinAccounting.Memory;

/// <summary>A pool of locked memory, which keeps some returned blocks for the next renter, as mapping and locking cost system calls and page faults.</summary>
/// <remarks>
/// <para>
/// What is kept stays locked and charged, at most <see cref="MaxRetainedBytes"/>; when a limit denies a new block, everything kept is given back and it is tried once
/// more, so keeping makes a rent fail only if others return blocks, which are kept, between the two. Blocks are cleared when they
/// come back. Every rent is a lease of its own: memory of a returned lease is not accessible through it any more, even when the block has a new renter.
/// </para>
/// <para>All members are thread-safe; leases may be returned on any thread. While a lease is pinned, returning it waits for the last unpin.</para>
/// </remarks>
public sealed class LockedMemoryPool : MemoryPool<byte>
{
    private readonly IPageSystem _system;
    private readonly PinAccount _account;
    private readonly object _gate = new();
    private readonly List<LockedMemory> _retained = [];
    private long _retainedBytes;
    private bool _disposed;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="account">Who pays; counts pages or bytes.</param>
    /// <param name="maxRetainedBytes">The most that is kept while nobody rents it, in bytes; not negative. 0 keeps nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="account"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="account"/> counts items.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxRetainedBytes"/> is negative.</exception>
    public LockedMemoryPool(PinAccount account, long maxRetainedBytes = 64 * 1024)
        : this(PageSystem.Current, account, maxRetainedBytes)
    {
    }

    internal LockedMemoryPool(IPageSystem system, PinAccount account, long maxRetainedBytes)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentOutOfRangeException.ThrowIfNegative(maxRetainedBytes);
        LockedMemory.ThrowIfNotPayable(account);
        _system = system;
        _account = account;
        MaxRetainedBytes = maxRetainedBytes;
    }

    /// <summary>The account that pays.</summary>
    public PinAccount Account => _account;

    /// <summary>The most that is kept while nobody rents it, in bytes.</summary>
    public long MaxRetainedBytes { get; }

    /// <summary>What is kept now, in bytes: locked and charged, but rented to nobody.</summary>
    public long RetainedBytes
    {
        get
        {
            lock (_gate)
                return _retainedBytes;
        }
    }

    /// <summary>The largest length that can be rented, in bytes; how much is there is up to the account and the machine.</summary>
    public override int MaxBufferSize => int.MaxValue & -_system.PageSize;

    /// <summary>Rents locked memory.</summary>
    /// <param name="minBufferSize">The least length in bytes; -1 for one page.</param>
    /// <returns>The lease: whole pages, all zero. Disposing it returns the block.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minBufferSize"/> is less than -1 or more than <see cref="MaxBufferSize"/>.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    /// <exception cref="PinLimitExceededException">A limit denies it, or the account is retired.</exception>
    /// <exception cref="InsufficientMemoryException">The machine has no more to give.</exception>
    /// <exception cref="PlatformNotSupportedException">The system cannot lock memory.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minBufferSize, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, MaxBufferSize);
        return TryRent(minBufferSize, out IMemoryOwner<byte>? owner, out ChargeResult result) ? owner : throw LockedMemory.Denial(result);
    }

    /// <summary>Rents locked memory, or says why not.</summary>
    /// <param name="minBufferSize">The least length in bytes; -1 for one page.</param>
    /// <param name="owner">The lease: whole pages, all zero. Disposing it returns the block. Null when it was denied.</param>
    /// <param name="result">
    /// As for <see cref="LockedMemory.TryAllocate(PinAccount, int, out LockedMemory?, out ChargeResult)"/>. For a block that had been kept, nothing new was charged: the
    /// result then is <see cref="ChargeStatus.Charged"/> with 0 requested.
    /// </param>
    /// <returns>Whether it was rented. When not, nothing is locked, mapped or charged in addition.</returns>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public bool TryRent(int minBufferSize, [NotNullWhen(true)] out IMemoryOwner<byte>? owner, out ChargeResult result)
    {
        owner = null;
        if (minBufferSize < -1 || minBufferSize > MaxBufferSize)
        {
            result = ChargeResult.Failure(ChargeStatus.InvalidArgument, minBufferSize, _account);
            return false;
        }
        int length = (int)LockedPages.RoundUp(_system, minBufferSize == -1 ? 1 : minBufferSize);
        LockedMemory? block = TakeRetained(length);
        if (block is not null)
            result = new ChargeResult(ChargeStatus.Charged, 0, _account.Used, _account.Limit, _account);
        else if (!LockedMemory.TryAllocate(_system, _account, length, out block, out result)
            && (!Trim() || !LockedMemory.TryAllocate(_system, _account, length, out block, out result)))
            return false;
        try
        {
            owner = new LockedMemoryLease(this, block);
        }
        catch
        {
            block.Dispose();
            throw;
        }
        return true;
    }

    /// <summary>Gives everything back that is kept for later.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Trim()
    {
        LockedMemory[] blocks;
        lock (_gate)
        {
            blocks = [.. _retained];
            _retained.Clear();
            _retainedBytes = 0;
        }
        foreach (LockedMemory block in blocks)
            block.Dispose();
        return blocks.Length != 0;
    }

    /// <summary>Gives everything back that is kept, and makes later rents fail. Leases that are out stay usable; their blocks are freed when they are returned. Idempotent.</summary>
    /// <param name="disposing">Always true: there is no finalizer.</param>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
            _disposed = true;
        Trim();
    }

    /// <summary>Takes a block back from its lease: clears it, and keeps it or frees it.</summary>
    internal void TakeBack(LockedMemory block)
    {
        block.Clear();
        bool kept = false;
        try
        {
            lock (_gate)
            {
                if (!_disposed && block.LockedLength != 0 && block.LockedLength <= MaxRetainedBytes - _retainedBytes)
                {
                    _retained.Add(block);
                    _retainedBytes += block.LockedLength;
                    kept = true;
                }
            }
        }
        finally
        {
            // Also when waiting for the pool was interrupted: the lease is closed, so nobody would come back for the block.
            if (!kept)
                block.Dispose();
        }
    }

    /// <summary>The smallest kept block that is large enough, unless half of it would lie idle.</summary>
    private LockedMemory? TakeRetained(int length)
    {
        lock (_gate)
        {
            if (_disposed) throw new ObjectDisposedException(nameof(LockedMemoryPool), $"The pool of locked memory of account '{_account.Name}' is disposed.");
            // It is charged already, but a new renter is a new use, and the account would refuse that too.
            if (_account.NearestRetired() is not null) return null;
            int best = -1;
            for (int i = 0; i < _retained.Count; i++)
            {
                long candidate = _retained[i].LockedLength;
                if (candidate >= length && candidate < 2L * length && (best < 0 || candidate < _retained[best].LockedLength))
                    best = i;
            }
            if (best < 0)
                return null;
            LockedMemory block = _retained[best];
            _retained.RemoveAt(best);
            _retainedBytes -= block.LockedLength;
            return block;
        }
    }
}
