using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Flow.Solving;

public enum TraceKind : byte
{
    /// <summary>The condition was true.</summary>
    WhenTrue,

    /// <summary>The condition was false.</summary>
    WhenFalse,

    /// <summary>The operation threw.</summary>
    Throws,

    /// <summary>The value was returned; finallys may follow before the body is left.</summary>
    Returns,

    /// <summary>Something the client wants to find again on the path.</summary>
    Mark,
}

/// <summary>How a state came about: the decisions on its way, newest first. States that are joined keep the trace of the one that was there first.</summary>
public sealed class Trace(Trace? previous, TraceKind kind, IOperation operation)
{
    public Trace? Previous { get; } = previous;

    public TraceKind Kind { get; } = kind;

    public IOperation Operation { get; } = operation;
}
