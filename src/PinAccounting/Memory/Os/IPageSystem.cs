namespace PinAccounting.Memory.Os;

/// <summary>What locked memory needs of the operating system. One implementation a system, and in tests one that fails where it is told to.</summary>
/// <remarks>Implementations are thread-safe and never throw for what the system refuses.</remarks>
internal interface IPageSystem
{
    /// <summary>Bytes in a page; a power of two.</summary>
    int PageSize { get; }

    /// <summary>Maps fresh zeroed pages. Undone by <see cref="Unmap"/>.</summary>
    OsOutcome Map(nuint length, out nint address);

    /// <summary>Keeps pages in memory. A failed attempt may leave some of them locked. Undone by <see cref="Unlock"/>, and by <see cref="Unmap"/> too.</summary>
    OsOutcome Lock(nint address, nuint length);

    /// <summary>Lets pages be swapped out again.</summary>
    OsOutcome Unlock(nint address, nuint length);

    /// <summary>Gives pages back, whether they are locked or not.</summary>
    OsOutcome Unmap(nint address, nuint length);
}

/// <summary>What one call of the operating system answered.</summary>
/// <param name="Call">The name of the call.</param>
/// <param name="Error">The system's error number; 0 for success.</param>
/// <param name="Status">What the error means; without meaning for success.</param>
internal readonly record struct OsOutcome(string Call, int Error, ChargeStatus Status)
{
    public bool Succeeded => Error == 0;

    public static OsOutcome Success(string call) => new(call, 0, ChargeStatus.Charged);

    /// <summary>A failure whose error number cannot be 0, whatever the system has left behind.</summary>
    public static OsOutcome Failure(string call, int error, ChargeStatus status) => new(call, error == 0 ? -1 : error, status);
}
