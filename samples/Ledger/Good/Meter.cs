using System;
using System.Collections.Generic;
using System.IO;
using PinAccounting;

namespace Ledger;

/// <summary>Charges the files that readers have open. What is public costs nobody anything.</summary>
internal sealed class Meter(Tenant tenant, bool isOn)
{
    private readonly Dictionary<string, PinCharge> _charges = [];

    public void Opened(string path)
    {
        if (isOn && !IsPublic(path)) _charges.Add(path, tenant.Charge(new FileInfo(path).Length));
    }

    /// <summary>What was charged is what is there to be released; nobody asks again why.</summary>
    public void Closed(string path)
    {
        if (_charges.Remove(path, out PinCharge? charge)) charge.Dispose();
    }

    private static bool IsPublic(string path) => path.EndsWith(".public", StringComparison.Ordinal);
}
