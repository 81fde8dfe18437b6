using System;

namespace PinAccounting.Annotations;

/// <summary>Says which values of a numeric parameter are valid, both ends included.</summary>
/// <remarks>
/// A constant outside the range is reported at the call as PIN4003. The called method still has to test: values that are not
/// constant are not checked by the analyzers.
/// </remarks>
/// <example><code>ChargeStatus Setup([ValidRange(1, 8_388_608)] uint events, …);</code></example>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ValidRangeAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="min">The smallest valid value.</param>
    /// <param name="max">The largest valid value.</param>
    public ValidRangeAttribute(long min, long max)
    {
        Min = min;
        Max = max;
    }

    /// <summary>The smallest valid value.</summary>
    public long Min { get; }

    /// <summary>The largest valid value.</summary>
    public long Max { get; }
}

/// <summary>Says which bits of a flags parameter may be set.</summary>
/// <remarks>
/// A constant with other bits, or with none of <see cref="RequireAnyOf"/>, is reported at the call as PIN4003. The enum type of the
/// parameter then also takes part in PIN4005 and PIN4006.
/// </remarks>
/// <example><code>void SetLockPolicy([ValidMask(15, RequireAnyOf = 3)] MemoryLockFlags flags);</code></example>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ValidMaskAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="mask">The bits that may be set.</param>
    public ValidMaskAttribute(long mask)
    {
        Mask = mask;
    }

    /// <summary>The bits that may be set.</summary>
    public long Mask { get; }

    /// <summary>Bits of which at least one has to be set; 0 (the default): none has to.</summary>
    public long RequireAnyOf { get; set; }
}

/// <summary>Says that an argument must be zero, <see langword="false"/>, <see langword="null"/> or <see langword="default"/> when the method is called.</summary>
/// <remarks>
/// Typically a handle that the method fills in: a live one would be overwritten and lost. An argument that is not known to be zero
/// is reported as PIN4004.
/// </remarks>
/// <example><code>ChargeStatus TrySetup(uint events, [MustBeZero] ref nuint handle);</code></example>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class MustBeZeroAttribute : Attribute
{
}
