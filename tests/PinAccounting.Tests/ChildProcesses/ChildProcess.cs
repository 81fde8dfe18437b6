using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;

namespace PinAccounting.Tests.ChildProcesses;

/// <summary>Runs a verb of <see cref="Program"/> in a process of its own, behind a command that sets it up if need be.</summary>
internal static class ChildProcess
{
    internal static readonly string[] WithoutIpcLock = ["setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"];

    internal static readonly string[] InUserNamespace = ["unshare", "--user", "--map-root-user"];

    /// <summary>Starts it with redirected output; the caller waits for it and disposes it.</summary>
    internal static Process Start(IReadOnlyList<string> prefix, params string[] arguments)
    {
        var command = new List<string>(prefix) { Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet" };
        command.Add("exec");
        command.Add(typeof(ChildProcess).Assembly.Location);
        command.AddRange(arguments);
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        for (int i = 1; i < command.Count; i++) start.ArgumentList.Add(command[i]);
        return Process.Start(start) ?? throw new InvalidOperationException($"'{command[0]}' did not start.");
    }

    /// <summary>Runs it to the end and returns what it printed.</summary>
    internal static string Run(IReadOnlyList<string> prefix, params string[] arguments)
    {
        using Process process = Start(prefix, arguments);
        string output = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"Exit code {process.ExitCode}: {errors}{output}");
        return output.Trim();
    }

    internal static bool IsInstalled(string command)
    {
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            if (directory.Length > 0 && File.Exists(Path.Combine(directory, command))) return true;
        return false;
    }
}
