using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace PinAnalyzers.Flow.Graphs;

/// <summary>
/// Where control goes when a finally ends. It is part of the state, so that one finally is walked for each way into it and graphs need no cloning.
/// A stack: a finally inside a finally pushes another.
/// </summary>
public sealed class Continuation(ControlFlowRegion finallyRegion, BasicBlock? destination, ImmutableArray<ControlFlowRegion> remaining, ThrowInfo? thrown, Continuation? outer)
    : IEquatable<Continuation>
{
    /// <summary>The finally that is being walked.</summary>
    public ControlFlowRegion Finally { get; } = finallyRegion;

    /// <summary>The block to go on with, or null when an exception goes on.</summary>
    public BasicBlock? Destination { get; } = destination;

    /// <summary>Finallys still to be walked before <see cref="Destination"/>.</summary>
    public ImmutableArray<ControlFlowRegion> Remaining { get; } = remaining;

    /// <summary>The exception that goes on; null for a branch.</summary>
    public ThrowInfo? Thrown { get; } = thrown;

    public Continuation? Outer { get; } = outer;

    /// <summary>The thrower is left out: states that differ in it alone are joined.</summary>
    public bool Equals(Continuation? other) =>
        other is not null && ReferenceEquals(Finally, other.Finally) && ReferenceEquals(Destination, other.Destination)
        && (Thrown is null) == (other.Thrown is null) && (Thrown?.Kind == ThrowKind.Explicit) == (other.Thrown?.Kind == ThrowKind.Explicit)
        && (Outer is null ? other.Outer is null : Outer.Equals(other.Outer));

    public override bool Equals(object? obj) => Equals(obj as Continuation);

    public override int GetHashCode() => unchecked((Finally.FirstBlockOrdinal * 31) + (Destination?.Ordinal ?? -1));

    /// <summary>Joins two equal continuations: keeps the thrower that says more.</summary>
    public static Continuation? Join(Continuation? left, Continuation? right)
    {
        if (left is null || right is null || ReferenceEquals(left, right)) return left ?? right;
        ThrowInfo? thrown = left.Thrown is { } a && right.Thrown is { } b ? ThrowInfo.Strongest(a, b) : left.Thrown;
        Continuation? outer = Join(left.Outer, right.Outer);
        return ReferenceEquals(thrown, left.Thrown) && ReferenceEquals(outer, left.Outer)
            ? left
            : new Continuation(left.Finally, left.Destination, left.Remaining, thrown, outer);
    }
}
