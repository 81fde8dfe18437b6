using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting;

public sealed partial class PinAccount
{
    /// <summary>Charges <paramref name="amount"/> and hands out the charge, or says why not.</summary>
    /// <param name="amount">How much, in <see cref="Unit"/>. 0 succeeds and holds nothing; a negative amount is <see cref="ChargeStatus.InvalidArgument"/>, one above 2^60 - 1 is <see cref="ChargeStatus.Overflow"/>.</param>
    /// <param name="charge">The charge; disposing it is the release. Null when it was denied, and then nothing is charged to any account of the chain.</param>
    /// <param name="result">The status, and whose limit decided.</param>
    /// <returns>Whether it was charged.</returns>
    /// <remarks>Thread-safe. Allocates the charge object and nothing else once the account is warm. Asks the <see cref="CapabilityProbe"/> at most once, and only if a limit denies.</remarks>
    [Charge("charge", ReleasedBy = nameof(PinCharge.Dispose))]
    public bool TryCharge([ChargeAmount] long amount, [NotNullWhen(true), ChargeToken] out PinCharge? charge, out ChargeResult result)
    {
        charge = TryChargeFast(amount, out long used);
        if (charge is not null)
        {
            result = new ChargeResult(ChargeStatus.Charged, amount, used, Limit, this);
            return true;
        }

        result = Take(amount, stop: null, mayBypass: true);
        charge = result.Succeeded ? NewCharge(amount, result.Status == ChargeStatus.ChargedOverLimit) : null;
        return charge is not null;
    }

    /// <summary>Charges <paramref name="amount"/> or throws. Disposing the result is the release.</summary>
    /// <param name="amount">How much, in <see cref="Unit"/>.</param>
    /// <returns>The charge, which holds the amount until it is disposed.</returns>
    /// <remarks>Thread-safe, as <see cref="TryCharge(long, out PinCharge?, out ChargeResult)"/>. Reversed by <see cref="PinCharge.Dispose"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is negative or above 2^60 - 1, or the sum does not fit the counter; nothing is charged.</exception>
    /// <exception cref="PinLimitExceededException">A limit denies it, or an account of the chain is retired; nothing is charged.</exception>
    [Charge("charge", ReleasedBy = nameof(PinCharge.Dispose))]
    [FailsWith(nameof(ChargeStatus.PolicyLimit), When = "a limit of the chain denies")]
    [FailsWith(nameof(ChargeStatus.OwnerGone), When = "an account of the chain is retired")]
    [return: ChargeToken]
    public PinCharge Charge([ChargeAmount] long amount)
    {
        if (TryChargeFast(amount, out _) is { } fast) return fast;
        if (TryCharge(amount, out PinCharge? charge, out ChargeResult result)) return charge;
        throw Denial(result, nameof(amount));
    }

    /// <summary>Charges <paramref name="amount"/> ahead of acquiring what it pays for; see <see cref="PinReservation"/>.</summary>
    /// <param name="amount">The most that the acquisition can need, in <see cref="Unit"/>.</param>
    /// <returns>The reservation: to be committed, or disposed, which rolls back.</returns>
    /// <remarks>Thread-safe. Reversed by <see cref="PinReservation.Dispose"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is negative or above 2^60 - 1, or the sum does not fit the counter; nothing is charged.</exception>
    /// <exception cref="PinLimitExceededException">A limit denies it, or an account of the chain is retired; nothing is charged.</exception>
    [Charge("charge", ReleasedBy = nameof(PinReservation.Dispose))]
    [return: ChargeToken]
    public PinReservation Reserve([ChargeAmount] long amount) => new(Charge(amount));

    /// <summary>As <see cref="Reserve"/>, and says why not instead of throwing.</summary>
    /// <param name="amount">The most that the acquisition can need, in <see cref="Unit"/>.</param>
    /// <param name="reservation">The reservation; disposing it without a commit rolls back. Null when it was denied.</param>
    /// <param name="result">The status, and whose limit decided.</param>
    /// <returns>Whether it was charged; when not, nothing is.</returns>
    /// <remarks>Thread-safe. Reversed by <see cref="PinReservation.Dispose"/>.</remarks>
    [Charge("charge", ReleasedBy = nameof(PinReservation.Dispose))]
    public bool TryReserve([ChargeAmount] long amount, [NotNullWhen(true), ChargeToken] out PinReservation? reservation, out ChargeResult result)
    {
        reservation = TryCharge(amount, out PinCharge? charge, out result) ? new PinReservation(charge) : null;
        return reservation is not null;
    }

    internal static Exception Denial(ChargeResult result, string parameter) => result.Status is ChargeStatus.InvalidArgument or ChargeStatus.Overflow
        ? new ArgumentOutOfRangeException(parameter, result.Requested, result.ToString())
        : new PinLimitExceededException(result);

    internal ChargeResult Refuse(ChargeStatus status, long amount) => new(status, amount, Used, Limit, this);

    /// <summary>The charge where there is no parent and no reason to hesitate; null where the long way has to find out.</summary>
    private PinCharge? TryChargeFast(long amount, out long used)
    {
        used = 0;
        if (Parent is not null || (ulong)(amount - 1) >= PinCharge.MaxAmount) return null;
        if (_shards is not null) return _shards.TryTakeLocal(amount, out used) ? NewCharge(amount, exceededLimit: false) : null;

        // Only a look, so that a denial need not allocate: the take decides.
        long word = Volatile.Read(ref _word);
        if (word < 0 || amount > Volatile.Read(ref _limit) - word) return null;

        // The object first: if it cannot be made there is nothing to give back.
        LeakSentinel sentinel = RentSentinel();
        var charge = new PinCharge(amount, exceededLimit: false, sentinel);
        if (TryTakeFast(amount, out used)) return charge;
        ReturnSentinel(sentinel);
        return null;
    }

    private ChargeResult TakeRaw(long amount) => Take(amount, stop: null, mayBypass: false);

    private void GiveRaw(long amount)
    {
        if (amount < 0) throw new ArgumentOutOfRangeException(nameof(amount), amount, $"A negative amount cannot be released to account '{Name}'.");
        if (amount == 0) return;
        switch (GiveHere(amount))
        {
            case Given.Returned:
                Parent?.Give(amount, stop: null, exceededLimit: false, mayThrow: true);
                break;
            case Given.Refused:
                // The parents are left alone: what was not held here was not held there on our behalf either.
                ReportOverRelease(amount, mayThrow: true);
                break;
        }
    }
}
