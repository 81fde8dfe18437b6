using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Balance.Plain;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>What every body of one compilation shares: the pairs, the callees' summaries, the names that decide who is looked at.</summary>
internal sealed class BalanceContext
{
    public BalanceContext(Compilation compilation, IPairCatalog catalog, ConfirmedCalls calls, WrapperNames wrappers, NameHits wrapperCalls, CancellationToken cancellation)
    {
        Compilation = compilation;
        Catalog = catalog;
        Calls = calls;
        Cancellation = cancellation;
        Throwing = new Throwing(compilation, cancellation);
        Wrappers = new Wrappers(this, wrappers, wrapperCalls);
        Summaries = new CalleeSummaries(this);
        Plain = new PlainBalance(this);
        ClearedReferences = new ClearedReferences(compilation, cancellation);
    }

    public Compilation Compilation { get; }

    public IPairCatalog Catalog { get; }

    public ConfirmedCalls Calls { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>Something in the body takes a charge by name: itself or through a wrapper.</summary>
    public bool MayCharge(SyntaxNode body) => Calls.MayCharge(body) || Wrappers.MayBeCalledIn(body);

    /// <summary>Something in the body takes a charge, as its symbols say.</summary>
    public bool Charges(SyntaxNode body) => Calls.Charges(body) || Wrappers.AreCalledIn(body);

    public Throwing Throwing { get; }

    public Wrappers Wrappers { get; }

    public CalleeSummaries Summaries { get; }

    /// <summary>Which bodies are balanced by their shape.</summary>
    public PlainBalance Plain { get; }

    public ClearedReferences ClearedReferences { get; }

    public FlowBudget Budget { get; init; } = FlowBudget.Default;

    /// <summary>The graph of a lambda in scope of <paramref name="graph"/>.</summary>
    public ControlFlowGraph? NestedGraphOf(ControlFlowGraph graph, IFlowAnonymousFunctionOperation lambda) => graph.GetAnonymousFunctionControlFlowGraphInScope(lambda, Cancellation);

    /// <summary>The graph of a local function in scope of <paramref name="graph"/>.</summary>
    public ControlFlowGraph? NestedGraphOf(ControlFlowGraph graph, IMethodSymbol local) => graph.FindLocalFunction(local, Cancellation);
}
