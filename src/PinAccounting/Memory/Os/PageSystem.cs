using System;

namespace PinAccounting.Memory.Os;

internal static class PageSystem
{
    /// <summary>That of the running system.</summary>
    public static IPageSystem Current { get; } = OperatingSystem.IsWindows() ? new WindowsPages() : new UnixPages();
}
