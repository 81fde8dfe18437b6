namespace PinAnalyzers.Pairs;

/// <summary>Where, at a call, a value that matters is found.</summary>
internal enum ValuePlace
{
    None,
    Receiver,
    Argument,

    /// <summary>What the call returns; for an awaited call, what the await returns; for a creation, the new object.</summary>
    Result,
}

/// <summary>A <see cref="ValuePlace"/> with the parameter ordinal where the place is an argument. Ordinals are those of the unreduced method: for an extension method, <c>this</c> is 0.</summary>
internal readonly record struct ValueSource(ValuePlace Place, int Ordinal = -1)
{
    public static ValueSource None => default;

    public static ValueSource Receiver => new(ValuePlace.Receiver);

    public static ValueSource Result => new(ValuePlace.Result);

    public static ValueSource Argument(int ordinal) => new(ValuePlace.Argument, ordinal);
}

/// <summary>How a charge tells that it was taken.</summary>
internal enum SuccessSignal
{
    Always,
    True,
    NotNull,
    Zero,
    NonNegative,
    NotMinusOne,
    NonZero,

    /// <summary>A <c>ref</c>/<c>out bool</c> argument (<see cref="ChargeSpec.TakenOrdinal"/>) is true exactly when the charge was taken.</summary>
    Taken,

    /// <summary>As <see cref="Taken"/>, but the argument is a pointer that is not null exactly when the charge was taken (<c>SafeBuffer.AcquirePointer</c>).</summary>
    TakenPointer,
}

/// <summary>
/// The call counts only when an integral or pointer argument, masked, has the expected value (<c>VirtualFree</c> frees only with <c>MEM_RELEASE</c>).
/// Where the value is not known, a charge does not count and a release does.
/// </summary>
internal readonly record struct ArgumentCondition(int Ordinal, long Mask, long Expected)
{
    public bool Holds(long value) => (value & Mask) == Expected;
}

/// <summary>What a call of a charge method does.</summary>
internal sealed record ChargeSpec(Pair Pair)
{
    /// <summary>The value that stands for the charge: the token, or the receiver or owner where the pair has none.</summary>
    public ValueSource Identity { get; init; } = ValueSource.Result;

    /// <summary>Whose account, where it differs from <see cref="Identity"/>.</summary>
    public ValueSource Owner { get; init; }

    public ValueSource Amount { get; init; }

    public SuccessSignal Success { get; init; }

    /// <summary>Ordinal of the flag for <see cref="SuccessSignal.Taken"/>.</summary>
    public int TakenOrdinal { get; init; } = -1;

    /// <summary>
    /// The flag of <see cref="SuccessSignal.Taken"/> is always true when the call returns (<c>DangerousAddRef</c>, <c>Monitor.Enter</c>); false for <c>TryEnter</c> forms.
    /// </summary>
    public bool AlwaysTakenOnReturn { get; init; }

    /// <summary>A token that was not given is null: whether there is one need not be asked of the result.</summary>
    public bool IsToldByToken { get; init; }

    /// <summary>The call reports denial by throwing (cancellable waits, <c>PinAccount.Charge</c>): a release on its own exceptional edge is one too many.</summary>
    public bool ThrowsWhenDenied { get; init; }

    /// <summary>Metadata name of an exception that the call throws although the charge was taken (<c>AbandonedMutexException</c>); null if none.</summary>
    public string? TakenThoughThrown { get; init; }

    /// <summary>The call charges only under this condition; null: always.</summary>
    public ArgumentCondition? Condition { get; init; }

    /// <summary>The same call also consumes a charge of this pair (<c>Realloc</c>, <c>Detach</c>, <c>Commit</c>); the release side is a <see cref="ReleaseSpec"/> of the same method.</summary>
    public bool IsMove { get; init; }
}

/// <summary>What a call of a release method does.</summary>
internal sealed record ReleaseSpec(Pair Pair)
{
    public ValueSource Identity { get; init; } = ValueSource.Argument(0);

    public ValueSource Owner { get; init; }

    public ValueSource Amount { get; init; }

    /// <summary>Releasing twice does no harm (<c>Dispose</c> of a class).</summary>
    public bool Idempotent { get; init; }

    /// <summary>
    /// Releasing the same variable twice does no harm, because the release clears it; releasing a copy does (<c>MemoryHandle.Dispose</c>).
    /// Only meaningful where <see cref="Idempotent"/> is false.
    /// </summary>
    public bool ClearsInPlace { get; init; }

    /// <summary>The call releases only under this condition; null: always.</summary>
    public ArgumentCondition? Condition { get; init; }

    /// <summary>Releasing a null or zero identity does no harm (<c>NativeMemory.Free(null)</c>).</summary>
    public bool AcceptsNull { get; init; } = true;

    /// <summary>
    /// The call moves the duty to its result instead of ending it (<c>Realloc</c>, <c>Detach</c>, <c>Commit</c>).
    /// On its exceptional edge the charge is still held.
    /// </summary>
    public bool IsMove { get; init; }

    /// <summary>Only a side door: the call ends the charge if there is one, but is no evidence that the method meant to (<c>munmap</c> ends <c>mlock</c>).</summary>
    public bool Implied { get; init; }
}
