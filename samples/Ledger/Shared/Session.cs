using System.Threading;
using PinAccounting.Annotations;

namespace Ledger;

/// <summary>On whose behalf the code runs.</summary>
internal static class Session
{
    private static readonly AsyncLocal<Tenant?> s_tenant = new();

    [Ambient]
    public static Tenant Tenant
    {
        get => s_tenant.Value!;
        set => s_tenant.Value = value;
    }
}
