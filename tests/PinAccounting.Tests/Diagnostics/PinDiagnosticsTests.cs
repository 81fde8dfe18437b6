using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using System.Linq;
using System.Runtime.CompilerServices;
using Xunit;

namespace PinAccounting.Tests;

[Collection(nameof(ProcessWideDiagnostics))]
public sealed class PinDiagnosticsTests
{
    [Fact]
    public void LostCharge_IsReportedWithItsStackAndStaysCharged()
    {
        var account = new PinAccount(new PinAccountOptions { Name = "leaky", TrackStacks = true, Strict = true });
        using var seen = new ViolationRecorder(account);
        Lose(account);
        CollectUntil(() => seen.Violations.Count > 0);
        PinViolation violation = Assert.Single(seen.Violations);
        Assert.Equal((PinViolationKind.LeakedCharge, 5, account), (violation.Kind, violation.Amount, violation.Account));
        Assert.Contains(nameof(Lose), violation.Stack, StringComparison.Ordinal);
        Assert.Equal((5, 1, 1), (account.Used, account.Leaked, account.OutstandingCharges));
        Assert.Contains("leaked", account.DumpOutstanding(), StringComparison.Ordinal);
        Assert.Throws<PinViolationException>(account.AssertBalanced);
    }

    /// <summary>From the collection that finds it to the one that reports it, nothing but its sentinel knows of a lost charge.</summary>
    [Fact]
    public void LostCharge_ThatIsNotReportedYet_IsOutstandingAllTheSame()
    {
        var account = new PinAccount(new PinAccountOptions { Name = "limbo", TrackStacks = true });
        Lose(account);
        for (int i = 0; i < 4; i++)
        {
            GC.Collect();
            Assert.Equal((5, 1), (account.Used, account.OutstandingCharges));
            Assert.Contains(nameof(Lose), account.DumpOutstanding(), StringComparison.Ordinal);
            GC.WaitForPendingFinalizers();
            Assert.Equal((5, 1), (account.Used, account.OutstandingCharges));
            Assert.DoesNotContain("by raw charges", account.DumpOutstanding(), StringComparison.Ordinal);
        }

        CollectUntil(() => account.Leaked > 0);
        Assert.Equal((5, 1, 1), (account.Used, account.Leaked, account.OutstandingCharges));
    }

