using System.Runtime.CompilerServices;
using System.Threading;

namespace PinAccounting;

public sealed partial class PinAccount
{
    private enum Given
    {
        Returned,

        /// <summary>The account is retired and does not hold that much: legal, and nothing to do.</summary>
        Ignored,

        Refused,
    }

    /// <summary>Takes <paramref name="amount"/> from this account and its parents below <paramref name="stop"/>, which is not this account, all or nothing.</summary>
    /// <remarks>Does not touch <see cref="OverLimitUsed"/>: callers add what their charge then records.</remarks>
    internal ChargeResult Take(long amount, PinAccount? stop, bool mayBypass)
    {
        if ((ulong)amount > PinCharge.MaxAmount)
            return Refuse(amount < 0 ? ChargeStatus.InvalidArgument : ChargeStatus.Overflow, amount);
        if (amount == 0) return new ChargeResult(ChargeStatus.Charged, 0, Used, Limit, this);

        ChargeResult result = TakeChain(amount, stop, mayBypass: false);
        // Everything is undone before the probe runs: it may be slow, throw, or charge something itself.
        if (result.Status == ChargeStatus.PolicyLimit && mayBypass
            && result.Account!.BypassPolicy == BypassPolicy.LimitOnly
            && CapabilityProbe is { } probe && probe.CanExceedLimit(this, amount))
            result = TakeChain(amount, stop, mayBypass: true);

        if (!result.Succeeded) result.Account!.CountDenial(result);
        return result;
    }

    /// <summary>Returns <paramref name="amount"/> to this account and its parents below <paramref name="stop"/>. Throws only if it may: in strict mode, when everything has been done.</summary>
    internal void Give(long amount, PinAccount? stop, bool exceededLimit, bool mayThrow = false)
    {
        if (amount == 0) return;
        var given = Given.Returned;
        for (PinAccount? account = this; account is not null && account != stop; account = account.Parent)
        {
            // What is not held any more was returned all the way up by whoever took it: what an account above still holds is somebody else's.
            if (given == Given.Returned)
            {
                given = account.GiveHere(amount);
                // Raw releases, which may throw, have no over-limit amount that would have to go on upwards.
                if (given == Given.Refused) account.ReportOverRelease(amount, mayThrow);
            }

            if (exceededLimit) Interlocked.Add(ref account._overLimitUsed, -amount);
        }
    }

    /// <summary>Records that <paramref name="amount"/> more is held by over-limit charges, here and above up to <paramref name="stop"/>.</summary>
    internal void AddOverLimit(long amount, PinAccount? stop)
    {
        for (PinAccount? account = this; account is not null && account != stop; account = account.Parent)
            Interlocked.Add(ref account._overLimitUsed, amount);
    }

    private ChargeResult TakeChain(long amount, PinAccount? stop, bool mayBypass)
    {
        ChargeResult here = TakeHere(amount, mayBypass && BypassPolicy == BypassPolicy.LimitOnly);
        if (!here.Succeeded) return here;
        bool exceeded = here.Status == ChargeStatus.ChargedOverLimit;
        for (PinAccount? account = Parent; account is not null && account != stop; account = account.Parent)
        {
            ChargeResult above = account.TakeHere(amount, mayBypass && account.BypassPolicy == BypassPolicy.LimitOnly);
            if (!above.Succeeded)
            {
                UndoBelow(account, amount);
                return above;
            }

            exceeded |= above.Status == ChargeStatus.ChargedOverLimit;
        }

        return exceeded ? new ChargeResult(ChargeStatus.ChargedOverLimit, amount, here.Used, here.Limit, this) : here;
    }

    /// <summary>Returns what the accounts from this one up to below <paramref name="denier"/> have taken, in the reverse order.</summary>
    private void UndoBelow(PinAccount denier, long amount)
    {
        for (PinAccount undone = denier; undone != this;)
        {
            // Accounts know only who is above; chains are short, and long ones must not overflow a stack.
            PinAccount below = this;
            while (below.Parent != undone) below = below.Parent!;
            // Refused only if somebody has released meanwhile what was ours for a moment: then the misuse is his, and still to be seen.
            if (below.GiveHere(amount) == Given.Refused) below.ReportOverRelease(amount, mayThrow: false);
            undone = below;
        }
    }

    private ChargeResult TakeHere(long amount, bool mayExceed)
    {
        if (_shards is not null)
        {
            ChargeStatus status = _shards.TryTake(amount, mayExceed, out long held);
            if (status is ChargeStatus.Charged or ChargeStatus.ChargedOverLimit) RaisePeak(held);
            return new ChargeResult(status, amount, held, Limit, this);
        }

        long word = Volatile.Read(ref _word);
        while (true)
        {
            long limit = Volatile.Read(ref _limit);
            if (word < 0) return new ChargeResult(ChargeStatus.OwnerGone, amount, word & UsedMask, limit, this);
            bool exceeds = amount > limit - word;
            if (exceeds && amount > long.MaxValue - word) return new ChargeResult(ChargeStatus.Overflow, amount, word, limit, this);
            if (exceeds && !mayExceed) return new ChargeResult(ChargeStatus.PolicyLimit, amount, word, limit, this);

            long seen = Interlocked.CompareExchange(ref _word, word + amount, word);
            if (seen == word)
            {
                RaisePeak(word + amount);
                return new ChargeResult(exceeds ? ChargeStatus.ChargedOverLimit : ChargeStatus.Charged, amount, word + amount, limit, this);
            }

            word = seen;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Given GiveHere(long amount)
    {
        if (_shards is not null)
            return _shards.TryGive(amount) ? Given.Returned : IsRetired ? Given.Ignored : Given.Refused;

        long word = Volatile.Read(ref _word);
        while (true)
        {
            if (amount > (word & UsedMask)) return word < 0 ? Given.Ignored : Given.Refused;
            // The subtraction cannot borrow from the retired bit, because the used part is large enough.
            long seen = Interlocked.CompareExchange(ref _word, word - amount, word);
            if (seen == word) return Given.Returned;
            word = seen;
        }
    }
}
