using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>What every body of one compilation shares.</summary>
internal sealed class AuthorityContext
{
    private readonly CancellationToken _cancellation;

    public AuthorityContext(Compilation compilation, PairCatalog catalog, Func<SyntaxNode, bool> mentionsCapability, Func<SyntaxNode, IEnumerable<SimpleNameSyntax>> ambientNames, CancellationToken cancellation)
    {
        Compilation = compilation;
        _cancellation = cancellation;
        Catalog = catalog;
        Summaries = new CapabilitySummaries(compilation, catalog.Options, mentionsCapability, cancellation);
        Ambients = new AmbientMembers(compilation, catalog.Options, ambientNames, cancellation);
        Events = new AccountingEvents(compilation, catalog, cancellation);
        ReleasePaths = new ReleasePaths(compilation, catalog, catalog.Options, cancellation);
        Types = new TypeEvents(compilation, catalog, Events, ReleasePaths, cancellation);
    }

    public Compilation Compilation { get; }

    public PairCatalog Catalog { get; }

    public CapabilitySummaries Summaries { get; }

    public AmbientMembers Ambients { get; }

    public AccountingEvents Events { get; }

    public TypeEvents Types { get; }

    public ReleasePaths ReleasePaths { get; }

    public CapabilityFlow FlowOf(ControlFlowGraph graph, SyntaxTree tree, IReadOnlyDictionary<ISymbol, CapabilityValue>? parameters = null) =>
        new(graph, member => Summaries.AnswerOf(member, tree, graph), parameters);

    public ITypeSymbol? TypeOf(SyntaxNode expression) => SemanticModels.Of(expression.SyntaxTree, Compilation).GetTypeInfo(expression, _cancellation).Type;

    /// <summary>The body of a source method that is called from this one; null where there is none to look into.</summary>
    public ControlFlowGraph? GraphOf(IMethodSymbol method, ControlFlowGraph caller)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        if (definition.DeclaringSyntaxReferences.IsEmpty || definition.IsAbstract) return null;
        return definition.MethodKind == MethodKind.LocalFunction ? caller.FindLocalFunction(definition, _cancellation) : BodyGraphs.Create(definition, Compilation, _cancellation);
    }
}
