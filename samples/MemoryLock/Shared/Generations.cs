using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using PinAccounting;

namespace MemoryLock;

/// <summary>What a policy does to those who come after: pages locked in the parent before, and in each successor after.</summary>
internal static class Generations
{
    public const string Header = "policy                              says  before   fork  fork, fork   exec  fork, exec";

    private const int Image = 10;

    private static readonly MemoryLockFlags[] Policies =
    [
        MemoryLockFlags.None,
        MemoryLockFlags.Current,
        MemoryLockFlags.Future,
        MemoryLockFlags.Current | MemoryLockFlags.Inherit,
        MemoryLockFlags.Current | MemoryLockFlags.Future | MemoryLockFlags.Inherit,
        MemoryLockFlags.Current | MemoryLockFlags.Future | MemoryLockFlags.Inherit | MemoryLockFlags.Recursive,
        MemoryLockFlags.Inherit,
    ];

    public static IEnumerable<string> Table(long limit)
    {
        foreach (MemoryLockFlags policy in Policies) yield return Row(policy.ToString(), limit, limit, space => space.LockAll(policy));
        yield return Row("... inherited, then Current only", limit, limit, static space =>
        {
            int status = space.LockAll(MemoryLockFlags.Current | MemoryLockFlags.Future | MemoryLockFlags.Inherit | MemoryLockFlags.Recursive);
            return status < 0 ? status : space.LockAll(MemoryLockFlags.Current);
        });
        yield return Row("Current, then Future and Inherit", limit, limit, static space =>
        {
            int status = space.LockAll(MemoryLockFlags.Current);
            return status < 0 ? status : space.LockAll(MemoryLockFlags.Future | MemoryLockFlags.Inherit);
        });
        yield return Row("all four, the child's limit is 16", limit, 16, static space =>
            space.LockAll(MemoryLockFlags.Current | MemoryLockFlags.Future | MemoryLockFlags.Inherit | MemoryLockFlags.Recursive));
    }

    private static string Row(string name, long limit, long childLimit, Func<AddressSpace, int> setUp)
    {
        var all = new List<AddressSpace>();
        AddressSpace parent = Born(all, AddressSpace.Create("parent", limit));
        parent.Map(16);
        int status = setUp(parent);
        parent.Map(8);
        string before = Cell(parent);
        AddressSpace? child = Born(all, parent.Fork("child", childLimit)), other = Born(all, parent.Fork("other", childLimit));
        AddressSpace? grandchild = child is null ? null : Born(all, child.Fork("grandchild", childLimit));
        string forks = $"{Cell(child),6} {Cell(grandchild),11}";
        AddressSpace? image = other is null ? null : Born(all, other.Exec("other's image", childLimit, Image));
        AddressSpace successor = Born(all, parent.Exec("parent's image", limit, Image));
        string execs = $"{Cell(successor),6} {Cell(image),11}";
        foreach (AddressSpace space in all) space.Exit();
        return FormattableString.Invariant($"{name,-35} {status,4} {before,7} {forks} {execs}");
    }

    /// <summary>Pages, or that there was no child: its limit refused what it would have inherited.</summary>
    private static string Cell(AddressSpace? space) => space is null ? "refused" : FormattableString.Invariant($"{space.LockedPages}");

    [return: NotNullIfNotNull(nameof(space))]
    private static AddressSpace? Born(List<AddressSpace> all, AddressSpace? space)
    {
        if (space is not null) all.Add(space);
        return space;
    }
}
