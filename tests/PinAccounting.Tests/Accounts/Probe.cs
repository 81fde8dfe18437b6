using System;

namespace PinAccounting.Tests.Accounts;

/// <summary>A probe that counts how often it is asked, and about whom.</summary>
internal sealed class Probe(Func<PinAccount, long, bool> answer) : ICapabilityProbe
{
    internal Probe(bool answer) : this((_, _) => answer)
    {
    }

    internal int Asked { get; private set; }

    internal PinAccount? AskedAbout { get; private set; }

    public bool CanExceedLimit(PinAccount account, long amount)
    {
        Asked++;
        AskedAbout = account;
        return answer(account, amount);
    }
}
