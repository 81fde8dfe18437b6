using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Flow.Graphs;

/// <summary>
/// Roslyn's control-flow graph with what it leaves out: which handlers an exception meets from a region outwards, which blocks lie in loops, and which
/// members and captured locals the body writes. Graphs are not cloned for finallys; see <see cref="Continuation"/>.
/// </summary>
public sealed class ExceptionalGraph
{
    private readonly bool[] _inLoop;
    private readonly IMethodSymbol? _nestedOwner;
    private readonly Dictionary<ControlFlowRegion, Handler[]> _handlers = [];
    private readonly Dictionary<object, ControlFlowRegion> _scopes = [];

    public ExceptionalGraph(ControlFlowGraph graph)
    {
        Graph = graph;
        _nestedOwner = NestedOwner;
        _inLoop = FindLoops(graph);
        CollectScopes(graph.Root);
        (WrittenMembers, SharedLocals, RetargetedLocals, HasNestedBodies) = CollectWrites(graph.OriginalOperation);
    }

    public ControlFlowGraph Graph { get; }

    /// <summary>The lambda or local function whose body this is; null for a member's own.</summary>
    public IMethodSymbol? NestedOwner => Graph.OriginalOperation switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        ILocalFunctionOperation local => local.Symbol,
        _ => null,
    };

    /// <summary>True for a variable of an enclosing body, or one that a nested body assigns: somebody else sees what is put there.</summary>
    public bool IsShared(ISymbol variable) =>
        SharedLocals.Contains(variable) || (_nestedOwner is not null && !SymbolEqualityComparer.Default.Equals(variable.ContainingSymbol, _nestedOwner));

    /// <summary>Fields and properties that this body, or a lambda or local function in it, assigns.</summary>
    public ImmutableHashSet<ISymbol> WrittenMembers { get; }

    /// <summary>There are lambdas or local functions in this body.</summary>
    public bool HasNestedBodies { get; }

    /// <summary>Locals and parameters that a lambda or local function assigns: their value here is never certain.</summary>
    public ImmutableHashSet<ISymbol> SharedLocals { get; }

    /// <summary>Locals by reference that are made to refer to something else later (<c>r = ref x</c>).</summary>
    public ImmutableHashSet<ISymbol> RetargetedLocals { get; }

    public bool IsInLoop(BasicBlock block) => _inLoop[block.Ordinal];

    /// <summary>The handlers of the try region <paramref name="region"/>, in order; empty for other regions.</summary>
    public IReadOnlyList<Handler> HandlersOf(ControlFlowRegion region)
    {
        if (region.Kind != ControlFlowRegionKind.Try || region.EnclosingRegion is not { } whole) return [];
        if (_handlers.TryGetValue(region, out Handler[]? handlers)) return handlers;
        handlers = whole.NestedRegions.Where(r => r != region).Select(r => ToHandler(r)).OfType<Handler>().ToArray();
        _handlers.Add(region, handlers);
        return handlers;
    }

    /// <summary>The region in which a local or flow capture lives.</summary>
    public bool TryGetScope(object variable, [NotNullWhen(true)] out ControlFlowRegion? scope) => _scopes.TryGetValue(variable, out scope);

    /// <summary>True when an exception from <paramref name="region"/> can meet a catch, a filter or a finally of this body.</summary>
    public static bool IsGuarded(ControlFlowRegion? region)
    {
        for (ControlFlowRegion? r = region; r is not null and not { Kind: ControlFlowRegionKind.Root }; r = r.EnclosingRegion)
        {
            if (r.Kind == ControlFlowRegionKind.Try) return true;
        }

        return false;
    }

    private void CollectScopes(ControlFlowRegion region)
    {
        foreach (ILocalSymbol local in region.Locals) _scopes[local] = region;
        foreach (CaptureId capture in region.CaptureIds) _scopes[capture] = region;
        foreach (ControlFlowRegion nested in region.NestedRegions) CollectScopes(nested);
    }

    private Handler? ToHandler(ControlFlowRegion region) => region.Kind switch
    {
        ControlFlowRegionKind.Finally => new Handler(HandlerKind.Finally, region, region, null),
        ControlFlowRegionKind.Catch => new Handler(HandlerKind.Catch, region, region, region.ExceptionType, Handler.IsOfAbandonedMutex(region.ExceptionType) && Waits(region.EnclosingRegion?.NestedRegions[0])),
        ControlFlowRegionKind.FilterAndHandler when region.NestedRegions.FirstOrDefault(r => r.Kind == ControlFlowRegionKind.Filter) is { } filter
            => new Handler(HandlerKind.Filter, region, filter, region.ExceptionType),
        _ => null,
    };

    /// <summary>Whether the guarded region itself waits for handles.</summary>
    private bool Waits(ControlFlowRegion? guarded)
    {
        if (guarded is null) return false;
        for (int i = guarded.FirstBlockOrdinal; i <= guarded.LastBlockOrdinal; i++)
        {
            BasicBlock block = Graph.Blocks[i];
            if (block.Operations.Any(static o => o.DescendantsAndSelf().Any(Handler.IsWait)) || block.BranchValue?.DescendantsAndSelf().Any(Handler.IsWait) == true) return true;
        }

        return false;
    }

    private static bool[] FindLoops(ControlFlowGraph graph)
    {
        // Blocks are in textual order, so a jump backwards closes a loop over all that lies between.
        int count = graph.Blocks.Length;
        int[] delta = new int[count + 1];
        foreach (BasicBlock block in graph.Blocks)
        {
            Mark(block.FallThroughSuccessor, block, delta);
            Mark(block.ConditionalSuccessor, block, delta);
        }

        bool[] inLoop = new bool[count];
        int depth = 0;
        for (int i = 0; i < count; i++)
        {
            depth += delta[i];
            inLoop[i] = depth > 0;
        }

        return inLoop;
    }

    private static void Mark(ControlFlowBranch? branch, BasicBlock from, int[] delta)
    {
        if (branch?.Destination is not { } to || to.Ordinal > from.Ordinal) return;
        delta[to.Ordinal]++;
        delta[from.Ordinal + 1]--;
    }

    private static (ImmutableHashSet<ISymbol> Members, ImmutableHashSet<ISymbol> Locals, ImmutableHashSet<ISymbol> Retargeted, bool HasNested) CollectWrites(IOperation root)
    {
        bool hasNested = false;
        ImmutableHashSet<ISymbol>.Builder written = ImmutableHashSet.CreateBuilder<ISymbol>(SymbolEqualityComparer.Default);
        ImmutableHashSet<ISymbol>.Builder locals = ImmutableHashSet.CreateBuilder<ISymbol>(SymbolEqualityComparer.Default);
        ImmutableHashSet<ISymbol>.Builder retargeted = ImmutableHashSet.CreateBuilder<ISymbol>(SymbolEqualityComparer.Default);
        foreach (IOperation operation in root.DescendantsAndSelf())
        {
            if (operation is ISimpleAssignmentOperation { IsRef: true, Target: ILocalReferenceOperation { Local: var again } }) retargeted.Add(again);
            hasNested |= operation is IAnonymousFunctionOperation or ILocalFunctionOperation && operation != root;
            IOperation? target = operation switch
            {
                IAssignmentOperation assignment => assignment.Target,
                IIncrementOrDecrementOperation increment => increment.Target,
                IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => argument.Value,
                IAddressOfOperation address => address.Reference,
                _ => null,
            };
            if (target is null) continue;
            foreach (IOperation part in Targets(target))
            {
                switch (part)
                {
                    case IMemberReferenceOperation member:
                        written.Add(member.Member.OriginalDefinition);
                        break;
                    case ILocalReferenceOperation local when hasNested && IsInNestedBody(operation, root):
                        locals.Add(local.Local);
                        break;
                    case IParameterReferenceOperation parameter when hasNested && IsInNestedBody(operation, root):
                        locals.Add(parameter.Parameter);
                        break;
                }
            }
        }

        return (written.ToImmutable(), locals.ToImmutable(), retargeted.ToImmutable(), hasNested);
    }

    private static IEnumerable<IOperation> Targets(IOperation? target) => target switch
    {
        null => [],
        ITupleOperation tuple => tuple.Elements.SelectMany(Targets),
        _ => [target],
    };

    private static bool IsInNestedBody(IOperation operation, IOperation root)
    {
        for (IOperation? o = operation; o is not null && o != root; o = o.Parent)
        {
            if (o is IAnonymousFunctionOperation or ILocalFunctionOperation) return true;
        }

        return false;
    }
}

