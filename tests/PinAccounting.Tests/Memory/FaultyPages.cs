using System;
using System.Collections.Generic;
using PinAccounting.Memory.Os;

namespace PinAccounting.Tests.Memory;

/// <summary>The running system, except for the calls that a test wants to fail. Remembers what is mapped and locked.</summary>
internal sealed class FaultyPages : IPageSystem
{
    private readonly IPageSystem _system = PageSystem.Current;
    private readonly Dictionary<nint, nuint> _mapped = [];
    private readonly HashSet<nint> _locked = [];

    /// <summary>Decides for each call, by its name and its number among the calls of that name, counted from 1.</summary>
    public Func<string, int, ChargeStatus?> Fails { get; set; } = static (_, _) => null;

    /// <summary>What was called, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Every address that was ever mapped.</summary>
    public List<nint> Addresses { get; } = [];

    /// <summary>Set: a lock that is made to fail has locked the pages all the same, as the kernel may when it runs out of memory half way.</summary>
    public bool FailedLockLeavesPagesLocked { get; set; }

    public Action<nint, nuint>? BeforeUnlock { get; set; }

    public int MappedRanges => _mapped.Count;

    public int LockedRanges => _locked.Count;

    public int PageSize => _system.PageSize;

    public OsOutcome Map(nuint length, out nint address)
    {
        address = 0;
        if (Injected("Map") is { } failure)
            return failure;
        OsOutcome outcome = _system.Map(length, out address);
        if (outcome.Succeeded)
        {
            _mapped.Add(address, length);
            Addresses.Add(address);
        }
        return outcome;
    }

    public OsOutcome Lock(nint address, nuint length)
    {
        OsOutcome? failure = Injected("Lock");
        if (failure is not null && !FailedLockLeavesPagesLocked)
            return failure.Value;
        OsOutcome outcome = _system.Lock(address, length);
        if (outcome.Succeeded)
            _locked.Add(address);
        return failure ?? outcome;
    }

    public OsOutcome Unlock(nint address, nuint length)
    {
        if (Injected("Unlock") is { } failure)
            return failure;
        BeforeUnlock?.Invoke(address, length);
        _locked.Remove(address);
        return _system.Unlock(address, length);
    }

    public OsOutcome Unmap(nint address, nuint length)
    {
        if (Injected("Unmap") is { } failure)
            return failure;
        OsOutcome outcome = _system.Unmap(address, length);
        if (outcome.Succeeded)
        {
            _mapped.Remove(address);
            _locked.Remove(address);
        }
        return outcome;
    }

    private OsOutcome? Injected(string call)
    {
        Calls.Add(call);
        int number = Calls.FindAll(made => made == call).Count;
        return Fails(call, number) is { } status ? OsOutcome.Failure(call, 12, status) : null;
    }
}
