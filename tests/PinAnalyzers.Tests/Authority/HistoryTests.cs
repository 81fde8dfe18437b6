using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.Authority;

/// <summary>What these rules come from, as C# types: code that was wrong when it was reviewed, and what it became.</summary>
public sealed class HistoryTests
{
    private const string Kernel = """
        using System;
        using System.Threading;
        using PinAccounting.Annotations;

        sealed class UserStruct { public long LockedVm; }

        sealed class Mm { public long LockedVm, PinnedVm; public readonly object MmapLock = new(); }

        sealed class TaskStruct
        {
            [Ambient] public static TaskStruct Current { get; } = new();
            public UserStruct User = new();
            public Mm? Mm { get; set; } = new();
            public long Rlimit = 16;
            [CapabilityCheck] public static bool Capable(int cap) => Environment.IsPrivilegedProcess && cap > 0;
            [CapabilityCheck] public bool HasCapability(int cap) => cap > 0;
        }

        static class Cap { public const int IpcLock = 14, SysAdmin = 21; }

        """;

    // A skipped charge is a hint where the release asks as well; marked like a warning here.
    private static Task Reviewed(string source) => Verify.Analyzer(Kernel + source, TestSetup.Annotated.Option("dotnet_diagnostic.PIN2002.severity", "warning"));

    // "What happens if root creates a uring, drops CAP_IPC_LOCK, and then destroys the uring?"
    [Fact]
    public Task IoUring_AsReviewed() => Reviewed("""
        sealed class IoRingCtx
        {
            private readonly UserStruct _user = TaskStruct.Current.User;

            public int AccountMem(long pages)
            {
                if ({|PIN2002:TaskStruct.Capable(Cap.IpcLock)|}) return 0;
                // The limit of whoever calls, for a count that is kept by user.
                long limit = {|PIN2004:TaskStruct.Current.Rlimit|}, seen;
                do
                {
                    seen = Volatile.Read(ref _user.LockedVm);
                    if (pages > limit - seen) return -12;
                } while (Interlocked.CompareExchange(ref _user.LockedVm, seen + pages, seen) != seen);
                return 0;
            }

            public void UnaccountMem(long pages)
            {
                if ({|PIN2001:TaskStruct.Capable(Cap.IpcLock)|}) return;
                Interlocked.Add(ref _user.LockedVm, -pages);
            }
        }
        """);

    // First answer: a bit in the context says whether memory is accounted.
    [Fact]
    public Task IoUring_WithTheDecisionRecorded() => Reviewed("""
        sealed class IoRingCtx
        {
            private readonly UserStruct _user = new();
            private readonly bool _accountMem = !TaskStruct.Capable(Cap.IpcLock);

            public void AccountMem(long pages)
            {
                if (_accountMem) Interlocked.Add(ref _user.LockedVm, pages);
            }

            public void UnaccountMem(long pages)
            {
                if (_accountMem) Interlocked.Add(ref _user.LockedVm, -pages);
            }
        }
        """);

    // What the review proposed and the code came to: the user is there if and only if there is something to unaccount.
    [Fact]
    public Task IoUring_WithTheUserRecorded() => Reviewed("""
        sealed class IoRingCtx
        {
            private UserStruct? _user;
            private Mm? _mmAccount;

            public IoRingCtx()
            {
                if (!TaskStruct.Capable(Cap.IpcLock)) _user = TaskStruct.Current.User;
                _mmAccount = TaskStruct.Current.Mm;
            }

            public void AccountMem(long pages)
            {
                if (_user is not null) Interlocked.Add(ref _user.LockedVm, pages);
                if (_mmAccount is not null) Interlocked.Add(ref _mmAccount.PinnedVm, pages);
            }

            public void UnaccountMem(long pages)
            {
                if (_user is not null) Interlocked.Add(ref _user.LockedVm, -pages);
                if (_mmAccount is not null) Interlocked.Add(ref _mmAccount.PinnedVm, -pages);
            }
        }
        """);

    // The limit may be exceeded, the charge not be left out: symmetric by construction.
    [Fact]
    public Task Aio_BypassesOnlyTheLimit() => Reviewed("""
        sealed class KiocTx
        {
            private readonly Mm _mm = TaskStruct.Current.Mm!;
            private readonly long _limit = TaskStruct.Current.Rlimit;

            public int SetupRing(long pages)
            {
                lock (_mm.MmapLock)
                {
                    if (pages > _limit - _mm.LockedVm && !TaskStruct.Capable(Cap.IpcLock)) return -11;
                    _mm.LockedVm += pages;
                }

                return 0;
            }

            public void FreeRing(long pages)
            {
                lock (_mm.MmapLock) _mm.LockedVm -= pages;
            }
        }
        """);

    // The task stays, its memory description does not: after exec it is a new one, which was never charged.
    [Fact]
    public Task Vfio_AskedTheTaskAgain() => Reviewed("""
        sealed class VfioDma
        {
            private readonly TaskStruct _task = TaskStruct.Current;

            public void LockAcct(long pages)
            {
                if (_task.Mm is null) return;
                lock (_task.Mm.MmapLock) _task.Mm.LockedVm += pages;
            }

            public void UnlockAcct(long pages)
            {
                if (_task.Mm is null) return;
                lock (_task.Mm.MmapLock) {|PIN2006:_task.Mm|}.LockedVm -= pages;
            }
        }
        """);

    // In a work queue, whoever runs it is not who mapped.
    [Fact]
    public Task Vfio_UnaccountedInAWorkQueue() => Reviewed("""
        sealed class VfioDma
        {
            public void LockAcct(long pages) => Interlocked.Add(ref TaskStruct.Current.Mm!.LockedVm, pages);

            public void UnmapLater(long pages) => ThreadPool.QueueUserWorkItem(_ => {|PIN2003:Interlocked.Add(ref TaskStruct.Current.Mm!.LockedVm, -pages)|});
        }
        """);