    /// <summary>More than are kept one by one: those are a number and a sum, and not taken for raw charges.</summary>
    [Fact]
    public void LostCharges_MoreThanAreKept_AreAllOutstanding()
    {
        var account = new PinAccount("flood", 10_000);
        for (int i = 0; i < 1500; i++) Lose(account);
        CollectUntil(() => account.Leaked == 1500);
        // Whatever is not kept is gone only after a further collection.
        GC.Collect();
        Assert.Equal((1500, 7500), (account.OutstandingCharges, account.Used));
        Assert.Contains("476 more charges of 2380, leaked", account.DumpOutstanding(), StringComparison.Ordinal);
        Assert.DoesNotContain("by raw charges", account.DumpOutstanding(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReleasedMovedAndEmptyCharges_AreNotReportedAsLost()
    {
        var account = new PinAccount("tidy", 100);
        using var seen = new ViolationRecorder(account);
        PinCharge kept = Tidy(account);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Empty(seen.Violations);
        Assert.Equal(2, account.Used);
        kept.Dispose();
        account.AssertBalanced();
    }

    /// <summary>Charge, holder and sentinel are garbage at once, and whose finalizer runs first is not known: the sentinel must not guard another charge after that.</summary>
    [Fact]
    public void ChargesReleasedByFinalizers_LeaveTheNextOnesGuarded()
    {
        var account = new PinAccount("holders", 100_000);
        using var seen = new ViolationRecorder(account);
        var live = new List<PinCharge>();
        for (int round = 0; round < 10; round++)
        {
            Drop(account);
            GC.Collect();
            for (int i = 0; i < 500; i++) live.Add(account.Charge(1));
            GC.WaitForPendingFinalizers();
        }

        Assert.Empty(seen.Violations);
        foreach (PinCharge charge in live) charge.Dispose();
        account.AssertBalanced();
        Lose(account);
        CollectUntil(() => seen.Violations.Count > 0);
        Assert.Equal(5, Assert.Single(seen.Violations).Amount);
    }

    /// <summary>What guards a charge is used again when it is released; the released one must not keep it alive.</summary>
    [Fact]
    public void LostCharge_IsReported_EvenIfTheOneBeforeItIsStillReferredTo()
    {
        var account = new PinAccount("kept", 100);
        using var seen = new ViolationRecorder(account);
        PinCharge released = account.Charge(1);
        released.Dispose();
        PinCharge detached = account.Charge(2);
        PinCharge moved = detached.Detach();
        moved.Dispose();
        Lose(account);
        CollectUntil(() => seen.Violations.Count > 0);
        Assert.Equal(5, Assert.Single(seen.Violations).Amount);
        Assert.All([released, detached, moved], charge => Assert.Same(account, charge.Account));
    }

    [Fact]
    public void ManyCharges_OutstandingAtOnce_AreCountedAndForgotten()
    {
        var account = new PinAccount();
        for (int round = 0; round < 3; round++)
        {
            PinCharge[] charges = Enumerable.Range(0, 5000).Select(_ => account.Charge(1)).ToArray();
            Assert.Equal(5000, account.OutstandingCharges);
            foreach (PinCharge charge in charges) charge.Dispose();
            Assert.Equal(0, account.OutstandingCharges);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        account.AssertBalanced();
    }

    [Fact]
    public void DumpOutstanding_ListsChargesWithTheirStacks()
    {
        var account = new PinAccount(new PinAccountOptions { Name = "dumped", TrackStacks = true, Limit = 50 });
        using PinCharge charge = account.Charge(7);
        Assert.True(account.TryCharge(2));
        string dump = account.DumpOutstanding();
        Assert.Contains("'dumped': 9 page(s) used of 50", dump, StringComparison.Ordinal);
        Assert.Contains("charge of 7", dump, StringComparison.Ordinal);
        Assert.Contains(nameof(DumpOutstanding_ListsChargesWithTheirStacks), dump, StringComparison.Ordinal);
        Assert.Contains("2 by raw charges", dump, StringComparison.Ordinal);
        Assert.Contains("'dumped'", PinDiagnostics.DumpOutstanding(), StringComparison.Ordinal);
    }

    /// <summary>What is pinned for an account that nobody has any more is what one looks for most.</summary>
    [Fact]
    public void DumpOutstanding_OfTheProcess_ListsDisposedAccountsThatHoldSomething()
    {
        var account = new PinAccount("disposed early", 50);
        PinCharge charge = account.Charge(7);
        account.Dispose();
        Assert.Contains("'disposed early': 7 page(s)", PinDiagnostics.DumpOutstanding(), StringComparison.Ordinal);
        Assert.Empty(Metered(account.Name));
        charge.Dispose();
        Assert.DoesNotContain("'disposed early'", PinDiagnostics.DumpOutstanding(), StringComparison.Ordinal);
    }

    [Fact]
    public void StrictMode_OfTheProcess_Throws()
    {
        var account = new PinAccount();
        PinDiagnostics.StrictMode = true;
        try
        {
            Assert.True(PinDiagnostics.StrictMode);
            Assert.Throws<PinViolationException>(() => account.Uncharge(1));
        }
        finally
        {
            PinDiagnostics.StrictMode = false;
        }

        account.Uncharge(1);
        Assert.Equal(2, account.OverReleases);
    }

    [Fact]
    public void Handler_ThatThrows_StopsNeitherTheReleaseNorTheOtherHandlers()
    {
        var account = new PinAccount("handlers", 10);
        EventHandler<PinViolation> bad = static (_, _) => throw new InvalidOperationException();
        PinDiagnostics.Violation += bad;
        try
        {
            using var seen = new ViolationRecorder(account);
            account.Uncharge(1);
            Assert.Single(seen.Violations);
        }
        finally
        {
            PinDiagnostics.Violation -= bad;
        }
    }

    [Fact]
    public void Handler_ThatThrowsWhatCannotSayWhatHappened_IsReportedByItsTypeAndCalledAgain()
    {
        var account = new PinAccount("speechless", 10);
        using var listener = new Listener();
        int calls = 0;
        EventHandler<PinViolation> bad = (_, violation) =>
        {
            if (violation.Account != account) return;
            calls++;
            throw new UnspeakableException();
        };
        PinDiagnostics.Violation += bad;
        try
        {
            account.Uncharge(1);
            account.Uncharge(1);
            Assert.Equal((2, 2), (calls, account.OverReleases));
            Assert.Contains(listener.Written, static line => line.StartsWith("HandlerFailed", StringComparison.Ordinal) && line.Contains(nameof(UnspeakableException), StringComparison.Ordinal));
        }
        finally
        {
            PinDiagnostics.Violation -= bad;
        }
    }

    /// <summary>Without a guard this would end in a stack overflow, out of a release that never throws.</summary>
    [Fact]
    public void Handler_ThatMisusesTheAccountItself_IsNotCalledAgainForThat()
    {
        var account = new PinAccount("handler's own", 10);
        int calls = 0;
        EventHandler<PinViolation> clumsy = (_, violation) =>
        {
            if (violation.Account != account) return;
            calls++;
            account.Uncharge(7);
        };
        PinDiagnostics.Violation += clumsy;
        try
        {
            account.Uncharge(1);
            Assert.Equal((1, 2), (calls, account.OverReleases));
            account.Uncharge(1);
            Assert.Equal((2, 4), (calls, account.OverReleases));
        }
        finally
        {
            PinDiagnostics.Violation -= clumsy;
        }
    }

    [Fact]
    public void LostCharge_WithoutTracking_IsReportedWithoutAStack()
    {
        var account = new PinAccount("untracked leak", 100);
        using var seen = new ViolationRecorder(account);
        Lose(account);
        CollectUntil(() => seen.Violations.Count > 0);
        PinViolation violation = Assert.Single(seen.Violations);
        Assert.Equal((PinViolationKind.LeakedCharge, 5, null), (violation.Kind, violation.Amount, violation.Stack));
        Assert.Equal(5, account.Used);
    }

    [Fact]
    public void Meter_PublishesEveryFigureWithTheAccountsName()
    {
        const string Name = "metered";
        var account = new PinAccount(Name, 10);
        using PinCharge charge = account.Charge(4);
        account.TryCharge(8);
        account.Charge(5).Dispose();
        account.Uncharge(100);
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["pin.account.used"] = 4, ["pin.account.limit"] = 10, ["pin.account.peak"] = 9,
                ["pin.account.denied"] = 1, ["pin.account.over_released"] = 1, ["pin.account.leaked"] = 0,
            },
            Metered(Name));
    }

    [Fact]
    public void EventSource_WritesDenialsAndViolations()
    {
        using var listener = new Listener();
        var account = new PinAccount("evented", 1);
        account.TryCharge(2);
        account.Uncharge(3);
        Assert.Contains(listener.Written, static line => line.Contains("Denied", StringComparison.Ordinal) && line.Contains("evented", StringComparison.Ordinal));
        Assert.Contains(listener.Written, static line => line.Contains("OverRelease", StringComparison.Ordinal) && line.Contains("evented", StringComparison.Ordinal));
    }

    /// <summary>As for handlers of <see cref="PinDiagnostics.Violation"/>: misuse by whoever is told of misuse must not go round until the stack is full.</summary>
    [Theory]
    [InlineData("Violation")]
    [InlineData("Denied")]
    public void Listener_ThatMisusesAnAccountItself_IsNotCalledAgainForThat(string name)
    {
        var account = new PinAccount("round and round", 1);
        using var listener = new Listener();
        int depth = 0, deepest = 0;
        listener.Answer = line =>
        {
            if (!line.StartsWith(name, StringComparison.Ordinal) || !line.Contains(account.Name, StringComparison.Ordinal) || depth == 5) return;
            deepest = Math.Max(deepest, ++depth);
            Misuse();
            depth--;
        };
        Misuse();
        Assert.Equal(1, deepest);
        Assert.Equal(2, account.OverReleases + account.Denied);
        Misuse();
        Assert.Equal(4, account.OverReleases + account.Denied);

        void Misuse()
        {
            if (name == "Denied") account.TryCharge(2);
            else account.Uncharge(1);
        }
    }

    /// <summary>What the meter says of the account of that name.</summary>
    private static Dictionary<string, long> Metered(string name)
    {
        var figures = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == PinDiagnostics.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
                if (tag.Key == "account" && Equals(tag.Value, name)) figures[instrument.Name] = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return figures;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose(PinAccount account) => account.Charge(5);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(PinAccount account)
    {
        for (int i = 0; i < 500; i++) _ = new Holder(account.Charge(2));
    }

    private sealed class Holder(PinCharge charge)
    {
        ~Holder() => charge.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PinCharge Tidy(PinAccount account)
    {
        account.Charge(3).Dispose();
        account.Charge(0);
        return account.Charge(2).Detach();
    }

    private static void CollectUntil(Func<bool> done)
    {
        for (int i = 0; i < 20 && !done(); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private sealed class Listener : EventListener
    {
        private readonly List<string> _written = [];

        internal Action<string>? Answer { get; set; }

        internal IReadOnlyList<string> Written
        {
            get
            {
                lock (_written) return [.. _written];
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == PinDiagnostics.MeterName) EnableEvents(eventSource, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            string line = $"{eventData.EventName} {string.Join(' ', eventData.Payload ?? (IReadOnlyList<object?>)[])}";
            lock (_written) _written.Add(line);
            Answer?.Invoke(line);
        }
    }
}
