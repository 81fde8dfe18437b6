namespace PinAccounting;

/// <summary>Whether a privileged account may go over a limit.</summary>
/// <remarks>
/// "Do not charge the privileged at all" cannot be expressed: a charge that was skipped because of who asked cannot be told from
/// one that was made when it is time to release it, and that is how counters wrap.
/// </remarks>
public enum BypassPolicy
{
    /// <summary>Nobody exceeds the limit.</summary>
    Never = 0,

    /// <summary>An account that its <see cref="ICapabilityProbe"/> vouches for is charged over the limit, and the charge records it.</summary>
    LimitOnly = 1,
}
