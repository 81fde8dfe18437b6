using System;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace PinAnalyzers;

/// <summary>What one category does with the bodies that the host hands it. Made once per compilation; thread-safe.</summary>
internal interface IMemberCheck
{
    /// <summary>Whether the category has anything to look for in this member; asked of syntax alone.</summary>
    bool IsCandidate(SyntaxNode member);

    /// <summary>Judges one body: a member's own, or that of a lambda or local function in it.</summary>
    void Check(MemberBody body);
}

/// <summary>One body to be judged.</summary>
internal readonly struct MemberBody(ControlFlowGraph graph, ISymbol owner, SyntaxNode syntax, Action<Diagnostic> report, CancellationToken cancellation)
{
    public ControlFlowGraph Graph { get; } = graph;

    /// <summary>The method, property, lambda or local function whose body it is.</summary>
    public ISymbol Owner { get; } = owner;

    public SyntaxNode Syntax { get; } = syntax;

    public Action<Diagnostic> Report { get; } = report;

    public CancellationToken Cancellation { get; } = cancellation;
}