public enum HandlerKind : byte
{
    Catch,
    Filter,
    Finally,
}

/// <summary>One handler: <see cref="Entry"/> is where control goes (the filter first, where there is one).</summary>
public sealed class Handler(HandlerKind kind, ControlFlowRegion region, ControlFlowRegion entry, ITypeSymbol? type, bool isOfWaits = false)
{
    public HandlerKind Kind { get; } = kind;

    public ControlFlowRegion Region { get; } = region;

    public ControlFlowRegion Entry { get; } = entry;

    /// <summary>Whether what is thrown comes here: who catches an abandoned mutex beside a wait means the wait.</summary>
    public bool? CatchesFrom(ThrowInfo thrown) => isOfWaits && !IsWait(thrown.Operation) ? false : Catches(thrown.Type);

    public static bool IsOfAbandonedMutex(ITypeSymbol? type) => type is { Name: "AbandonedMutexException" };

    public static bool IsWait(IOperation operation) => operation is IInvocationOperation { TargetMethod: { Name: "WaitOne" or "WaitAll" or "WaitAny" or "SignalAndWait", ContainingType: { ContainingNamespace.Name: "Threading" } } };

    /// <summary>Whether an exception comes here, to a filter that may still say no: true and false when that is certain.</summary>
    public bool? Catches(ITypeSymbol? thrown)
    {
        if (Kind == HandlerKind.Finally) return true;
        return type is null || type.SpecialType == SpecialType.System_Object || IsException(type) ? true
            : thrown is null || thrown.TypeKind == TypeKind.Error || type.TypeKind == TypeKind.Error ? null
            : DerivesFrom(thrown, type);
    }

    private static bool IsException(ITypeSymbol type) => type is { Name: "Exception", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    private static bool DerivesFrom(ITypeSymbol type, ITypeSymbol ancestor)
    {
        for (ITypeSymbol? t = type; t is not null; t = t.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(t, ancestor)) return true;
        }

        return false;
    }
}
