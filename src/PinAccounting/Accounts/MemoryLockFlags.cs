using System;

namespace PinAccounting;

/// <summary>What an account passes on, with the values and meaning of the flags proposed for mlockall(2) in 2008.</summary>
[Flags]
public enum MemoryLockFlags
{
    /// <summary>No policy.</summary>
    None = 0,

    /// <summary>What is held now counts.</summary>
    Current = 1,

    /// <summary>What is acquired later counts as well.</summary>
    Future = 2,

    /// <summary>The next generation gets it: a child on <see cref="PinAccount.Fork"/>, a successor on <see cref="PinAccount.Exec"/>.</summary>
    Inherit = 4,

    /// <summary>Every later generation gets it. Needs <see cref="Inherit"/>.</summary>
    Recursive = 8,
}
