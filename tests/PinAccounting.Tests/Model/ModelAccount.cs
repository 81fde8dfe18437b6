using System.Collections.Generic;
using System.Linq;

namespace PinAccounting.Tests.Model;

/// <summary>An account as the documentation describes it, with nothing counted that can be added up instead.</summary>
internal sealed class ModelAccount(ModelAccount? parent, long limit, bool mayExceed, bool vouched)
{
    internal readonly ModelAccount? Parent = parent;
    internal readonly bool MayExceed = mayExceed;

    /// <summary>Whether its probe says yes.</summary>
    internal readonly bool Vouched = vouched;

    internal readonly List<ModelCharge> Charges = [];
    internal readonly List<ModelAccount> Children = [];
    internal long Limit = limit;
    internal long Raw;
    internal bool Retired;
    internal MemoryLockFlags Policy;
    internal long OverReleases;

    internal long Used => Raw + Charges.Sum(static charge => charge.Amount) + Children.Sum(static child => child.Used);

    internal long OverLimitUsed => Charges.Where(static charge => charge.Exceeded).Sum(static charge => charge.Amount) + Children.Sum(static child => child.OverLimitUsed);

    internal int Outstanding => Charges.Count(static charge => charge.Amount > 0);

    internal IEnumerable<ModelAccount> Chain()
    {
        for (ModelAccount? account = this; account is not null; account = account.Parent) yield return account;
    }

    /// <summary>What charging would come to; changes nothing.</summary>
    internal (ChargeStatus Status, ModelAccount Decider) Judge(long amount, bool token, IEnumerable<ModelAccount>? chain = null)
    {
        if (amount < 0) return (ChargeStatus.InvalidArgument, this);
        if (amount == 0) return (ChargeStatus.Charged, this);
        ModelAccount[] payers = (chain ?? Chain()).ToArray();
        ModelAccount? denier = payers.FirstOrDefault(account => account.Retired || amount > account.Limit - account.Used);
        if (denier is null) return (ChargeStatus.Charged, this);
        if (denier.Retired) return (ChargeStatus.OwnerGone, denier);
        if (!token || !denier.MayExceed || !Vouched) return (ChargeStatus.PolicyLimit, denier);
        denier = payers.FirstOrDefault(account => account.Retired || amount > account.Limit - account.Used && !account.MayExceed);
        return denier is null ? (ChargeStatus.ChargedOverLimit, this) : (denier.Retired ? ChargeStatus.OwnerGone : ChargeStatus.PolicyLimit, denier);
    }
}

/// <summary>A charge as the documentation describes it.</summary>
internal sealed class ModelCharge
{
    internal long Amount;
    internal bool Exceeded;
    internal bool Inheritable;
    internal bool Released;
}
