using System;
using System.Globalization;

namespace PinAccounting;

/// <summary>Names of Linux error numbers, as specifications spell them.</summary>
internal static class ErrnoNames
{
    // Numbers of the generic table, which most architectures share; index is the number.
    private static readonly string?[] s_names =
    [
        null, "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "ENOEXEC", "EBADF", "ECHILD", "EAGAIN", "ENOMEM", "EACCES", "EFAULT", "ENOTBLK", "EBUSY", "EEXIST",
        "EXDEV", "ENODEV", "ENOTDIR", "EISDIR", "EINVAL", "ENFILE", "EMFILE", "ENOTTY", "ETXTBSY", "EFBIG", "ENOSPC", "ESPIPE", "EROFS", "EMLINK", "EPIPE", "EDOM", "ERANGE",
        "EDEADLK", "ENAMETOOLONG", "ENOLCK", "ENOSYS", "ENOTEMPTY", "ELOOP",
    ];

    /// <param name="errno">As wide as any result: a number that was cut would pass for another error.</param>
    public static string Of(Int128 errno)
    {
        if (errno > 0 && errno < s_names.Length && s_names[(int)errno] is { } name) return name;
        if (errno == 75) return "EOVERFLOW";
        if (errno == 95) return "EOPNOTSUPP";
        if (errno == 105) return "ENOBUFS";
        if (errno == 110) return "ETIMEDOUT";
        if (errno == 125) return "ECANCELED";
        return errno.ToString(CultureInfo.InvariantCulture);
    }
}
