using System;
using System.Buffers;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Corpus.Valid;

/// <summary>Rented arrays: on the stack when small, returned when rented, handed on when asked for.</summary>
public static class Pooling
{
    public static int CountUpper(ReadOnlySpan<char> text)
    {
        char[]? rented = null;
        Span<char> copy = text.Length <= 64 ? stackalloc char[64] : (rented = ArrayPool<char>.Shared.Rent(text.Length));
        text.CopyTo(copy);
        var count = 0;
        foreach (var c in copy[..text.Length])
        {
            if (c is >= 'A' and <= 'Z')
                count++;
        }

        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return count;
    }

    public static async Task<string> ReadAsync(Stream stream, int length, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var read = 0;
            while (read < length)
            {
                var n = await stream.ReadAsync(buffer.AsMemory(read, length - read), cancellation);
                if (n == 0)
                    break;
                read += n;
            }

            return Encoding.UTF8.GetString(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static byte[] Grow(byte[] buffer, int needed)
    {
        if (needed <= buffer.Length)
            return buffer;
        var larger = ArrayPool<byte>.Shared.Rent(needed);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    public static IMemoryOwner<byte> Slice(int length)
    {
        var owner = MemoryPool<byte>.Shared.Rent(length);
        owner.Memory.Span.Clear();
        return owner;
    }

    public static void Fill(int length, Action<Memory<byte>> fill)
    {
        using var owner = Slice(length);
        fill(owner.Memory[..length]);
    }

    public ref struct Builder
    {
        private byte[]? _rented;
        private int _length;

        public void Append(byte value)
        {
            _rented ??= ArrayPool<byte>.Shared.Rent(16);
            if (_length == _rented.Length)
                _rented = Grow(_rented, _length * 2);
            _rented[_length++] = value;
        }

        public byte[] ToArray() => _rented.AsSpan(0, _length).ToArray();

        public void Dispose()
        {
            var rented = _rented;
            this = default;
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
