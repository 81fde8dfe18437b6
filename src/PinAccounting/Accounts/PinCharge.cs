using System;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting;

/// <summary>A charge: the account it was taken from, the amount actually taken, and what was decided when it was taken. Releasing it consults nothing else.</summary>
/// <remarks>
/// <para>All members are thread-safe; <see cref="Dispose"/> wins or loses a race against the others as a whole, and the amount is returned exactly once.
/// Every member but <see cref="Dispose"/> and the plain properties throws <see cref="ObjectDisposedException"/> on a charge that was released or moved on.</para>
/// <para>A charge that is lost (garbage-collected without release, also by the finalizer of what held it) is reported and stays charged: what it paid for is most likely still pinned.</para>
/// </remarks>
public sealed partial class PinCharge : IDisposable
{
    /// <summary>The largest amount one charge can hold; the bits above carry what was decided about it, so that both change in one atomic step.</summary>
    internal const long MaxAmount = (1L << 60) - 1;

    internal const long InheritableBit = 1L << 60;
    private const long ChangingBit = 1L << 61;
    internal const long ExceededBit = 1L << 62;
    internal const long ReleasedBit = long.MinValue;
    private const long DecisionBits = InheritableBit | ExceededBit;

    /// <summary>Who pays: while the charge holds the duty its sentinel, which knows the account; afterwards, when the sentinel may guard another charge, the account itself.</summary>
    /// <remarks>One field, because each one makes every charge cost more.</remarks>
    [ChargeOwner]
    private object _payer;
    [RecordedDecision]
    private long _state;

    internal PinCharge(long amount, bool exceededLimit, LeakSentinel sentinel)
        : this(sentinel, amount | (exceededLimit ? ExceededBit : 0)) => Volatile.Write(ref sentinel.State, _state);

    private PinCharge(object payer, long state)
    {
        _payer = payer;
        _state = state;
    }

    /// <summary>The account that pays. Changes only by <see cref="TryTransferTo(PinAccount, out ChargeResult)"/>; stays readable after the release.</summary>
    public PinAccount Account => AccountOf(Volatile.Read(ref _payer));

    /// <summary>What is held now, in the account's <see cref="PinAccount.Unit"/>; 0 once released or moved on.</summary>
    public long Amount => Volatile.Read(ref _state) & MaxAmount;

    /// <summary>Whether a limit was exceeded by capability when this was charged, grown or transferred. Recorded for good: it says nothing about what the owner may do now.</summary>
    [RecordedDecision]
    public bool ExceededLimit => (Volatile.Read(ref _state) & ExceededBit) != 0;

    /// <summary>Whether the duty is gone from this object: released, detached or committed.</summary>
    public bool IsReleased => Volatile.Read(ref _state) < 0;

    /// <summary>Whether <see cref="PinAccount.Fork"/> charges this again to a child. False unless set.</summary>
    /// <exception cref="ObjectDisposedException">Set on a released charge.</exception>
    [RecordedDecision]
    public bool Inheritable
    {
        get => (Volatile.Read(ref _state) & InheritableBit) != 0;
        set
        {
            long state = Enter();
            Exit(value ? state | InheritableBit : state & ~InheritableBit);
        }
    }

    /// <summary>Returns what is held, to the account it was taken from and that account's parents.</summary>
    /// <remarks>
    /// Idempotent and thread-safe: of any number of calls on any threads one returns the amount. Never throws, never allocates, cannot be cancelled,
    /// does not depend on who calls; a retired account makes no difference. Reverses <see cref="PinAccount.Charge"/>, <see cref="TryGrow(long, out ChargeResult)"/> and their like.
    /// </remarks>
    [Release("charge")]
    [ReleasePath]
    public void Dispose()
    {
        long state = Volatile.Read(ref _state);
        for (int round = 0; state >= 0; round++)
        {
            if ((state & ChangingBit) != 0)
            {
                SpinGate.Pause(round);
                state = Volatile.Read(ref _state);
                continue;
            }

            long seen = Interlocked.CompareExchange(ref _state, ReleasedBit | (state & DecisionBits), state);
            if (seen == state)
            {
                LeakSentinel sentinel = LetGo();
                bool exceeded = (state & ExceededBit) != 0;
                if (exceeded || !sentinel.Account.TryGiveFast(state & MaxAmount)) sentinel.Account.Give(state & MaxAmount, stop: null, exceeded);
                PinAccount.ReturnSentinel(sentinel);
                return;
            }

            state = seen;
        }
    }

