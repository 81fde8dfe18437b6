using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace Corpus.Valid;

/// <summary>A buffer that pins on first use and unpins when the last user has gone.</summary>
public sealed unsafe class CountedPin : IDisposable
{
    private readonly byte[] _data;
    private GCHandle _handle;
    private int _users;

    public CountedPin(int length) => _data = new byte[length];

    ~CountedPin()
    {
        if (_handle.IsAllocated)
            _handle.Free();
    }

    public byte* Pin()
    {
        lock (_data)
        {
            if (_users++ == 0)
                _handle = GCHandle.Alloc(_data, GCHandleType.Pinned);
            return (byte*)_handle.AddrOfPinnedObject();
        }
    }

    public void Unpin()
    {
        lock (_data)
        {
            if (--_users == 0)
                _handle.Free();
        }
    }

    public void Dispose()
    {
        lock (_data)
        {
            if (_handle.IsAllocated)
                _handle.Free();
            _users = 0;
        }

        GC.SuppressFinalize(this);
    }
}

/// <summary>Pins what a native call reads while it runs, on the stack of the caller.</summary>
public ref struct PinnedList
{
    private readonly GCHandle[] _handles;
    private int _count;

    public PinnedList(int capacity) => _handles = new GCHandle[capacity];

    public readonly int Count => _count;

    public nint Add(object target)
    {
        var handle = GCHandle.Alloc(target, GCHandleType.Pinned);
        _handles[_count++] = handle;
        return handle.AddrOfPinnedObject();
    }

    public void Dispose()
    {
        while (_count > 0)
            _handles[--_count].Free();
    }
}

/// <summary>State that travels through native code as a number and comes back in a callback.</summary>
public static class CallbackState
{
    private static readonly Dictionary<nint, GCHandle> s_pending = [];

    public static nint Register(Action<int> callback)
    {
        var handle = GCHandle.Alloc(callback);
        var key = GCHandle.ToIntPtr(handle);
        lock (s_pending)
            s_pending.Add(key, handle);
        return key;
    }

    public static void Complete(nint key, int result)
    {
        GCHandle handle;
        lock (s_pending)
        {
            if (!s_pending.Remove(key, out handle))
                return;
        }

        var callback = (Action<int>?)handle.Target;
        handle.Free();
        callback?.Invoke(result);
    }

    public static nint Once(Func<bool> work) => GCHandle.ToIntPtr(GCHandle.Alloc(work));

    public static bool RunOnce(nint state)
    {
        var handle = GCHandle.FromIntPtr(state);
        try
        {
            return handle.Target is Func<bool> work && work();
        }
        finally
        {
            handle.Free();
        }
    }
}

/// <summary>One member pins, another of the same type unpins: asked by the framework, which pairs them.</summary>
public sealed unsafe class PinnableBlock : MemoryManager<byte>
{
    private readonly byte[] _array = new byte[256];
    private GCHandle _pin;

    public override Span<byte> GetSpan() => _array;

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        if (!_pin.IsAllocated)
            _pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
        return new MemoryHandle((byte*)_pin.AddrOfPinnedObject() + elementIndex, default, this);
    }

    public override void Unpin()
    {
        if (_pin.IsAllocated)
            _pin.Free();
    }

    protected override void Dispose(bool disposing) => Unpin();
}

/// <summary>Several ways to need a pin only sometimes.</summary>
public static class SometimesPinned
{
    public static int Checksum(ReadOnlySpan<byte> inline, byte[]? array)
    {
        GCHandle handle = default;
        var pinned = false;
        if (array is { Length: > 0 })
        {
            handle = GCHandle.Alloc(array, GCHandleType.Pinned);
            pinned = true;
        }

        var sum = 0;
        foreach (var b in inline)
            sum += b;
        if (pinned)
            handle.Free();
        return sum;
    }

    public static void Exchange(object first, object second, Action<nint, nint> use)
    {
        GCHandle a = default, b = default;
        try
        {
            a = GCHandle.Alloc(first, GCHandleType.Pinned);
            b = GCHandle.Alloc(second, GCHandleType.Pinned);
            use(a.AddrOfPinnedObject(), b.AddrOfPinnedObject());
        }
        finally
        {
            if (b.IsAllocated)
                b.Free();
            if (a.IsAllocated)
                a.Free();
        }
    }

    public static void Optional(object? target, Action<nint> use)
    {
        GCHandle? handle = target is null ? null : GCHandle.Alloc(target);
        try
        {
            use(handle is { } h ? GCHandle.ToIntPtr(h) : 0);
        }
        finally
        {
            handle?.Free();
        }
    }

    public static void WithMemory(Memory<byte> memory, CancellationToken cancellation)
    {
        using var pin = memory.Pin();
        cancellation.ThrowIfCancellationRequested();
        Native.Consume(pin);
    }

    private static class Native
    {
        public static unsafe void Consume(in MemoryHandle handle)
        {
            if (handle.Pointer is null)
                throw new ArgumentException("not pinned", nameof(handle));
        }
    }
}
