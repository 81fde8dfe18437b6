using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace Corpus.Valid;

/// <summary>A growing block of native memory.</summary>
public sealed unsafe class NativeList<T> : IDisposable
    where T : unmanaged
{
    private T* _items;
    private int _capacity;

    public int Count { get; private set; }

    public void Add(T item)
    {
        if (Count == _capacity)
            Grow(Math.Max(4, _capacity * 2));
        _items[Count++] = item;
    }

    public void Dispose()
    {
        var items = _items;
        _items = null;
        if (items != null)
        {
            GC.RemoveMemoryPressure((long)_capacity * sizeof(T));
            NativeMemory.Free(items);
        }

        (_capacity, Count) = (0, 0);
    }

    private void Grow(int capacity)
    {
        var larger = (T*)NativeMemory.Alloc((nuint)capacity, (nuint)sizeof(T));
        if (_items != null)
        {
            new ReadOnlySpan<T>(_items, Count).CopyTo(new Span<T>(larger, capacity));
            NativeMemory.Free(_items);
            GC.RemoveMemoryPressure((long)_capacity * sizeof(T));
        }

        GC.AddMemoryPressure((long)capacity * sizeof(T));
        _items = larger;
        _capacity = capacity;
    }
}

/// <summary>Whoever publishes first wins; the others free what they made.</summary>
public static class LazyTable
{
    private static nint s_table;

    public static nint Get()
    {
        var table = Volatile.Read(ref s_table);
        if (table != 0)
            return table;
        var fresh = Marshal.AllocHGlobal(4096);
        var seen = Interlocked.CompareExchange(ref s_table, fresh, 0);
        if (seen == 0)
            return fresh;
        Marshal.FreeHGlobal(fresh);
        return seen;
    }
}

/// <summary>A free list: blocks come and go through a queue.</summary>
public sealed class BlockCache(int size) : IDisposable
{
    private readonly ConcurrentQueue<nint> _free = new();

    public nint Rent() => _free.TryDequeue(out var block) ? block : Marshal.AllocHGlobal(size);

    public void Return(nint block) => _free.Enqueue(block);

    public void Preload(int count)
    {
        for (var i = 0; i < count; i++)
            _free.Enqueue(Marshal.AllocHGlobal(size));
    }

    public void Dispose()
    {
        while (_free.TryDequeue(out var block))
            Marshal.FreeHGlobal(block);
    }
}

/// <summary>Rollback by hand, in the style of C.</summary>
public static unsafe class Builders
{
    public struct Header
    {
        public nint Name;
        public nint Payload;
        public int Length;
    }

    public static int Create(string name, int length, Header** result)
    {
        var error = 0;
        Header* header = null;
        nint text = 0, payload = 0;
        *result = null;
        header = (Header*)NativeMemory.AllocZeroed((nuint)sizeof(Header));
        text = Marshal.StringToHGlobalUni(name);
        if (length < 0)
        {
            error = -22;
            goto fail;
        }

        payload = Marshal.AllocHGlobal(length);
        header->Name = text;
        header->Payload = payload;
        header->Length = length;
        *result = header;
        return 0;

    fail:
        Marshal.FreeHGlobal(payload);
        Marshal.FreeHGlobal(text);
        NativeMemory.Free(header);
        return error;
    }

    public static void Destroy(Header* header)
    {
        if (header == null)
            return;
        Marshal.FreeHGlobal(header->Payload);
        Marshal.FreeHGlobal(header->Name);
        NativeMemory.Free(header);
    }

    public static string Describe(Stream input, int length)
    {
        var buffer = NativeMemory.AlignedAlloc((nuint)length, 64);
        try
        {
            var span = new Span<byte>(buffer, length);
            var read = input.Read(span);
            if (read == 0)
                return string.Empty;
            return Encoding.UTF8.GetString(span[..read]);
        }
        finally
        {
            NativeMemory.AlignedFree(buffer);
        }
    }

    public static nint[] AllocateAll(int[] sizes)
    {
        var blocks = new nint[sizes.Length];
        var done = 0;
        try
        {
            for (; done < sizes.Length; done++)
                blocks[done] = Marshal.AllocCoTaskMem(sizes[done]);
            return blocks;
        }
        catch
        {
            while (done-- > 0)
                Marshal.FreeCoTaskMem(blocks[done]);
            throw;
        }
    }

    public static IEnumerable<string> Lines(int length)
    {
        var memory = Marshal.AllocHGlobal(length);
        try
        {
            for (var i = 0; i < length; i++)
                yield return Marshal.ReadByte(memory, i).ToString("x2", null);
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }
}

/// <summary>A safe handle: the framework counts, we count with it.</summary>
public sealed class BlockHandle : SafeHandle
{
    public BlockHandle(int length)
        : base(0, ownsHandle: true) => SetHandle(Marshal.AllocHGlobal(length));

    public override bool IsInvalid => handle == 0;

    public byte First()
    {
        var added = false;
        try
        {
            DangerousAddRef(ref added);
            return Marshal.ReadByte(DangerousGetHandle());
        }
        finally
        {
            if (added)
                DangerousRelease();
        }
    }

    protected override bool ReleaseHandle()
    {
        Marshal.FreeHGlobal(handle);
        return true;
    }
}
