using System;
using System.Collections.Generic;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting;

/// <summary>Charge first, acquire second, publish last: a charge for the most that may be needed, which turns into a charge for what was acquired, or rolls everything back.</summary>
/// <remarks>
/// <code>
/// using PinReservation reservation = account.Reserve(pages);
/// nint address = Map(pages);
/// reservation.OnRollback(address, Unmap);
/// long locked = Lock(address);
/// PinCharge charge = reservation.Commit(locked);
/// </code>
/// One thread at a time builds a reservation up; <see cref="Dispose"/> may come from any thread.
/// </remarks>
public sealed class PinReservation : IDisposable
{
    private readonly Stack<Action> _undo = new();
    private readonly PinAccount _account;
    [TransfersObligation]
    private PinCharge? _charge;

    internal PinReservation(PinCharge charge)
    {
        _charge = charge;
        _account = charge.Account;
    }

    /// <summary>The account that pays.</summary>
    public PinAccount Account => _account;

    /// <summary>What is reserved, in the account's <see cref="PinAccount.Unit"/>; 0 once committed or rolled back.</summary>
    public long Amount => Volatile.Read(ref _charge)?.Amount ?? 0;

    /// <summary>Whether neither <see cref="Commit(long)"/> nor <see cref="Dispose"/> has happened.</summary>
    public bool IsPending => Volatile.Read(ref _charge) is not null;

    /// <summary>Registers how to undo a step that was just done. Undone in reverse order, before the amount is released.</summary>
    /// <param name="state">What <paramref name="undo"/> gets.</param>
    /// <param name="undo">Must not throw; an exception is reported (<see cref="PinViolationKind.RollbackFailed"/>) and the other steps are still undone.</param>
    /// <exception cref="ArgumentNullException"><paramref name="undo"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The reservation was committed or rolled back: nothing would ever run it.</exception>
    public void OnRollback<TState>(TState state, [Deferred(Reason = "undoes a step when the reservation is rolled back")] Action<TState> undo)
    {
        ArgumentNullException.ThrowIfNull(undo);
        ThrowIfDone();
        _undo.Push(() => undo(state));
    }

    /// <summary>Turns the reservation into a charge for what was acquired; the rest is released, and the rollback steps are forgotten.</summary>
    /// <param name="actual">0 to <see cref="Amount"/>.</param>
    /// <returns>The charge, which carries the duty from now on.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="actual"/> is negative or more than was reserved; the reservation is as before.</exception>
    /// <exception cref="ObjectDisposedException">Committed or rolled back already.</exception>
    [Release("charge")]
    [Charge("charge")]
    [return: TransfersObligation]
    public PinCharge Commit([ChargeAmount] long actual)
    {
        ThrowIfDone();
        PinCharge charge = Interlocked.Exchange(ref _charge, null) ?? throw Done();
        try
        {
            charge.SettleTo(actual);
        }
        catch (ArgumentOutOfRangeException)
        {
            Volatile.Write(ref _charge, charge);
            throw;
        }

        _undo.Clear();
        return charge;
    }

    /// <summary>As <see cref="Commit(long)"/> with everything that was reserved.</summary>
    [Release("charge")]
    [Charge("charge")]
    [return: TransfersObligation]
    public PinCharge Commit()
    {
        PinCharge charge = Interlocked.Exchange(ref _charge, null) ?? throw Done();
        _undo.Clear();
        return charge;
    }

    /// <summary>Without a commit: undoes the registered steps, last first, then releases what was reserved. Idempotent; never throws.</summary>
    [Release("charge")]
    [ReleasePath]
    public void Dispose()
    {
        PinCharge? charge = Interlocked.Exchange(ref _charge, null);
        if (charge is null) return;
        while (_undo.TryPop(out Action? undo))
        {
            try
            {
                undo();
            }
            catch (Exception failure)
            {
                PinDiagnostics.Report(new PinViolation(PinViolationKind.RollbackFailed, _account, charge.Amount,
                    $"A rollback step of a reservation of account '{_account.Name}' failed: {failure.Message}", exception: failure), mayThrow: false);
            }
        }

        charge.Dispose();
    }

    private void ThrowIfDone()
    {
        if (!IsPending) throw Done();
    }

    private ObjectDisposedException Done() => new(nameof(PinReservation), $"This reservation of account '{_account.Name}' was committed or rolled back already.");
}
