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

    public static string Of(int errno) => errno switch
    {
        > 0 when errno < s_names.Length && s_names[errno] is { } name => name,
        75 => "EOVERFLOW",
        95 => "EOPNOTSUPP",
        105 => "ENOBUFS",
        110 => "ETIMEDOUT",
        125 => "ECANCELED",
        _ => errno.ToString(CultureInfo.InvariantCulture),
    };
}
