using System;

namespace PinAccounting;

/// <summary>A misuse in strict mode, or what <see cref="PinAccount.AssertBalanced"/> found.</summary>
public sealed class PinViolationException : Exception
{
    /// <summary>Creates the exception for a violation.</summary>
    /// <param name="violation">What was noticed; its text is the message.</param>
    /// <exception cref="ArgumentNullException"><paramref name="violation"/> is null.</exception>
    public PinViolationException(PinViolation violation)
        : base((violation ?? throw new ArgumentNullException(nameof(violation))).ToString(), violation.Exception) => Violation = violation;

    /// <summary>What was noticed.</summary>
    public PinViolation Violation { get; }
}
