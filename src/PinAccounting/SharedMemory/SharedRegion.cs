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
/// The process ends as well when the system has no page for an access: behind a hole of a file on a full disk, or where a peer has punched one into a memory
/// file (which the seal allows) and memory has run out meanwhile.
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

    internal SharedRegion(string name, SafeFileHandle handle, long length, bool isSealed)
    {
        Name = name;
        IsSealed = isSealed;
        FileHandle = handle;
        try
        {
            // All there is: a length of ours would be held against one that the peer may have changed since it was read, and its file be made longer.
            _file = MemoryMappedFile.CreateFromFile(handle, mapName: null, capacity: 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        }
        catch (ArgumentException)
        {
            throw Empty(name);
        }
        try
        {
            _view = _file.CreateViewAccessor(0, size: 0, MemoryMappedFileAccess.ReadWrite);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
        // A view from offset 0 begins at the mapping itself, so the handle's address needs no correction.
        _start = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle();
        Length = Math.Min(length, _view.Capacity);
    }

    /// <summary>What the region is called in messages: the path, or the name given.</summary>
    public string Name { get; }

    /// <summary>The length in bytes, as it was when the region was mapped; if the file got longer or shorter just then, the shorter one.</summary>
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
        return new SharedUInt32(CellAt(offset, sizeof(uint)));
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
        return new SharedUInt64(CellAt(offset, sizeof(ulong)));
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
    /// <exception cref="ObjectDisposedException">The region is disposed.</exception>
    internal Hold Use()
    {
        Hold hold = new(this);
        try
        {
            // The count alone does not tell: while a ring holds the mapping, it can still be taken.
            if (Volatile.Read(ref _disposed) != 0)
                throw Disposed();
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
        long length;
        try
        {
            length = RandomAccess.GetLength(FileHandle);
        }
        catch (ObjectDisposedException)
        {
            throw Disposed();
        }
        if (length < Length)
            throw new InvalidDataException($"'{Name}' was cut to {length} bytes since its {Length} were mapped: an access behind them would end this process.");
    }

    private byte* CellAt(long offset, int size)
    {
        byte* address = AddressOf(offset, size);
        // The mapping begins at a page.
        if ((offset & (size - 1)) != 0)
            throw new ArgumentException($"A cell of {size} bytes of '{Name}' has to lie at a multiple of {size}; {offset} is none.", nameof(offset));
        return address;
    }

    private ObjectDisposedException Disposed() => new(nameof(SharedRegion), $"The shared region '{Name}' is disposed.");

    private static InvalidDataException Empty(string name) => new($"'{name}' is empty, so there is nothing to share.");

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
                throw region.Disposed();
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

    /// <summary>A use by an object that keeps it: it ends, too, when that object is lost.</summary>
    /// <remarks>
    /// Nobody can be at work in a lost ring: every operation of a ring uses the ring itself once more after it has used the mapping. A finalizer of the ring would do
    /// as well, and be part of its public face.
    /// </remarks>
    internal sealed class LastingHold(Hold hold) : IDisposable
    {
        private Hold _hold = hold;

        ~LastingHold() => _hold.Dispose();

        public void Dispose()
        {
            _hold.Dispose();
            GC.SuppressFinalize(this);
        }
    }
}
