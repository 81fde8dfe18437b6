using System;
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
/// One thread at a time builds a reservation up; <see cref="Dispose"/> may come from any thread at any time: it either rolls back, every step that
/// <see cref="OnRollback"/> accepted included, or comes after the commit and does nothing.
/// </remarks>
public sealed class PinReservation : IDisposable
{
    /// <summary>What <see cref="_undo"/> is once nothing can be added any more.</summary>
    private static readonly Step s_closed = new(static () => { });

    private Step? _undo;
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
        var step = new Step(() => undo(state));
        // The step is either on the list when a rollback takes it, or refused: none is accepted and then forgotten.
        do
        {
            step.Before = Volatile.Read(ref _undo);
            if (step.Before == s_closed) throw Done();
        }
        while (Interlocked.CompareExchange(ref _undo, step, step.Before) != step.Before);
    }

    /// <summary>Turns the reservation into a charge for what was acquired; the rest is released, and the rollback steps are forgotten.</summary>
    /// <param name="actual">What was acquired, in the account's <see cref="PinAccount.Unit"/>: 0 to <see cref="Amount"/>.</param>
    /// <returns>The charge, which carries the duty from now on.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="actual"/> is negative or more than was reserved; the reservation is as before.</exception>
    /// <exception cref="ObjectDisposedException">Committed or rolled back already.</exception>
    [Release("charge")]
    [Charge("charge")]
    [return: TransfersObligation]
    public PinCharge Commit([ChargeAmount] long actual)
    {
        // Tested before the charge is taken out: a rollback on another thread must find it here until it is certain that it goes.
        long reserved = Amount;
        if (!IsPending) throw Done();
        if ((ulong)actual > (ulong)reserved)
            throw new ArgumentOutOfRangeException(nameof(actual), actual, $"{reserved} {_account.UnitName} of account '{_account.Name}' were reserved: no more can be committed, and no less than 0.");
        PinCharge charge = Commit();
        charge.SettleTo(actual);
        return charge;
    }

    /// <summary>As <see cref="Commit(long)"/> with everything that was reserved.</summary>
    /// <returns>The charge, which carries the duty from now on.</returns>
    /// <exception cref="ObjectDisposedException">Committed or rolled back already.</exception>
    [Release("charge")]
    [Charge("charge")]
    [return: TransfersObligation]
    public PinCharge Commit()
    {
        PinCharge charge = Interlocked.Exchange(ref _charge, null) ?? throw Done();
        Volatile.Write(ref _undo, s_closed);
        return charge;
    }

    /// <summary>Without a commit: undoes the registered steps, last first, then releases what was reserved. Idempotent; never throws.</summary>
    [Release("charge")]
    [ReleasePath]
    public void Dispose()
    {
        PinCharge? charge = Interlocked.Exchange(ref _charge, null);
        if (charge is null) return;
        for (Step? step = Interlocked.Exchange(ref _undo, s_closed); step is not null; step = step.Before)
        {
            try
            {
                step.Undo();
            }
            catch (Exception failure)
            {
                PinDiagnostics.Report(new PinViolation(PinViolationKind.RollbackFailed, _account, charge.Amount,
                    $"A rollback step of a reservation of account '{_account.Name}' failed: {PinDiagnostics.Ask(failure, static failure => failure.Message)}", exception: failure), mayThrow: false);
            }
        }

        charge.Dispose();
    }

    private ObjectDisposedException Done() => new(nameof(PinReservation), $"This reservation of account '{_account.Name}' was committed or rolled back already.");

    /// <summary>How to undo one step, and the one that was done before it.</summary>
    private sealed class Step(Action undo)
    {
        internal readonly Action Undo = undo;
        internal Step? Before;
    }
}
