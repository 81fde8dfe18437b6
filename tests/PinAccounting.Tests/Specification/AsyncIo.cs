using System.ComponentModel;
using PinAccounting.Annotations;

namespace PinAccounting.Tests.Specification;

/// <summary>The kernel's io_setup as its specification says it, in annotations.</summary>
[Constraint("aio_nr + nr_events <= aio_max_nr", Description = "the system-wide limit, 65536 by default")]
internal static class AsyncIo
{
    [Description("Creates an asynchronous I/O context.")]
    [return: Errno(ErrnoConvention.NegativeErrno)]
    [FailsWith("EFAULT", When = "ctxp cannot be read or written")]
    [FailsWith("EINVAL", When = "*ctxp is not 0, or nr_events is out of range")]
    [FailsWith("EAGAIN", When = "the system-wide limit would be exceeded", Description = "A policy limit, not exhaustion.")]
    [FailsWith("ENOMEM", When = "memory is short")]
    [TakesLock("aio_nr_lock", Kind = "spinlock", Description = "protects aio_nr")]
    [TakesLock("mmap_lock", Kind = "rwlock")]
    [Interruptible(Status = "EINTR", When = "SIGKILL arrives while waiting for mmap_lock")]
    [Effect("aio_nr", ReversedBy = nameof(Destroy))]
    [Effect("process virtual memory", ReversedBy = nameof(Destroy))]
    [StateTransition("system AIO resources", From = "aio_nr = N", To = "aio_nr = N + nr_events", When = "success")]
    [Constraint("CONFIG_AIO")]
    public static int Setup(
        [ValidRange(1, 8_388_608), Constraint("nr_events > 0", Description = "the ring may be larger")] uint nr_events,
        [MustBeZero] ref nint ctxp)
    {
        ctxp = (nint)nr_events;
        return 0;
    }

    [return: Errno(ErrnoConvention.MinusOneErrno)]
    [FailsWith("EINVAL")]
    public static int Destroy(nint ctx) => ctx == 0 ? -1 : 0;

    [return: Errno(ErrnoConvention.ZeroOrErrno)]
    public static int Tune([ValidMask(0x8000_0003, RequireAnyOf = 3)] int flags, out int before) => before = flags * 0;

    [FailsWith(nameof(ChargeStatus.PolicyLimit))]
    public static ChargeStatus Charge(long amount) => amount > 5 ? ChargeStatus.PolicyLimit : ChargeStatus.Charged;

    [FailsWith("EAGAIN")]
    public static long Limit => 65_536;

    public static int NotSpecified() => 0;
}
