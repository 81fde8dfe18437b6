using System;
using System.Diagnostics;
using Xunit;

namespace PinAccounting.Tests.ChildProcesses;

/// <summary>A test as root of a user namespace of its own; skipped, with the reason, where none can be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UserNamespaceFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_reason = new(Reason);

    public UserNamespaceFactAttribute() => Skip = s_reason.Value;

    private static string? Reason()
    {
        if (!OperatingSystem.IsLinux()) return "User namespaces are Linux's.";
        if (!ChildProcess.IsInstalled("unshare")) return "unshare (util-linux) is not installed.";
        var start = new ProcessStartInfo(ChildProcess.InUserNamespace[0], [.. ChildProcess.InUserNamespace[1..], "true"]) { RedirectStandardError = true };
        using Process? trial = Process.Start(start);
        string errors = trial?.StandardError.ReadToEnd() ?? "";
        trial?.WaitForExit();
        return trial?.ExitCode == 0 ? null : $"No user namespace can be made here: {errors.Trim()}";
    }
}
