using System.Collections.Generic;
using System.Collections.Immutable;
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
    private readonly Compilation? _compilation;
    private BasicBlock _block = null!;

    public Interpreter(ExceptionalGraph graph, FlowClient<TDomain> client, ValueTable values, LocationTable locations, System.Action<Frame<TDomain>, ThrowInfo> onThrow)
    {
        _graph = graph;
        _client = client;
        _values = values;
        _locations = locations;
        _throw = onThrow;
        _compilation = graph.Graph.OriginalOperation.SemanticModel?.Compilation;
    }

    private ImmutableArray<SyntaxReference> PartsOf(ISymbol symbol) => _compilation is null ? symbol.DeclaringSyntaxReferences : symbol.PartsIn(_compilation);

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
        if (operation.ConstantValue is { HasValue: true } constant && operation.Kind != OperationKind.FlowCapture && operation is not IAssignmentOperation) return _values.Constant(constant.Value);
        int value = EvaluateCore(frame, operation);
        _client.OnOperation(frame, operation, value);
        return value;
    }

    private int EvaluateCore(Frame<TDomain> frame, IOperation operation)
    {
        // By kind: asking an operation for one interface after the other is what would cost most here.
        switch (operation.Kind)
        {
            case OperationKind.ExpressionStatement:
                IExpressionStatementOperation statement = (IExpressionStatementOperation)operation;
                int result = Evaluate(frame, statement.Operation);
                if (!frame.IsDead) _client.OnDiscarded(frame, statement, result);
                return ValueTable.Unknown;
            case OperationKind.LocalReference:
                return ReadVariable(frame, ((ILocalReferenceOperation)operation).Local, operation);
            case OperationKind.ParameterReference:
                return ReadVariable(frame, ((IParameterReferenceOperation)operation).Parameter, operation);
            case OperationKind.FlowCapture:
                IFlowCaptureOperation capture = (IFlowCaptureOperation)operation;
                _captured[capture.Id] = capture.Value;
                if (IsBoolean(capture.Value.Type)) _locations.NoteBoolean(capture.Id);
                frame.Write(_locations.Of(capture.Id), Evaluate(frame, capture.Value));
                return ValueTable.Unknown;
            case OperationKind.FlowCaptureReference:
                return frame.Read(_locations.Of(((IFlowCaptureReferenceOperation)operation).Id));
            case OperationKind.InstanceReference when ((IInstanceReferenceOperation)operation).ReferenceKind == InstanceReferenceKind.ContainingTypeInstance:
                return _values.This;
            case OperationKind.FieldReference:
                return ReadField(frame, (IFieldReferenceOperation)operation);
            case OperationKind.PropertyReference:
                return ReadProperty(frame, (IPropertyReferenceOperation)operation);
            case OperationKind.SimpleAssignment or OperationKind.CompoundAssignment or OperationKind.CoalesceAssignment or OperationKind.DeconstructionAssignment:
                return EvaluateAssignment(frame, (IAssignmentOperation)operation);
            case OperationKind.Increment or OperationKind.Decrement:
                return EvaluateIncrement(frame, (IIncrementOrDecrementOperation)operation);
            case OperationKind.Conversion:
                return EvaluateConversion(frame, (IConversionOperation)operation);
            case OperationKind.Parenthesized:
                return Evaluate(frame, ((IParenthesizedOperation)operation).Operand);
            case OperationKind.Binary:
                return EvaluateBinary(frame, (IBinaryOperation)operation);
            case OperationKind.Unary:
                return EvaluateUnary(frame, (IUnaryOperation)operation);
            case OperationKind.IsNull:
                return IsNull(frame, Evaluate(frame, ((IIsNullOperation)operation).Operand));
            case OperationKind.IsType:
                IIsTypeOperation isType = (IIsTypeOperation)operation;
                int tested = _values.IsType(Evaluate(frame, isType.ValueOperand), isType.TypeOperand);
                return isType.IsNegated ? _values.Not(tested) : tested;
            case OperationKind.IsPattern:
                IIsPatternOperation isPattern = (IIsPatternOperation)operation;
                return EvaluatePattern(frame, Evaluate(frame, isPattern.Value), isPattern.Pattern, IsNullableNumber(isPattern.Value.Type));
            case OperationKind.Invocation:
                return EvaluateInvocation(frame, (IInvocationOperation)operation);
            case OperationKind.ObjectCreation:
                IObjectCreationOperation creation = (IObjectCreationOperation)operation;
                return EvaluateCreation(frame, creation, creation.Constructor, creation.Arguments);
            case OperationKind.Await:
                return EvaluateAwait(frame, (IAwaitOperation)operation);
            case OperationKind.DefaultValue:
                return ValueTable.Zero;
            case OperationKind.ArrayElementReference:
                return EvaluateElement(frame, (IArrayElementReferenceOperation)operation);
            case OperationKind.ArrayCreation:
                return EvaluateArray(frame, (IArrayCreationOperation)operation);
            case OperationKind.Tuple:
                return EvaluateTuple(frame, (ITupleOperation)operation);
            case OperationKind.AnonymousObjectCreation:
                return EvaluateAnonymous(frame, (IAnonymousObjectCreationOperation)operation);
            case OperationKind.DelegateCreation or OperationKind.FlowAnonymousFunction or OperationKind.MethodReference:
                EvaluateChildren(frame, operation, escapes: true);
                _client.OnCapture(frame, operation);
                return NewValue(frame, operation, 0, isNotNull: true);
            case OperationKind.Return or OperationKind.YieldReturn or OperationKind.YieldBreak:
                return EvaluateYield(frame, (IReturnOperation)operation);
            case OperationKind.DeclarationExpression:
                return Evaluate(frame, ((IDeclarationExpressionOperation)operation).Expression);
            case OperationKind.AddressOf:
                return EvaluateAddress(frame, (IAddressOfOperation)operation);
            case OperationKind.TypeOf:
                int named = _values.Opaque(((ITypeOfOperation)operation).TypeOperand);
                frame.Restrict(named, Fact.NonZero);
                return named;
            case OperationKind.InterpolatedString or OperationKind.NameOf or OperationKind.SizeOf or OperationKind.Throw or OperationKind.InstanceReference or OperationKind.CaughtException:
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
