using System;

namespace PinAccounting;

/// <summary>A call broke the specification of a method. Thrown by <see cref="ApiSpecification.Validate"/> and <see cref="ApiSpecification.ValidateResult"/>, in tests.</summary>
public sealed class ApiViolationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="member">The method whose specification was broken.</param>
    /// <param name="message">What was broken, and how.</param>
    public ApiViolationException(string member, string message)
        : base($"{member}: {message}") => Member = member;

    /// <summary>The method whose specification was broken.</summary>
    public string Member { get; }
}
