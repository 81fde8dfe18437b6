namespace PinAnalyzers.Pairs;

/// <summary>Which known group a pair belongs to; the values of <c>pin.builtin_pairs</c>, plus one for pairs that users declare.</summary>
internal enum PairFamily
{
    Declared,
    GCHandle,
    NativeMemory,
    Marshal,
    ArrayPool,
    SafeHandle,
    MemoryPressure,
    MemoryLock,
    Locks,
    Counters,
    Accounting,
}

/// <summary>What a second charge of something already charged means.</summary>
internal enum Stacking
{
    /// <summary>Every charge needs a release of its own (reference counts, recursive locks, semaphores).</summary>
    Counted,

    /// <summary>A second charge adds nothing: one release ends both (mlock).</summary>
    Idempotent,

    /// <summary>A second charge is an error.</summary>
    Once,
}

/// <summary>What losing a charge costs: correctness, or only speed (a pooled array).</summary>
internal enum LossKind
{
    Leak,
    Performance,
}

/// <summary>
/// One account of the world: what takes a charge of it and what returns it. Several methods may charge a pair and several release it;
/// identity is by reference, so one instance stands for one key of one declaring assembly.
/// </summary>
internal sealed class Pair(string key, PairFamily family)
{
    /// <summary>The key, for messages and equality across diagnostics.</summary>
    public string Key { get; } = key;

    public PairFamily Family { get; } = family;

    public Stacking Stacking { get; init; } = Stacking.Counted;

    public LossKind Loss { get; init; } = LossKind.Leak;

    /// <summary>
    /// True when a value stands for the charge (a handle, a pointer, an array). False when the charge is known by its receiver or owner
    /// (a lock, an account): those may begin in one method and end in another without anything being handed over.
    /// </summary>
    public bool HasToken { get; init; } = true;

    /// <summary>A property of the token that is true exactly while the charge is held (<c>IsAllocated</c>, <c>IsAcquired</c>); null if none.</summary>
    public string? LiveProperty { get; init; }

    /// <summary>
    /// A member that tells whether a charge without a token is held: a property of what it is known by (<c>IsWriteLockHeld</c>), a method that gets that
    /// (<c>Monitor.IsEntered</c>), or a static property, each with the full name of its type; null if none. It reads <see cref="HeldValue"/> while the charge is held.
    /// </summary>
    public string? HeldTest { get; init; }

    public long HeldValue { get; init; } = 1;

    /// <summary>How the release is written in a message and looked for by a fix, e.g. <c>GCHandle.Free</c>.</summary>
    public string ReleaseDisplay { get; init; } = "its release";

    /// <summary>
    /// The release as a fix writes it where the method has none: <c>{0}</c> is the token (or the receiver, where there is none), <c>{1}</c> the receiver of the
    /// charge. Null: no one way fits.
    /// </summary>
    public string? ReleaseTemplate { get; init; }

    /// <summary>
    /// Group of pairs that are alike enough to be confused (allocators, lock modes); releasing one of the group as another is PIN1007. Null: none.
    /// </summary>
    public string? ConfusionGroup { get; init; }

    /// <summary>Comes with the package (and obeys <c>pin.builtin_pairs</c>), as opposed to declared by the user.</summary>
    public bool IsBuiltIn { get; init; }

    /// <summary>No thread or object owns the charge: whoever likes may release it (semaphores), so a type that holds one owes nothing.</summary>
    public bool AnyoneMayRelease { get; init; }

    /// <summary>The charge says how much it takes.</summary>
    public bool HasAmount { get; init; }

    /// <summary>True when a lost charge on an exceptional path is worth a warning rather than a hint (locks, accounts).</summary>
    public bool ExceptionalLossMatters => Family is PairFamily.Locks or PairFamily.Accounting || (Family is PairFamily.Declared && HasAmount);

    public override string ToString() => Key;
}
