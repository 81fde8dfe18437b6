using System;
using System.Globalization;
using PinAccounting.Annotations;

namespace PinAccounting;

/// <summary>What came of a charge: the status, how much was asked for, and whose limit decided.</summary>
/// <remarks>An immutable value; reading it is thread-safe. <see cref="Used"/> and <see cref="Limit"/> are what the deciding attempt saw, not a later reading.
/// The default value reads as a charge of 0 to no account: a success, so a result that nobody has assigned is not a denial.</remarks>
public readonly struct ChargeResult : IEquatable<ChargeResult>
{
    internal ChargeResult(ChargeStatus status, long requested, long used, long limit, PinAccount? account)
    {
        Status = status;
        Requested = requested;
        Used = used;
        Limit = limit;
        Account = account;
    }

    /// <summary>What came of it.</summary>
    public ChargeStatus Status { get; }

    /// <summary>The amount asked for, in the account's <see cref="PinAccount.Unit"/>, as it was passed (also when it was no valid amount).</summary>
    /// <remarks>What is refused before there is an amount is as the caller passed it: a negative length in bytes, a request to a <see cref="PinHandleTable{T}"/>.</remarks>
    public long Requested { get; }

    /// <summary>What <see cref="Account"/> had in use, in its <see cref="PinAccount.Unit"/>: before the attempt when it was denied, after it when it was charged (on an account with shards at least that much).</summary>
    public long Used { get; }

    /// <summary>The limit of <see cref="Account"/> that the attempt was measured against.</summary>
    public long Limit { get; }

    /// <summary>The account that decided: the one that denied (possibly a parent), else the charged one. Null where no account was involved.</summary>
    public PinAccount? Account { get; }

    /// <summary>The account that denied, or null when the charge succeeded.</summary>
    public PinAccount? DeniedBy => Succeeded ? null : Account;

    /// <summary>True for <see cref="ChargeStatus.Charged"/> and <see cref="ChargeStatus.ChargedOverLimit"/>.</summary>
    public bool Succeeded => Status is ChargeStatus.Charged or ChargeStatus.ChargedOverLimit;

    /// <summary>A result for a failure outside the account: the operating system, a factory, the hand-over to the caller.</summary>
    /// <param name="status">Why; not a success.</param>
    /// <param name="requested">The amount asked for.</param>
    /// <param name="account">The account that was to be charged; nothing is charged to it.</param>
    /// <returns>The result, with the account's figures as they are now.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is a success or unknown.</exception>
    public static ChargeResult Failure(ChargeStatus status, long requested, PinAccount? account)
    {
        if (status is <= ChargeStatus.ChargedOverLimit or > ChargeStatus.NotSupported)
            throw new ArgumentOutOfRangeException(nameof(status), status, "A failure needs the status of a failure.");
        return new ChargeResult(status, requested, account?.Used ?? 0, account?.Limit ?? 0, account);
    }

    /// <summary>The positive Linux error number (0 for success) that the named system returns for this status; negate it where the convention is negative errno.</summary>
    /// <param name="profile">The system whose caller is answered.</param>
    /// <returns>A number of Linux's asm-generic list, whatever the system this runs on.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="profile"/> is unknown.</exception>
    [return: Errno(ErrnoConvention.ZeroOrErrno)]
    public int ToErrno(ErrnoProfile profile) => Errno.Of(Status, profile);

    /// <inheritdoc/>
    public bool Equals(ChargeResult other) =>
        Status == other.Status && Requested == other.Requested && Used == other.Used && Limit == other.Limit && ReferenceEquals(Account, other.Account);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ChargeResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Status, Requested, Used, Limit, Account);

    /// <summary>Whether two results are the same in every part.</summary>
    public static bool operator ==(ChargeResult left, ChargeResult right) => left.Equals(right);

    /// <summary>Whether two results differ in some part.</summary>
    public static bool operator !=(ChargeResult left, ChargeResult right) => !left.Equals(right);

    /// <summary>The whole story in one sentence, for logs and exception messages.</summary>
    /// <returns>The sentence, in the invariant culture.</returns>
    public override string ToString()
    {
        string whose = Account is null ? "" : $" of account '{Account.Name}'";
        string unit = Account is null ? "" : " " + Account.UnitName;
        return Status switch
        {
            ChargeStatus.Charged => Format($"charged {Requested}{unit}{whose}: {Used} used of {Limit}"),
            ChargeStatus.ChargedOverLimit => Format($"charged {Requested}{unit}{whose} over a limit: {Used} used of {Limit}"),
            ChargeStatus.PolicyLimit => Format($"{Requested}{unit} denied by the limit{whose}: {Used} used of {Limit}"),
            ChargeStatus.OwnerGone => Format($"{Requested}{unit} denied: the owner{whose} is gone (retired)"),
            ChargeStatus.InvalidArgument => Format($"{Requested}{unit} is no valid amount{whose}"),
            ChargeStatus.Overflow => Format($"{Requested}{unit} does not fit the counter{whose}: {Used} used"),
            _ => Format($"{Requested}{unit}{whose}: {Status}"),
        };
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
