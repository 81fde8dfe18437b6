using System;
using System.ComponentModel;
using PinAccounting;
using PinAccounting.Annotations;

namespace ApiContract;

/// <summary>
/// Asynchronous I/O contexts under the contract of the kernel's io_setup: everything that its specification says stands here as annotations, for the
/// analyzers at the callers, for tests, and for readers (<c>dotnet run -- --markdown</c>).
/// </summary>
[Constraint("aio_nr + nr_events <= aio_max_nr", Description = "the limit that all callers share, 65536 by default")]
public sealed class AsyncIo : IDisposable
{
    private readonly PinAccount _quota;
    private readonly PinHandleTable<Ring> _contexts;
    private LockPolicy _policy = new();

    public AsyncIo(long maxEvents)
    {
        _quota = new PinAccount(new PinAccountOptions { Name = "aio_nr", Limit = maxEvents, Unit = PinUnit.Items });
        _contexts = new PinHandleTable<Ring>(_quota, HandleSizing.Events);
    }

    /// <summary>Contexts that nobody has destroyed.</summary>
    public int Contexts => _contexts.Count;

    /// <summary>Events charged to the limit.</summary>
    public long Charged => _quota.Used;

    [Description("Creates a context for at least nr_events concurrent operations. The context may have room for more; the limit is charged what was asked for.")]
    [return: Errno(ErrnoConvention.NegativeErrno)]
    [FailsWith("EFAULT", When = "ctxp cannot be read or written")]
    [FailsWith("EINVAL", When = "*ctxp is not 0, or nr_events is out of range")]
    [FailsWith("EAGAIN", When = "aio_nr + nr_events would exceed aio_max_nr", Description = "A policy limit, not exhaustion: asking for less may help.")]
    [FailsWith("ENOMEM", When = "memory for the ring is short")]
    [FailsWith("ENOSYS", When = "the system has no asynchronous I/O")]
    [TakesLock("aio_nr_lock", Kind = "spinlock", Description = "protects aio_nr; held to check and update it")]
    [TakesLock("mm->ioctx_lock", Kind = "spinlock", Description = "protects the table of contexts")]
    [TakesLock("ctx->ring_lock", Kind = "mutex", Description = "held while the ring is set up")]
    [TakesLock("mmap_lock", Kind = "rwlock, write", Description = "held while the ring is mapped")]
    [Interruptible(Status = "EINTR", When = "SIGKILL arrives while waiting for mmap_lock; nothing has been changed")]
    [Effect("kioctx structure", ReversedBy = nameof(Destroy))]
    [Effect("ring buffer pages", ReversedBy = nameof(Destroy))]
    [Effect("process virtual memory", ReversedBy = nameof(Destroy))]
    [Effect("aio_nr", ReversedBy = nameof(Destroy))]
    [StateTransition("process AIO state", From = "n contexts", To = "n + 1 contexts", When = "success")]
    [StateTransition("system AIO resources", From = "aio_nr = N", To = "aio_nr = N + nr_events", When = "success")]
    [Constraint("CONFIG_AIO", Description = "else ENOSYS")]
    public int Setup(
        [ValidRange(1, 8_388_608), Description("how many operations may be under way at once")] uint nr_events,
        [MustBeZero, Description("receives the context, as the last step")] ref nint ctxp) =>
        -_contexts.TrySetup(nr_events, ref ctxp, static events => new Ring(events)).ToErrno(ErrnoProfile.Aio);

    [Description("Destroys a context: its events are uncharged, and the handle is set to 0.")]
    [return: Errno(ErrnoConvention.NegativeErrno)]
    [FailsWith("EINVAL", When = "there is no such context")]
    [StateTransition("system AIO resources", From = "aio_nr = N", To = "aio_nr = N - nr_events", When = "success")]
    [ReleasePath]
    public int Destroy(ref nint ctx) => _contexts.TryDestroy(ref ctx) ? 0 : -22;

    [Description("Queues operations on a context.")]
    [return: Errno(ErrnoConvention.NegativeErrno)]
    [FailsWith("EINVAL", When = "there is no such context, or nr is out of range")]
    [FailsWith("EAGAIN", When = "the context is full")]
    public int Submit(nint ctx, [ValidRange(0, 65_536)] int nr)
    {
        if (!_contexts.TryGet(ctx, out Ring? ring)) return -22;
        return ring.TryQueue(nr) ? nr : -11;
    }

    [Description("Replaces the policy of which memory is locked, and what a child gets of it.")]
    [return: Errno(ErrnoConvention.NegativeErrno)]
    [FailsWith("EINVAL", When = "a flag is unknown, or neither Current nor Future is set")]
    public int SetPolicy([ValidMask(15, RequireAnyOf = 3)] MemoryLockFlags flags)
    {
        if ((flags & ~(MemoryLockFlags)15) != 0 || (flags & (MemoryLockFlags)3) == 0) return -22;
        _policy = new LockPolicy { Inherit = flags };
        return 0;
    }

    /// <summary>What a child starts with.</summary>
    public LockPolicy Policy => _policy;

    public void Dispose() => _contexts.Dispose();
}

/// <summary>What a process locks, and what its children get of it.</summary>
public sealed class LockPolicy
{
    [Inherited(Inheritance.Copy)]
    public MemoryLockFlags Inherit { get; set; }
}

/// <summary>Stands for the completion ring.</summary>
internal sealed class Ring(long events)
{
    private long _queued;

    public bool TryQueue(int count)
    {
        if (count > events - _queued) return false;
        _queued += count;
        return true;
    }
}
