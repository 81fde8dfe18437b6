using System;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Runtime.Versioning;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using PinAccounting.Annotations;

namespace PinAccounting.SharedMemory;

/// <summary>A mapped file, or a sealed memory file, that two processes share.</summary>
/// <remarks>
/// <para>
/// A peer that holds the descriptor may write anything into the region, and may also <em>shrink the file</em>, after which every access
/// here ends the process (SIGBUS). A file that was shrunk already is refused when a cell, a ring or a snapshot is taken of it; but only a memory file sealed against shrinking (<see cref="CreateSealed"/>; <see cref="IsSealed"/>) is safe
/// against a peer that is not trusted; a plain file is for peers that are trusted that far, or that may not write the file's metadata.
/// </para>
/// <para>
/// Thread-safe. <see cref="Dispose"/> unmaps as soon as nobody in this process uses the region any more: rings on it keep it mapped until they
/// are disposed.
/// </para>
/// </remarks>
public sealed unsafe partial class SharedRegion : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    [SharedMemory]
    private readonly byte* _start;
    private int _disposed;

    private SharedRegion(string name, SafeFileHandle handle, long length, bool isSealed)
    {
        Name = name;
        Length = length;
        IsSealed = isSealed;
        FileHandle = handle;
        _file = MemoryMappedFile.CreateFromFile(handle, mapName: null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        try
        {
            _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.ReadWrite);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
        // A view from offset 0 begins at the mapping itself, so the handle's address needs no correction.
        _start = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle();
    }

    /// <summary>What the region is called in messages: the path, or the name given.</summary>
    public string Name { get; }

    /// <summary>The length in bytes, as it was when the region was mapped.</summary>
    public long Length { get; }

    /// <summary>Whether the kernel keeps everybody from shrinking the file.</summary>
    public bool IsSealed { get; }

    /// <summary>The open file; hand it to the peer to share the region. Closed by <see cref="Dispose"/>.</summary>
    public SafeFileHandle FileHandle { get; }

    /// <summary>Makes a cell of four bytes of the region.</summary>
    /// <param name="offset">Where, in bytes from the start; a multiple of four.</param>
    /// <returns>The cell; not to be used after the region is unmapped, which also happens when the region is garbage-collected: keep a reference to it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The cell would not lie within the region.</exception>
    /// <exception cref="ArgumentException">The offset is not a multiple of four.</exception>
    /// <exception cref="InvalidDataException">Somebody has shortened the file since it was mapped; see <see cref="IsSealed"/>.</exception>
    /// <exception cref="ObjectDisposedException">The region is disposed.</exception>
    public SharedUInt32 UInt32At(long offset)
    {
        using Hold hold = Use();
        return new SharedUInt32(AddressOf(offset, sizeof(uint)));
    }

    /// <summary>Makes a cell of eight bytes of the region.</summary>
    /// <param name="offset">Where, in bytes from the start; a multiple of eight.</param>
    /// <returns>The cell; not to be used after the region is unmapped, which also happens when the region is garbage-collected: keep a reference to it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The cell would not lie within the region.</exception>
    /// <exception cref="ArgumentException">The offset is not a multiple of eight.</exception>
    /// <exception cref="InvalidDataException">Somebody has shortened the file since it was mapped; see <see cref="IsSealed"/>.</exception>
    /// <exception cref="ObjectDisposedException">The region is disposed.</exception>
    public SharedUInt64 UInt64At(long offset)
    {
        using Hold hold = Use();
        return new SharedUInt64(AddressOf(offset, sizeof(ulong)));
    }

    /// <summary>Closes the file, and unmaps it when nobody in this process uses it any more. Idempotent.</summary>
    /// <remarks>Writes a plain file's content back to the disk first, as closing a view of it does.</remarks>
    /// <exception cref="IOException">The content could not be written back; closed and unmapped all the same.</exception>
    public void Dispose()
    {
        // One thread only: a view that is being closed throws when another thread flushes it in order to close it.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        try
        {
            _view.Dispose();
        }
        finally
        {
            _file.Dispose();
            FileHandle.Dispose();
        }
    }

    /// <summary>The address of <paramref name="size"/> bytes at <paramref name="offset"/>; only to be used under a <see cref="Hold"/>.</summary>
    internal byte* AddressOf(long offset, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (size > Length || offset > Length - size)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{size} bytes at {offset} do not lie within the {Length} bytes of '{Name}'.");
        return _start + offset;
    }

    /// <summary>Keeps the region mapped until the result is disposed, if its file is still as long as it was.</summary>
    /// <exception cref="InvalidDataException">Somebody has shortened the file since it was mapped.</exception>
    internal Hold Use()
    {
        Hold hold = new(this);
        try
        {
            ThrowIfCut();
            return hold;
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>What was cut off before is refused; against what is cut off while it is used, only a seal helps.</summary>
    private void ThrowIfCut()
    {
        if (IsSealed)
            return;
        long length = RandomAccess.GetLength(FileHandle);
        if (length < Length)
            throw new InvalidDataException($"'{Name}' was cut to {length} bytes since its {Length} were mapped: an access behind them would end this process.");
    }

    /// <summary>A use of the mapping, counted by its handle.</summary>
    internal struct Hold : IDisposable
    {
        private SharedRegion? _region;

        public Hold(SharedRegion region)
        {
            bool taken = false;
            try
            {
                region._view.SafeMemoryMappedViewHandle.DangerousAddRef(ref taken);
            }
            catch (ObjectDisposedException)
            {
                throw new ObjectDisposedException(nameof(SharedRegion), $"The shared region '{region.Name}' is disposed.");
            }
            _region = taken ? region : null;
        }

        public void Dispose()
        {
            SharedRegion? region = _region;
            _region = null;
            region?._view.SafeMemoryMappedViewHandle.DangerousRelease();
        }
    }
}
