using System;

namespace PinAccounting;

/// <summary>A charge was denied. Nothing was charged; <see cref="Result"/> says why and by whom.</summary>
public sealed class PinLimitExceededException : Exception
{
    /// <summary>Creates the exception for a denied charge.</summary>
    public PinLimitExceededException(ChargeResult result)
        : base(result.ToString()) => Result = result;

    /// <summary>Creates the exception with a message of its own.</summary>
    public PinLimitExceededException(string message, ChargeResult result)
        : base(message) => Result = result;

    /// <summary>What was asked for, whose limit denied it, and what was in use.</summary>
    public ChargeResult Result { get; }
}
