using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;

namespace PinAnalyzers.Symbols;

/// <summary>From syntax to control-flow graph: also of a body that the driver did not hand out.</summary>
internal static class BodyGraphs
{
    /// <summary>Deeper nesting is not analysed: Roslyn binds by recursion and overflows a stack that nobody can catch at some 700 levels.</summary>
    public const int MaxNesting = 200;

    /// <summary>The graph of a code block as the driver hands it out; null where there is nothing to execute.</summary>
    public static ControlFlowGraph? Create(SyntaxNode body, SemanticModel model, CancellationToken cancellation)
    {
        if (OperationOf(body, model, cancellation) is not { } operation) return null;
        if (s_graphs.TryGetValue(operation, out ControlFlowGraph? known)) return known;
        ControlFlowGraph? graph = operation switch
        {
            IMethodBodyOperation method => ControlFlowGraph.Create(method, cancellation),
            IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor, cancellation),
            IBlockOperation block => ControlFlowGraph.Create(block, cancellation),
            IFieldInitializerOperation field => ControlFlowGraph.Create(field, cancellation),
            IPropertyInitializerOperation property => ControlFlowGraph.Create(property, cancellation),
            _ => null,
        };
        return graph is null ? null : s_graphs.GetValue(operation, _ => graph);
    }

    /// <summary>Everything that runs in a code block as the driver hands it out; null where nothing does.</summary>
    public static IOperation? OperationOf(SyntaxNode body, SemanticModel model, CancellationToken cancellation)
    {
        // The driver hands a field or property out as its declaration; what runs is its initial value.
        IOperation? operation = model.GetOperation(InitialValueOf(body) ?? body, cancellation);
        while (operation is { Parent: { } parent }) operation = parent;
        return operation;
    }

    /// <summary>A body is asked for by the rules for members, by the summaries of what it does for callers, and by the rules for types. Lives as long as the model keeps what it bound.</summary>
    private static readonly ConditionalWeakTable<IOperation, ControlFlowGraph> s_graphs = new();

    private static EqualsValueClauseSyntax? InitialValueOf(SyntaxNode declaration) => declaration switch
    {
        FieldDeclarationSyntax { Declaration.Variables: { Count: 1 } variables } => variables[0].Initializer,
        VariableDeclaratorSyntax field => field.Initializer,
        PropertyDeclarationSyntax property => property.Initializer,
        _ => null,
    };

    /// <summary>The graph of a source method's body; null for one without a body, or one too deep to ask for.</summary>
    public static ControlFlowGraph? Create(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        SyntaxNode? body = BodyOf(method, compilation, cancellation);
        if (body is null || IsTooDeep(body)) return null;
        return Create(body, SemanticModels.Of(body.SyntaxTree, compilation), cancellation);
    }

    /// <summary>True when running the method only makes an iterator; its body runs later, piece by piece.</summary>
    public static bool IsIterator(ControlFlowGraph graph)
    {
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in block.Operations)
            {
                if (operation.Kind is OperationKind.YieldReturn or OperationKind.YieldBreak) return true;
            }
        }

        return false;
    }

    /// <summary>The node to bind for a method's body; null for what another compilation declares.</summary>
    public static SyntaxNode? BodyOf(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        foreach (SyntaxReference reference in (method.PartialImplementationPart ?? method).PartsIn(compilation))
        {
            switch (reference.GetSyntax(cancellation))
            {
                case BaseMethodDeclarationSyntax { Body: null, ExpressionBody: null }:
                case AccessorDeclarationSyntax { Body: null, ExpressionBody: null }:
                    continue;
                case BaseMethodDeclarationSyntax declaration:
                    return declaration;
                case AccessorDeclarationSyntax accessor:
                    return accessor;
                case ArrowExpressionClauseSyntax arrow:
                    return arrow;
                case LocalFunctionStatementSyntax local:
                    return local;
            }
        }

        return null;
    }

    /// <summary>Lambdas and local functions of a graph, and theirs, each with its own graph.</summary>
    public static IEnumerable<(ControlFlowGraph Graph, IMethodSymbol Symbol)> Nested(ControlFlowGraph graph, CancellationToken cancellation)
    {
        foreach (IMethodSymbol local in graph.LocalFunctions)
        {
            ControlFlowGraph nested = graph.GetLocalFunctionControlFlowGraph(local, cancellation);
            yield return (nested, local);
            foreach (var inner in Nested(nested, cancellation)) yield return inner;
        }

        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IFlowAnonymousFunctionOperation lambda in LambdasIn(block))
            {
                ControlFlowGraph nested = graph.GetAnonymousFunctionControlFlowGraph(lambda, cancellation);
                yield return (nested, lambda.Symbol);
                foreach (var inner in Nested(nested, cancellation)) yield return inner;
            }
        }
    }

    /// <summary>True when statements and expressions nest deeper than <see cref="MaxNesting"/> in the body, or in the member that is bound with it; told without recursion.</summary>
    public static bool IsTooDeep(SyntaxNode body)
    {
        SyntaxNode whole = BoundWith(body);

        // A level takes at least one character, and Roslyn stands three times this many levels.
        return whole.Span.Length >= 2 * MaxNesting && BodyShapes.Has(whole, BodyShape.TooDeep);
    }

    /// <summary>What is bound when a node in it is: a local function with the member around it, and statements outside of all types together.</summary>
    private static SyntaxNode BoundWith(SyntaxNode node)
    {
        for (SyntaxNode? outer = node; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case GlobalStatementSyntax:
                    return outer.Parent ?? outer;
                case BaseTypeDeclarationSyntax or BaseNamespaceDeclarationSyntax:
                    return node;
                case MemberDeclarationSyntax or BaseListSyntax or AttributeListSyntax:
                    return outer;
            }
        }

        return node;
    }

    private static IEnumerable<IFlowAnonymousFunctionOperation> LambdasIn(BasicBlock block)
    {
        foreach (IOperation operation in block.Operations)
        {
            foreach (IOperation part in operation.DescendantsAndSelf())
            {
                if (part is IFlowAnonymousFunctionOperation lambda) yield return lambda;
            }
        }

        if (block.BranchValue is not { } value) yield break;
        foreach (IOperation part in value.DescendantsAndSelf())
        {
            if (part is IFlowAnonymousFunctionOperation lambda) yield return lambda;
        }
    }
}
