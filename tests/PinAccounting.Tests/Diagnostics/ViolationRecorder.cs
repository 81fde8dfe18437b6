using System;
using System.Collections.Generic;

namespace PinAccounting.Tests;

/// <summary>Collects the violations of one account while it lives.</summary>
internal sealed class ViolationRecorder : IDisposable
{
    private readonly WeakReference<PinAccount> _account;
    private readonly List<PinViolation> _violations = [];

    internal ViolationRecorder(PinAccount account)
    {
        _account = new WeakReference<PinAccount>(account);
        PinDiagnostics.Violation += OnViolation;
    }

    internal IReadOnlyList<PinViolation> Violations
    {
        get
        {
            lock (_violations) return [.. _violations];
        }
    }

    public void Dispose() => PinDiagnostics.Violation -= OnViolation;

    private void OnViolation(object? sender, PinViolation violation)
    {
        if (!_account.TryGetTarget(out PinAccount? account) || violation.Account != account) return;
        lock (_violations) _violations.Add(violation);
    }
}
