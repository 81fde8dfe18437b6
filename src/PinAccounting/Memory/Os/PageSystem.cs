using System;

namespace PinAccounting.Memory.Os;

internal static class PageSystem
{
    /// <summary>Whether numbers and files are Linux's, as they are on Android too, which .NET does not call Linux.</summary>
    public static bool IsLinuxKernel => OperatingSystem.IsLinux() || OperatingSystem.IsAndroid();

    /// <summary>That of the running system.</summary>
    public static IPageSystem Current { get; } = OperatingSystem.IsWindows() ? new WindowsPages() : new UnixPages();
}
