using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>Whether the other way out of a test refuses the whole operation, which is what a capability is for.</summary>
internal static class Denial
{
    private static readonly string[] Words = ["Den", "Unauthor", "Forbid", "Fail", "Error", "Exception", "NotPermitted", "NotAllowed", "Access", "Eperm", "Refus", "Reject", "Illegal", "Invalid"];

    /// <summary>A loop may come back to its own tests.</summary>
    private const int MaxTests = 32;

    private static readonly string[] RefusalWords = ["Deny", "Denied", "Unauthor", "Forbid", "Refus", "Reject"];
    private static readonly string[] SuccessWords = ["Complet", "Ok", "Success", "Empty", "None", "Default", "FromResult", "NoContent"];

    /// <summary>True when an unprivileged caller who does not take <paramref name="taken"/> gets an error, or something else than who takes it, as the result.</summary>
    public static bool Follows(BranchEdge taken, CapabilityValue condition, ControlFlowGraph graph, CapabilityFlow flow, BasicBlock release)
    {
        if (CapabilityFlow.OnEdge(taken, condition) == Polarity.Unprivileged) return false;
        (IOperation? told, bool isRefused) = Refused(taken) is { } refused ? Ahead(refused, graph) : default;
        if (isRefused || told is null) return isRefused;
        // `bool may = IsPrivileged; if (may) …; return may;`
        if (IsError(told) || flow.ValueOf(told) is { WhenTrue: Polarity.Privileged }) return true;
        if (told is ILocalReferenceOperation) return IsErrorUnless(told, taken, graph, flow);
        if (told.ConstantValue.HasValue || NameOf(told) is not { } name || SuccessWords.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)) return false;
        return Ahead(release, graph).Told is { } result && !result.Syntax.IsEquivalentTo(told.Syntax);
    }

    /// <summary>Where the other way out leads: in <c>!IsPrivileged &amp;&amp; caller != owner</c>, behind all that else lets the caller through.</summary>
    private static BasicBlock? Refused(BranchEdge taken)
    {
        BasicBlock? allowed = taken.Branch?.Destination, block = new BranchEdge(taken.Block, !taken.IsConditional).Branch?.Destination;
        for (int steps = 0; steps < MaxTests && block is { ConditionKind: not ControlFlowConditionKind.None } && allowed is not null && block != allowed; steps++)
        {
            if (block.ConditionalSuccessor?.Destination == allowed) block = block.FallThroughSuccessor?.Destination;
            else if (block.FallThroughSuccessor?.Destination == allowed) block = block.ConditionalSuccessor?.Destination;
            else break;
        }

        return block;
    }

    /// <summary>True when the way straight ahead from the edge returns an error, or refuses by other means.</summary>
    public static bool ReturnsError(BranchEdge edge, ControlFlowGraph graph) => Ahead(edge.Branch, graph) is var (told, isRefused) && (isRefused || told is not null && IsError(told));

    private static (IOperation? Told, bool IsRefused) Ahead(ControlFlowBranch? branch, ControlFlowGraph graph) => branch?.Destination is { } block ? Ahead(block, graph) : default;

    /// <summary>What is returned straight ahead, and whether somebody is told before that it was refused.</summary>
    private static (IOperation? Told, bool IsRefused) Ahead(BasicBlock from, ControlFlowGraph graph)
    {
        Dictionary<CaptureId, IOperation> captured = [];
        Dictionary<ISymbol, IOperation> locals = new(SymbolEqualityComparer.Default);
        BasicBlock? block = from;
        for (int steps = 0; steps < graph.Blocks.Length && block is not null; steps++)
        {
            foreach (IOperation operation in block.Operations)
            {
                if (operation is IFlowCaptureOperation capture) captured[capture.Id] = capture.Value;
                else if (operation is IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: { } local } } assignment }) locals[local] = assignment.Value;
                if (operation.DescendantsAndSelf().Any(IsRefusal)) return (null, true);
            }

            if (block.ConditionKind != ControlFlowConditionKind.None) return default;
            if (block is { FallThroughSuccessor.Semantics: ControlFlowBranchSemantics.Return, BranchValue: { } value })
            {
                if (value is IFlowCaptureReferenceOperation reference && captured.TryGetValue(reference.Id, out IOperation? held)) value = held;
                return (value is ILocalReferenceOperation { Local: { } returned } && locals.TryGetValue(returned, out IOperation? kept) ? kept : value, false);
            }

            block = block.FallThroughSuccessor?.Destination;
        }

        return default;
    }

    /// <summary>The result that is an error until the branch that was not taken makes it something else.</summary>
    private static bool IsErrorUnless(IOperation result, BranchEdge taken, ControlFlowGraph graph, CapabilityFlow flow)
    {
        bool isError = false;
        foreach ((IOperation value, BasicBlock? block) in new Origins(graph).Of(result))
        {
            if (block is not null && flow.Dependence.DecidersOf(block).Contains(taken)) continue;
            if (!IsError(value)) return false;
            isError = true;
        }

        return isError;
    }

    /// <summary><c>error = Error.Denied</c>, <c>response.StatusCode = 403</c>, <c>context.Forbid()</c>, and calls that never return.</summary>
    private static bool IsRefusal(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod.ContainingType.SystemName: "TaskCompletionSource", Arguments: var given } set when set.TargetMethod.Name is "SetException" or "TrySetException" or "SetResult" or "TrySetResult" =>
            given.Length == 1 && IsError(given[0].Value),
        IInvocationOperation { Arguments: var given } when given.Any(static argument => IsRefusalCode(argument.Value)) => true,
        IInvocationOperation { TargetMethod: { } method, Arguments: var given } when !AccountingEvents.IsLog(method) && given.Any(static argument => IsRefusalText(argument.Value)) => true,
        IInvocationOperation { TargetMethod: { } method } => method.GetAttributes().Any(static a => a.AttributeClass?.Name is "DoesNotReturnAttribute") || !AccountingEvents.IsLog(method) && RefusalWords.Any(word => method.Name.IndexOf(word, StringComparison.Ordinal) >= 0),
        ISimpleAssignmentOperation { Target: IParameterReferenceOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref }, Value: { } value } => IsError(value),
        ISimpleAssignmentOperation { Target: IMemberReferenceOperation, Value: { } value } when Origins.Unwrapped(value) is IObjectCreationOperation { Type.Name: var made } => RefusalWords.Any(word => made.IndexOf(word, StringComparison.Ordinal) >= 0),
        ISimpleAssignmentOperation { Target: IMemberReferenceOperation, Value: { } value } => value.ConstantValue is { HasValue: true, Value: 401 or 403 } || Origins.Unwrapped(value) is IFieldReferenceOperation { Field: { ContainingType.TypeKind: TypeKind.Enum, Name: var name } } && IsErrorName(name),
        _ => false,
    };

    /// <summary><c>reply(403)</c>, <c>End(HttpStatusCode.Forbidden)</c>.</summary>
    private static bool IsRefusalCode(IOperation value) => value.ConstantValue is { HasValue: true, Value: 401 or 403 }
        && (value.Type?.TypeKind != TypeKind.Enum || Origins.Unwrapped(value) is IFieldReferenceOperation { Field.Name: var name } && RefusalWords.Any(word => name.IndexOf(word, StringComparison.Ordinal) >= 0));

    /// <summary><c>fail("access denied")</c></summary>
    private static bool IsRefusalText(IOperation value) =>
        value.ConstantValue is { HasValue: true, Value: string text } && RefusalWords.Any(word => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);

    private static string? NameOf(IOperation value) => Origins.Unwrapped(value) switch
    {
        IInvocationOperation call => call.TargetMethod.Name,
        IMemberReferenceOperation member => member.Member.Name,
        IObjectCreationOperation { Type: { } type } => type.Name,
        IAwaitOperation awaited => NameOf(awaited.Operation),
        _ => null,
    };

    private static bool IsError(IOperation value)
    {
        if (value is IConversionOperation conversion && !value.ConstantValue.HasValue) return IsError(conversion.Operand);
        return value switch
        {
            IInvocationOperation { TargetMethod.Name: "FromResult", Arguments.Length: 1 } wrapped => IsError(wrapped.Arguments[0].Value),
            IObjectCreationOperation { Arguments.Length: 1, Type.SystemName: "ValueTask" } wrapped => IsError(wrapped.Arguments[0].Value),
            IInvocationOperation call => IsErrorName(call.TargetMethod.Name),
            IMemberReferenceOperation member when !value.ConstantValue.HasValue || member.Member.ContainingType?.TypeKind == TypeKind.Enum => IsErrorName(member.Member.Name),
            IObjectCreationOperation { Type: { } type } => IsErrorName(type.Name),
            ITupleOperation tuple => tuple.Elements.Any(IsError),
            { ConstantValue: { HasValue: true, Value: string message } } => IsErrorName(message.Replace(" ", string.Empty)),
            { ConstantValue: { HasValue: true, Value: var constant } } => constant is null or false or < 0 or < 0L or > 0 or > 0L,
            _ => false,
        };
    }

    private static bool IsErrorName(string name) => Words.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);
}
