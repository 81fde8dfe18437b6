using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;
using static PinAccounting.MemoryLockFlags;

namespace PinAccounting.Tests.Model;

/// <summary>Real accounts and charges next to their models: every step is done to both and must come to the same.</summary>
internal sealed class World
{
    private static readonly MemoryLockFlags[] s_policies = [None, Current, Future, Current | Inherit, Current | Future | Inherit, Current | Future | Inherit | Recursive, Inherit, Current | Recursive];

    private readonly List<(PinAccount Real, ModelAccount Model)> _accounts = [];
    private readonly List<(PinCharge Real, ModelCharge Model)> _charges = [];

    internal World(int shards)
    {
        Add(null, 100, shards: shards);
        Add(0, 60);
        Add(0, 40, exceeds: true, vouched: true, shards: shards);
        Add(1, 30, exceeds: true, vouched: false);
        Add(null, 50, exceeds: true, vouched: true);
    }

    internal void Do(Step step)
    {
        (PinAccount account, ModelAccount model) = _accounts[step.Account % _accounts.Count];
        switch (step.Verb)
        {
            case Verb.Charge: Charge(account, model, step.Amount); break;
            case Verb.ChargeRaw:
                bool charged = account.TryCharge(step.Amount);
                Assert.Equal(model.Judge(step.Amount, token: false).Status == ChargeStatus.Charged, charged);
                if (charged) model.Raw += step.Amount;
                break;
            case Verb.UnchargeRaw:
                long part = Math.Min(Math.Max(0, step.Amount), model.Raw);
                account.Uncharge(part);
                model.Raw -= part;
                break;
            case Verb.OverRelease:
                account.Uncharge(model.Used + 1);
                if (!model.Retired) model.OverReleases++;
                break;
            case Verb.SetLimit:
                if (step.Amount < 0) Assert.Throws<ArgumentOutOfRangeException>(() => account.Limit = step.Amount);
                else account.Limit = model.Limit = step.Amount * 2;
                break;
            case Verb.SetPolicy: SetPolicy(account, model, s_policies[Math.Abs(step.Amount) % s_policies.Length]); break;
            case Verb.Fork: Fork(account, model, Math.Abs(step.Amount)); break;
            case Verb.Exec: Exec(account, model); break;
            case Verb.Retire when step.Amount % 4 == 0: // seldom, or soon nobody is left
                account.Retire();
                model.Retired = true;
                break;
            default:
                if (_charges.Count > 0) Change(step, account, model, step.Charge % _charges.Count);
                break;
        }
    }

    /// <summary>What must hold after every step.</summary>
    internal void Check()
    {
        foreach ((PinAccount real, ModelAccount model) in _accounts)
        {
            Assert.Equal(
                (model.Used, model.OverLimitUsed, model.Outstanding, model.Retired, model.Policy, model.OverReleases),
                (real.Used, real.OverLimitUsed, real.OutstandingCharges, real.IsRetired, real.LockPolicy.ToFlags(), real.OverReleases));
            Assert.True(real.Used >= 0 && real.OverLimitUsed >= 0);
        }

        foreach ((PinCharge real, ModelCharge model) in _charges)
            Assert.Equal((model.Amount, model.Exceeded, model.Inheritable, model.Released), (real.Amount, real.ExceededLimit, real.Inheritable, real.IsReleased));
    }

    /// <summary>Everything is given back, and nothing is left.</summary>
    internal void Finish()
    {
        foreach ((PinCharge real, ModelCharge model) in _charges)
        {
            real.Dispose();
            model.Amount = 0;
            model.Released = true;
        }

        foreach ((PinAccount real, ModelAccount model) in _accounts)
        {
            real.Uncharge(model.Raw);
            model.Raw = 0;
        }

        Check();
        Assert.All(_accounts, static account => Assert.Equal((0, 0), (account.Real.Used, account.Real.OverLimitUsed)));
    }

    private (PinAccount Real, ModelAccount Model) Add(int? parent, long limit, bool exceeds = false, bool vouched = false, int shards = 1)
    {
        (PinAccount? realParent, ModelAccount? modelParent) = parent is { } index ? _accounts[index] : default;
        return Add(realParent, modelParent, limit, exceeds, vouched, shards);
    }

    private (PinAccount Real, ModelAccount Model) Add(PinAccount? realParent, ModelAccount? modelParent, long limit, bool exceeds = false, bool vouched = false, int shards = 1)
    {
        var model = new ModelAccount(modelParent, limit, exceeds, vouched);
        var real = new PinAccount(new PinAccountOptions
        {
            Name = $"account {_accounts.Count}", Limit = limit, Parent = realParent, Shards = shards,
            BypassPolicy = exceeds ? BypassPolicy.LimitOnly : BypassPolicy.Never, CapabilityProbe = new Accounts.Probe(vouched),
        });
        modelParent?.Children.Add(model);
        _accounts.Add((real, model));
        return (real, model);
    }

    private void Charge(PinAccount account, ModelAccount model, long amount)
    {
        (ChargeStatus status, ModelAccount decider) = model.Judge(amount, token: true);
        long used = decider.Used;
        bool charged = account.TryCharge(amount, out PinCharge? charge, out ChargeResult result);
        Assert.Equal((status, charged), (result.Status, result.Succeeded));
        if (charge is null)
        {
            Assert.Equal((RealOf(decider), used), (result.DeniedBy, result.Used));
            return;
        }

        Track(model, charge, amount, status == ChargeStatus.ChargedOverLimit);
    }

