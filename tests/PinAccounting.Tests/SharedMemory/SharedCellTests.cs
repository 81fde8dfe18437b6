using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using PinAccounting.SharedMemory;
using Xunit;

namespace PinAccounting.Tests.SharedMemory;

public sealed unsafe class SharedCellTests : IDisposable
{
    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(64, 64);

    public SharedCellTests() => NativeMemory.Clear(_memory, 64);

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void UInt32_AtAnUnalignedAddress_Throws(int offset)
        => Assert.Throws<ArgumentException>(() => new SharedUInt32(_memory + offset));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void UInt64_AtAnUnalignedAddress_Throws(int offset)
        => Assert.Throws<ArgumentException>(() => new SharedUInt64(_memory + offset));

    [Fact]
    public void Cells_AtNull_Throw()
    {
        Assert.Throws<ArgumentNullException>(static () => new SharedUInt32(null));
        Assert.Throws<ArgumentNullException>(static () => new SharedUInt64(null));
    }

    [Fact]
    public void Cells_ReadWhatWasStoredAndWrap()
    {
        SharedUInt32 narrow = new(_memory + 4);
        narrow.StoreRelease(uint.MaxValue);
        Assert.Equal(uint.MaxValue, narrow.LoadAcquire());
        Assert.Equal(0u, narrow.Increment());
        SharedUInt64 wide = new(_memory + 8);
        wide.StoreRelease(ulong.MaxValue);
        Assert.Equal(ulong.MaxValue, wide.LoadAcquire());
        Assert.Equal(0ul, wide.Increment());
        Assert.Equal(narrow, new SharedUInt32(_memory + 4));
        Assert.True(wide != new SharedUInt64(_memory + 16));
    }

    [Fact]
    public void Increment_FromManyThreads_LosesNothing()
    {
        SharedUInt32 narrow = new(_memory);
        SharedUInt64 wide = new(_memory + 8);
        Parallel.ForEach(Enumerable.Range(0, 4), _ =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                narrow.Increment();
                wide.Increment();
            }
        });
        Assert.Equal(80_000u, narrow.LoadAcquire());
        Assert.Equal(80_000ul, wide.LoadAcquire());
    }

    [Fact]
    public void Snapshot_OfAnySizeAtAnyAlignment_IsTheSameBytes()
    {
        for (int i = 0; i < 64; i++)
            _memory[i] = (byte)(i * 37);
        for (int at = 0; at < 16; at++)
        {
            Check<byte>(at);
            Check<ushort>(at);
            Check<uint>(at);
            Check<ulong>(at);
            Check<(uint, byte)>(at);
            Check<(ulong, ulong, ushort)>(at);
            Check<(byte, byte, byte)>(at);
            Check<Guid>(at);
        }
        Assert.Throws<ArgumentNullException>(static () => Snapshot.Take<int>(null));

        void Check<T>(int at) where T : unmanaged
        {
            T copy = Snapshot.Take((T*)(_memory + at));
            Assert.Equal(new ReadOnlySpan<byte>(_memory + at, sizeof(T)).ToArray(), new ReadOnlySpan<byte>(&copy, sizeof(T)).ToArray());
        }
    }
}
