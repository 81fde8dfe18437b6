using System.Collections.Generic;
using static PinAnalyzers.Pairs.BuiltIn.KnownMember;

namespace PinAnalyzers.Pairs.BuiltIn;

/// <summary>Locks and thread states: known by the object that is locked, not by a token.</summary>
internal static class LockPairs
{
    private const string Threading = "System.Threading.";

    private static readonly Pair Monitor = Lock("Monitor", "Monitor.Exit", "object locks", Threading + "Monitor.IsEntered");
    private static readonly Pair LockObject = Lock("Lock", "Lock.Exit", "object locks", Threading + "Lock.IsHeldByCurrentThread");
    private static readonly Pair SpinLock = Lock("SpinLock", "SpinLock.Exit", heldTest: Threading + "SpinLock.IsHeldByCurrentThread");
    private static readonly Pair Mutex = Lock("Mutex", "ReleaseMutex");

    private static readonly Pair LockScope = new("Lock scope", PairFamily.Locks)
    {
        IsBuiltIn = true,
        ReleaseDisplay = "Lock.Scope.Dispose",
        ReleaseTemplate = "{0}.Dispose()",
    };

    private static readonly Pair SemaphoreSlim = Semaphore("SemaphoreSlim");
    private static readonly Pair KernelSemaphore = Semaphore("Semaphore");

    public static IEnumerable<KnownMember> All()
    {
        foreach (var name in new[] { "Enter", "TryEnter" })
        {
            yield return Charges(Threading + "Monitor", name, new ChargeSpec(Monitor) { Identity = ValueSource.Argument(0) });
            yield return Charges(Threading + "Lock", name, new ChargeSpec(LockObject) { Identity = ValueSource.Receiver });
            yield return Charges(Threading + "SpinLock", name, new ChargeSpec(SpinLock) { Identity = ValueSource.Receiver });
        }
        yield return Releases(Threading + "Monitor", "Exit", new ReleaseSpec(Monitor) { AcceptsNull = false });
        yield return Releases(Threading + "Lock", "Exit", new ReleaseSpec(LockObject) { Identity = ValueSource.Receiver, AcceptsNull = false });
        yield return Releases(Threading + "SpinLock", "Exit", new ReleaseSpec(SpinLock) { Identity = ValueSource.Receiver, AcceptsNull = false });
        yield return Charges(Threading + "Lock", "EnterScope", new ChargeSpec(LockScope) { Owner = ValueSource.Receiver });
        // Scope.Dispose clears its own field: a second call on the same variable does nothing.
        yield return Releases(Threading + "Lock+Scope", "Dispose", new ReleaseSpec(LockScope) { Identity = ValueSource.Receiver, ClearsInPlace = true });

        foreach (var member in Semaphores())
            yield return member;
        foreach (var member in ReaderWriterLocks())
            yield return member;
        foreach (var member in ThreadStates())
            yield return member;
    }

    private static IEnumerable<KnownMember> Semaphores()
    {
        foreach (var name in new[] { "Wait", "WaitAsync" })
            yield return Charges(Threading + "SemaphoreSlim", name, new ChargeSpec(SemaphoreSlim) { Identity = ValueSource.Receiver });
        yield return Releases(Threading + "SemaphoreSlim", "Release", Release(SemaphoreSlim));
        yield return Releases(Threading + "Semaphore", "Release", Release(KernelSemaphore));
        yield return Releases(Threading + "Mutex", "ReleaseMutex", new ReleaseSpec(Mutex) { Identity = ValueSource.Receiver, AcceptsNull = false });

        foreach (var (type, pair) in new[] { ("Semaphore", KernelSemaphore), ("Mutex", Mutex) })
        {
            var charge = new ChargeSpec(pair)
            {
                Identity = ValueSource.Receiver,
                TakenThoughThrown = pair == Mutex ? Threading + "AbandonedMutexException" : null,
            };
            // Without a timeout WaitOne can only return true, so nobody looks at it.
            yield return Charges(Threading + "WaitHandle", "WaitOne", charge) with { Receiver = Threading + type, Parameters = 0, Exact = true };
            yield return Charges(Threading + "WaitHandle", "WaitOne", charge) with { Receiver = Threading + type, Parameters = 1 };
            yield return Charges(Threading + "WaitHandle", "WaitOne", charge) with { Receiver = Threading + type, Parameters = 2 };
        }
    }

