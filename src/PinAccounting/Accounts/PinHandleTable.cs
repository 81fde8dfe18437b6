using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting;

/// <summary>Handles to charged resources under the contract of io_setup(2) and io_destroy(2).</summary>
/// <typeparam name="T">The resource behind a handle.</typeparam>
/// <remarks>
/// Thread-safe. Handles are never 0 and never reused. The order is: test, charge, create, enter in the table, hand out; every failure undoes what came before it, in reverse.
/// Handles are uncharged under the table's lock, so a handler of <see cref="PinDiagnostics.Violation"/> must not wait for another thread that uses the same table; the
/// functions that create, hand out and reap are called without it.
/// </remarks>
public sealed class PinHandleTable<T> : IDisposable where T : class
{
    private readonly Dictionary<nint, Entry> _entries = [];
    private readonly HandleSizing _sizing;
    private readonly Action<T> _reap;
    private nint _last;
    private bool _disposed;

    /// <summary>Creates an empty table.</summary>
    /// <param name="account">Who pays.</param>
    /// <param name="sizing">What requests are valid and what they are charged.</param>
    /// <param name="reap">Takes a resource down: called exactly once for each that was created, after it is uncharged and unreachable. Null disposes it if it is <see cref="IDisposable"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="account"/> or <paramref name="sizing"/> is null.</exception>
    public PinHandleTable(PinAccount account, HandleSizing sizing, Action<T>? reap = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(sizing);
        Account = account;
        _sizing = sizing;
        _reap = reap ?? (static value => (value as IDisposable)?.Dispose());
    }

    /// <summary>Who pays.</summary>
    public PinAccount Account { get; }

    /// <summary>How many handles are valid.</summary>
    public int Count
    {
        get
        {
            lock (_entries) return _entries.Count;
        }
    }

    /// <summary>Charges, creates and hands out a resource, or changes nothing.</summary>
    /// <param name="requested">How many events (or what the sizing counts): the caller's number as it came. The account is charged by it, even if <paramref name="create"/> makes room for more.</param>
    /// <param name="handle">Must be 0; receives the handle as the very last step.</param>
    /// <param name="create">Makes the resource. Null or <see cref="OutOfMemoryException"/> means out of memory, <see cref="OperationCanceledException"/> interrupted. Any other exception reaches the caller, with everything undone.</param>
    /// <param name="interrupted">Cancels the call while nothing has been changed yet.</param>
    /// <returns>
    /// Success; or <see cref="ChargeStatus.HandleNotZero"/>, <see cref="ChargeStatus.InvalidArgument"/> (out of range), <see cref="ChargeStatus.PolicyLimit"/>,
    /// <see cref="ChargeStatus.OwnerGone"/>, <see cref="ChargeStatus.ResourceExhausted"/>, <see cref="ChargeStatus.Interrupted"/>, or <see cref="ChargeStatus.Fault"/> when the handle could not be stored.
    /// What the sizing asks for may also be no amount (<see cref="ChargeStatus.InvalidArgument"/>), or one that does not fit (<see cref="ChargeStatus.Overflow"/>).
    /// A request that is refused before it is charged is the <see cref="ChargeResult.Requested"/> of the result; afterwards it is what the request costs.
    /// </returns>
    /// <remarks>Reversed by <see cref="TryDestroy"/>.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The table was disposed.</exception>
    [FailsWith(nameof(ChargeStatus.HandleNotZero), When = "the handle is not 0")]
    [FailsWith(nameof(ChargeStatus.InvalidArgument), When = "the request is out of range")]
    [FailsWith(nameof(ChargeStatus.PolicyLimit), When = "the account's limit denies")]
    [FailsWith(nameof(ChargeStatus.ResourceExhausted), When = "the resource cannot be made")]
    [FailsWith(nameof(ChargeStatus.Fault), When = "the handle cannot be stored")]
    [Interruptible(Status = nameof(ChargeStatus.Interrupted), When = "before anything is changed")]
    [StateTransition("handle", From = "0", To = "valid", When = "success")]
    [Effect("PinHandleTable.Count", ReversedBy = nameof(TryDestroy))]
    public ChargeResult TrySetup(long requested, [MustBeZero] ref nint handle, Func<long, T?> create, CancellationToken interrupted = default)
    {
        nint found;
        try
        {
            found = Volatile.Read(ref handle);
        }
        catch (NullReferenceException)
        {
            return Failure(ChargeStatus.Fault, requested);
        }

        ChargeResult result = TryCreate(requested, found, create, interrupted, out nint made);
        if (!result.Succeeded) return result;
        // Whoever filled the variable meanwhile owns it: overwriting would lose his handle.
        if (Interlocked.CompareExchange(ref handle, made, 0) == 0) return result;
        Destroy(made);
        return Failure(ChargeStatus.HandleNotZero, result.Requested);
    }

    /// <summary>As <see cref="TrySetup(long, ref nint, Func{long, T}, CancellationToken)"/> for a caller that is reached some other way than by a variable.</summary>
    /// <param name="requested">How many events (or what the sizing counts).</param>
    /// <param name="handOut">Gives the handle to the caller. False means it could not (<see cref="ChargeStatus.Fault"/>); after that, and after an exception, everything is undone.</param>
    /// <param name="create">Makes the resource.</param>
    /// <param name="interrupted">Cancels the call while nothing has been changed yet.</param>
    /// <returns>Success, or why not.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> or <paramref name="handOut"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The table was disposed.</exception>
    public ChargeResult TrySetup(long requested, Func<nint, bool> handOut, Func<long, T?> create, CancellationToken interrupted = default)
    {
        ArgumentNullException.ThrowIfNull(handOut);
        ChargeResult result = TryCreate(requested, 0, create, interrupted, out nint made);
        if (!result.Succeeded) return result;
        bool delivered = false;
        try
        {
            delivered = handOut(made);
        }
        finally
        {
            if (!delivered) Destroy(made);
        }

        return delivered ? result : Failure(ChargeStatus.Fault, result.Requested);
    }

