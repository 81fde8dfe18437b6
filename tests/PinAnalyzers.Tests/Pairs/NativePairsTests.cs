using System.Linq;
using PinAnalyzers.Pairs;

using Xunit;

namespace PinAnalyzers.Tests.Pairs;

public sealed class NativePairsTests
{
    private const string Imports = """
        [DllImport("libc", SetLastError = true)] static extern int mlock(nint address, nuint length);
        [DllImport("libc", EntryPoint = "munlock")] static extern int Unlock(nint address, nuint length);
        [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)] private static partial nint Map(nint address, nuint length, int protection, int flags, int fd, nint offset);
        private static partial nint Map(nint address, nuint length, int protection, int flags, int fd, nint offset) => 0;
        const string Entry = "munmap";
        [DllImport("libc", EntryPoint = Entry)] static extern int Unmap(nint address, nuint length);
        [DllImport("kernel32")] static extern bool VirtualLock(nint address, nuint length);
        [DllImport("kernel32")] static extern nint VirtualAlloc(nint address, nuint length, uint type, uint protection);
        [DllImport("kernel32")] static extern bool VirtualFree(nint address, nuint length, uint type);
        [DllImport("kernel32")] static extern SafeBuffer MapViewOfFile(nint h, uint a, uint b, uint c, nuint d);
        [DllImport("libc")] static extern int getpid();
        static int munlock(nint address, nuint length) => 0;
        """;

    private const string Calls = "mlock(1, 2); Unlock(1, 2); Map(0, 1, 1, 1, 1, 0); Unmap(1, 2); VirtualLock(1, 2); VirtualAlloc(0, 1, 1, 1); VirtualFree(1, 0, 0x8000); MapViewOfFile(0, 0, 0, 0, 0); getpid(); munlock(1, 2);";

    private readonly PairProbe _probe = PairProbe.Body(Calls, Imports);

    [Fact]
    public void Lock_IsKnownByItsAddressAndDoesNotStack()
    {
        var charge = _probe.Charge("mlock");
        Assert.Equal(ValueSource.Argument(0), charge.Identity);
        Assert.Equal(SuccessSignal.Zero, charge.Success);
        Assert.Equal(Stacking.Idempotent, charge.Pair.Stacking);
        Assert.False(charge.Pair.HasToken);
        Assert.Same(charge.Pair, _probe.Release("Unlock").Pair);
    }

    [Fact]
    public void Mapping_FailsWithMinusOneAndOnlyWhereItIsNotFixed()
    {
        var charge = _probe.Charge("Map(");
        Assert.Equal(SuccessSignal.NotMinusOne, charge.Success);
        Assert.True(charge.Condition!.Value.Holds(0x22));
        Assert.False(charge.Condition!.Value.Holds(0x32));
    }

    [Fact]
    public void Unmapping_AlsoEndsTheLock()
    {
        var releases = _probe.Releases("Unmap");
        Assert.Contains(releases, release => release.Pair.Key == "mmap" && !release.Implied);
        Assert.Contains(releases, release => release.Pair.Key == "mlock" && release.Implied);
    }

    [Fact]
    public void VirtualFree_FreesOnlyWithMemRelease()
    {
        Assert.Equal(SuccessSignal.True, _probe.Charge("VirtualLock").Success);
        Assert.Equal(SuccessSignal.NotNull, _probe.Charge("VirtualAlloc").Success);
        var release = _probe.Releases("VirtualFree").Single(release => !release.Implied);
        Assert.True(release.Condition!.Value.Holds(0x8000));
        Assert.False(release.Condition!.Value.Holds(0x4000));

        // A region that is split into two placeholders, or joined of them, stays reserved.
        Assert.False(release.Condition!.Value.Holds(0x8000 | 0x2));
        Assert.False(release.Condition!.Value.Holds(0x8000 | 0x1));
    }

    [Fact]
    public void ImportThatReturnsASafeHandle_LeavesNothingToFree() => Assert.Empty(_probe.Charges("MapViewOfFile"));

    [Fact]
    public void ManagedNamesake_AndOtherImports_AreNoPairs()
    {
        Assert.Empty(_probe.Releases("munlock"));
        Assert.Empty(_probe.Charges("getpid"));
    }

    [Fact]
    public void Names_AreThoseOfTheImports()
    {
        Assert.Contains("mlock", _probe.Catalog.ChargeNames);
        Assert.Contains("Map", _probe.Catalog.ChargeNames);
        Assert.Contains("Unlock", _probe.Catalog.ReleaseNames);
        Assert.Contains("Unmap", _probe.Catalog.ReleaseNames);
        Assert.DoesNotContain("getpid", _probe.Catalog.ChargeNames);
        Assert.DoesNotContain("mlock", new PairProbe("class C;").Catalog.ChargeNames);
    }
}
