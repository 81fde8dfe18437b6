using System.Runtime.Versioning;
using PinAccounting.Memory.Os;
using Xunit;

namespace PinAccounting.Tests.Memory;

public sealed class OsSeamTests
{
    [Theory]
    [InlineData("VmPeak:\t  10 kB\nVmLck:\t    64 kB\nVmPin:\t 3 kB\n", 65536)]
    [InlineData("VmLck:\t       0 kB\n", 0)]
    [InlineData("", -1)]
    [InlineData("VmLck:\t kB\n", -1)]
    [InlineData("VmLck:\t99999999999999999999 kB\n", -1)]
    [InlineData("VmLck:\t-4 kB\n", -1)]
    public void Parse_OfStatus_ReadsTheLineOrSaysOtherwise(string text, long expected)
        => Assert.Equal(expected, ProcessLockLimit.Parse(text, "VmLck:", 1024, otherwise: -1));

    [Theory]
    [InlineData("Max locked memory         65536                8388608              bytes     \n", 65536)]
    [InlineData("Max locked memory         unlimited            unlimited            bytes     \n", long.MaxValue)]
    public void Parse_OfLimits_ReadsTheSoftOne(string text, long expected)
        => Assert.Equal(expected, ProcessLockLimit.Parse(text, "Max locked memory", 1, long.MaxValue));

    [Theory]
    [InlineData(1453, ChargeStatus.PolicyLimit)]
    [InlineData(1314, ChargeStatus.PolicyLimit)]
    [InlineData(87, ChargeStatus.InvalidArgument)]
    [InlineData(1455, ChargeStatus.ResourceExhausted)]
    [InlineData(8, ChargeStatus.ResourceExhausted)]
    [InlineData(120, ChargeStatus.NotSupported)]
    [SupportedOSPlatform("windows")] // only by its name: a table of numbers, tested everywhere
    public void WindowsErrors_MeanWhatTheyShould(int error, ChargeStatus status) => Assert.Equal(status, WindowsPages.Means(error));

    [LinuxTheory]
    [UnsupportedOSPlatform("windows")]
    [InlineData(1, ChargeStatus.PolicyLimit)]
    [InlineData(4, ChargeStatus.Interrupted)]
    [InlineData(11, ChargeStatus.ResourceExhausted)]
    [InlineData(12, ChargeStatus.ResourceExhausted)]
    [InlineData(22, ChargeStatus.InvalidArgument)]
    [InlineData(38, ChargeStatus.NotSupported)]
    public void LinuxErrors_MeanWhatTheyShould(int error, ChargeStatus status) => Assert.Equal(status, UnixPages.Means(error));

    [LinuxFact]
    [UnsupportedOSPlatform("windows")]
    public void Unix_OfWhatIsNotThere_FailsAndSaysWhichCall()
    {
        UnixPages system = new();
        OsOutcome mapped = system.Map(0, out nint address);
        Assert.Equal(("mmap", 22, ChargeStatus.InvalidArgument), (mapped.Call, mapped.Error, mapped.Status));
        Assert.Equal(0, address);
        Assert.Equal(ChargeStatus.ResourceExhausted, system.Map(unchecked((nuint)(-4096)), out _).Status);
        OsOutcome locked = system.Lock(4096, 4096);
        Assert.Equal(("mlock", 12), (locked.Call, locked.Error));
        Assert.False(system.Unlock(4096, 4096).Succeeded);
        Assert.False(system.Unmap(1, 4096).Succeeded);
    }

    [Theory]
    [InlineData(65536, 0, 16, 0)]
    [InlineData(65536, 4097, 16, 2)]
    [InlineData(0, 8192, 0, 2)]
    [InlineData(long.MaxValue, 0, long.MaxValue, 0)]
    [InlineData(6000, 0, 1, 0)]
    public void NewProcessAccount_TakesLimitAndStartFromTheSystem(long limit, long locked, long limitPages, long usedPages)
    {
        using PinAccount account = PinAccount.NewProcessAccount(limit, locked, 4096);
        Assert.Equal((limitPages, usedPages), (account.Limit, account.Used));
        Assert.Equal(BypassPolicy.LimitOnly, account.BypassPolicy);
        account.Uncharge(usedPages);
    }

    [Fact]
    public void ForProcess_IsOneAccount() => Assert.Same(PinAccount.ForProcess(), PinAccount.ForProcess());
}
