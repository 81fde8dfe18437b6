using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>
/// Follows statuses and handles through one body. The parts: this file holds what happens at calls, <c>.Handles</c> judges arguments, <c>.Statuses</c> what
/// becomes of results, <c>.Tests</c> how native results are tested.
/// </summary>
internal sealed partial class ContractFlow : FlowClient<ContractState>
{
    private readonly ContractContext _context;
    private readonly ExceptionalGraph _graph;
    private readonly ISymbol _owner;
    private readonly SyntaxNode _syntax;
    private readonly LocationTable _locations;
    private readonly ValueTable _values;
    private readonly ErrorExits? _exits;
    private readonly HashSet<CaptureId> _targets = [];
    private readonly Dictionary<CaptureId, ILocalSymbol> _captures = [];

    /// <summary>What each operand came to, just now: an operation is told of after its operands, in the same frame.</summary>
    private readonly Dictionary<IOperation, int> _results = [];

    public ContractFlow(ContractContext context, MemberBody body, ValueTable values, LocationTable locations)
    {
        _context = context;
        _graph = body.Exceptional;
        _owner = body.Owner;
        _syntax = body.Member.Syntax;
        _values = values;
        _locations = locations;
        _exits = ErrorExits.Create(context, body.Graph, body.Owner);
        foreach (BasicBlock block in body.Graph.Blocks)
        {
            foreach (IOperation operation in block.Operations)
            {
                if (operation is IExpressionStatementOperation { Operation: IAssignmentOperation { Target: IFlowCaptureReferenceOperation target } }) _targets.Add(target.Id);
                if (operation is IFlowCaptureOperation { Value: ILocalReferenceOperation local } capture) _captures[capture.Id] = local.Local;
            }
        }
    }

    public List<ContractFinding> Findings { get; } = [];

    public override bool MattersAtExit(Frame<ContractState> frame) => false;

    public override void BeforeCall(Frame<ContractState> frame, CallSite call)
    {
        // A lock statement calls Monitor.Enter with a flag of its own.
        if (call.Operation.IsImplicit && call.Method.ContainingType is { SystemName: "Monitor" }) return;
        bool mayHaveContract = _context.MayHaveContract(call.Method);
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            if ((call.ArgumentOperations[i] ?? AssignedBy(call)) is not { } argument) continue;
            ParameterContract contract = mayHaveContract ? _context.Parameters.Of(call.Method.Parameters[i]) : ParameterContract.None;
            if (contract.IsEmpty)
            {
                NoteDestroyed(frame, call, call.Arguments[i]);
                continue;
            }

            if (contract.Range is not null || contract.Mask is not null) JudgeValue(frame, call, i, argument, contract);
            if (contract.MustBeZero) JudgeHandle(frame, call, i, argument, contract);
        }
    }

    /// <summary>Whoever handles the exception replaces the status for a reason.</summary>
    public override void OnCallThrows(Frame<ContractState> frame, CallSite call) => frame.Domain = frame.Domain.With(unread: default(Flow.Lattices.IntMap<IOperation>));

    public override void OnAwaitThrows(Frame<ContractState> frame, IAwaitOperation operation, int awaited) => frame.Domain = frame.Domain.With(unread: default(Flow.Lattices.IntMap<IOperation>));

    public override void AfterCall(Frame<ContractState> frame, CallSite call, int result)
    {
        int handle = FilledHandle(call);
        if (!_context.MayHaveContract(call.Method)) return;
        SuccessSignal? status = _context.StatusOf(call.Method);
        NoteOrigin(call, result);
        if (handle != ValueTable.Unknown) status = SettleHandle(frame, call, handle, status);
        if (status is not { } signal || (handle == ValueTable.Unknown && _exits is null)) return;
        Outcome outcome = new(call.Operation, signal, result, handle, IsOpen: true);
        frame.Domain = frame.Domain.With(outcomes: frame.Domain.Outcomes.RemoveAll(earlier => earlier.Call == call.Operation).Add(outcome));
    }

    public override void Split(Frame<ContractState> frame, List<Frame<ContractState>> into)
    {
        foreach (Outcome outcome in frame.Domain.Outcomes)
        {
            if (!outcome.IsOpen) continue;
            Frame<ContractState> failed = frame.Copy();
            if (failed.Restrict(outcome.Result, FactFor(outcome.Signal, succeeded: false)))
            {
                failed.Domain = failed.Domain.With(outcomes: failed.Domain.Outcomes.Replace(outcome, outcome with { IsOpen = false }));
                if (outcome.Handle == ValueTable.Unknown || failed.Restrict(outcome.Handle, Fact.Zero)) Split(failed, into);
            }

            if (!frame.Restrict(outcome.Result, FactFor(outcome.Signal, succeeded: true))) return;
            frame.Domain = frame.Domain.With(outcomes: frame.Domain.Outcomes.Remove(outcome));
            if (outcome.Handle != ValueTable.Unknown) MakeLive(frame, outcome.Handle, outcome.Call);
            Split(frame, into);
            return;
        }

        into.Add(frame);
    }

    public override void OnOperation(Frame<ContractState> frame, IOperation operation, int value)
    {
        _results[operation] = value;
        switch (operation)
        {
            case ILocalReferenceOperation local when !IsTarget(local):
                MarkRead(frame, local.Local);
                break;
            case ISimpleAssignmentOperation assignment:
                JudgeAssignment(frame, assignment);
                break;
            case IAwaitOperation { Operation: { } task } when value != ValueTable.Unknown && Awaited(task) is IInvocationOperation awaited && _context.ConventionOf(awaited.TargetMethod) is { } convention:
                _origins[value] = (awaited, awaited.TargetMethod, convention);
                break;
            case IDeconstructionAssignmentOperation or IDelegateCreationOperation or IFlowAnonymousFunctionOperation:
                frame.Domain = frame.Domain.With(unread: default(Flow.Lattices.IntMap<IOperation>));
                break;
            case IBinaryOperation or IIsPatternOperation or IIsNullOperation when IsReporting:
                NoteTest(frame, operation);
                break;
        }
    }

    public override void OnReturn(Frame<ContractState> frame, IOperation value, int number)
    {
        if (!IsReporting || _exits is null || frame.Domain.Outcomes.IsEmpty) return;
        if (_exits.Judge(frame, value, number) is { } finding) Findings.Add(finding);
    }

    /// <summary>What a setter gets is no argument in the source.</summary>
    private static IOperation? AssignedBy(CallSite call) => call.Method.MethodKind == MethodKind.PropertySet && call.Operation.Parent is IAssignmentOperation assignment ? assignment.Value : null;

    private bool IsTarget(ILocalReferenceOperation local) => local.Parent switch
    {
        IFlowCaptureOperation capture => _targets.Contains(capture.Id),
        ISimpleAssignmentOperation assignment => assignment.Target == local,
        _ => false,
    };

    internal static Fact FactFor(SuccessSignal signal, bool succeeded) => signal switch
    {
        SuccessSignal.Zero => succeeded ? Fact.Zero : Fact.NonZero,
        SuccessSignal.NonNegative => succeeded ? Fact.NonNegative : Fact.Negative,
        SuccessSignal.NotMinusOne => succeeded ? Fact.NotMinus1 : Fact.Constant(-1),
        _ => succeeded ? Fact.NonZero : Fact.Zero,
    };

    private static string Text(SyntaxNode node) => node.ToString();

    private static string Display(IMethodSymbol method) =>
        method.MethodKind == MethodKind.Constructor ? method.ContainingType.Name : method.AssociatedSymbol?.Name ?? method.Name;
}
