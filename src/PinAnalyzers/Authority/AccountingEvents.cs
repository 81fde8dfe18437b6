using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>Finds what a body charges and releases: calls of pairs, additions to fields and subtractions from them, and releases in the helpers it calls.</summary>
internal sealed class AccountingEvents(Compilation compilation, IPairCatalog catalog, CancellationToken cancellation)
{
    private const int MaxDepth = 3;

    /// <summary>All events of the body itself, in the order of its blocks. Counters are every field or property that is added to or subtracted from.</summary>
    public ImmutableArray<AccountingEvent> In(ControlFlowGraph graph)
    {
        ImmutableArray<AccountingEvent>.Builder events = ImmutableArray.CreateBuilder<AccountingEvent>();
        foreach ((IOperation operation, BasicBlock block) in OperationsOf(graph)) Add(operation, block, events);
        return events.ToImmutable();
    }

    /// <summary>Releases in source methods that the body calls, each at the call; a helper that charges what it releases is balanced and not counted.</summary>
    public IEnumerable<AccountingEvent> ThroughHelpers(ControlFlowGraph graph)
    {
        foreach ((IOperation operation, BasicBlock block) in OperationsOf(graph))
        {
            if (operation is not IInvocationOperation call || !catalog.ReleasesOf(call.TargetMethod).IsEmpty) continue;
            foreach (AccountingEvent release in ReleasesOf(call.TargetMethod, graph, 0)) yield return release with { Operation = call, Block = block, Through = call.TargetMethod };
        }
    }

    /// <summary>Operations of a body with their blocks; lambdas and local functions are bodies of their own.</summary>
    public static IEnumerable<(IOperation Operation, BasicBlock Block)> OperationsOf(ControlFlowGraph graph)
    {
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in block.Operations)
            {
                foreach (IOperation part in operation.DescendantsAndSelf()) yield return (part, block);
            }

            if (block.BranchValue is not { } value) continue;
            foreach (IOperation part in value.DescendantsAndSelf()) yield return (part, block);
        }
    }

    private ImmutableArray<AccountingEvent> ReleasesOf(IMethodSymbol method, ControlFlowGraph caller, int depth)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        if (depth >= MaxDepth || definition.DeclaringSyntaxReferences.IsEmpty || definition.IsAbstract || definition.MethodKind is not (MethodKind.Ordinary or MethodKind.LocalFunction)) return ImmutableArray<AccountingEvent>.Empty;
        ControlFlowGraph? graph = definition.MethodKind == MethodKind.LocalFunction ? caller.FindLocalFunction(definition, cancellation) : BodyGraphs.Create(definition, compilation, cancellation);
        if (graph is null) return ImmutableArray<AccountingEvent>.Empty;
        ImmutableArray<AccountingEvent> own = In(graph);
        ImmutableArray<AccountingEvent>.Builder releases = ImmutableArray.CreateBuilder<AccountingEvent>();
        releases.AddRange(own.Where(e => e.IsRelease && e.Pair is not { AnyoneMayRelease: true } && !own.Any(c => !c.IsRelease && c.IsOfSameAccount(e))));
        foreach ((IOperation operation, BasicBlock _) in OperationsOf(graph))
        {
            if (operation is IInvocationOperation call && catalog.ReleasesOf(call.TargetMethod).IsEmpty) releases.AddRange(ReleasesOf(call.TargetMethod, graph, depth + 1));
        }

        return releases.ToImmutable();
    }

    private void Add(IOperation operation, BasicBlock block, ImmutableArray<AccountingEvent>.Builder events)
    {
        switch (operation)
        {
            case IInvocationOperation { TargetMethod: { Name: "Add" or "Increment" or "Decrement", ContainingType: { Name: "Interlocked", ContainingNamespace.Name: "Threading" } } method } atomic:
                if (atomic.Arguments.Length > 0 && CounterIn(atomic.Arguments[0].Value) is { } target)
                {
                    bool isDown = method.Name == "Decrement" || method.Name == "Add" && IsNegative(atomic.Arguments[1].Value);
                    events.Add(new AccountingEvent(atomic, block, isDown, null, target));
                }

                break;
            case IInvocationOperation call:
                ITypeSymbol? receiver = ReceiverOf(call)?.Type;
                foreach (ChargeSpec charge in catalog.ChargesOf(call.TargetMethod, receiver))
                {
                    if (IsTracked(charge.Pair, operation)) events.Add(new AccountingEvent(call, block, IsRelease: false, charge.Pair, null));
                }

                foreach (ReleaseSpec release in catalog.ReleasesOf(call.TargetMethod, receiver))
                {
                    if (!release.Implied && !release.IsMove && IsTracked(release.Pair, operation)) events.Add(new AccountingEvent(call, block, IsRelease: true, release.Pair, null));
                }

                break;
            case IObjectCreationOperation { Constructor: { } constructor }:
                foreach (ChargeSpec charge in catalog.ChargesOf(constructor))
                {
                    if (IsTracked(charge.Pair, operation)) events.Add(new AccountingEvent(operation, block, IsRelease: false, charge.Pair, null));
                }

                break;
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } compound when CounterIn(compound.Target) is { } counter:
                bool subtracts = compound.OperatorKind == BinaryOperatorKind.Subtract != IsNegative(compound.Value);
                events.Add(new AccountingEvent(compound, block, subtracts, null, counter));
                break;
            case IIncrementOrDecrementOperation step when CounterIn(step.Target) is { } stepped:
                events.Add(new AccountingEvent(step, block, step.Kind == OperationKind.Decrement, null, stepped));
                break;
            case ISimpleAssignmentOperation { Value: IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } sum } assignment
                when CounterIn(assignment.Target) is { } assigned && SymbolEqualityComparer.Default.Equals(CounterIn(sum.LeftOperand), assigned):
                events.Add(new AccountingEvent(assignment, block, sum.OperatorKind == BinaryOperatorKind.Subtract, null, assigned));
                break;
        }
    }

    private bool IsTracked(Pair pair, IOperation operation) => catalog.IsTracked(pair, operation.Syntax.SyntaxTree);

    private static IOperation? ReceiverOf(IInvocationOperation call)
    {
        IOperation? receiver = call.Instance;
        while (receiver is IConversionOperation { IsImplicit: true } conversion) receiver = conversion.Operand;
        return receiver;
    }

    private static ISymbol? CounterIn(IOperation target)
    {
        ISymbol? member = target switch
        {
            IFieldReferenceOperation field => field.Field,
            IPropertyReferenceOperation { Property.IsIndexer: false } property => property.Property,
            IConversionOperation conversion => CounterIn(conversion.Operand),
            _ => null,
        };
        ITypeSymbol? type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
        return type is not null && (type.IsIntegral() || type.SpecialType == SpecialType.System_Decimal) ? member!.OriginalDefinition : null;
    }

    private static bool IsNegative(IOperation value) => value switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } => true,
        IConversionOperation conversion => IsNegative(conversion.Operand),
        _ => value.ConstantValue is { HasValue: true, Value: < 0 or < 0L },
    };
}
