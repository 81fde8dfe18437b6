using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Balance.Races;

/// <summary>Plain reads of an atomic counter that matter: those that decide something, and those that ask again for what an update in the same body has told.</summary>
internal static class PlainReads
{
    public static bool Matters(FieldAccess access, IEnumerable<FieldAccess> field, LocksHeld locks) =>
        field.Any(a => a.Kind == AccessKind.AtomicUpdate && a.Member == access.Member && a.Operation.Syntax.SpanStart < access.Operation.Syntax.SpanStart)
        || Decides(access.Reference, access, depth: 0) && !IsFresh(access, locks);

    /// <summary>Whoever has just taken a lock reads what is there now, as by <c>Volatile</c>; unless a loop asks again and again.</summary>
    private static bool IsFresh(FieldAccess access, LocksHeld locks)
    {
        foreach (HeldLock held in locks.At(access.Operation, access.Member))
        {
            if (!held.IsCertain) continue;
            IOperation? outer = access.Operation.Parent;
            while (outer is not null and not ILoopOperation && !outer.Syntax.Span.Contains(held.At.Syntax.Span)) outer = outer.Parent;
            if (outer is not null && outer.Syntax.Span.Contains(held.At.Syntax.Span)) return true;
        }

        return false;
    }

    private static bool Decides(IOperation value, FieldAccess access, int depth)
    {
        for (IOperation inner = value; inner.Parent is { } outer; inner = outer)
        {
            switch (outer)
            {
                case IBinaryOperation { Type.SpecialType: SpecialType.System_Boolean } or IIsPatternOperation or ISwitchOperation or ISwitchExpressionOperation:
                    return true;
                case ILoopOperation or IConditionalOperation:
                    return false;
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } when depth == 0:
                    return IsAsked(local, access);
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } when depth == 0:
                    return IsAsked(local, access);
                case IBinaryOperation or IConversionOperation or IParenthesizedOperation or IUnaryOperation:
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool IsAsked(ILocalSymbol local, FieldAccess access) =>
        access.Member.Operations.Any(o => o is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local) && Decides(reference, access, depth: 1));
}
