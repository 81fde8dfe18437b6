using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

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
    /// <summary>What the handler had caught in which this was thrown: <c>catch (Exception e) { throw new ReadFailed(e); }</c>. Null for what is thrown outside of handlers.</summary>
    public ThrowInfo? Cause { get; init; }

    /// <summary>Of two throwers of one state the one that says more: the stronger kind, then the earlier in the text.</summary>
    public static ThrowInfo Strongest(ThrowInfo left, ThrowInfo right)
    {
        if (left.Kind != right.Kind) return left.Kind > right.Kind ? left : right;
        return PositionOf(left.Operation) <= PositionOf(right.Operation) ? left : right;
    }

    /// <summary>What a using statement disposes of is named at its beginning, and disposed of at its end.</summary>
    private static int PositionOf(IOperation operation)
    {
        SyntaxNode syntax = operation.Syntax;
        if (!operation.IsImplicit || syntax.FirstAncestorOrSelf<StatementSyntax>() is not { } statement) return syntax.SpanStart;
        return statement switch
        {
            UsingStatementSyntax => statement.Span.End,
            LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0, Parent: { } block } => block.Span.End,
            _ => syntax.SpanStart,
        };
    }
}
