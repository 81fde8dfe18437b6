using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

internal enum AccessKind
{
    PlainRead,
    PlainWrite,

    /// <summary>A read and a write that are not one.</summary>
    PlainUpdate,
    VolatileRead,
    VolatileWrite,
    Interlocked,

    /// <summary>By reference to something that is not known.</summary>
    ByReference,
}

/// <summary>One access of a cell.</summary>
/// <param name="Place">The cell.</param>
/// <param name="Kind">How it is accessed.</param>
/// <param name="Expression">The expression that denotes the cell.</param>
/// <param name="Site">What performs the access: the expression itself, the call, or the assignment.</param>
internal sealed record CellAccess(Place Place, AccessKind Kind, ExpressionSyntax Expression, ExpressionSyntax Site)
{
    /// <summary>What is written; null where that is not an expression of its own.</summary>
    public ExpressionSyntax? Value { get; init; }

    /// <summary>The method of <c>Interlocked</c>.</summary>
    public string? Method { get; init; }

    /// <summary>The method or property of the source that makes the access, where the site is its call.</summary>
    public IMethodSymbol? Accessor { get; init; }

    /// <summary>The accessor only says whether what it fetched is within a bound.</summary>
    public bool IsTest { get; init; }

    public bool IsRead => Kind is AccessKind.PlainRead or AccessKind.VolatileRead or AccessKind.PlainUpdate or AccessKind.Interlocked;

    public bool IsWrite => Kind is AccessKind.PlainWrite or AccessKind.VolatileWrite or AccessKind.PlainUpdate or AccessKind.Interlocked;

    /// <summary>Says that somebody else accesses the cell at the same time.</summary>
    public bool IsVolatile => Kind is AccessKind.VolatileRead or AccessKind.VolatileWrite or AccessKind.Interlocked;

    /// <summary>Makes what went before visible to the other side.</summary>
    public bool IsRelease => Kind is AccessKind.VolatileWrite or AccessKind.Interlocked;

    /// <summary>The cell is a volatile field. A volatile pointer says nothing of what it points to.</summary>
    public bool IsVolatileField => Place is { Member: { IsVolatile: true } member } && (Place.Path.Length == 0 || Place.Path.EndsWith("." + member.Name, System.StringComparison.Ordinal));

    /// <summary>An <c>Interlocked</c> operation that writes nothing new.</summary>
    public bool IsInterlockedRead => Kind == AccessKind.Interlocked && (Method == "Read" || (Method == "CompareExchange"
        && Site is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 3 } arguments } && arguments[1].Expression.WithoutTrivia().ToString() == arguments[2].Expression.WithoutTrivia().ToString()))
        || Kind == AccessKind.Interlocked && Method is "Add" or "Or" or "And" && Site is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } operands } && ChangesNothing(operands[1].Expression);

    private bool ChangesNothing(ExpressionSyntax operand) => Method == "And"
        ? operand is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax { Token.Value: 1 or 1L } }
        : operand is LiteralExpressionSyntax { Token.Value: 0 or 0u or 0L or 0ul };
}