    private static IEnumerable<KnownMember> ReaderWriterLocks()
    {
        foreach (var mode in new[] { "Read", "Write", "UpgradeableRead" })
        {
            var pair = Lock("ReaderWriterLockSlim " + mode.ToLowerInvariant(), "Exit" + mode + "Lock", "ReaderWriterLockSlim modes", $"{Threading}ReaderWriterLockSlim.Is{mode}LockHeld");
            foreach (var prefix in new[] { "Enter", "TryEnter" })
                yield return Charges(Threading + "ReaderWriterLockSlim", prefix + mode + "Lock", new ChargeSpec(pair) { Identity = ValueSource.Receiver });
            yield return Releases(Threading + "ReaderWriterLockSlim", "Exit" + mode + "Lock", new ReleaseSpec(pair) { Identity = ValueSource.Receiver, AcceptsNull = false });
        }

        foreach (var mode in new[] { "Reader", "Writer" })
        {
            var pair = Lock("ReaderWriterLock " + mode.ToLowerInvariant(), "Release" + mode + "Lock", "ReaderWriterLock modes", $"{Threading}ReaderWriterLock.Is{mode}LockHeld");
            yield return Charges(Threading + "ReaderWriterLock", "Acquire" + mode + "Lock", new ChargeSpec(pair)
            {
                Identity = ValueSource.Receiver,
                ThrowsWhenDenied = true,
            });
            yield return Releases(Threading + "ReaderWriterLock", "Release" + mode + "Lock", new ReleaseSpec(pair) { Identity = ValueSource.Receiver, AcceptsNull = false });
            yield return Releases(Threading + "ReaderWriterLock", "ReleaseLock", new ReleaseSpec(pair) { Identity = ValueSource.Receiver, Implied = true });
            // While upgraded, one release of the writer lock is legal under the reader's name and the reverse: neither end is evidence.
            if (mode == "Reader")
                yield return Releases(Threading + "ReaderWriterLock", "UpgradeToWriterLock", new ReleaseSpec(pair) { Identity = ValueSource.Receiver, Implied = true, IsMove = true });
        }
    }

    private static IEnumerable<KnownMember> ThreadStates()
    {
        // The control that SuppressFlow returns may be dropped in favour of RestoreFlow, so the thread's state is the charge and not the control.
        var flow = Lock("suppressed execution context", "AsyncFlowControl.Undo");
        yield return Charges(Threading + "ExecutionContext", "SuppressFlow", new ChargeSpec(flow) { Identity = ValueSource.None });
        yield return Releases(Threading + "ExecutionContext", "RestoreFlow", new ReleaseSpec(flow) { Identity = ValueSource.None });
        foreach (var name in new[] { "Undo", "Dispose" })
            yield return Releases(Threading + "AsyncFlowControl", name, new ReleaseSpec(flow) { Identity = ValueSource.None, ClearsInPlace = name == "Dispose" });

        foreach (var region in new[] { "CriticalRegion", "ThreadAffinity" })
        {
            var pair = Lock("thread " + region, "Thread.End" + region);
            yield return Charges(Threading + "Thread", "Begin" + region, new ChargeSpec(pair) { Identity = ValueSource.None });
            yield return Releases(Threading + "Thread", "End" + region, new ReleaseSpec(pair) { Identity = ValueSource.None });
        }
    }

    private static ReleaseSpec Release(Pair pair) => new(pair) { Identity = ValueSource.Receiver, Amount = ValueSource.Argument(0), AcceptsNull = false };

    private static Pair Lock(string key, string release, string? confusionGroup = null, string? heldTest = null) => new(key, PairFamily.Locks)
    {
        IsBuiltIn = true,
        HasToken = false,
        ReleaseDisplay = release,
        ReleaseTemplate = key == "Monitor" ? "global::System.Threading.Monitor.Exit({0})" : "{0}." + release.Substring(release.LastIndexOf('.') + 1) + "()",
        ConfusionGroup = confusionGroup,
        HeldTest = heldTest,
    };

    private static Pair Semaphore(string key) => new(key, PairFamily.Locks)
    {
        IsBuiltIn = true,
        HasToken = false,
        AnyoneMayRelease = true,
        ReleaseDisplay = key + ".Release",
        ReleaseTemplate = "{0}.Release()",
    };
}
