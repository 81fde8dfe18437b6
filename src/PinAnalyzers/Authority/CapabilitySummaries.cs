using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>What a member answers about privilege: by what is known of it, or by what its body returns. Kept for the life of the compilation.</summary>
internal sealed class CapabilitySummaries(Compilation compilation, PinOptionsProvider options, Func<SyntaxNode, bool> mentions, CancellationToken cancellation)
{
    private const int MaxDepth = 5;

    /// <summary>By depth: where members ask one another, what is still looked into depends on it.</summary>
    private readonly ConcurrentDictionary<ISymbol, Polarity?>[] _answers = Enumerable.Range(0, MaxDepth).Select(static _ => new ConcurrentDictionary<ISymbol, Polarity?>(SymbolEqualityComparer.Default)).ToArray();

    /// <summary>The answer of a member that the file asks; the check of the result stands for the caller's operation.</summary>
    public CapabilityValue? AnswerOf(ISymbol member, SyntaxTree tree, ControlFlowGraph scope) => AnswerOf(member, tree, scope, 0);

    /// <summary>False for most that only share a name with a check; asked before any graph is built.</summary>
    public bool MayAnswer(ISymbol member, SyntaxTree tree)
    {
        if (CapabilityChecks.IsCheck(member, options.For(tree))) return true;
        return MethodOf(member)?.OriginalDefinition is { } method && method.AwaitedReturnType().SpecialType == SpecialType.System_Boolean && BodyGraphs.BodyOf(method, compilation, cancellation) is { } body && mentions(body);
    }

    /// <summary>The member answers this one question and no other: <c>=> n > 0 &amp;&amp; !IsPrivileged</c> does not.</summary>
    public bool IsPlain(ISymbol member, SyntaxTree tree)
    {
        if (CapabilityChecks.IsCheck(member, options.For(tree))) return true;
        return MethodOf(member)?.OriginalDefinition is { } method && BodyGraphs.Create(method, compilation, cancellation) is { } graph
            && graph.Blocks.All(static block => block.ConditionKind == ControlFlowConditionKind.None);
    }

    private CapabilityValue? AnswerOf(ISymbol member, SyntaxTree tree, ControlFlowGraph scope, int depth)
    {
        if (CapabilityChecks.IsCheck(member, options.For(tree))) return Make(member, Polarity.Privileged, scope);
        if (CapabilityChecks.IsRecorded(member) || MethodOf(member) is not { } method || method.AwaitedReturnType().SpecialType != SpecialType.System_Boolean) return null;
        IMethodSymbol definition = method.OriginalDefinition;
        if (depth >= MaxDepth) return null;
        if (!_answers[depth].TryGetValue(definition, out Polarity? known))
        {
            if (definition.DeclaringSyntaxReferences.IsEmpty || BodyGraphs.BodyOf(definition, compilation, cancellation) is not { } body || !mentions(body)) return null;
            ControlFlowGraph? graph = definition.MethodKind == MethodKind.LocalFunction ? scope.FindLocalFunction(definition, cancellation) : BodyGraphs.Create(definition, compilation, cancellation);
            if (graph is null) return null;
            // A body that remembers its answer gives the same one at charge and at release.
            known = Remembers(graph) ? null : new CapabilityFlow(graph, inner => AnswerOf(inner, body.SyntaxTree, graph, depth + 1)).Returned()?.WhenTrue;
            _answers[depth].TryAdd(definition, known);
        }

        return known is { } polarity ? Make(member, polarity, scope) : null;
    }

    private static CapabilityValue Make(ISymbol member, Polarity polarity, ControlFlowGraph scope) => new(scope.OriginalOperation, member, polarity);

    private static IMethodSymbol? MethodOf(ISymbol member) => member switch
    {
        IMethodSymbol method => method,
        IPropertySymbol { IsIndexer: false } property => property.GetMethod,
        _ => null,
    };

    private static bool Remembers(ControlFlowGraph graph)
    {
        foreach (IOperation operation in graph.OriginalOperation.Descendants())
        {
            if (operation is IAssignmentOperation { Target: IMemberReferenceOperation }) return true;
        }

        return false;
    }
}
