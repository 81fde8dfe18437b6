using System;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>What every body of one compilation shares.</summary>
internal sealed class AuthorityContext
{
    public AuthorityContext(Compilation compilation, PairCatalog catalog, Func<SyntaxNode, bool> mentionsCapability, CancellationToken cancellation)
    {
        Catalog = catalog;
        Summaries = new CapabilitySummaries(compilation, catalog.Options, mentionsCapability, cancellation);
        Events = new AccountingEvents(compilation, catalog, cancellation);
        Types = new TypeEvents(compilation, catalog, Events, cancellation);
        ReleasePaths = new ReleasePaths(compilation, catalog, catalog.Options, cancellation);
    }

    public PairCatalog Catalog { get; }

    public CapabilitySummaries Summaries { get; }

    public AccountingEvents Events { get; }

    public TypeEvents Types { get; }

    public ReleasePaths ReleasePaths { get; }

    public CapabilityFlow FlowOf(ControlFlowGraph graph, SyntaxTree tree) => new(graph, member => Summaries.AnswerOf(member, tree, graph));
}
