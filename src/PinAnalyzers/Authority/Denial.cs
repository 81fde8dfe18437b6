using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;

namespace PinAnalyzers.Authority;

/// <summary>Whether the other way out of a test refuses the whole operation, which is what a capability is for.</summary>
internal static class Denial
{
    private static readonly string[] Words = ["Den", "Unauthor", "Forbid", "Fail", "Error", "Exception", "NotPermitted", "NotAllowed", "Access", "Eperm", "Refus", "Reject", "Illegal", "Invalid"];

    /// <summary>True when an unprivileged caller who does not take <paramref name="taken"/> gets an error as the result.</summary>
    public static bool Follows(BranchEdge taken, CapabilityValue condition, ControlFlowGraph graph)
    {
        if (CapabilityFlow.OnEdge(taken, condition) == Polarity.Unprivileged) return false;
        return ReturnsError(new BranchEdge(taken.Block, !taken.IsConditional), graph);
    }

    /// <summary>True when the way straight ahead from the edge returns an error.</summary>
    public static bool ReturnsError(BranchEdge edge, ControlFlowGraph graph)
    {
        Dictionary<CaptureId, IOperation> captured = [];
        ControlFlowBranch? branch = edge.Branch;
        for (int steps = 0; steps < graph.Blocks.Length && branch?.Destination is { } block; steps++)
        {
            foreach (IOperation operation in block.Operations)
            {
                if (operation is IFlowCaptureOperation capture) captured[capture.Id] = capture.Value;
            }

            if (block.ConditionKind != ControlFlowConditionKind.None) return false;
            branch = block.FallThroughSuccessor;
            if (branch?.Semantics != ControlFlowBranchSemantics.Return || block.BranchValue is not { } value) continue;
            if (value is IFlowCaptureReferenceOperation reference) return captured.TryGetValue(reference.Id, out IOperation? held) && IsError(held);
            return IsError(value);
        }

        return false;
    }

    private static bool IsError(IOperation value)
    {
        if (value is IConversionOperation conversion && !value.ConstantValue.HasValue) return IsError(conversion.Operand);
        return value switch
        {
            IInvocationOperation { TargetMethod.Name: "FromResult", Arguments.Length: 1 } wrapped => IsError(wrapped.Arguments[0].Value),
            IObjectCreationOperation { Arguments.Length: 1, Type.Name: "ValueTask" } wrapped => IsError(wrapped.Arguments[0].Value),
            IInvocationOperation call => IsErrorName(call.TargetMethod.Name),
            IMemberReferenceOperation member when !value.ConstantValue.HasValue || member.Member.ContainingType?.TypeKind == TypeKind.Enum => IsErrorName(member.Member.Name),
            IObjectCreationOperation { Type: { } type } => IsErrorName(type.Name),
            ITupleOperation tuple => tuple.Elements.Any(IsError),
            { ConstantValue: { HasValue: true, Value: string message } } => IsErrorName(message),
            { ConstantValue: { HasValue: true, Value: var constant } } => constant is null or false or < 0 or < 0L or > 0 or > 0L,
            _ => false,
        };
    }

    private static bool IsErrorName(string name) => Words.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);
}
