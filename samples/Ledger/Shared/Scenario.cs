using System;
using PinAccounting;

namespace Ledger;

internal enum Outcome
{
    Ok,
    OverBudget,
    NoMemory,
    Missing,
}

/// <summary>Something that Alice pays for, and its end.</summary>
internal sealed record Scenario(string Name, Func<Stage, Outcome> Begin)
{
    public Action<Stage> End { get; init; } = static _ => { };

    public Row Run()
    {
        using var stage = new Stage();
        Outcome outcome = OutcomeOf(stage);
        long held = stage.Alice.Used;
        End(stage);
        stage.DisposeOwned();
        return new Row(Name, outcome, held, stage.Alice.Used, stage.Bob.Used);
    }

    private Outcome OutcomeOf(Stage stage)
    {
        try
        {
            return Begin(stage);
        }
        catch (OutOfMemoryException)
        {
            return Outcome.NoMemory;
        }
        catch (PinLimitExceededException)
        {
            return Outcome.OverBudget;
        }
    }
}

/// <summary>What is charged: to Alice while it lasts, and to both when it is over.</summary>
internal sealed record Row(string Name, Outcome Outcome, long Held, long Alice, long Bob)
{
    public const string Header = "scenario                                        says     held   then alice     bob";

    public override string ToString() => FormattableString.Invariant($"{Name,-42} {Outcome,10} {Held,7} {Alice,12} {Bob,7}");
}
