using System;
using System.IO;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using PinAccounting.Annotations;

namespace PinAccounting.SharedMemory;

public sealed unsafe partial class SharedRegion
{
    /// <summary>Creates a memory file (<c>memfd_create</c>), gives it its pages, and seals it against being shrunk, grown or unsealed.</summary>
    /// <param name="name">A name for <c>/proc</c> and messages; it need not be unique.</param>
    /// <param name="length">The length in bytes, at least 1.</param>
    /// <returns>The region, all zero. The peer gets the descriptor over a UNIX socket, or opens <c>/proc/&lt;pid&gt;/fd/&lt;n&gt;</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is not positive.</exception>
    /// <exception cref="IOException">The kernel refused; the message says which step, and the error code is its errno.</exception>
    /// <remarks>
    /// Undone by <see cref="Dispose"/>. The pages are allocated at once, so that a later write cannot fail for want of memory: a length that the machine does not have
    /// is refused, or ends some process of its memory group.
    /// </remarks>
    [SupportedOSPlatform("linux")]
    public static SharedRegion CreateSealed(string name, long length)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        SafeFileHandle handle = MemoryFile.Create(name, length);
        try
        {
            return new SharedRegion(name, handle, length, isSealed: true);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Creates a file and maps it.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <param name="length">The length in bytes, at least 1; the space is reserved on the disk, where its file system can do that.</param>
    /// <returns>The region, all zero.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is no path.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is not positive.</exception>
    /// <exception cref="IOException">The file exists, or cannot be made or mapped.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not make a file there.</exception>
    /// <remarks><see cref="Dispose"/> undoes the mapping; the file stays. After an exception there is no new file.</remarks>
    public static SharedRegion CreateFile(string path, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        SafeFileHandle handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.None, preallocationSize: length);
        try
        {
            // On Linux, preallocation takes the blocks from the disk and leaves the length as it is.
            RandomAccess.SetLength(handle, length);
            return Map(path, handle, requireSealed: false);
        }
        catch
        {
            handle.Dispose();
            // It did not exist, so it must not: otherwise the next attempt would find it.
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Maps a file that the peer has created, in its whole length.</summary>
    /// <param name="path">The file. On Linux also <c>/proc/&lt;pid&gt;/fd/&lt;n&gt;</c> of a peer's memory file.</param>
    /// <param name="requireSealed">Whether to refuse a file that the peer could shrink, which would end this process at its next access.</param>
    /// <returns>The region.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is no path.</exception>
    /// <exception cref="InvalidDataException">The file is empty, or not sealed although that was required, or not one that has a length (a pipe).</exception>
    /// <exception cref="IOException">The file cannot be opened or mapped.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read and write the file, or it is a directory.</exception>
    /// <remarks>Undone by <see cref="Dispose"/>.</remarks>
    public static SharedRegion OpenFile(string path, bool requireSealed = false)
        => Map(path, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), requireSealed);

    /// <summary>Maps a file whose descriptor the peer has passed, in its whole length.</summary>
    /// <param name="handle">The open file; the region owns it from here on, also when this method throws.</param>
    /// <param name="name">What to call the region in messages.</param>
    /// <param name="requireSealed">Whether to refuse a file that the peer could shrink.</param>
    /// <returns>The region.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="handle"/> or <paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="handle"/> is no handle.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="handle"/> is closed.</exception>
    /// <exception cref="InvalidDataException">The file is empty, or not sealed although that was required, or not one that has a length (a pipe, a socket).</exception>
    /// <exception cref="IOException">The file cannot be mapped.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is not open for reading and writing.</exception>
    /// <remarks>Undone by <see cref="Dispose"/>.</remarks>
    public static SharedRegion FromHandle([TransfersObligation] SafeFileHandle handle, string name, bool requireSealed = true)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Map(name, handle, requireSealed);
    }

    private static SharedRegion Map(string name, [TransfersObligation] SafeFileHandle handle, bool requireSealed)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(name);
            // Before the length: a peer that shrinks the file and seals it between the two would have us believe the old one.
            bool isSealed = OperatingSystem.IsLinux() && MemoryFile.CannotShrink(handle);
            long length = LengthOf(handle, name);
            if (length <= 0)
                throw Empty(name);
            if (requireSealed && !isSealed)
                throw new InvalidDataException($"'{name}' is not sealed against shrinking: its other holders could make any access here fault.");
            return new SharedRegion(name, handle, length, isSealed);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static long LengthOf(SafeFileHandle handle, string name)
    {
        try
        {
            return RandomAccess.GetLength(handle);
        }
        catch (NotSupportedException unseekable)
        {
            throw new InvalidDataException($"'{name}' is no file that could be mapped, but a pipe or the like.", unseekable);
        }
    }
}
