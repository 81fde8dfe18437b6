namespace PinAccounting;

/// <summary>The lock policy of an account as named booleans: a set of flags in an integer invites being tested as if it were one boolean.</summary>
/// <remarks>An immutable value.</remarks>
/// <param name="LocksCurrent">What is held now counts (<see cref="MemoryLockFlags.Current"/>).</param>
/// <param name="LocksFuture">What is acquired later counts (<see cref="MemoryLockFlags.Future"/>).</param>
/// <param name="Inherits">The next generation gets it (<see cref="MemoryLockFlags.Inherit"/>).</param>
/// <param name="IsRecursive">Every later generation gets it (<see cref="MemoryLockFlags.Recursive"/>).</param>
public readonly record struct InheritPolicy(bool LocksCurrent, bool LocksFuture, bool Inherits, bool IsRecursive)
{
    internal InheritPolicy(MemoryLockFlags flags) : this(
        (flags & MemoryLockFlags.Current) != 0,
        (flags & MemoryLockFlags.Future) != 0,
        (flags & MemoryLockFlags.Inherit) != 0,
        (flags & MemoryLockFlags.Recursive) != 0)
    {
    }

    /// <summary>The policy as the flags of <see cref="PinAccount.SetLockPolicy"/>, for passing it on as a whole.</summary>
    /// <returns>One flag for each property that is true.</returns>
    public MemoryLockFlags ToFlags() =>
        (LocksCurrent ? MemoryLockFlags.Current : 0) | (LocksFuture ? MemoryLockFlags.Future : 0)
        | (Inherits ? MemoryLockFlags.Inherit : 0) | (IsRecursive ? MemoryLockFlags.Recursive : 0);
}
