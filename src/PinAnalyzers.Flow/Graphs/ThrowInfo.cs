using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Flow.Graphs;

/// <summary>What kind of operation ends the normal flow, weakest evidence first.</summary>
public enum ThrowKind : byte
{
    /// <summary>The consumer of an iterator may abandon it at a <c>yield return</c>.</summary>
    Abandon,

    /// <summary>A call that may throw, for all that is known.</summary>
    Call,

    /// <summary>A delegate or another callback of the user's.</summary>
    Callback,

    /// <summary>An <c>await</c>: what is awaited may fail or be cancelled.</summary>
    Await,

    /// <summary>A <c>throw</c> in this body.</summary>
    Explicit,
}

/// <summary>Who threw. <see cref="Type"/> is known, and exact, for <c>throw new X(…)</c> only.</summary>
public sealed record ThrowInfo(IOperation Operation, ThrowKind Kind, ITypeSymbol? Type)
{
    /// <summary>Of two throwers of one state the one that says more: the stronger kind, then the earlier in the text.</summary>
    public static ThrowInfo Strongest(ThrowInfo left, ThrowInfo right)
    {
        if (left.Kind != right.Kind) return left.Kind > right.Kind ? left : right;
        return left.Operation.Syntax.SpanStart <= right.Operation.Syntax.SpanStart ? left : right;
    }
}
