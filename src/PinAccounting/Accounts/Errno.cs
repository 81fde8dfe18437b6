using System;

namespace PinAccounting;

/// <summary>Linux error numbers (asm-generic), and which of them stands for which status in which system.</summary>
internal static class Errno
{
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EFAULT = 14;
    internal const int EINVAL = 22;
    internal const int ENOSYS = 38;
    internal const int EOVERFLOW = 75;
    internal const int EOPNOTSUPP = 95;
    internal const int ENOBUFS = 105;

    internal static int Of(ChargeStatus status, ErrnoProfile profile)
    {
        int limit = profile switch
        {
            ErrnoProfile.Aio => EAGAIN,
            ErrnoProfile.IoUring or ErrnoProfile.Vfio or ErrnoProfile.Mlock => ENOMEM,
            ErrnoProfile.Xdp => ENOBUFS,
            _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "Unknown errno profile."),
        };
        return status switch
        {
            ChargeStatus.Charged or ChargeStatus.ChargedOverLimit => 0,
            ChargeStatus.PolicyLimit => limit,
            ChargeStatus.ResourceExhausted => ENOMEM,
            ChargeStatus.InvalidArgument or ChargeStatus.HandleNotZero => EINVAL,
            // io_setup answers EINVAL to a size that overflows its arithmetic; io_uring has a number of its own for it.
            ChargeStatus.Overflow => profile == ErrnoProfile.IoUring ? EOVERFLOW : EINVAL,
            ChargeStatus.OwnerGone => ESRCH,
            ChargeStatus.Interrupted => EINTR,
            ChargeStatus.Fault => EFAULT,
            ChargeStatus.NotSupported => profile is ErrnoProfile.Aio or ErrnoProfile.IoUring or ErrnoProfile.Mlock ? ENOSYS : EOPNOTSUPP,
            _ => EINVAL,
        };
    }
}
