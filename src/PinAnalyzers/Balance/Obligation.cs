using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>How a charge stands on one path.</summary>
internal enum ObligationStatus : byte
{
    /// <summary>Taken and owed.</summary>
    Held,

    /// <summary>Given back. Remembered for what has a token, because giving it back again is an error.</summary>
    Released,

    /// <summary>Asked for and denied.</summary>
    Failed,

    /// <summary>One of two, depending on a value that is not tested yet; split before it matters.</summary>
    Conditional,

    /// <summary>A task that takes the charge when it is awaited.</summary>
    Awaited,

    /// <summary>Handed to the caller as the result.</summary>
    Returned,

    /// <summary>Put into an <c>out</c> parameter: the caller's, unless it is given back or overwritten before the way out.</summary>
    HandedOut,

    /// <summary>Paths that disagree were joined: nothing may be concluded.</summary>
    Unknown,

    /// <summary>Given back in another amount, or to another owner. Ended, unless what comes later makes up for it.</summary>
    Misreleased,
}

/// <summary>A place in the program where a charge begins.</summary>
internal sealed class ChargeSite(IOperation operation, ChargeSpec spec, int number, bool isGhost = false)
{
    public IOperation Operation { get; } = operation;

    public ChargeSpec Spec { get; } = spec;

    public Pair Pair => Spec.Pair;

    /// <summary>Order of discovery, which is stable because bodies are walked in one order.</summary>
    public int Number { get; } = number;

    /// <summary>Not a charge of this body: put there to ask what the body does with it, or to remember a release of something charged elsewhere.</summary>
    public bool IsGhost { get; } = isGhost;

    /// <summary>How success and failure of the charge may look to the code that asked for it.</summary>
    public SignalZones Zones { get; } = Signals.ZonesOf(spec.Success, operation.Type);
}

/// <summary>One charge on one path: what it is known by, whose and how much it is, and how it stands.</summary>
internal sealed record Obligation(ChargeSite Site, int Identity, int Owner, int Amount)
{
    public ObligationStatus Status { get; init; }

    /// <summary>How often it was taken and not yet given back, for pairs that count; stops at <see cref="Many"/>.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The value that decides a conditional charge, or the task of an awaited one. Kept for a charge that is decided while code may still ask about it.</summary>
    public int Signal { get; init; }

    /// <summary>The first question that was put to the signal of a conditional charge: it holds where the charge was denied.</summary>
    public int Asked { get; init; }

    /// <summary>What a conditional charge that the signal tells has returned besides, and what that is where the charge was taken.</summary>
    public (int Value, Fact WhenTaken)? Result { get; init; }

    public SuccessSignal SignalKind { get; init; }

    /// <summary>What a conditional one becomes when the signal says yes, and when it says no.</summary>
    public ObligationStatus WhenTrue { get; init; } = ObligationStatus.Held;

    public ObligationStatus WhenFalse { get; init; } = ObligationStatus.Failed;

    /// <summary>Where it was given back.</summary>
    public IOperation? ReleasedAt { get; init; }

    /// <summary>What a release of another amount left over; unknown where it went to another owner instead.</summary>
    public int Rest { get; init; }

    public Pair Pair => Site.Pair;

    public bool SameKey(Obligation other) =>
        ReferenceEquals(Site, other.Site) && Identity == other.Identity && Owner == other.Owner && Amount == other.Amount
        && Status == other.Status && Count == other.Count && Signal == other.Signal && Rest == other.Rest;

    public const int Many = 3;
}
