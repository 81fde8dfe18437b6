using System;

namespace PinAccounting.Annotations;

/// <summary>Says which results of a charge method mean that the charge was taken.</summary>
public enum SucceedsWhen
{
    /// <summary>A normal return always means that the charge was taken. The default of methods that do not return <see cref="bool"/>.</summary>
    Always,

    /// <summary>The charge was taken when the method returned <see langword="true"/>. The default of methods that return <see cref="bool"/>.</summary>
    True,

    /// <summary>The charge was taken when the result is not <see langword="null"/> (for pointers and <see cref="IntPtr"/>: not zero).</summary>
    NotNull,

    /// <summary>The charge was taken when the result is 0, as for C functions that return an error code.</summary>
    Zero,

    /// <summary>The charge was taken when the result is 0 or more, as for functions that return a count or a negative errno.</summary>
    NonNegative,

    /// <summary>The charge was taken when the result is not -1, as for <c>mmap</c> and most system calls.</summary>
    NotMinusOne,

    /// <summary>The charge was taken when the result is not 0, as for most Win32 functions that return <c>BOOL</c>.</summary>
    NonZero,
}

/// <summary>
/// Marks a method or constructor that takes a charge: what it took has to be given back by a method marked
/// <see cref="ReleaseAttribute"/> with the same <see cref="Key"/>.
/// </summary>
/// <remarks>
/// <para>
/// To the analyzers a call of this method begins an obligation, on the paths on which it succeeded
/// (<see cref="SucceedsWhen"/>, or a parameter marked <see cref="ChargeTakenAttribute"/>). The obligation ends at a release of
/// the same key and the same identity, or when the token escapes to somebody else. PIN1001 to PIN1004 follow it along every path.
/// </para>
/// <para>
/// What stands for the charge is the parameter or return value marked <see cref="ChargeTokenAttribute"/>; a constructor's token is
/// the new object; a returned object whose type has the release method is the token; otherwise the charge is identified by its
/// owner, that is the argument marked <see cref="ChargeOwnerAttribute"/>, or else the receiver.
/// </para>
/// <para>A key is scoped to the assembly that declares it and may have several charge and several release methods. A method marked
/// both <c>[Release]</c> and <c>[Charge]</c> with one key moves the charge from one token to another.</para>
/// </remarks>
/// <example>
/// <code>
/// [Charge("pages", ReleasedBy = nameof(Unpin))]
/// public bool TryPin([ChargeAmount(Unit = "pages")] int count) { … }
///
/// [Release("pages")]
/// public void Unpin([ChargeAmount(Unit = "pages")] int count) { … }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor, AllowMultiple = true, Inherited = true)]
public sealed class ChargeAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="key">The name of the pair.</param>
    public ChargeAttribute(string key)
    {
        Key = key;
    }

    /// <summary>The name of the pair, shared by its charge and release methods; scoped to the declaring assembly.</summary>
    public string Key { get; }

    /// <summary>
    /// The name of the member that gives the charge back, looked up on the token's type, else on the declaring type.
    /// <see langword="null"/>: any method marked <see cref="ReleaseAttribute"/> with the same key.
    /// </summary>
    public string? ReleasedBy { get; set; }

    /// <summary>
    /// Which results mean that the charge was taken. When it is not set: <see cref="Annotations.SucceedsWhen.True"/> for methods
    /// that return <see cref="bool"/>, else <see cref="Annotations.SucceedsWhen.Always"/>.
    /// </summary>
    public SucceedsWhen SucceedsWhen { get; set; }
}

/// <summary>Marks a method that gives a charge of <see cref="Key"/> back.</summary>
/// <remarks>
/// To the analyzers a call ends the obligation that a call of the matching <see cref="ChargeAttribute"/> method began. A second
/// call for the same charge is PIN1003 unless the release is <see cref="Idempotent"/>; another amount is PIN1006, another owner PIN1007.
/// </remarks>
/// <example>
/// <code>
/// public sealed class PinnedRange : IDisposable
/// {
///     [Charge("range")] public PinnedRange(nint start, int pages) { … }
///     [Release("range")] public void Dispose() { … }
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class ReleaseAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="key">The name of the pair.</param>
    public ReleaseAttribute(string key)
    {
        Key = key;
    }

    /// <summary>The name of the pair, shared by its charge and release methods; scoped to the declaring assembly.</summary>
    public string Key { get; }

    /// <summary>
    /// Whether releasing the same charge again does nothing. When it is not set: <see langword="true"/> for <c>Dispose</c> and
    /// <c>DisposeAsync</c> of a class, else <see langword="false"/>.
    /// </summary>
    public bool Idempotent { get; set; }
}

/// <summary>Declares a charge and release pair of code that cannot be annotated, by documentation-comment ids.</summary>
/// <remarks>
/// Ids that do not resolve in the compilation are ignored; malformed ones are reported as PIN4011. A file named
/// <c>PinPairs.txt</c> among the additional files does the same without code.
/// </remarks>
/// <example>
/// <code>
/// [assembly: KnownPair("M:Lib.Native.PinPages(System.IntPtr,System.Int32)", "M:Lib.Native.UnpinPages(System.IntPtr,System.Int32)",
///     SucceedsWhen = SucceedsWhen.Zero)]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class KnownPairAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="charge">The documentation-comment id of the method that takes the charge.</param>
    /// <param name="release">The documentation-comment id of the method that gives it back.</param>
    public KnownPairAttribute(string charge, string release)
    {
        Charge = charge;
        Release = release;
    }

    /// <summary>The documentation-comment id of the method that takes the charge.</summary>
    public string Charge { get; }

    /// <summary>The documentation-comment id of the method that gives it back.</summary>
    public string Release { get; }

    /// <summary>Which results of the charge method mean success; the default is as for <see cref="ChargeAttribute.SucceedsWhen"/>.</summary>
    public SucceedsWhen SucceedsWhen { get; set; }

    /// <summary>The name of the pair; pairs of one key release each other's charges. <see langword="null"/>: a pair of its own.</summary>
    public string? Key { get; set; }
}