    /// <summary>Shrinks the charge to what was really needed and returns the rest.</summary>
    /// <param name="actual">What remains charged, in the account's <see cref="PinAccount.Unit"/>: 0 to <see cref="Amount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="actual"/> is negative or above <see cref="Amount"/>; nothing changes. To hold more, use <see cref="TryGrow(long, out ChargeResult)"/>.</exception>
    /// <exception cref="ObjectDisposedException">The charge was released or moved on.</exception>
    public void SettleTo(long actual)
    {
        long state = Enter();
        long amount = state & MaxAmount;
        if ((ulong)actual > (ulong)amount)
        {
            Exit(state);
            throw new ArgumentOutOfRangeException(nameof(actual), actual, $"A charge of {amount} of account '{Account.Name}' only shrinks, to 0 at least.");
        }

        PinAccount account = Account;
        Exit(state - (amount - actual));
        account.Give(amount - actual, stop: null, (state & ExceededBit) != 0);
    }

    /// <summary>Takes <paramref name="more"/> in addition, or nothing.</summary>
    /// <param name="more">How much more, in the account's <see cref="PinAccount.Unit"/>; as for a charge of its own.</param>
    /// <param name="result">The status, and whose limit decided.</param>
    /// <remarks>Thread-safe. Reversed by <see cref="SettleTo"/> or, with everything else, by <see cref="Dispose"/>.</remarks>
    /// <returns>Whether it was taken. When a limit was exceeded by capability, the whole charge counts as over the limit from then on.</returns>
    /// <exception cref="ObjectDisposedException">The charge was released or moved on; nothing is taken.</exception>
    public bool TryGrow(long more, out ChargeResult result)
    {
        while (true)
        {
            if (IsReleased) throw Released();
            PinAccount account = Account;
            result = account.Take(more, stop: null, mayBypass: true);
            if (!result.Succeeded) return false;

            bool entered = TryEnter(out long state);
            if (entered && Account == account && more <= MaxAmount - (state & MaxAmount))
            {
                bool exceeded = result.Status == ChargeStatus.ChargedOverLimit;
                long grown = (state + more) | (exceeded ? ExceededBit : 0);
                // The release will take the whole amount off the over-limit total, so the whole amount has to be on it.
                if ((grown & ExceededBit) != 0) account.AddOverLimit((state & ExceededBit) != 0 ? more : grown & MaxAmount, stop: null);
                Exit(grown);
                return true;
            }

            account.Give(more, stop: null, exceededLimit: false);
            if (!entered) continue;
            bool moved = Account != account;
            Exit(state);
            if (moved) continue;
            result = account.Refuse(ChargeStatus.Overflow, more);
            return false;
        }
    }

    /// <summary>As <see cref="TryGrow(long, out ChargeResult)"/> for callers that need no reason.</summary>
    /// <param name="more">How much more, in the account's <see cref="PinAccount.Unit"/>.</param>
    /// <returns>Whether it was taken.</returns>
    /// <exception cref="ObjectDisposedException">The charge was released or moved on; nothing is taken.</exception>
    public bool TryGrow(long more) => TryGrow(more, out _);

    /// <inheritdoc/>
    public override string ToString() => IsReleased ? $"released charge of {Account.Name}" : $"charge of {Amount} of {Account.Name}";

    /// <summary>Keeps other changes out for a few instructions that call no foreign code; <see cref="Exit"/> ends it.</summary>
    private long Enter()
    {
        if (TryEnter(out long state)) return state;
        throw Released();
    }

    private ObjectDisposedException Released() => new(nameof(PinCharge), $"This charge of account '{Account.Name}' was released or moved on already.");

    private bool TryEnter(out long state)
    {
        state = Volatile.Read(ref _state);
        for (int round = 0; state >= 0; round++)
        {
            if ((state & ChangingBit) == 0)
            {
                long seen = Interlocked.CompareExchange(ref _state, state | ChangingBit, state);
                if (seen == state) return true;
                state = seen;
                continue;
            }

            SpinGate.Pause(round);
            state = Volatile.Read(ref _state);
        }

        return false;
    }

    private void Exit(long state)
    {
        if (_payer is LeakSentinel sentinel) Volatile.Write(ref sentinel.State, state);
        Volatile.Write(ref _state, state);
    }

    private static PinAccount AccountOf(object payer) => payer is LeakSentinel sentinel ? sentinel.Account : (PinAccount)payer;

    /// <summary>Parts the charge from its sentinel, which the caller passes on. Once, by whoever takes the duty.</summary>
    private LeakSentinel LetGo()
    {
        var sentinel = (LeakSentinel)_payer;
        // A released charge that still referred to it would keep the loss of the next one that it guards from being noticed.
        Volatile.Write(ref _payer, sentinel.Account);
        return sentinel;
    }
}