    // Owner, amount and capability are part of the mapping; the capability only ever decides about the limit.
    [Fact]
    public Task Vfio_WithOwnerAmountAndCapabilityRecorded() => Reviewed("""
        sealed class VfioDma
        {
            private readonly TaskStruct _task = TaskStruct.Current;
            private readonly bool _lockCap = TaskStruct.Capable(Cap.IpcLock);
            private Mm? _mm;
            private long _lockedVm;

            public int LockAcct(long pages)
            {
                Mm? mm = _mm ?? _task.Mm;
                if (mm is null) return -3;
                lock (mm.MmapLock)
                {
                    if (pages > _task.Rlimit - mm.LockedVm && !_lockCap) return -12;
                    mm.LockedVm += pages;
                }

                _mm = mm;
                _lockedVm += pages;
                return 0;
            }

            public void UnlockAcct()
            {
                if (_mm is not { } mm) return;
                lock (mm.MmapLock) mm.LockedVm -= _lockedVm;
                _lockedVm = 0;
                _mm = null;
            }
        }
        """);

    // Three ways to account, one of them chosen when the pages are made.
    [Fact]
    public Task Iommufd_WithTheModeRecorded() => Reviewed("""
        enum AccountMode { None, User, Mm }

        sealed class IoptPages
        {
            private readonly AccountMode _accountMode;
            private readonly UserStruct _sourceUser = TaskStruct.Current.User;
            private readonly Mm _sourceMm = TaskStruct.Current.Mm!;

            public IoptPages(bool perMm) => _accountMode = TaskStruct.Capable(Cap.IpcLock) ? AccountMode.None : perMm ? AccountMode.Mm : AccountMode.User;

            public void Charge(long pages)
            {
                switch (_accountMode)
                {
                    case AccountMode.User: Interlocked.Add(ref _sourceUser.LockedVm, pages); break;
                    case AccountMode.Mm: Interlocked.Add(ref _sourceMm.PinnedVm, pages); break;
                }
            }

            public void Uncharge(long pages)
            {
                switch (_accountMode)
                {
                    case AccountMode.User: Interlocked.Add(ref _sourceUser.LockedVm, -pages); break;
                    case AccountMode.Mm: Interlocked.Add(ref _sourceMm.PinnedVm, -pages); break;
                }
            }
        }
        """);

    // The same with the mode chosen anew on each side.
    [Fact]
    public Task Iommufd_HadItChosenAgain() => Reviewed("""
        enum AccountMode { None, User }

        sealed class IoptPages
        {
            private readonly UserStruct _sourceUser = TaskStruct.Current.User;

            public void Charge(long pages)
            {
                AccountMode mode = {|PIN2002:TaskStruct.Capable(Cap.IpcLock)|} ? AccountMode.None : AccountMode.User;
                if (mode == AccountMode.User) Interlocked.Add(ref _sourceUser.LockedVm, pages);
            }

            public void Uncharge(long pages)
            {
                AccountMode mode = TaskStruct.Capable(Cap.IpcLock) ? AccountMode.None : AccountMode.User;
                if (mode == AccountMode.User) {|PIN2001:Interlocked.Add(ref _sourceUser.LockedVm, -pages)|};
            }
        }
        """);

    // The over-correction: privilege cached for authorisation. That is a flaw of its own and none of accounting; what is recorded for accounting is not it.
    [Fact]
    public Task IoUring_CachingPrivilegeForAuthorisation() => Reviewed("""
        sealed class IoRingCtx
        {
            private readonly bool _sysAdmin = TaskStruct.Capable(Cap.SysAdmin);
            private UserStruct? _charged;

            public void AccountMem(UserStruct user, long pages)
            {
                if (TaskStruct.Capable(Cap.IpcLock)) return;
                Interlocked.Add(ref user.LockedVm, pages);
                _charged = user;
            }

            public bool PassThrough(int command) => _sysAdmin || command > 0 && TaskStruct.Capable(Cap.SysAdmin);

            public void UnaccountMem(long pages)
            {
                UserStruct? user = Interlocked.Exchange(ref _charged, null);
                if (user is not null) Interlocked.Add(ref user.LockedVm, -pages);
            }
        }
        """);

    // The limit is the task's whose memory it is, not the caller's.
    [Fact]
    public Task Vfio_ReadTheCallersLimit() => Reviewed("""
        sealed class VfioDomain
        {
            public bool PinPages(Mm target, long pages)
            {
                if (pages > {|PIN2004:TaskStruct.Current.Rlimit|} - target.LockedVm) return false;
                target.LockedVm += pages;
                return true;
            }

            public void UnpinPages(Mm target, long pages) => target.LockedVm -= pages;
        }
        """);

    // Uncharge, drop the reference, forget the pointer.
    [Fact]
    public Task Aio_KeepsTheOwnerUntilTheEnd() => Reviewed("""
        sealed class MmHandle : IDisposable
        {
            public long LockedVm;
            public void Dispose() { }
        }

        sealed class KiocTx
        {
            private MmHandle? _mm = new();

            public void SetupRing(long pages) => _mm!.LockedVm += pages;

            public void FreeRing(long pages)
            {
                _mm!.LockedVm -= pages;
                _mm.Dispose();
                _mm = null;
            }

            public void UnmapWrongly(long pages)
            {
                _mm!.Dispose();
                {|PIN2007:_mm|}.LockedVm -= pages;
            }
        }
        """);
}