    /// <summary>The resource behind a handle.</summary>
    /// <param name="handle">Any number at all.</param>
    /// <param name="value">The resource, or null.</param>
    /// <returns>False for a handle that was never handed out or is destroyed.</returns>
    /// <remarks>Does not keep the resource from being destroyed: it must bear being used while and after it is reaped.</remarks>
    public bool TryGet(nint handle, [NotNullWhen(true)] out T? value)
    {
        lock (_entries)
        {
            value = _entries.TryGetValue(handle, out Entry? entry) ? entry.Value : null;
            return value is not null;
        }
    }

    /// <summary>Uncharges, takes the handle out of the table, zeroes <paramref name="handle"/>, then reaps the resource. Reverses <see cref="TrySetup(long, ref nint, Func{long, T}, CancellationToken)"/>.</summary>
    /// <param name="handle">A handle of this table.</param>
    /// <returns>True for exactly one caller, however many race on however many copies of the handle; false for a handle that is not valid (any more), which is left as it is.</returns>
    /// <remarks>An exception of <c>reap</c> reaches the caller; the handle is uncharged, out of the table and zero all the same.</remarks>
    [StateTransition("handle", From = "valid", To = "0", When = "true")]
    [ReleasePath]
    public bool TryDestroy(ref nint handle)
    {
        nint destroyed = Volatile.Read(ref handle);
        if (!TryUnpublish(destroyed, out Entry? entry)) return false;
        Interlocked.CompareExchange(ref handle, 0, destroyed);
        _reap(entry.Value);
        return true;
    }

    /// <summary>Destroys every handle and refuses new ones. Idempotent and thread-safe.</summary>
    /// <remarks>A resource that cannot be reaped keeps no other from being: all are uncharged and reaped, then the first exception of <c>reap</c> reaches the caller.</remarks>
    public void Dispose()
    {
        nint[] handles;
        lock (_entries)
        {
            _disposed = true;
            handles = [.. _entries.Keys];
        }

        ExceptionDispatchInfo? first = null;
        foreach (nint handle in handles)
        {
            try
            {
                Destroy(handle);
            }
            catch (Exception failure)
            {
                first ??= ExceptionDispatchInfo.Capture(failure);
            }
        }

        first?.Throw();
    }

    private ChargeResult TryCreate(long requested, nint found, Func<long, T?> create, CancellationToken interrupted, out nint made)
    {
        ArgumentNullException.ThrowIfNull(create);
        made = 0;
        lock (_entries)
        {
            ThrowIfDisposed();
        }

        if (found != 0) return Failure(ChargeStatus.HandleNotZero, requested);
        // On the raw value, before any arithmetic: a number that does not fit must not come back as one that does.
        if (requested < _sizing.Minimum || requested > _sizing.Maximum) return Failure(ChargeStatus.InvalidArgument, requested);
        if (interrupted.IsCancellationRequested) return Failure(ChargeStatus.Interrupted, requested);

        if (!Account.TryCharge(_sizing.CostOf(requested), out PinCharge? charge, out ChargeResult result)) return result;
        try
        {
            T? value = create(requested);
            if (value is null) return Failure(ChargeStatus.ResourceExhausted, result.Requested);
            made = Enter(value, charge);
            return result;
        }
        catch (OutOfMemoryException)
        {
            return Failure(ChargeStatus.ResourceExhausted, result.Requested);
        }
        catch (OperationCanceledException)
        {
            return Failure(ChargeStatus.Interrupted, result.Requested);
        }
        finally
        {
            charge.Dispose();
        }
    }

    private nint Enter(T value, PinCharge charge)
    {
        PinCharge? moved = null;
        try
        {
            moved = charge.Detach();
            lock (_entries)
            {
                // Once more: it may have been disposed while the resource was made.
                ThrowIfDisposed();
                nint handle = checked(_last + 1);
                _entries.Add(handle, new Entry(value, moved));
                return _last = handle;
            }
        }
        catch
        {
            moved?.Dispose();
            _reap(value);
            throw;
        }
    }

    private void Destroy(nint handle)
    {
        if (TryUnpublish(handle, out Entry? entry)) _reap(entry.Value);
    }

    private bool TryUnpublish(nint handle, [NotNullWhen(true)] out Entry? entry)
    {
        lock (_entries)
        {
            if (!_entries.Remove(handle, out entry)) return false;
            // Under the lock: for everybody else the handle is gone and what it was charged is back, both or neither.
            entry.Charge.Dispose();
            return true;
        }
    }

    /// <summary>Under the lock.</summary>
    private void ThrowIfDisposed()
    {
        if (_disposed) throw new ObjectDisposedException(nameof(PinHandleTable<T>), $"The handle table of account '{Account.Name}' was disposed.");
    }

    private ChargeResult Failure(ChargeStatus status, long requested) => ChargeResult.Failure(status, requested, Account);

    private sealed class Entry(T value, PinCharge charge)
    {
        internal readonly T Value = value;
        internal readonly PinCharge Charge = charge;
    }
}
