using System;

namespace Ledger;

/// <summary>A number that should be another in one of the twins.</summary>
internal sealed record Count(string Name, Func<Stage, long> Of)
{
    public string Run()
    {
        using var stage = new Stage();
        return FormattableString.Invariant($"{Name,-60} {Of(stage),9}");
    }
}