    private void Track(ModelAccount owner, PinCharge real, long amount, bool exceeded, bool inheritable = false)
    {
        var charge = new ModelCharge { Amount = amount, Exceeded = exceeded, Inheritable = inheritable };
        owner.Charges.Add(charge);
        _charges.Add((real, charge));
    }

    private void Change(Step step, PinAccount account, ModelAccount model, int index)
    {
        (PinCharge real, ModelCharge charge) = _charges[index];
        if (step.Verb == Verb.Release)
        {
            real.Dispose();
            charge.Amount = 0;
            charge.Released = true;
            return;
        }

        if (charge.Released)
        {
            Assert.Throws<ObjectDisposedException>(() => real.SettleTo(0));
            return;
        }

        ModelAccount owner = _accounts.Single(each => each.Model.Charges.Contains(charge)).Model;
        switch (step.Verb)
        {
            case Verb.Settle when step.Amount < 0 || step.Amount > charge.Amount:
                Assert.Throws<ArgumentOutOfRangeException>(() => real.SettleTo(step.Amount));
                break;
            case Verb.Settle:
                real.SettleTo(step.Amount);
                charge.Amount = step.Amount;
                break;
            case Verb.Grow:
                ChargeStatus grown = owner.Judge(step.Amount, token: true).Status;
                Assert.Equal(grown is ChargeStatus.Charged or ChargeStatus.ChargedOverLimit, real.TryGrow(step.Amount, out ChargeResult result));
                Assert.Equal(grown, result.Status);
                if (!result.Succeeded) break;
                charge.Amount += step.Amount;
                charge.Exceeded |= grown == ChargeStatus.ChargedOverLimit;
                break;
            case Verb.Split when step.Amount < 0 || step.Amount > charge.Amount:
                Assert.Throws<ArgumentOutOfRangeException>(() => real.Split(step.Amount));
                break;
            case Verb.Split:
                Track(owner, real.Split(step.Amount), step.Amount, charge.Exceeded, charge.Inheritable);
                charge.Amount -= step.Amount;
                break;
            case Verb.Detach:
                Track(owner, real.Detach(), charge.Amount, charge.Exceeded, charge.Inheritable);
                charge.Amount = 0;
                charge.Released = true;
                break;
            case Verb.MarkInheritable:
                real.Inheritable = charge.Inheritable = step.Amount % 3 != 0;
                break;
            case Verb.Transfer:
                Transfer(real, charge, owner, account, model);
                break;
        }
    }

    private static void Transfer(PinCharge real, ModelCharge charge, ModelAccount owner, PinAccount account, ModelAccount model)
    {
        ModelAccount[] payers = model.Chain().Except(owner.Chain()).ToArray();
        ChargeStatus expected = model.Retired ? ChargeStatus.OwnerGone : model == owner ? ChargeStatus.Charged : model.Judge(charge.Amount, token: true, payers).Status;
        Assert.Equal(expected is ChargeStatus.Charged or ChargeStatus.ChargedOverLimit, real.TryTransferTo(account, out ChargeResult result));
        Assert.Equal(expected, result.Status);
        if (!result.Succeeded) return;
        Assert.Same(account, real.Account);
        charge.Exceeded |= expected == ChargeStatus.ChargedOverLimit;
        owner.Charges.Remove(charge);
        model.Charges.Add(charge);
    }

    private static void SetPolicy(PinAccount account, ModelAccount model, MemoryLockFlags flags)
    {
        bool valid = flags == None || (flags & (Current | Future)) != 0 && (flags & (Inherit | Recursive)) != Recursive;
        if (!valid)
        {
            Assert.Throws<ArgumentException>(() => account.SetLockPolicy(flags));
            return;
        }

        account.SetLockPolicy(flags);
        model.Policy = flags;
    }

    private void Fork(PinAccount account, ModelAccount model, long limit)
    {
        (PinAccount child, ModelAccount childModel) = Add(account.Parent, model.Parent, limit);
        ChargeResult result = account.Fork(child, out IReadOnlyList<PinCharge> inherited);
        if (model.Retired)
        {
            Assert.Equal(ChargeStatus.OwnerGone, result.Status);
            return;
        }

        ModelCharge[] wanted = (model.Policy & Inherit) == 0 ? [] : model.Charges.Where(static charge => charge is { Inheritable: true, Amount: > 0 }).ToArray();
        // No parent and no child here may exceed by capability, so the sum fits exactly if its parts do.
        bool fits = childModel.Judge(wanted.Sum(static charge => charge.Amount), token: true).Status == ChargeStatus.Charged;
        Assert.Equal(fits, result.Succeeded);
        if (!fits)
        {
            Assert.Empty(inherited);
            return;
        }

        Assert.Equal(wanted.Select(static charge => charge.Amount).Order(), inherited.Select(static charge => charge.Amount).Order());
        foreach (PinCharge charge in inherited) Track(childModel, charge, charge.Amount, exceeded: false, inheritable: true);
        childModel.Policy = (model.Policy & Inherit) == 0 ? None : (model.Policy & Recursive) != 0 ? model.Policy : model.Policy & (Current | Future);
    }

    private void Exec(PinAccount account, ModelAccount model)
    {
        (PinAccount successor, ModelAccount successorModel) = Add(account.Parent, model.Parent, model.Limit);
        Assert.Equal(model.Retired ? ChargeStatus.OwnerGone : ChargeStatus.Charged, account.Exec(successor).Status);
        if (model.Retired) return;
        model.Retired = true;
        successorModel.Policy = (model.Policy & Recursive) != 0 ? model.Policy : (model.Policy & Inherit) != 0 ? model.Policy & Future : None;
    }

    private PinAccount RealOf(ModelAccount model) => _accounts.Single(account => account.Model == model).Real;
}
