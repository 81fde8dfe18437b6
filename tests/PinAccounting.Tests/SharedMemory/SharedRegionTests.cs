using System;
using System.IO;
using System.IO.Pipes;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using PinAccounting.SharedMemory;
using Xunit;

namespace PinAccounting.Tests.SharedMemory;

public sealed class SharedRegionTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void File_MappedTwice_IsTheSameMemory()
    {
        using SharedRegion first = SharedRegion.CreateFile(_path, 4096);
        using SharedRegion second = SharedRegion.OpenFile(_path);
        Assert.Equal(4096, second.Length);
        Assert.False(second.IsSealed);
        first.UInt64At(8).StoreRelease(0x0102030405060708);
        Assert.Equal(0x0102030405060708u, second.UInt64At(8).LoadAcquire());
        Assert.Equal(0x05060708u, Snapshot.Take<uint>(second, 8));
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(4093)]
    [InlineData(4096)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Cells_OutsideTheRegion_Throw(long offset)
    {
        using SharedRegion region = SharedRegion.CreateFile(_path, 4096);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.UInt32At(offset));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.UInt64At(offset));
        Assert.Throws<ArgumentOutOfRangeException>(() => Snapshot.Take<Job>(region, offset));
    }

    [Fact]
    public void Cells_Unaligned_Throw()
    {
        using SharedRegion region = SharedRegion.CreateFile(_path, 4096);
        Assert.Throws<ArgumentException>(() => region.UInt32At(2));
        Assert.Throws<ArgumentException>(() => region.UInt64At(4));
    }

    [Fact]
    public void Everything_AfterDispose_ThrowsAndSaysWhich()
    {
        SharedRegion region = SharedRegion.CreateFile(_path, 4096);
        region.Dispose();
        region.Dispose();
        Assert.Contains(_path, Assert.Throws<ObjectDisposedException>(() => region.UInt32At(0)).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => Snapshot.Take<int>(region, 0));
        Assert.Throws<ObjectDisposedException>(() => SpscRing<int>.Attach(region));
    }

    [Fact]
    public void Dispose_OnTwoThreadsAtOnce_ThrowsNothing()
    {
        using Barrier both = new(2);
        for (int round = 0; round < 300; round++)
        {
            SharedRegion region = SharedRegion.CreateFile(_path, 4096);
            Exception?[] thrown = new Exception?[2];
            Thread[] threads = [.. Enumerable.Range(0, 2).Select(i => new Thread(() =>
            {
                both.SignalAndWait();
                thrown[i] = Record.Exception(region.Dispose);
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                thread.Join();
            Assert.Equal([null, null], thrown);
            Assert.True(region.FileHandle.IsClosed);
            File.Delete(_path);
        }
    }

    /// <summary>The handle is the region's from the call on, whatever comes of it.</summary>
    [Fact]
    public void FromHandle_ThatThrows_HasClosedTheHandle()
    {
        File.WriteAllText(_path, "something");
        SafeFileHandle nameless = File.OpenHandle(_path);
        Assert.Throws<ArgumentNullException>(() => SharedRegion.FromHandle(nameless, null!));
        Assert.True(nameless.IsClosed);

        SafeFileHandle unsealed = File.OpenHandle(_path);
        Assert.Throws<InvalidDataException>(() => SharedRegion.FromHandle(unsealed, "unsealed"));
        Assert.True(unsealed.IsClosed);

        using AnonymousPipeServerStream pipe = new();
        SafeFileHandle endless = new(pipe.SafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        Assert.Contains("endless", Assert.Throws<InvalidDataException>(() => SharedRegion.FromHandle(endless, "endless", requireSealed: false)).Message, StringComparison.Ordinal);
        Assert.True(endless.IsClosed);
    }

    [Fact]
    public void OpenFile_ThatIsEmptyOrMissing_Throws()
    {
        Assert.Throws<FileNotFoundException>(() => SharedRegion.OpenFile(_path));
        File.WriteAllBytes(_path, []);
        Assert.Throws<InvalidDataException>(() => SharedRegion.OpenFile(_path));
    }

    [Fact]
    public void CreateFile_OverAnExistingOne_Throws()
    {
        File.WriteAllText(_path, "mine");
        Assert.Throws<IOException>(() => SharedRegion.CreateFile(_path, 4096));
        Assert.Equal("mine", File.ReadAllText(_path));
    }

    [Fact]
    public void OpenFile_ThatThePeerCouldShrink_IsRefusedWhereThatIsAsked()
    {
        using SharedRegion region = SharedRegion.CreateFile(_path, 4096);
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => SharedRegion.OpenFile(_path, requireSealed: true));
        Assert.Contains("sealed", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Without the test of the length the first access would be a SIGBUS, and this process gone.</summary>
    [LinuxFact]
    public void File_CutByThePeer_IsRefusedAtEveryDoorAndSaysWhich()
    {
        int page = Environment.SystemPageSize;
        using SharedRegion region = SharedRegion.CreateFile(_path, 4L * page);
        using (SpscRing<long>.Create(region, 256))
        {
            // Made, and left for the peer.
        }

        using (FileStream peer = new(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            peer.SetLength(0);
        Action[] doors =
        [
            () => region.UInt32At(3 * page), () => region.UInt64At(0), () => Snapshot.Take<long>(region, 2 * page),
            () => SpscRing<long>.Attach(region), () => SpscRing<long>.Create(region, 256),
        ];
        foreach (Action door in doors)
        {
            InvalidDataException refused = Assert.Throws<InvalidDataException>(door);
            Assert.Contains(_path, refused.Message, StringComparison.Ordinal);
            Assert.Contains("cut to 0 bytes", refused.Message, StringComparison.Ordinal);
        }

        using (FileStream peer = new(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            peer.SetLength(4L * page);
        Assert.Equal(0u, region.UInt32At(3 * page).LoadAcquire());
        Assert.Throws<InvalidDataException>(() => SpscRing<long>.Attach(region)); // it is there again, and empty: no ring
    }

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void CreateSealed_CannotBeShrunkOrGrownByAnyHolder()
    {
        using SharedRegion region = SharedRegion.CreateSealed("sealed", 10_000);
        Assert.True(region.IsSealed);
        string path = $"/proc/{Environment.ProcessId}/fd/{region.FileHandle.DangerousGetHandle()}";
        using SharedRegion peer = SharedRegion.OpenFile(path, requireSealed: true);
        Assert.True(peer.IsSealed);
        Assert.Equal(10_000, peer.Length);
        Assert.ThrowsAny<Exception>(() => RandomAccess.SetLength(peer.FileHandle, 1));
        Assert.ThrowsAny<Exception>(() => RandomAccess.SetLength(peer.FileHandle, 100_000));
        peer.UInt32At(9_996).StoreRelease(5);
        Assert.Equal(5u, region.UInt32At(9_996).LoadAcquire());
    }

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void CreateSealed_OfWhatCannotBe_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedRegion.CreateSealed("none", 0));
        IOException refused = Assert.Throws<IOException>(() => SharedRegion.CreateSealed(new string('x', 1000), 4096));
        Assert.Contains("memfd_create", refused.Message, StringComparison.Ordinal);
    }
}
