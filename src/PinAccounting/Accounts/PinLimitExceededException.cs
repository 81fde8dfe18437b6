using System;

namespace PinAccounting;

/// <summary>A charge was denied. Nothing was charged; <see cref="Result"/> says why and by whom.</summary>
public sealed class PinLimitExceededException : Exception
{
    /// <summary>Creates the exception for a denied charge.</summary>
    /// <param name="result">Why it was denied; also the message.</param>
    public PinLimitExceededException(ChargeResult result)
        : base(result.ToString()) => Result = result;

    /// <summary>Creates the exception with a message of its own.</summary>
    /// <param name="message">What to say instead of the result's own sentence.</param>
    /// <param name="result">Why it was denied.</param>
    public PinLimitExceededException(string message, ChargeResult result)
        : base(message) => Result = result;

    /// <summary>What was asked for, whose limit denied it, and what was in use.</summary>
    public ChargeResult Result { get; }
}
