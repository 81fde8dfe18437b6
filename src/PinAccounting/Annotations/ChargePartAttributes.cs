using System;

namespace PinAccounting.Annotations;

/// <summary>Marks the parameter of a charge or release method that says how much.</summary>
/// <remarks>
/// The analyzers compare the amount released with the amount charged (PIN1006) and follow error codes into it (PIN1017).
/// </remarks>
/// <example><code>[Release("pages")] void Unpin([ChargeAmount(Unit = "pages")] int count);</code></example>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ChargeAmountAttribute : Attribute
{
    /// <summary>What the amount counts, for example <c>pages</c> or <c>bytes</c>; <see langword="null"/> when it is not said.</summary>
    public string? Unit { get; set; }
}

/// <summary>Marks the parameter, field or property that holds the one whose account is charged.</summary>
/// <remarks>
/// Without it the receiver of a charge method is the owner. The analyzers report a release to another owner than was charged
/// (PIN1007), an owner looked up from ambient state on release (PIN2003) and one dropped before the release (PIN2007).
/// </remarks>
/// <example><code>[Charge("quota")] static bool TryCharge([ChargeOwner] User user, [ChargeAmount] long bytes);</code></example>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ChargeOwnerAttribute : Attribute
{
}

/// <summary>Marks the parameter, return value or <see langword="out"/> parameter that stands for the charge.</summary>
/// <remarks>
/// Whoever holds the token owes the release. Without it, a pair's charge is identified by its owner: the receiver or the
/// argument marked <see cref="ChargeOwnerAttribute"/>. A returned value marked nowhere is no token, unless its type itself has the release.
/// </remarks>
/// <example>
/// <code>
/// [Charge("map", SucceedsWhen = SucceedsWhen.NotMinusOne)]
/// [return: ChargeToken] static nint Map(nint length);
///
/// [Release("map")] static int Unmap([ChargeToken] nint address, nint length);
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class ChargeTokenAttribute : Attribute
{
}

/// <summary>
/// Marks a <see langword="ref"/> or <see langword="out"/> <see cref="bool"/> parameter that is set to <see langword="true"/> when the charge was taken.
/// </summary>
/// <remarks>The analyzers use it as the success signal, in place of the method's result, as for <c>SafeHandle.DangerousAddRef(ref bool)</c>.</remarks>
/// <example><code>[Charge("ref")] void AddReference([ChargeTaken] ref bool taken);</code></example>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ChargeTakenAttribute : Attribute
{
}

/// <summary>Marks where the duty to release goes from one holder to another.</summary>
/// <remarks>
/// On a parameter the callee takes the duty over; on a method's return value the caller does; on a field or property, storing a
/// token there hands the duty to the declaring type. The analyzers then stop following the charge at the giving side.
/// </remarks>
/// <example><code>void Adopt([TransfersObligation] PinCharge charge);</code></example>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue | AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = true)]
public sealed class TransfersObligationAttribute : Attribute
{
    /// <summary>Transfers the duty for charges of every key.</summary>
    public TransfersObligationAttribute()
    {
    }

    /// <summary>Transfers the duty for charges of one key.</summary>
    /// <param name="key">The name of the pair.</param>
    public TransfersObligationAttribute(string key) => Key = key;

    /// <summary>The name of the pair whose duty goes over; <see langword="null"/>: of every pair.</summary>
    public string? Key { get; }
}

/// <summary>Marks a field that is an accounting counter.</summary>
/// <remarks>
/// Additions to it are charges and subtractions are releases. The analyzers want the test against <see cref="Limit"/> and the
/// update in one step (PIN1011), and every write under <see cref="GuardedBy"/> (PIN1020).
/// </remarks>
/// <example>
/// <code>
/// [Counter(Limit = nameof(_limit), GuardedBy = nameof(_gate))]
/// private long _pinnedPages;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Field)]
public sealed class CounterAttribute : Attribute
{
    /// <summary>The name of the member that the counter may not exceed; <see langword="null"/> when there is none.</summary>
    public string? Limit { get; set; }

    /// <summary>The name of the lock under which the counter is written; <see langword="null"/> when it is updated by <c>Interlocked</c>.</summary>
    public string? GuardedBy { get; set; }
}
