using System.Collections.Generic;
using static PinAnalyzers.Pairs.BuiltIn.KnownMember;

namespace PinAnalyzers.Pairs.BuiltIn;

/// <summary>Counted participants and accounted resources.</summary>
internal static class CounterPairs
{
    private const string Threading = "System.Threading.";
    private const string RateLimiting = "System.Threading.RateLimiting.";
    private const string Accounting = "PinAccounting.";

    private static readonly Pair Countdown = Counter("CountdownEvent", "CountdownEvent.Signal");
    private static readonly Pair Participant = Counter("Barrier participant", "Barrier.RemoveParticipant");

    private static readonly Pair Lease = new("rate-limit lease", PairFamily.Accounting)
    {
        IsBuiltIn = true,
        LiveProperty = "IsAcquired",
        ReleaseDisplay = "RateLimitLease.Dispose",
        ReleaseTemplate = "{0}.Dispose()",
    };

    private static readonly Pair RawCharge = new("PinAccount", PairFamily.Accounting)
    {
        IsBuiltIn = true,
        HasToken = false,
        HasAmount = true,
        ReleaseDisplay = "PinAccount.Uncharge",
    };

    private static readonly Pair ChargeObject = new("PinCharge", PairFamily.Accounting)
    {
        IsBuiltIn = true,
        HasAmount = true,
        ReleaseDisplay = "PinCharge.Dispose",
        ReleaseTemplate = "{0}.Dispose()",
    };

    public static IEnumerable<KnownMember> All()
    {
        foreach (var name in new[] { "AddCount", "TryAddCount" })
            yield return Charges(Threading + "CountdownEvent", name, new ChargeSpec(Countdown) { Identity = ValueSource.Receiver, Amount = ValueSource.Argument(0) });
        yield return Releases(Threading + "CountdownEvent", "Signal", new ReleaseSpec(Countdown) { Identity = ValueSource.Receiver, Amount = ValueSource.Argument(0), AcceptsNull = false });

        foreach (var suffix in new[] { "", "s" })
        {
            yield return Charges(Threading + "Barrier", "AddParticipant" + suffix, new ChargeSpec(Participant) { Identity = ValueSource.Receiver, Amount = ValueSource.Argument(0) });
            yield return Releases(Threading + "Barrier", "RemoveParticipant" + suffix, new ReleaseSpec(Participant) { Identity = ValueSource.Receiver, Amount = ValueSource.Argument(0), AcceptsNull = false });
        }

        foreach (var type in new[] { "RateLimiter", "PartitionedRateLimiter`1" })
        {
            foreach (var name in new[] { "AttemptAcquire", "AcquireAsync" })
                yield return Charges(RateLimiting + type, name, new ChargeSpec(Lease) { Owner = ValueSource.Receiver });
        }
        yield return Releases(RateLimiting + "RateLimitLease", "Dispose", new ReleaseSpec(Lease) { Identity = ValueSource.Receiver, Idempotent = true });

        foreach (var member in Accounts())
            yield return member;
    }

    /// <summary>PinAccounting's members say all this in annotations; these rows answer only where a build of it carries none.</summary>
    private static IEnumerable<KnownMember> Accounts()
    {
        yield return Charges(Accounting + "PinAccount", "TryCharge", new ChargeSpec(RawCharge) { Identity = ValueSource.Receiver, Amount = ValueSource.Argument(0) }) with { Parameters = 1 };
        yield return Releases(Accounting + "PinAccount", "Uncharge", new ReleaseSpec(RawCharge) { Identity = ValueSource.Receiver, Amount = ValueSource.Argument(0), AcceptsNull = false });
        yield return Charges(Accounting + "PinAccount", "TryCharge", new ChargeSpec(ChargeObject)
        {
            Identity = ValueSource.Argument(1),
            Owner = ValueSource.Receiver,
            Amount = ValueSource.Argument(0),
        }) with { Parameters = 3 };
        foreach (var name in new[] { "Charge", "Reserve" })
        {
            yield return Charges(Accounting + "PinAccount", name, new ChargeSpec(ChargeObject)
            {
                Owner = ValueSource.Receiver,
                Amount = ValueSource.Argument(0),
                ThrowsWhenDenied = true,
            });
        }
        yield return Moves(Accounting + "PinCharge", "Detach", ChargeObject, ValueSource.Receiver);
        yield return Moves(Accounting + "PinReservation", "Commit", ChargeObject, ValueSource.Receiver);
        foreach (var type in new[] { "PinCharge", "PinReservation" })
            yield return Releases(Accounting + type, "Dispose", new ReleaseSpec(ChargeObject) { Identity = ValueSource.Receiver, Idempotent = true });
    }

    private static Pair Counter(string key, string release) => new(key, PairFamily.Counters)
    {
        IsBuiltIn = true,
        HasToken = false,
        HasAmount = true,
        ReleaseDisplay = release,
    };
}
