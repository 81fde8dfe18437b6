using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>Limits of one solve.</summary>
public readonly record struct FlowBudget(int MaxStates, int MinVisits, int VisitsPerBlock)
{
    public static FlowBudget Default => new(64, 10_000, 16);

    internal int VisitsFor(int blocks) => Math.Max(MinVisits, VisitsPerBlock * blocks);
}

/// <summary>
/// Forward worklist solver over one body. Blocks are visited in textual order, which for Roslyn's graphs is reverse post-order but for loops;
/// when states have converged, <see cref="Report"/> walks them once more and lets the client emit findings.
/// </summary>
public sealed class FlowSolver<TDomain>
    where TDomain : IFlowDomain<TDomain>
{
    private readonly ExceptionalGraph _graph;
    private readonly FlowClient<TDomain> _client;
    private readonly FlowBudget _budget;
    private readonly CancellationToken _cancellation;
    private readonly Interpreter<TDomain> _interpreter;
    private readonly BlockStates<TDomain>?[] _states;
    private readonly SortedSet<int> _work = [];
    private readonly List<(Frame<TDomain> Frame, int BranchValue)> _ends = [];
    private BasicBlock _block = null!;

    public FlowSolver(ExceptionalGraph graph, FlowClient<TDomain> client, ValueTable values, LocationTable locations, FlowBudget budget, CancellationToken cancellation)
    {
        _graph = graph;
        _client = client;
        _budget = budget;
        _cancellation = cancellation;
        Values = values;
        Locations = locations;
        _interpreter = new Interpreter<TDomain>(graph, client, values, locations, ThrowFromBlock);
        _states = new BlockStates<TDomain>?[graph.Graph.Blocks.Length];
    }

    public ValueTable Values { get; }

    public LocationTable Locations { get; }

    /// <summary>How many block visits the solve took.</summary>
    public int Visits { get; private set; }

    /// <summary>Runs to the fixed point. False when the budget ran out: then nothing may be concluded about this body.</summary>
    public bool Solve(Frame<TDomain> entry)
    {
        int limit = _budget.VisitsFor(_states.Length);
        Enter(_graph.Graph.Blocks[0], entry);
        List<Frame<TDomain>> dirty = [];
        while (_work.Count > 0)
        {
            _cancellation.ThrowIfCancellationRequested();
            int ordinal = _work.Min;
            _work.Remove(ordinal);
            if (++Visits > limit) return false;
            dirty.Clear();
            foreach (Frame<TDomain> frame in _states[ordinal]!.Frames)
            {
                if (!frame.IsDirty) continue;
                frame.IsDirty = false;
                dirty.Add(frame.Copy());
            }

            _block = _graph.Graph.Blocks[ordinal];
            foreach (Frame<TDomain> frame in dirty) Visit(frame);
        }

        return true;
    }

    /// <summary>Walks the converged states once with <see cref="FlowClient{TDomain}.IsReporting"/> set.</summary>
    public void Report()
    {
        _client.IsReporting = true;
        try
        {
            foreach (BasicBlock block in _graph.Graph.Blocks)
            {
                if (_states[block.Ordinal] is not { } states) continue;
                _block = block;
                foreach (Frame<TDomain> frame in states.Frames)
                {
                    _cancellation.ThrowIfCancellationRequested();
                    Visit(frame.Copy());
                }
            }
        }
        finally
        {
            _client.IsReporting = false;
        }
    }

    private void Visit(Frame<TDomain> start)
    {
        BasicBlock block = _block;
        List<(Frame<TDomain> Frame, int BranchValue)> ends = [];
        _interpreter.Run(block, start, ends, _cancellation);
        foreach ((Frame<TDomain> frame, int value) in ends) Leave(block, frame, value);
    }

    private void Leave(BasicBlock block, Frame<TDomain> frame, int value)
    {
        if (block.ConditionKind != ControlFlowConditionKind.None && block.ConditionalSuccessor is { } conditional)
        {
            bool jumpsWhen = block.ConditionKind == ControlFlowConditionKind.WhenTrue;
            Frame<TDomain> jumping = frame.Copy();
            if (Decide(jumping, block, value, jumpsWhen)) Follow(block, conditional, jumping, value);
            if (!Decide(frame, block, value, !jumpsWhen)) return;
        }

        if (block.FallThroughSuccessor is { } next) Follow(block, next, frame, value);
    }

    private bool Decide(Frame<TDomain> frame, BasicBlock block, int condition, bool truth)
    {
        if (!frame.Assume(condition, truth)) return false;
        if (Values[condition].Kind != ValueKind.Constant) frame.Trace = new Trace(frame.Trace, truth ? TraceKind.WhenTrue : TraceKind.WhenFalse, block.BranchValue!);
        return true;
    }

    private void Follow(BasicBlock block, ControlFlowBranch branch, Frame<TDomain> frame, int value)
    {
        switch (branch.Semantics)
        {
            case ControlFlowBranchSemantics.Regular:
            case ControlFlowBranchSemantics.Return:
                if (branch.Semantics == ControlFlowBranchSemantics.Return && block.BranchValue is { } returned && block.ConditionKind == ControlFlowConditionKind.None)
                {
                    frame.Write(LocationTable.Return, value);
                    frame.Trace = new Trace(frame.Trace, TraceKind.Returns, returned);
                    _client.OnReturn(frame, returned, value);
                }

                if (branch.Destination is { } destination) GoOn(destination, branch.FinallyRegions, 0, frame, block);
                break;
            case ControlFlowBranchSemantics.StructuredExceptionHandling:
                EndHandler(block, frame);
                break;
            case ControlFlowBranchSemantics.Throw:
                ThrowKind kind = ThrowKind.Explicit;
                IOperation? thrown = block.BranchValue;
                if (thrown is null) break;
                ITypeSymbol? type = thrown is Microsoft.CodeAnalysis.Operations.IConversionOperation { Operand: var inner } ? inner.Type : thrown.Type;
                bool isExact = Unwrap(thrown) is Microsoft.CodeAnalysis.Operations.IObjectCreationOperation;
                frame.Trace = new Trace(frame.Trace, TraceKind.Throws, thrown);
                ThrowFrom(block.EnclosingRegion, frame, new ThrowInfo(thrown, kind, isExact ? type : null) { Cause = IsInHandler(block) ? frame.Caught : null });
                break;
            case ControlFlowBranchSemantics.Rethrow:
                if (frame.Caught is { } caught) ThrowFrom(block.EnclosingRegion, frame, caught);
                break;
        }
    }

    private static bool IsInHandler(BasicBlock block)
    {
        ControlFlowRegion? region = block.EnclosingRegion;
        while (region is not null and not { Kind: ControlFlowRegionKind.Catch }) region = region.EnclosingRegion;
        return region is not null;
    }

    private static IOperation Unwrap(IOperation operation) => operation is Microsoft.CodeAnalysis.Operations.IConversionOperation { Operand: var inner } ? Unwrap(inner) : operation;

    /// <summary>Goes to a block, first through the finallys on the way.</summary>
    private void GoOn(BasicBlock destination, ImmutableArray<ControlFlowRegion> finallys, int index, Frame<TDomain> frame, BasicBlock from)
    {
        if (finallys.IsDefaultOrEmpty || index >= finallys.Length)
        {
            if (destination.Kind == BasicBlockKind.Exit)
            {
                if (!_client.IsReporting) _client.NoteExit(frame, ExitKind.Return);
                else _client.OnExit(frame, ExitKind.Return, null, from.BranchValue ?? (from.Operations.IsEmpty ? null : from.Operations[from.Operations.Length - 1]));
                return;
            }

            Enter(destination, frame);
            return;
        }

        ControlFlowRegion next = finallys[index];
        ImmutableArray<ControlFlowRegion> rest = finallys.RemoveRange(0, index + 1);
        frame.Continuation = new Continuation(next, destination, rest, null, frame.Continuation);
        Enter(_graph.Graph.Blocks[next.FirstBlockOrdinal], frame);
    }

    private void EndHandler(BasicBlock block, Frame<TDomain> frame)
    {
        // The end of a filter that said no, or of a finally.
        ControlFlowRegion? region = block.EnclosingRegion;
        while (region is not null && region.Kind is not (ControlFlowRegionKind.Finally or ControlFlowRegionKind.Filter)) region = region.EnclosingRegion;
        if (region is null) return;
        if (region.Kind == ControlFlowRegionKind.Filter)
        {
            EndFilter(region, frame);
            return;
        }

        Continuation? continuation = frame.Continuation;
        while (continuation is not null && continuation.Finally != region) continuation = continuation.Outer;
        if (continuation is null) return;
        frame.Continuation = continuation.Outer;
        if (continuation.Thrown is { } thrown) ThrowFrom(region.EnclosingRegion, frame, thrown, fromWhole: true);
        else if (continuation.Destination is { } destination) GoOn(destination, continuation.Remaining, 0, frame, block);
    }

    private void ThrowFromBlock(Frame<TDomain> frame, ThrowInfo info) => ThrowFrom(_block.EnclosingRegion, frame, info);

    private void ThrowFrom(ControlFlowRegion? from, Frame<TDomain> frame, ThrowInfo info, bool fromWhole = false)
    {
        for (ControlFlowRegion? region = fromWhole ? from?.EnclosingRegion : from; region is not null; region = region.EnclosingRegion)
        {
            // The root of a lambda's graph hangs in the region around the lambda, which is not where its exceptions go.
            if (region.Kind == ControlFlowRegionKind.Root) break;
            if (region.Kind == ControlFlowRegionKind.Filter)
            {
                EndFilter(region, frame); // an exception in a filter is swallowed and means no
                return;
            }

            if (region.Kind == ControlFlowRegionKind.Finally && frame.Continuation?.Finally == region) frame.Continuation = frame.Continuation.Outer;
            if (IsCaught(_graph.HandlersOf(region), frame, info)) return;
        }

        ExitKind kind = info.Kind == ThrowKind.Abandon ? ExitKind.Abandoned : ExitKind.Exception;
        if (!_client.IsReporting) _client.NoteExit(frame, kind);
        else if (_client.MattersAtExit(frame)) _client.OnExit(frame, kind, info, info.Operation);
    }

    /// <summary>Enters the handlers that the exception may meet; true when it certainly goes no further.</summary>
    private bool IsCaught(IEnumerable<Handler> handlers, Frame<TDomain> frame, ThrowInfo info)
    {
        foreach (Handler handler in handlers)
        {
            if (handler.Kind == HandlerKind.Finally)
            {
                frame.Continuation = new Continuation(handler.Region, null, ImmutableArray<ControlFlowRegion>.Empty, info, frame.Continuation);
                Enter(_graph.Graph.Blocks[handler.Entry.FirstBlockOrdinal], frame);
                return true;
            }

            if (info.Kind == ThrowKind.Abandon) continue;
            bool? catches = handler.CatchesFrom(info);
            if (catches == false) continue;
            Frame<TDomain> caught = catches == true ? frame : frame.Copy();
            caught.Caught = info;
            Enter(_graph.Graph.Blocks[handler.Entry.FirstBlockOrdinal], caught);
            if (catches == true) return true;
        }

        return false;
    }

    /// <summary>A filter said no: the exception goes on to the handlers behind it, with what the filter has found out.</summary>
    private void EndFilter(ControlFlowRegion filter, Frame<TDomain> frame)
    {
        if (frame.Caught is not { } info || filter.EnclosingRegion is not { EnclosingRegion: { } whole } handler) return;
        ControlFlowRegion guarded = whole.NestedRegions[0];
        if (!IsCaught(_graph.HandlersOf(guarded).SkipWhile(h => h.Region != handler).Skip(1), frame, info)) ThrowFrom(whole, frame, info);
    }

    private void Enter(BasicBlock block, Frame<TDomain> frame)
    {
        if (_client.IsReporting) return;
        ForgetDead(block, frame);
        frame.ForgetUnreachableFacts();
        BlockStates<TDomain> states = _states[block.Ordinal] ??= new BlockStates<TDomain>(block.Ordinal);
        if (states.Add(frame, _budget.MaxStates)) _work.Add(block.Ordinal);
    }

    /// <summary>Variables and captures whose region control has left are dropped, so that states stay small in long bodies.</summary>
    private void ForgetDead(BasicBlock block, Frame<TDomain> frame)
    {
        for (int i = frame.Environment.Count - 1; i >= 0; i--)
        {
            int location = frame.Environment.KeyAt(i);
            if (location <= LocationTable.ThisVersion || Locations.KeyOf(location) is not { } key || !_graph.TryGetScope(key, out ControlFlowRegion? scope)) continue;
            if (scope.FirstBlockOrdinal <= block.Ordinal && block.Ordinal <= scope.LastBlockOrdinal) continue;

            // A finally between here and there still belongs to the way out, not to the scope.
            if (frame.Continuation is not null) continue;
            frame.Environment = frame.Environment.Remove(location);
        }
    }
}
