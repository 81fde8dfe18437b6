using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>Which values certainly are two things: what has just been made is nothing that was there before.</summary>
internal sealed partial class BalanceFlow
{
    /// <summary>Objects that this body made: two of them are two owners.</summary>
    private readonly HashSet<int> _made = [];

    private void NoteMade(CallSite call, int result)
    {
        bool makes = call.Method is { MethodKind: MethodKind.Constructor, ContainingType.IsReferenceType: true } or { IsStatic: true, Name: "Create", ContainingType.SystemName: "ArrayPool" };
        if (makes && result > ValueTable.Zero) _made.Add(result);
    }

    /// <summary>
    /// A token that is held is no parameter, no constant object and nothing that was got before it: <c>if (p != onStack) Free(p)</c> frees every <c>p</c> that was
    /// allocated. What has been given back may come again, and a declared pair may hand out what it likes.
    /// </summary>
    public override bool AreDistinct(Frame<BalanceState> frame, IOperation comparison, int left, int right)
    {
        if (frame.Domain.IsEmpty || left <= ValueTable.Zero || right <= ValueTable.Zero || left == right) return false;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Status != ObligationStatus.Held || !obligation.Pair.HasToken || !obligation.Pair.IsBuiltIn || obligation.Site.IsGhost || obligation.Site.Spec.IsMove) continue;
            if (obligation.Identity != left && obligation.Identity != right) continue;
            int other = obligation.Identity == left ? right : left;
            if (IsOlder(frame, obligation, other) || IsMadeInPlace(comparison)) return true;
        }

        return false;
    }

    private bool IsOlder(Frame<BalanceState> frame, Obligation token, int other)
    {
        ValueNode node = _values[other];
        bool isOlder = node.Kind switch
        {
            ValueKind.Parameter => true,
            ValueKind.Member => (node.Payload is IFieldSymbol { IsReadOnly: true } && _owner is not IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor }) || CameBefore(token, other),
            ValueKind.Site => CameBefore(token, other),
            _ => false,
        };
        if (!isOlder) return false;
        foreach (Obligation released in frame.Domain.Obligations)
        {
            if (released.Status == ObligationStatus.Released && Same(frame, released.Identity, other)) return false;
        }

        return true;
    }

    /// <summary>Values are numbered as they are met, so that outside of loops a smaller number is an earlier value.</summary>
    private bool CameBefore(Obligation token, int other) =>
        other < token.Identity && _values[token.Identity] is { Kind: ValueKind.Site, Age: 0 } && _values[other].Age == 0 && LoopOf(token.Site.Operation.Syntax) is null;

    /// <summary>Compared with the address of a variable, or with the array that has no elements.</summary>
    private static bool IsMadeInPlace(IOperation comparison)
    {
        foreach (IOperation operand in comparison.ChildOperations)
        {
            IOperation value = operand is IArgumentOperation argument ? argument.Value : operand;
            while (value is IConversionOperation { OperatorMethod: null } conversion) value = conversion.Operand;
            if (value is IAddressOfOperation or IInvocationOperation { TargetMethod: { Name: "Empty", ContainingType.SpecialType: SpecialType.System_Array } }) return true;
        }

        return false;
    }
}
