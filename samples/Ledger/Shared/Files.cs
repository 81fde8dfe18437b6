using System.IO;
using PinAccounting.Annotations;

namespace Ledger;

internal static class Files
{
    private const int NoSuchEntry = 2, IsDirectory = 21;

    /// <summary>The length of a file, or a negative error number.</summary>
    [return: Errno(ErrnoConvention.NegativeErrno)]
    public static long LengthOf(string path)
    {
        if (Directory.Exists(path)) return -IsDirectory;
        return File.Exists(path) ? new FileInfo(path).Length : -NoSuchEntry;
    }
}
