using System;

namespace PinAccounting.Annotations;

/// <summary>Marks a method or property that answers whether the caller is privileged.</summary>
/// <remarks>
/// The answer may differ between charge and release, so the analyzers report it where it decides whether a release happens
/// (PIN2001) or skips a charge (PIN2002), and where a costly probe is asked before a cheap test (PIN2005).
/// </remarks>
/// <example><code>[CapabilityCheck] static bool MayExceedMemlock() => …;</code></example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class CapabilityCheckAttribute : Attribute
{
}

/// <summary>Marks a member whose value depends on who runs the code now: the current user, thread, process or request.</summary>
/// <remarks>
/// A release may run on another thread and for another user than the charge. The analyzers report an ambient value as the owner of
/// a release (PIN2003).
/// </remarks>
/// <example><code>[Ambient] static User Current => s_current.Value;</code></example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AmbientAttribute : Attribute
{
}

/// <summary>Marks a field or property that holds what was decided when the charge was taken.</summary>
/// <remarks>Testing it on release is right: PIN1008, PIN2001 and PIN2002 are silent about it.</remarks>
/// <example><code>[RecordedDecision] private readonly bool _charged;</code></example>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class RecordedDecisionAttribute : Attribute
{
}

/// <summary>Marks a method that is part of giving resources back, whatever it is called.</summary>
/// <remarks>
/// It counts like <c>Dispose</c> and the names of the option <c>pin.release_names</c>: fields released in it are released
/// (PIN1009), and it may not depend on ambient identity (PIN2003) nor be cancelled half way (PIN1015).
/// </remarks>
/// <example><code>[ReleasePath] private void TearDown() { … }</code></example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReleasePathAttribute : Attribute
{
}

/// <summary>Marks a delegate parameter, or a method, that runs later and elsewhere.</summary>
/// <remarks>
/// A charge or release in deferred code is reported as PIN1010: until it has run, the account says something else than the truth.
/// <see cref="Reason"/> documents that this is meant and silences the rule.
/// </remarks>
/// <example><code>void Enqueue([Deferred] Action work);</code></example>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Method)]
public sealed class DeferredAttribute : Attribute
{
    /// <summary>Why a release is deferred on purpose; <see langword="null"/> or empty: it is not.</summary>
    public string? Reason { get; set; }
}
