using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>What a value is made from: fetches, and variables that hold them.</summary>
internal sealed partial class FetchFlow
{
    /// <summary>Element by element, where the tuple is written out.</summary>
    private void TakeApart(IOperation target, IOperation value)
    {
        if (target is IDeclarationExpressionOperation declared) target = declared.Expression;
        while (value is IConversionOperation conversion) value = conversion.Operand;
        if (target is ITupleOperation { Elements: var targets } && value is ITupleOperation { Elements: var values } && targets.Length == values.Length)
        {
            for (int i = 0; i < targets.Length; i++) TakeApart(targets[i], values[i]);
        }
        else if (VariableOf(target) is { } variable)
        {
            Assign(variable, value);
        }
    }

    private void Collect(IOperation? value, FetchFact fact, ImmutableHashSet<CellAccess>.Builder into)
    {
        if (value is null) return;
        if (_events.TryGetValue(value, out FlowEvent? happening) && happening.Access is { IsRead: true, Kind: not AccessKind.PlainUpdate } access)
        {
            into.Add(access);
            return;
        }

        switch (value)
        {
            case ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation when VariableOf(value) is { } variable:
                AddHeld(variable);
                break;
            case IFlowCaptureReferenceOperation reference:
                AddHeld(reference.Id);
                break;
            // A byte is an index into a table of 256, as what a mask leaves is into one of its size.
            case IConversionOperation { Type.SpecialType: SpecialType.System_Byte, Operand.Type.SpecialType: not SpecialType.System_Byte } when fact == FetchFact.Unchecked:
                break;
            case IConversionOperation conversion:
                Collect(conversion.Operand, fact, into);
                break;
            case IParenthesizedOperation parenthesized:
                Collect(parenthesized.Operand, fact, into);
                break;
            case IUnaryOperation unary:
                Collect(unary.Operand, fact, into);
                break;
            case ISimpleAssignmentOperation assignment:
                Collect(assignment.Value, fact, into);
                break;
            case IBinaryOperation binary when fact == FetchFact.Unchecked && IsMask(binary):
                break;
            case IBinaryOperation binary when fact == FetchFact.Holds || !IsComparison(binary.OperatorKind):
                Collect(binary.LeftOperand, fact, into);
                Collect(binary.RightOperand, fact, into);
                break;
            case IInvocationOperation { TargetMethod.ContainingType.SystemName: "Math" } call when fact == FetchFact.Holds || call.TargetMethod.Name is not ("Min" or "Clamp"):
                foreach (IArgumentOperation argument in call.Arguments) Collect(argument.Value, fact, into);
                break;
        }

        void AddHeld(object variable)
        {
            foreach ((FetchFact known, object? holder, CellAccess fetch) in _state)
            {
                if (known == fact && IsSame(holder, variable)) into.Add(fetch);
            }
        }
    }

    /// <summary>Masked or divided by something of our own, or only the top byte of it.</summary>
    private bool IsMask(IBinaryOperation binary) => binary.OperatorKind switch
    {
        BinaryOperatorKind.And => SourcesOf(binary.LeftOperand, FetchFact.Unchecked).IsEmpty || SourcesOf(binary.RightOperand, FetchFact.Unchecked).IsEmpty,
        BinaryOperatorKind.Remainder => SourcesOf(binary.RightOperand, FetchFact.Unchecked).IsEmpty,
        BinaryOperatorKind.RightShift => binary.RightOperand.ConstantValue.Value is int shift && (binary.LeftOperand.Type?.SpecialType, shift) is (SpecialType.System_UInt32, >= 24 and < 32) or (SpecialType.System_UInt64, >= 56 and < 64),
        _ => false,
    };
}
