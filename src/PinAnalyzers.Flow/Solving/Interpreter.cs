using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>Steps frames through operations: evaluates expressions to values, keeps facts, and tells the client what happens, in evaluation order.</summary>
internal sealed partial class Interpreter<TDomain>
    where TDomain : IFlowDomain<TDomain>
{
    private readonly ExceptionalGraph _graph;
    private readonly FlowClient<TDomain> _client;
    private readonly ValueTable _values;
    private readonly LocationTable _locations;
    private readonly System.Action<Frame<TDomain>, ThrowInfo> _throw;
    private readonly Dictionary<IOperation, int> _sites = [];
    private readonly Dictionary<CaptureId, IOperation> _captured = [];
    private BasicBlock _block = null!;

    public Interpreter(ExceptionalGraph graph, FlowClient<TDomain> client, ValueTable values, LocationTable locations, System.Action<Frame<TDomain>, ThrowInfo> onThrow)
    {
        _graph = graph;
        _client = client;
        _values = values;
        _locations = locations;
        _throw = onThrow;
    }

    /// <summary>Runs the operations of a block on one frame; appends the frames that reach its end with the branch value, if any, evaluated.</summary>
    public void Run(BasicBlock block, Frame<TDomain> start, List<(Frame<TDomain> Frame, int BranchValue)> ends, CancellationToken cancellation)
    {
        _block = block;
        List<Frame<TDomain>> frames = [start];
        foreach (IOperation operation in block.Operations)
        {
            cancellation.ThrowIfCancellationRequested();
            frames = Step(frames, operation);
            if (frames.Count == 0) return;
        }

        if (block.BranchValue is not { } value)
        {
            foreach (Frame<TDomain> frame in frames) ends.Add((frame, ValueTable.Unknown));
            return;
        }

        List<Frame<TDomain>> split = [];
        foreach (Frame<TDomain> frame in frames)
        {
            int result = Evaluate(frame, value);
            if (frame.IsDead) continue;
            split.Clear();
            _client.Split(frame, split);
            foreach (Frame<TDomain> f in split)
            {
                if (!f.IsDead) ends.Add((f, result));
            }
        }
    }

    private List<Frame<TDomain>> Step(List<Frame<TDomain>> frames, IOperation operation)
    {
        List<Frame<TDomain>> next = new(frames.Count);
        foreach (Frame<TDomain> frame in frames)
        {
            Evaluate(frame, operation);
            if (!frame.IsDead) _client.Split(frame, next);
        }

        next.RemoveAll(static f => f.IsDead);
        return next;
    }

    private int Evaluate(Frame<TDomain> frame, IOperation? operation)
    {
        if (operation is null || frame.IsDead) return ValueTable.Unknown;
        if (operation.ConstantValue is { HasValue: true } constant && operation is not (IAssignmentOperation or IFlowCaptureOperation)) return _values.Constant(constant.Value);
        int value = EvaluateCore(frame, operation);
        _client.OnOperation(frame, operation, value);
        return value;
    }

    private int EvaluateCore(Frame<TDomain> frame, IOperation operation)
    {
        switch (operation)
        {
            case IExpressionStatementOperation statement:
                int result = Evaluate(frame, statement.Operation);
                if (!frame.IsDead) _client.OnDiscarded(frame, statement, result);
                return ValueTable.Unknown;
            case ILocalReferenceOperation local:
                return ReadVariable(frame, local.Local, operation);
            case IParameterReferenceOperation parameter:
                return ReadVariable(frame, parameter.Parameter, operation);
            case IFlowCaptureOperation capture:
                _captured[capture.Id] = capture.Value;
                if (IsBoolean(capture.Value.Type)) _locations.NoteBoolean(capture.Id);
                frame.Write(_locations.Of(capture.Id), Evaluate(frame, capture.Value));
                return ValueTable.Unknown;
            case IFlowCaptureReferenceOperation reference:
                return frame.Read(_locations.Of(reference.Id));
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                return _values.This;
            case IFieldReferenceOperation field:
                return ReadField(frame, field);
            case IPropertyReferenceOperation property:
                return ReadProperty(frame, property);
            case IAssignmentOperation assignment:
                return EvaluateAssignment(frame, assignment);
            case IIncrementOrDecrementOperation increment:
                return EvaluateIncrement(frame, increment);
            case IConversionOperation conversion:
                return EvaluateConversion(frame, conversion);
            case IParenthesizedOperation parenthesized:
                return Evaluate(frame, parenthesized.Operand);
            case IBinaryOperation binary:
                return EvaluateBinary(frame, binary);
            case IUnaryOperation unary:
                return EvaluateUnary(frame, unary);
            case IIsNullOperation isNull:
                return IsNull(frame, Evaluate(frame, isNull.Operand));
            case IIsTypeOperation isType:
                int tested = _values.IsType(Evaluate(frame, isType.ValueOperand), isType.TypeOperand);
                return isType.IsNegated ? _values.Not(tested) : tested;
            case IIsPatternOperation isPattern:
                return EvaluatePattern(frame, Evaluate(frame, isPattern.Value), isPattern.Pattern, IsNullableNumber(isPattern.Value.Type));
            case IInvocationOperation invocation:
                return EvaluateInvocation(frame, invocation);
            case IObjectCreationOperation creation:
                return EvaluateCreation(frame, creation, creation.Constructor, creation.Arguments);
            case IAwaitOperation awaiting:
                return EvaluateAwait(frame, awaiting);
            case IDefaultValueOperation:
                return ValueTable.Zero;
            case IArrayElementReferenceOperation element:
                return EvaluateElement(frame, element);
            case IArrayCreationOperation array:
                return EvaluateArray(frame, array);
            case ITupleOperation tuple:
                return EvaluateTuple(frame, tuple);
            case IDelegateCreationOperation or IFlowAnonymousFunctionOperation or IMethodReferenceOperation:
                EvaluateChildren(frame, operation, escapes: true);
                _client.OnCapture(frame, operation);
                return NewValue(frame, operation, 0, isNotNull: true);
            case IReturnOperation yielding:
                return EvaluateYield(frame, yielding);
            case IDeclarationExpressionOperation declaration:
                return Evaluate(frame, declaration.Expression);
            case IAddressOfOperation address:
                return EvaluateAddress(frame, address);
            case ITypeOfOperation { TypeOperand: var type }:
                int named = _values.Opaque(type);
                frame.Restrict(named, Fact.NonZero);
                return named;
            case IInterpolatedStringOperation or INameOfOperation or ISizeOfOperation or IThrowOperation or IInstanceReferenceOperation or ICaughtExceptionOperation:
                EvaluateChildren(frame, operation, escapes: false);
                return NewValue(frame, operation, 0, isNotNull: true);
            default:
                return EvaluateOther(frame, operation);
        }
    }

    /// <summary>Operations nobody has taught us: the children run, and what they hold may go anywhere.</summary>
    private int EvaluateOther(Frame<TDomain> frame, IOperation operation)
    {
        if (operation.Kind == OperationKind.None && IsPointerIndirection(operation))
        {
            int pointer = ValueTable.Unknown, index = ValueTable.Unknown;
            foreach (IOperation child in operation.ChildOperations)
            {
                int part = Evaluate(frame, child);
                if (pointer == ValueTable.Unknown) pointer = part;
                else index = part;
            }

            return pointer == ValueTable.Unknown ? NewValue(frame, operation, 0) : _values.Element(pointer, index);
        }

        EvaluateChildren(frame, operation, escapes: operation is not ICoalesceOperation);
        return NewValue(frame, operation, 0);
    }

    /// <summary>Roslyn has no public kind for these; of <c>p->Field</c> the operation has the syntax of <c>p</c>.</summary>
    private static bool IsPointerIndirection(IOperation operation) => operation.Syntax.Kind() switch
    {
        SyntaxKind.PointerIndirectionExpression or SyntaxKind.PointerMemberAccessExpression or SyntaxKind.ElementAccessExpression => true,
        _ => operation.Syntax.Parent is MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.PointerMemberAccessExpression } access && access.Expression == operation.Syntax,
    };

    private void EvaluateChildren(Frame<TDomain> frame, IOperation operation, bool escapes)
    {
        foreach (IOperation child in operation.ChildOperations)
        {
            int value = Evaluate(frame, child);
            if (escapes && value > ValueTable.Zero) _client.OnUnknownUse(frame, operation, value);
        }
    }

    /// <summary>A value made here. In a loop the value of the round before is renamed first.</summary>
    private int NewValue(Frame<TDomain> frame, IOperation operation, int index, bool isNotNull = false)
    {
        if (!_sites.TryGetValue(operation, out int site))
        {
            site = _sites.Count + 1;
            _sites.Add(operation, site);
        }

        int value = _values.Site(site, index);
        if (_graph.IsInLoop(_block)) frame.Age(value);
        if (!isNotNull) return value;
        _values.NoteNeverNull(value);
        frame.Restrict(value, Fact.NonZero);
        return value;
    }

    private void Throw(Frame<TDomain> frame, IOperation operation, ThrowKind kind, ITypeSymbol? type = null)
    {
        if (!ExceptionalGraph.IsGuarded(_block.EnclosingRegion) && !_client.MattersAtExit(frame)) return;
        List<Frame<TDomain>> split = [];
        _client.Split(frame.Copy(), split);
        ThrowInfo info = new(operation, kind, type);
        foreach (Frame<TDomain> f in split)
        {
            if (f.IsDead) continue;
            f.Trace = new Trace(f.Trace, TraceKind.Throws, operation);
            _throw(f, info);
        }
    }
}
