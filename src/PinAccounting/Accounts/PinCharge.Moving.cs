using System;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting;

public sealed partial class PinCharge
{
    /// <summary>Moves the duty to a new charge and leaves this one inert, so that an enclosing <c>using</c> releases nothing. Use it where the charge outlives the block that made it.</summary>
    /// <returns>The charge that holds everything from now on; the caller must see to its release.</returns>
    /// <exception cref="ObjectDisposedException">The charge was released or moved on.</exception>
    [Release("charge")]
    [Charge("charge")]
    [return: TransfersObligation]
    public PinCharge Detach()
    {
        var moved = new PinCharge(Account, ReleasedBit);
        long state = Enter();
        moved._payer = LetGo();
        Volatile.Write(ref moved._state, state);
        Exit(ReleasedBit | (state & DecisionBits));
        return moved;
    }

    /// <summary>Splits off part of what is held into a charge of its own, with the same decisions recorded. Charges nothing.</summary>
    /// <param name="amount">What the new charge holds: 0 to <see cref="Amount"/>.</param>
    /// <returns>The new charge; the caller must see to its release.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is negative or above <see cref="Amount"/>; nothing changes.</exception>
    /// <exception cref="ObjectDisposedException">The charge was released or moved on.</exception>
    [Charge("charge", ReleasedBy = nameof(Dispose))]
    [return: ChargeToken, TransfersObligation]
    public PinCharge Split([ChargeAmount] long amount)
    {
        while (true)
        {
            if (IsReleased) throw Released();
            PinAccount account = Account;
            LeakSentinel sentinel = account.RentSentinel();
            var part = new PinCharge(sentinel, ReleasedBit);
            if (TryEnter(out long state))
            {
                long held = state & MaxAmount;
                bool moved = Account != account;
                bool fits = (ulong)amount <= (ulong)held;
                if (fits && !moved)
                {
                    part.Exit(amount | (state & DecisionBits));
                    Exit(state - amount);
                    return part;
                }

                Exit(state);
                if (!fits)
                {
                    PinAccount.ReturnSentinel(sentinel);
                    throw new ArgumentOutOfRangeException(nameof(amount), amount, $"A charge of {held} of account '{account.Name}' has no such part.");
                }
            }

            PinAccount.ReturnSentinel(sentinel);
        }
    }

    /// <summary>Charges the new owner and releases the old one; on failure nothing changes.</summary>
    /// <param name="newOwner">Who pays from now on. Accounts that both chains share are not charged again, so a common parent that is at its limit, or retired, does not stand in the way.</param>
    /// <param name="result">The status, and whose limit decided. The capability asked about is the new owner's.</param>
    /// <returns>Whether <paramref name="newOwner"/> pays now.</returns>
    /// <remarks>Thread-safe. Reversed by transferring it back, which the old owner's limit may deny.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="newOwner"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="newOwner"/> counts in another unit.</exception>
    /// <exception cref="ObjectDisposedException">The charge was released or moved on; nothing is charged.</exception>
    public bool TryTransferTo(PinAccount newOwner, out ChargeResult result)
    {
        ArgumentNullException.ThrowIfNull(newOwner);
        while (true)
        {
            if (IsReleased) throw Released();
            PinAccount oldOwner = Account;
            long amount = Amount;
            if (newOwner.Unit != oldOwner.Unit)
                throw new ArgumentException($"Account '{newOwner.Name}' counts {newOwner.Unit}, '{oldOwner.Name}' counts {oldOwner.Unit}.", nameof(newOwner));
            if (newOwner.IsRetired)
            {
                result = newOwner.Refuse(ChargeStatus.OwnerGone, amount);
                return false;
            }

            if (newOwner == oldOwner)
            {
                result = new ChargeResult(ChargeStatus.Charged, amount, newOwner.Used, newOwner.Limit, newOwner);
                return true;
            }

            PinAccount? shared = NearestSharedAccount(oldOwner, newOwner);
            result = newOwner == shared
                ? new ChargeResult(ChargeStatus.Charged, amount, newOwner.Used, newOwner.Limit, newOwner)
                : newOwner.Take(amount, shared, mayBypass: true);
            if (!result.Succeeded) return false;
            if (TryMove(oldOwner, newOwner, shared, amount, result.Status == ChargeStatus.ChargedOverLimit)) return true;
        }
    }

    /// <summary>As <see cref="TryTransferTo(PinAccount, out ChargeResult)"/> for callers that need no reason.</summary>
    /// <param name="newOwner">Who pays from now on.</param>
    /// <returns>Whether <paramref name="newOwner"/> pays now.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="newOwner"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="newOwner"/> counts in another unit.</exception>
    /// <exception cref="ObjectDisposedException">The charge was released or moved on; nothing is charged.</exception>
    public bool TryTransferTo(PinAccount newOwner) => TryTransferTo(newOwner, out _);

    /// <summary>Completes a transfer whose new owner has been charged, or gives that back because the charge changed meanwhile.</summary>
    private bool TryMove(PinAccount oldOwner, PinAccount newOwner, PinAccount? shared, long amount, bool exceeded)
    {
        LeakSentinel? sentinel = null;
        bool done = false;
        try
        {
            sentinel = newOwner.RentSentinel();
            if (!TryEnter(out long state)) return false;
            if (Account != oldOwner || (state & MaxAmount) != amount)
            {
                Exit(state);
                return false;
            }

            bool wasOver = (state & ExceededBit) != 0;
            if (exceeded || wasOver) newOwner.AddOverLimit(amount, shared);
            if (exceeded && !wasOver) shared?.AddOverLimit(amount, stop: null);

            var oldSentinel = (LeakSentinel)_payer;
            sentinel.Stack ??= oldSentinel.Stack;
            Volatile.Write(ref _payer, sentinel);
            Exit(exceeded ? state | ExceededBit : state);
            done = true;

            oldOwner.Give(amount, shared, wasOver);
            PinAccount.ReturnSentinel(oldSentinel);
            return true;
        }
        finally
        {
            if (!done)
            {
                if (newOwner != shared) newOwner.Give(amount, shared, exceededLimit: false);
                if (sentinel is not null) PinAccount.ReturnSentinel(sentinel);
            }
        }
    }

    private static PinAccount? NearestSharedAccount(PinAccount first, PinAccount second)
    {
        for (PinAccount? above = first; above is not null; above = above.Parent)
            for (PinAccount? other = second; other is not null; other = other.Parent)
                if (above == other) return above;
        return null;
    }
}
