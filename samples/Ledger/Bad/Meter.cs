using System;
using System.IO;

namespace Ledger;

/// <summary>Charges the files that readers have open. What is public costs nobody anything.</summary>
internal sealed class Meter(Tenant tenant, bool isOn)
{
    public void Opened(string path)
    {
        if (isOn && !IsPublic(path)) tenant.Charge(new FileInfo(path).Length);
    }

    public void Closed(string path)
    {
        // Also what was public.
        if (isOn) tenant.Uncharge(new FileInfo(path).Length);
    }

    private static bool IsPublic(string path) => path.EndsWith(".public", StringComparison.Ordinal);
}
