namespace PinAnalyzers.Benchmarks.Inputs;

/// <summary>Members that take and return something, in the proportions real code shows; <c>@</c> makes names unique.</summary>
internal static class PairTemplates
{
    public const string Fields = """
            private readonly SemaphoreSlim _gate = new(1, 1);
            private readonly object _sync = new();
            private readonly ReaderWriterLockSlim _lock = new();
            private GCHandle _pin;
            private IntPtr _memory;
            private byte[]? _rented;
            private int _count;

        """;

    public static IReadOnlyList<string> Members { get; } =
    [
        """
            public int SemaphoreInFinally@(int value)
            {
                _gate.Wait();
                try
                {
                    if (value < 0) return -1;
                    _count += value;
                    return _count;
                }
                finally
                {
                    _gate.Release();
                }
            }
        """,
        """
            public async Task<int> SemaphoreAwaited@(Stream stream, CancellationToken token)
            {
                await _gate.WaitAsync(token).ConfigureAwait(false);
                try
                {
                    var buffer = new byte[16];
                    var read = await stream.ReadAsync(buffer, token).ConfigureAwait(false);
                    return read > 0 ? buffer[0] : 0;
                }
                finally
                {
                    _gate.Release();
                }
            }
        """,
        """
            public bool SemaphoreTried@(int timeout)
            {
                if (!_gate.Wait(timeout)) return false;
                try
                {
                    for (var i = 0; i < timeout; i++) _count ^= i;
                    return true;
                }
                finally
                {
                    _gate.Release();
                }
            }
        """,
        """
            public long PinnedArray@(byte[] data)
            {
                var handle = GCHandle.Alloc(data, GCHandleType.Pinned);
                try
                {
                    long sum = 0;
                    for (var i = 0; i < data.Length; i++) sum += Marshal.ReadByte(handle.AddrOfPinnedObject(), i);
                    return sum;
                }
                finally
                {
                    handle.Free();
                }
            }
        """,
        """
            public void PinnedField@(byte[] data)
            {
                if (_pin.IsAllocated) _pin.Free();
                _pin = GCHandle.Alloc(data, GCHandleType.Pinned);
                _count = data.Length;
            }
        """,
        """
            public int UnmanagedBlock@(string text, int size)
            {
                IntPtr block = IntPtr.Zero;
                try
                {
                    block = Marshal.AllocHGlobal(size);
                    for (var i = 0; i < size && i < text.Length; i++) Marshal.WriteByte(block, i, (byte)text[i]);
                    return Marshal.ReadInt32(block);
                }
                finally
                {
                    if (block != IntPtr.Zero) Marshal.FreeHGlobal(block);
                }
            }
        """,
        """
            public IntPtr UnmanagedResult@(int size)
            {
                var block = Marshal.AllocHGlobal(size);
                try
                {
                    Marshal.WriteInt32(block, Checked@(size));
                    return block;
                }
                catch
                {
                    Marshal.FreeHGlobal(block);
                    throw;
                }
            }

            private static int Checked@(int size) => size > 0 ? size : throw new ArgumentOutOfRangeException(nameof(size));
        """,
        """
            public void UnmanagedField@(int size)
            {
                Release@();
                _memory = Marshal.AllocHGlobal(size);
                GC.AddMemoryPressure(size);
            }

            private void Release@()
            {
                var old = Interlocked.Exchange(ref _memory, IntPtr.Zero);
                if (old == IntPtr.Zero) return;
                Marshal.FreeHGlobal(old);
            }
        """,
        """
            public string Rented@(ReadOnlySpan<char> text)
            {
                char[]? rented = null;
                Span<char> buffer = text.Length <= 64 ? stackalloc char[64] : (rented = ArrayPool<char>.Shared.Rent(text.Length));
                try
                {
                    text.ToUpperInvariant(buffer);
                    return buffer[..text.Length].ToString();
                }
                finally
                {
                    if (rented is not null) ArrayPool<char>.Shared.Return(rented);
                }
            }
        """,
        """
            public byte[] RentedField@(int size)
            {
                if (_rented is { } old && old.Length < size)
                {
                    _rented = null;
                    ArrayPool<byte>.Shared.Return(old);
                }

                return _rented ??= ArrayPool<byte>.Shared.Rent(size);
            }
        """,
        """
            public int MonitorTaken@(int value)
            {
                var taken = false;
                try
                {
                    Monitor.TryEnter(_sync, value, ref taken);
                    if (!taken) return 0;
                    switch (value & 3)
                    {
                        case 0: return _count;
                        case 1: _count++; break;
                        default: _count--; break;
                    }

                    return -_count;
                }
                finally
                {
                    if (taken) Monitor.Exit(_sync);
                }
            }
        """,
        """
            public int ReaderThenWriter@(Dictionary<int, int> map, int key)
            {
                _lock.EnterUpgradeableReadLock();
                try
                {
                    if (map.TryGetValue(key, out var value)) return value;
                    _lock.EnterWriteLock();
                    try
                    {
                        map[key] = value = map.Count;
                        return value;
                    }
                    finally
                    {
                        _lock.ExitWriteLock();
                    }
                }
                finally
                {
                    _lock.ExitUpgradeableReadLock();
                }
            }
        """,
    ];
}
