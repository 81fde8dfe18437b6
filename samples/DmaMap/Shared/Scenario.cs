using System;

namespace DmaMap;

/// <summary>One container, one target, fresh memory: what to map, and what the mapping leaves behind once it is undone.</summary>
internal sealed record Scenario(string Name, Func<Stage, int> Map)
{
    public Action<Stage> Unmap { get; init; } = static stage => stage.Container.UnmapDma(0);

    public long Limit { get; init; } = 64;

    public Row Run()
    {
        long before = Machine.LockedPages();
        using var memory = new UserMemory(128);
        var target = new Target(Limit);
        using var container = new Container(target);
        var stage = new Stage(target, container, memory);
        int status = Map(stage);
        container.Settle();
        (long locked, long charged) = (Machine.LockedPages() - before, target.Charged);
        Unmap(stage);
        container.Settle();
        return new Row(Name, status, locked, charged, Machine.LockedPages() - before, target.Charged);
    }
}

internal sealed record Stage(Target Target, Container Container, UserMemory Memory);

/// <summary>Pages locked as the kernel counts them and as the target is charged: while mapped, and after the unmap.</summary>
internal sealed record Row(string Name, int Status, long Locked, long Charged, long LockedAfter, long ChargedAfter)
{
    public const string Header = "scenario                                   says   locked  charged   then locked  charged";

    public override string ToString() => FormattableString.Invariant($"{Name,-42} {Status,4} {Locked,8} {Charged,8} {LockedAfter,13} {ChargedAfter,8}");
}
