using System.Collections.Generic;
using PinAccounting.Annotations;

namespace PinAccounting;

/// <summary>What one member promises, in the order in which a specification says it.</summary>
internal sealed record MemberSpecification(string Name, string Signature)
{
    public string? Description { get; init; }

    public required IReadOnlyList<ParameterSpecification> Parameters { get; init; }

    public required ReturnSpecification Returns { get; init; }

    public required IReadOnlyList<FailureSpecification> Errors { get; init; }

    public required IReadOnlyList<LockSpecification> Locks { get; init; }

    public required IReadOnlyList<InterruptionSpecification> Interruptions { get; init; }

    public required IReadOnlyList<EffectSpecification> Effects { get; init; }

    public required IReadOnlyList<TransitionSpecification> Transitions { get; init; }

    public required IReadOnlyList<ConstraintSpecification> Constraints { get; init; }
}

/// <param name="Name">The parameter.</param>
/// <param name="Type">Its type, without <c>ref</c>.</param>
/// <param name="Direction"><c>in</c>, <c>out</c> or <c>inout</c>.</param>
internal sealed record ParameterSpecification(string Name, string Type, string Direction)
{
    public string? Description { get; init; }

    public (long Min, long Max)? Range { get; init; }

    public long? Mask { get; init; }

    public long RequireAnyOf { get; init; }

    public bool MustBeZero { get; init; }

    public required IReadOnlyList<ConstraintSpecification> Constraints { get; init; }

    public bool IsConstrained => Range is not null || Mask is not null || MustBeZero || Constraints.Count > 0;
}

/// <param name="Type">The type of the result; <c>void</c> if there is none.</param>
/// <param name="Convention">How a native style result tells of errors; null when it is none.</param>
internal sealed record ReturnSpecification(string Type, ErrnoConvention? Convention)
{
    public string? Success => Convention switch
    {
        ErrnoConvention.NegativeErrno => ">= 0",
        ErrnoConvention.MinusOneErrno => "!= -1",
        ErrnoConvention.ZeroOrErrno => "== 0",
        _ => null,
    };
}

internal sealed record FailureSpecification(string Status, string? When, string? Description);

internal sealed record LockSpecification(string Name, string? Kind, string? Description);

internal sealed record InterruptionSpecification(string? Status, string? When);

internal sealed record EffectSpecification(string Target, string? ReversedBy);

internal sealed record TransitionSpecification(string Subject, string? From, string? To, string? When);

internal sealed record ConstraintSpecification(string Expression, string? Description);
