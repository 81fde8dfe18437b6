using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>One call as the interpreter met it: the target and the values of receiver and arguments, by the ordinal of the unreduced method's parameters.</summary>
public sealed class CallSite(IOperation operation, IMethodSymbol method, int receiver, IOperation? receiverOperation, int[] arguments, IOperation?[] argumentOperations)
{
    private readonly int[] _arguments = arguments;

    public IOperation Operation { get; } = operation;

    public IMethodSymbol Method { get; } = method;

    public int Receiver { get; private set; } = receiver;

    public IOperation? ReceiverOperation { get; } = receiverOperation;

    public IReadOnlyList<int> Arguments => _arguments;

    public IReadOnlyList<IOperation?> ArgumentOperations { get; } = argumentOperations;

    /// <summary>The values that <c>out</c> and <c>ref</c> arguments have after the call; unknown for the others. Filled before <see cref="FlowClient{TDomain}.AfterCall"/>.</summary>
    public int[] Outs { get; } = new int[argumentOperations.Length];

    /// <summary>Its result is a function of its operands, and it does not throw.</summary>
    internal bool IsFunction { get; } = PureFunctions.Contains(method);

    /// <summary>What is called through a delegate has no fixed target.</summary>
    public bool IsDelegate => Method.MethodKind == MethodKind.DelegateInvoke;

    internal void Rename(System.Func<int, int> rename)
    {
        Receiver = rename(Receiver);
        for (int i = 0; i < _arguments.Length; i++) _arguments[i] = rename(_arguments[i]);
        for (int i = 0; i < Outs.Length; i++) Outs[i] = rename(Outs[i]);
    }
}

public enum ExitKind : byte
{
    Return,
    Exception,

    /// <summary>An iterator abandoned by its consumer.</summary>
    Abandoned,
}

/// <summary>
/// What a rule family adds to the walk. The interpreter calls these in evaluation order; implementations change <see cref="Frame{TDomain}.Domain"/> and facts and may not
/// keep state across frames except for findings, which they may emit only while <see cref="IsReporting"/>.
/// </summary>
public abstract class FlowClient<TDomain>
    where TDomain : IFlowDomain<TDomain>
{
    /// <summary>True in the pass over converged states.</summary>
    public bool IsReporting { get; internal set; }

    /// <summary>Discharges and escapes of a call: they count even when it throws.</summary>
    public virtual void BeforeCall(Frame<TDomain> frame, CallSite call)
    {
    }

    /// <summary>Whether the call may throw, and what that says of it; null: it does not.</summary>
    public virtual ThrowKind? MayThrow(Frame<TDomain> frame, CallSite call) => call.IsDelegate ? ThrowKind.Callback : ThrowKind.Call;

    /// <summary>The value a call returns when that is a value already known; unknown for a new one.</summary>
    public virtual int Result(Frame<TDomain> frame, CallSite call) => ValueTable.Unknown;

    /// <summary>The value a property has when the client knows it; unknown otherwise.</summary>
    public virtual int ResultOfRead(Frame<TDomain> frame, IPropertyReferenceOperation property, int receiver) => ValueTable.Unknown;

    /// <summary>A property was read and yielded <paramref name="value"/>.</summary>
    public virtual void OnRead(Frame<TDomain> frame, IPropertyReferenceOperation property, int receiver, int value)
    {
    }

    /// <summary>Whether the operands of a comparison certainly are two things, for a reason that only the client knows.</summary>
    public virtual bool AreDistinct(Frame<TDomain> frame, IOperation comparison, int left, int right) => false;

    /// <summary>Whether the callee is known to end otherwise than by returning.</summary>
    public virtual bool NeverReturns(CallSite call) => CallContracts.NeverReturns(call.Method);

    /// <summary>The boolean argument, and its value, with which the callee does not return (<c>[DoesNotReturnIf]</c>); null if none.</summary>
    public virtual (int Ordinal, bool Value)? StopsWhen(CallSite call) => CallContracts.StopsWhen(call.Method);

    /// <summary>Called while solving, before states are joined: a path leaves the body in this state.</summary>
    public virtual void NoteExit(Frame<TDomain> frame, ExitKind kind)
    {
    }

    /// <summary>Effects of a call that returned.</summary>
    public virtual void AfterCall(Frame<TDomain> frame, CallSite call, int result)
    {
    }

    /// <summary>State on the exceptional edge of a call; called on a copy of the frame after <see cref="BeforeCall"/>.</summary>
    public virtual void OnCallThrows(Frame<TDomain> frame, CallSite call)
    {
    }

    /// <summary>The members that running this call may write become unknown when true.</summary>
    public virtual bool MayWriteMembers(CallSite call) =>
        call.IsDelegate || (call.Method.MethodKind != MethodKind.PropertyGet && !call.Method.DeclaringSyntaxReferences.IsEmpty);

    /// <summary>Whether what is passed by reference is zero, false or null when the call returns, if it was before.</summary>
    public virtual bool KeepsZero(CallSite call, int ordinal) => false;

    /// <summary>Whether other code than this body may change the member after construction. What only this body writes says what this body did, whatever runs in between.</summary>
    public virtual bool MayBeWrittenElsewhere(ISymbol member) => true;

    /// <summary>Whether what is awaited may fail or be cancelled.</summary>
    public virtual bool MayThrow(IAwaitOperation operation) => true;

    /// <summary>State on the exceptional edge of an await; called on a copy of the frame.</summary>
    public virtual void OnAwaitThrows(Frame<TDomain> frame, IAwaitOperation operation, int awaited)
    {
    }

    /// <summary>A value was awaited and yielded <paramref name="result"/>.</summary>
    public virtual void OnAwait(Frame<TDomain> frame, IAwaitOperation operation, int awaited, int result)
    {
    }

    /// <summary>A value was stored where it outlives this body: a member, an element, memory behind a pointer or reference.</summary>
    public virtual void OnStore(Frame<TDomain> frame, IOperation target, int value)
    {
    }

    /// <summary>A value is used in a way that is not understood.</summary>
    public virtual void OnUnknownUse(Frame<TDomain> frame, IOperation operation, int value)
    {
    }

    /// <summary>A delegate or lambda that captures was made, or a local function referred to.</summary>
    public virtual void OnCapture(Frame<TDomain> frame, IOperation operation)
    {
    }

    public virtual void OnReturn(Frame<TDomain> frame, IOperation value, int number)
    {
    }

    /// <summary>An expression whose value nobody takes.</summary>
    public virtual void OnDiscarded(Frame<TDomain> frame, IExpressionStatementOperation statement, int value)
    {
    }

    /// <summary>Any operation just evaluated; for rules about plain accesses.</summary>
    public virtual void OnOperation(Frame<TDomain> frame, IOperation operation, int value)
    {
    }

    /// <summary>Turns a frame with open alternatives (a charge whose success is not yet known) into one frame for each.</summary>
    public virtual void Split(Frame<TDomain> frame, List<Frame<TDomain>> into) => into.Add(frame);

    /// <summary>Whether a state matters where an exception leaves the body.</summary>
    public virtual bool MattersAtExit(Frame<TDomain> frame) => true;

    /// <summary>A path leaves the body. Called only while reporting, before states are joined.</summary>
    public virtual void OnExit(Frame<TDomain> frame, ExitKind kind, ThrowInfo? thrown, IOperation? at)
    {
    }
}
