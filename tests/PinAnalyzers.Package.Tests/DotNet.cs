using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace PinAnalyzers.Package.Tests;

/// <summary>What a finished <c>dotnet</c> command said.</summary>
internal sealed record DotNetResult(string CommandLine, int ExitCode, string Output)
{
    public DotNetResult ShouldSucceed() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"{CommandLine} exited with {ExitCode}:{Environment.NewLine}{Output}");

    public DotNetResult ShouldFail() =>
        ExitCode != 0 ? this : throw new InvalidOperationException($"{CommandLine} was expected to fail:{Environment.NewLine}{Output}");
}

/// <summary>Runs the <c>dotnet</c> command as a user's shell would.</summary>
internal static class DotNet
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // The test host's own build environment must not leak into the builds under test.
    private static readonly string[] InheritedPrefixes = ["MSBUILD", "VSTEST", "COREHOST", "DOTNET_HOST_PATH", "DOTNET_CLI_CONTEXT", "Configuration", "CI"];

    public static Task<DotNetResult> RunAsync(string directory, IReadOnlyDictionary<string, string> environment, params string[] arguments) => RunBehindAsync([], directory, environment, arguments);

    /// <summary>Runs it behind a command that sets the process up.</summary>
    public static Task<DotNetResult> RunBehindAsync(IReadOnlyList<string> prefix, string directory, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string[] command = [.. prefix, "dotnet", .. arguments];
        return StartAsync(command[0], directory, environment, command[1..]);
    }

    /// <summary>A line of shell, as documents print it.</summary>
    public static Task<DotNetResult> ShellAsync(string directory, IReadOnlyDictionary<string, string> environment, string script) =>
        StartAsync("sh", directory, environment, ["-c", script]);

    private static async Task<DotNetResult> StartAsync(string program, string directory, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsInherited).ToArray())
            start.Environment.Remove(name);

        // No server may outlive the test, nor answer with an analyzer it loaded for an earlier one.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience}.");
        }

        return new DotNetResult($"{program} {string.Join(' ', arguments)}", process.ExitCode, await output + await errors);
    }

    private static bool IsInherited(string name) =>
        InheritedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
