using System;
using System.Buffers;
using System.Runtime.InteropServices;
using PinAccounting.Annotations;

namespace PinAccounting.Memory;

/// <summary>Memory that the operating system keeps in RAM (<c>mlock</c>, <c>VirtualLock</c>), charged to an account for as long as it does.</summary>
/// <remarks>
/// <para>
/// Charged first and acquired second; disposed in the reverse order: cleared, unlocked, unmapped, uncharged. It lies outside the
/// garbage-collected heap, begins at a page boundary and is zero at first. What is charged are the whole pages, in the account's unit.
/// </para>
/// <para>
/// All members are thread-safe, and so is disposal against <see cref="Pin"/>: while something is pinned, disposing only closes the block, and the last
/// <see cref="Unpin"/> frees it. A <see cref="Span{T}"/> is not counted: who holds one has to see to it that the block is not disposed meanwhile, or pin.
/// </para>
/// <para>
/// There is no finalizer, because a span may outlive the last reference. A block that is lost stays locked and charged, and its charge is
/// reported as leaked (<see cref="PinViolationKind.LeakedCharge"/>). Locks are not inherited by child processes.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// using LockedMemory key = LockedMemory.Allocate(PinAccount.ForProcess(), 32);
/// RandomNumberGenerator.Fill(key.GetSpan());
/// </code>
/// </example>
public sealed unsafe partial class LockedMemory : MemoryManager<byte>
{
    private readonly LockedPages? _pages;
    private readonly int _length;
    private readonly PinCharge _charge;
    private PinGate _gate;

    private LockedMemory(LockedPages? pages, int length, [TransfersObligation] PinCharge charge)
    {
        _pages = pages;
        _length = length;
        _charge = charge;
    }

    /// <summary>The usable length in bytes, as it was asked for.</summary>
    public int Length => _length;

    /// <summary>The locked length in bytes: whole pages; 0 for a block of length 0.</summary>
    public long LockedLength => _pages?.Length ?? 0;

    /// <summary>The account that pays.</summary>
    public PinAccount Account => _charge.Account;

    /// <summary>What is charged, in the unit of the account; 0 once it is freed.</summary>
    public long ChargedAmount => _charge.Amount;

    /// <summary>Whether a limit was exceeded by capability when this was charged.</summary>
    public bool ExceededLimit => _charge.ExceededLimit;

    /// <summary>Whether it was disposed; pins may still keep the memory for a while.</summary>
    public bool IsDisposed => _gate.IsClosed;

    /// <summary>The memory.</summary>
    /// <returns>A span over <see cref="Length"/> bytes; not to be used after disposal.</returns>
    /// <exception cref="ObjectDisposedException">The block is disposed.</exception>
    public override Span<byte> GetSpan()
    {
        if (_gate.IsClosed) throw Disposed();
        return _pages is null ? default : new Span<byte>(_pages.Start, _length);
    }

    /// <summary>Keeps the memory from being freed until the handle is disposed. It does not move in any case.</summary>
    /// <param name="elementIndex">Where the handle points, in bytes from the start: 0 to <see cref="Length"/>.</param>
    /// <returns>The handle.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="elementIndex"/> lies outside.</exception>
    /// <exception cref="ObjectDisposedException">The block is disposed.</exception>
    /// <remarks>Reversed by <see cref="Unpin"/>, which disposing the handle calls. Charges nothing more.</remarks>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length, nameof(elementIndex));
        if (!_gate.TryPin()) throw Disposed();
        return new MemoryHandle(_pages is null ? null : Start + elementIndex, default, this);
    }

    /// <summary>Takes back one <see cref="Pin"/>; the last one frees a block that was disposed meanwhile.</summary>
    /// <exception cref="InvalidOperationException">Nothing is pinned.</exception>
    public override void Unpin()
    {
        if (!_gate.TryUnpin(out bool free))
            throw new InvalidOperationException("This block of locked memory is not pinned: unpinned twice?");
        if (free)
            Free();
    }

    /// <summary>Lets another account pay from now on; on failure nothing changes.</summary>
    /// <param name="newOwner">The account that is to pay.</param>
    /// <param name="result">The status, and whose limit decided.</param>
    /// <returns>Whether <paramref name="newOwner"/> pays now.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="newOwner"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="newOwner"/> counts in another unit.</exception>
    /// <exception cref="ObjectDisposedException">The memory is freed already.</exception>
    public bool TryTransferTo(PinAccount newOwner, out ChargeResult result) => _charge.TryTransferTo(newOwner, out result);

    /// <summary>Clears, unlocks, unmaps and uncharges; while it is pinned, the last <see cref="Unpin"/> does. Idempotent; never throws.</summary>
    /// <param name="disposing">Always true: there is no finalizer.</param>
    /// <remarks>
    /// Reverses <see cref="Allocate(PinAccount, int)"/> and its like. When the system does not take the pages back, they stay charged, it is reported
    /// (<see cref="PinViolationKind.NotGivenBack"/>), and the next allocation tries again.
    /// </remarks>
    protected override void Dispose(bool disposing)
    {
        if (_gate.Close())
            Free();
    }

    /// <summary>As <see cref="IDisposable.Dispose"/>, without a cast.</summary>
    [Release("locked memory")]
    public void Dispose() => ((IDisposable)this).Dispose();

    internal byte* Start => _pages is null ? null : _pages.Start;

    /// <summary>Overwrites everything with zeros, for the next user.</summary>
    internal void Clear()
    {
        if (_pages is not null)
            NativeMemory.Clear(_pages.Start, (nuint)_pages.Length);
    }

    private ObjectDisposedException Disposed() => new(nameof(LockedMemory), $"This block of {_length} bytes of locked memory of account '{Account.Name}' is disposed.");

    [ReleasePath]
    private void Free()
    {
        if (_pages is null)
            _charge.Dispose();
        else
            StrandedPages.Release(_pages, _charge);
    }
}
