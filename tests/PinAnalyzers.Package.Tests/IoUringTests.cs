using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace PinAnalyzers.Package.Tests;

/// <summary>The sample's README is kept honest: its warnings are those of the build, and the clean twin keeps every byte and every page.</summary>
public sealed class IoUringTests(ITestOutputHelper log)
{
    private static readonly Dictionary<string, string> NoEnvironment = [];
    private static readonly Sample s_sample = new("IoUring");

    [Fact]
    public async Task Racy_BuildsWithTheWarningsItsReadmeLists()
    {
        string[] listed = [.. s_sample.ListedWarnings];
        Assert.Equal(listed, await s_sample.WarningsOfAsync("Racy"));
        Assert.Equal(Enumerable.Range(3001, 16).Select(number => $"PIN{number}"), listed.Select(line => line[^7..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Clean_BuildsWithoutWarnings() => Assert.Empty(await s_sample.WarningsOfAsync("Clean"));

    [Theory]
    [InlineData]
    [InlineData("--polled")]
    public async Task TenThousandOperations_BringEveryByteBack(params string[] options) =>
        Says("10000 operations, 2560000 bytes, all the same", await RunAsync([], ["--round-trip", "10000", .. options]));

    [Fact]
    public async Task MoreCompletionsThanTheRingHolds_AllComeOutOnce() =>
        Says("1000 submitted, 1000 completed, 0 lost, overflow seen, monitor counts 1000", await RunAsync([], "--overflow", "1000"));

    [Theory]
    [InlineData]
    [InlineData("--polled")]
    public async Task OneThreadSubmits_AnotherCompletes(params string[] options) =>
        Says("20000 submitted, 20000 completed", await RunAsync([], ["--hammer", "20000", .. options]));

    /// <summary>In a process that has no other capability: charged over the limit while it is there, given back to the same owner when it is gone.</summary>
    [CapabilityFact]
    public async Task CapabilityDroppedBeforeTheClose_LeavesTheBalanceExact()
    {
        DotNetResult run = await RunAsync(["setpriv", "--bounding-set=-all,+ipc_lock", "--inh-caps=-all"], "--teardown");
        if (!Says("held over the limit: account 64 pages, kernel 256 kB", run)) return;
        Assert.Contains("may exceed the limit: True when charged, False when given back", run.Output, StringComparison.Ordinal);
        Assert.Contains("after: account 0 pages, kernel 0 kB", run.Output, StringComparison.Ordinal);
        Assert.Contains("over-released: 0, outstanding: 0", run.Output, StringComparison.Ordinal);
    }

    [CapabilityFact]
    public async Task WithoutTheCapability_TheLimitHoldsAndNothingIsCharged()
    {
        DotNetResult run = await RunAsync(["setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"], "--teardown");
        if (Says("refused: 64 pages are over the limit of 16", run)) Assert.Contains("after: account 0 pages, kernel 0 kB", run.Output, StringComparison.Ordinal);
    }

    /// <summary>False where the kernel refused the ring and the program said so.</summary>
    private bool Says(string expected, DotNetResult run)
    {
        run.ShouldSucceed();
        if (run.Output.Contains("skipped: ", StringComparison.Ordinal))
        {
            log.WriteLine(run.Output);
            return false;
        }

        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
        return true;
    }

    private static async Task<DotNetResult> RunAsync(IReadOnlyList<string> prefix, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        string program = s_sample.PathTo("Clean", "bin", Repository.Configuration, "net10.0", "IoUring.Clean.dll");
        return await DotNet.RunBehindAsync(prefix, directory.FullPath, NoEnvironment, ["exec", program, .. arguments]);
    }

    /// <summary>A test that gives a child process its capabilities; skipped, with the reason, where that cannot be done.</summary>
    private sealed class CapabilityFactAttribute : FactAttribute
    {
        public CapabilityFactAttribute() => Skip = Refusal();

        private static string? Refusal()
        {
            if (!OperatingSystem.IsLinux()) return "io_uring and its capability are Linux's.";
            if (!Environment.IsPrivilegedProcess) return "Only root has a capability to drop.";
            bool isInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, "setpriv")));
            return isInstalled ? null : "setpriv (util-linux) is not installed.";
        }
    }
}
