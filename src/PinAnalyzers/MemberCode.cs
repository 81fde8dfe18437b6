using System;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers;

/// <summary>A member to be judged. Its operations and its graphs cost more than most rules do: they are made when a rule first asks for them, and shared by all. For one thread.</summary>
internal sealed class MemberCode(SyntaxNode syntax, ISymbol owner, SemanticModel model, Action<Diagnostic> report, CancellationToken cancellation)
{
    private readonly Lazy<IOperation?> _operation = new(() => BodyGraphs.OperationOf(syntax, model, cancellation), isThreadSafe: false);
    private ControlFlowGraph? _graph;
    private ImmutableArray<MemberBody> _bodies;

    public SyntaxNode Syntax { get; } = syntax;

    /// <summary>The method, property or field whose code it is.</summary>
    public ISymbol Owner { get; } = owner;

    public SemanticModel Model { get; } = model;

    public Action<Diagnostic> Report { get; } = report;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Everything that runs, as a tree; null where nothing does.</summary>
    public IOperation? Operation => _operation.Value;

    /// <summary>The graph of the member's own body; null where nothing runs.</summary>
    public ControlFlowGraph? Graph => _graph ??= BodyGraphs.Create(Syntax, Model, Cancellation);

    /// <summary>The member's own body and those of the lambdas and local functions in it; none where nothing runs.</summary>
    public ImmutableArray<MemberBody> Bodies => _bodies.IsDefault ? _bodies = CreateBodies() : _bodies;

    /// <summary>Where to say that the member was not looked into.</summary>
    public void NotAnalysed(string reason) => Report(Diagnostic.Create(Descriptors.PIN0001_MemberNotAnalysed, PlaceOf(Owner), Owner.Name, reason));

    private ImmutableArray<MemberBody> CreateBodies()
    {
        if (Graph is not { } graph) return ImmutableArray<MemberBody>.Empty;
        ExceptionalGraph own = new(graph);
        ImmutableArray<MemberBody> first = ImmutableArray.Create(new MemberBody(this, own, Owner));
        if (!own.HasNestedBodies) return first;
        ImmutableArray<MemberBody>.Builder all = first.ToBuilder();
        foreach ((ControlFlowGraph nested, IMethodSymbol symbol) in BodyGraphs.Nested(graph, Cancellation)) all.Add(new MemberBody(this, new ExceptionalGraph(nested), symbol));
        return all.ToImmutable();
    }

    internal Location PlaceOf(ISymbol symbol) => symbol.Locations.IsEmpty ? Syntax.GetLocation() : symbol.Locations[0];
}

/// <summary>One body of a member: its own, or that of a lambda or local function in it.</summary>
internal sealed class MemberBody(MemberCode member, ExceptionalGraph graph, ISymbol owner)
{
    public MemberCode Member { get; } = member;

    public ExceptionalGraph Exceptional { get; } = graph;

    public ControlFlowGraph Graph => Exceptional.Graph;

    /// <summary>The method, property, lambda or local function whose body it is.</summary>
    public ISymbol Owner { get; } = owner;

    /// <summary>Where to say that the body was not looked into.</summary>
    public void NotAnalysed(string reason) => Member.Report(Diagnostic.Create(Descriptors.PIN0001_MemberNotAnalysed, Member.PlaceOf(Owner), Owner.Name, reason));
}
