using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace PinAnalyzers.Package.Tests;

/// <summary>The command: what <see cref="SampleTests"/> runs is the table.</summary>
public sealed class MemoryLockTests(ITestOutputHelper log)
{
    [Fact]
    public async Task Command_RunsUnderTheLimitAndHasNoLocks()
    {
        if (await RunAsync("Good", "sh", "-c", "ulimit -l; grep VmLck /proc/self/status") is not { } run) return;
        run.ShouldSucceed();
        string kilobytes = FormattableString.Invariant($"{16 * Environment.SystemPageSize / 1024}");
        Assert.Matches($@"(?m)^{kilobytes}\r?\n^VmLck:\s+0 kB", run.Output);
    }

    [Theory]
    [InlineData("false", 1)]
    [InlineData("no-such-command-anywhere", 127)]
    public async Task Command_DecidesTheExitCodeAndLeavesTheLimitAlone(string command, int exitCode)
    {
        if (await RunAsync("Good", command) is not { } run) return;
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(LimitIn("before", run.Output), LimitIn("after", run.Output));
    }

    [Fact]
    public async Task BadCommandThatDoesNotExist_LeavesTheLimitLowered()
    {
        if (await RunAsync("Bad", "no-such-command-anywhere") is not { } run) return;
        Assert.Equal("16", LimitIn("after", run.Output));
    }

    private async Task<DotNetResult?> RunAsync(string twin, params string[] command)
    {
        string program = new Sample("MemoryLock").PathTo(twin, "bin", Repository.Configuration, "net10.0", $"MemoryLock.{twin}.dll");
        DotNetResult run = await DotNet.RunAsync(Repository.Root, new Dictionary<string, string>(), ["exec", program, "--limit", "16", "--", .. command]);
        if (!run.Output.StartsWith("skipped: ", StringComparison.Ordinal)) return run;
        log.WriteLine(run.Output);
        return null;
    }

    private static string LimitIn(string when, string output)
    {
        int line = output.IndexOf(when + " ", StringComparison.Ordinal);
        Assert.True(line >= 0, output);
        return output[line..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
    }
}
