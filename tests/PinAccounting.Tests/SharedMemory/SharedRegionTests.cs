using System;
using System.IO;
using System.IO.Pipes;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using PinAccounting.SharedMemory;
using PinAccounting.Tests.ChildProcesses;
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

    /// <summary>The caller gave an offset: an address would tell him nothing, and everybody who reads the log where this process keeps its memory.</summary>
    [Fact]
    public void Cells_Unaligned_ThrowAndSayWhichOffsetOfWhichRegion()
    {
        using SharedRegion region = SharedRegion.CreateFile(_path, 4096);
        foreach ((Action cell, string offset) in new (Action, string)[] { (() => region.UInt32At(4090), "4090"), (() => region.UInt64At(2044), "2044") })
        {
            ArgumentException refused = Assert.Throws<ArgumentException>(cell);
            Assert.Equal("offset", refused.ParamName);
            Assert.Contains(offset, refused.Message, StringComparison.Ordinal);
            Assert.Contains(_path, refused.Message, StringComparison.Ordinal);
        }
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

    /// <summary>A ring keeps the mapping, not the region: a cell that is made now would be gone with the ring.</summary>
    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void Everything_AfterDispose_Throws_ThoughARingKeepsItMapped()
    {
        SharedRegion plain = SharedRegion.CreateFile(_path, 4096), isSealed = SharedRegion.CreateSealed("sealed", 4096);
        foreach (SharedRegion region in new[] { plain, isSealed })
        {
            using SpscRing<int> ring = SpscRing<int>.Create(region, 4);
            region.Dispose();
            Action[] doors = [() => region.UInt32At(0), () => region.UInt64At(0), () => Snapshot.Take<int>(region, 0), () => SpscRing<int>.Attach(region), () => SpscRing<int>.Create(region, 4)];
            foreach (Action door in doors)
                Assert.Contains(region.Name, Assert.Throws<ObjectDisposedException>(door).Message, StringComparison.Ordinal);
            Assert.True(ring.TryWrite(1));
        }
    }

    [Fact]
    public void Cells_WhileAnotherThreadDisposes_AreMadeOrRefusedWithTheNameOfTheRegion()
    {
        for (int round = 0; round < 300; round++)
        {
            SharedRegion region = SharedRegion.CreateFile(_path, 4096);
            using Barrier both = new(2);
            ObjectDisposedException? refused = null;
            Thread user = new(() =>
            {
                both.SignalAndWait();
                try
                {
                    while (true)
                        region.UInt32At(0);
                }
                catch (ObjectDisposedException disposed)
                {
                    refused = disposed;
                }
            });
            user.Start();
            both.SignalAndWait();
            region.Dispose();
            user.Join();
            Assert.Contains(_path, refused!.Message, StringComparison.Ordinal);
            File.Delete(_path);
        }
    }

    /// <summary>The length is read, and then the file is mapped: a peer can change it in between. What is mapped is what was there both times, and the peer's file is left alone.</summary>
    [Theory]
    [InlineData(4096, 8192, 4096)]
    [InlineData(8192, 100, 100)]
    [InlineData(8192, 8191, 8191)]
    public void File_ThatGetsAnotherLengthWhileItIsMapped_IsMappedAsFarAsItGoes(long read, int found, long expected)
    {
        File.WriteAllBytes(_path, new byte[found]);
        using SharedRegion region = new(_path, OpenForSharing(), read, isSealed: false);
        Assert.Equal(expected, region.Length);
        Assert.Equal(found, new FileInfo(_path).Length);
        Assert.Equal(0, Snapshot.Take<byte>(region, expected - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Snapshot.Take<byte>(region, expected));
    }

    [Fact]
    public void File_ThatIsEmptiedWhileItIsMapped_IsRefused()
    {
        File.WriteAllBytes(_path, []);
        using SafeFileHandle handle = OpenForSharing();
        Assert.Contains(_path, Assert.Throws<InvalidDataException>(() => new SharedRegion(_path, handle, 4096, isSealed: false)).Message, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(_path).Length);
    }

    /// <summary>A real peer, which grows and cuts the file all the time: only what the documentation names comes of it.</summary>
    [LinuxFact]
    public void OpenFile_OfAFileThatKeepsChangingItsLength_MapsItOrSaysThatItIsEmpty()
    {
        File.WriteAllBytes(_path, new byte[4096]);
        bool stop = false;
        Thread peer = new(() =>
        {
            using SafeFileHandle file = OpenForSharing();
            for (int n = 0; !Volatile.Read(ref stop); n++)
                RandomAccess.SetLength(file, 4096 * (n % 7));
        });
        peer.Start();
        try
        {
            for (int round = 0; round < 3000; round++)
            {
                try
                {
                    SharedRegion.OpenFile(_path).Dispose();
                }
                catch (InvalidDataException empty)
                {
                    Assert.Contains("empty", empty.Message, StringComparison.Ordinal);
                }
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            peer.Join();
        }
    }

    [LinuxFact]
    public void CreateFile_ThatCannotBeMapped_LeavesNoFileBehind()
        => Assert.Equal("OutOfAddressSpace, no file, then made", ChildProcess.Run([], "unmappable-file", _path));

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
    public void FromHandle_OfNoOpenFile_Throws()
    {
        File.WriteAllText(_path, "something");
        SafeFileHandle closed = File.OpenHandle(_path);
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => SharedRegion.FromHandle(closed, "closed"));
        Assert.Equal("handle", Assert.Throws<ArgumentException>(() => SharedRegion.FromHandle(new SafeFileHandle(-1, ownsHandle: false), "none")).ParamName);
        foreach (FileAccess access in new[] { FileAccess.Read, FileAccess.Write })
            Assert.Throws<UnauthorizedAccessException>(() => SharedRegion.FromHandle(File.OpenHandle(_path, FileMode.Open, access), "one way only", requireSealed: false));
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

    /// <summary>A host with vm.memfd_noexec=2 makes no others, and nobody should be able to run what a peer has written.</summary>
    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void CreateSealed_CannotBeExecuted()
    {
        if (Environment.OSVersion.Version < new Version(6, 3))
            return; // Older kernels know no other memory files.
        using SharedRegion region = SharedRegion.CreateSealed("sealed", 4096);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(region.FileHandle) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
        Assert.True(region.IsSealed);
    }

    private SafeFileHandle OpenForSharing() => File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void CreateSealed_OfWhatCannotBe_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedRegion.CreateSealed("none", 0));
        IOException refused = Assert.Throws<IOException>(() => SharedRegion.CreateSealed(new string('x', 1000), 4096));
        Assert.Contains("memfd_create", refused.Message, StringComparison.Ordinal);
    }
}
