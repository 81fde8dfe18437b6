namespace PinAccounting;

/// <summary>How a <see cref="PinAccount"/> is set up. Read once by the constructor; later changes have no effect.</summary>
public sealed class PinAccountOptions
{
    /// <summary>The name in messages, metrics and events. Give accounts that are measured distinct names.</summary>
    public string Name { get; init; } = "account";

    /// <summary>The most that may be charged, in <see cref="Unit"/>. <see cref="long.MaxValue"/> (the default) is no limit; must not be negative.</summary>
    public long Limit { get; init; } = long.MaxValue;

    /// <summary>What the account counts; the same as its parent's.</summary>
    public PinUnit Unit { get; init; } = PinUnit.Pages;

    /// <summary>An account that every charge is charged to as well, all or none (a user above its processes, a process above its rings).</summary>
    public PinAccount? Parent { get; init; }

    /// <summary>Whether a charge may exceed this account's limit when <see cref="CapabilityProbe"/> of the charged account vouches for it.</summary>
    public BypassPolicy BypassPolicy { get; init; } = BypassPolicy.Never;

    /// <summary>Who is asked when a limit denies. When null, the parent's probe is.</summary>
    public ICapabilityProbe? CapabilityProbe { get; init; }

    /// <summary>Into how many parts the free credit is split so that cores do not contend for one cell. 1 (the default) to 256; rounded up to a power of two.</summary>
    /// <remarks>The limit stays exact. With more than one, <see cref="PinAccount.Peak"/> is a lower bound.</remarks>
    public int Shards { get; init; } = 1;

    /// <summary>Whether charges remember the stack that made them; null follows <see cref="PinDiagnostics.TrackStacks"/>.</summary>
    public bool? TrackStacks { get; init; }

    /// <summary>Whether violations throw; null follows <see cref="PinDiagnostics.StrictMode"/>.</summary>
    public bool? Strict { get; init; }
}
