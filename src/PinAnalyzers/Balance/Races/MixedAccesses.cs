using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>
/// PIN1016: updated atomically here, plainly there. Most such fields are right by a protocol, so only what counts is looked at: fields that are added to or
/// computed in a loop, not flags and states that one side sets and another clears; of their plain writes those that may lose something; and of their plain
/// reads those that decide something. See docs/decisions/plain-writes-of-atomic-counters.md.
/// </summary>
internal static class MixedAccesses
{
    public static IEnumerable<RaceFinding> Find(FieldAccesses accesses)
    {
        foreach (IGrouping<IFieldSymbol, FieldAccess> field in accesses.All)
        {
            List<FieldAccess> atomic = field.Where(static a => a.Kind == AccessKind.AtomicUpdate).ToList();
            if (atomic.Count == 0 || field.Key.ContainingType.IsRefLikeType) continue;
            if (field.Key.IsVolatile && atomic.TrueForAll(a => PlainWrites.IsFencedStore(a, accesses.Type))) continue;
            bool isBits = field.Any(IsBitwise);
            if (isBits && !atomic.Any(IsOfBits)) continue;
            bool isCounter = atomic.Any(IsCounting) && !IsReference(field.Key) && !IsFlag(field.Key);
            HashSet<TypeMember> read = [];
            foreach (FieldAccess access in field)
            {
                if (isBits && access.Kind != AccessKind.Update || !IsBreach(access, isCounter, field, accesses)) continue;
                bool isWrite = access.IsPlainWrite;
                if (!isWrite && !read.Add(access.Member)) continue;
                yield return new RaceFinding(
                    Descriptors.PIN1016_AtomicFieldMustBeAccessedAtomically, access.Reference, ImmutableArray.Create(atomic[0].Operation),
                    field.Key.Name, isWrite ? "written" : "read", atomic[0].Operation.Syntax.GetLocation().GetLineSpan().StartLinePosition.Line + 1)
                {
                    Severity = isWrite && !PlainWrites.IsMereReset(access, field, accesses.Type) ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info,
                };
            }
        }
    }

    private static bool IsBreach(FieldAccess access, bool isCounter, IGrouping<IFieldSymbol, FieldAccess> field, FieldAccesses accesses)
    {
        switch (access.Kind)
        {
            case AccessKind.Update when !IsReference(field.Key) && access.Reference.Instance is not IParameterReferenceOperation { Type.IsValueType: true }:
                // What a call hands out may be anybody's; a struct that guards itself knows its protocol, unless it counts by an operator.
                if (access.Reference.Instance?.DescendantsAndSelf().Any(static o => o is IInvocationOperation) == true || Sharing.IsNamedForRecovering(access.Member)) return false;
                if (field.Key.ContainingType.IsValueType && access.Operation is ISimpleAssignmentOperation || Sharing.IsAfterOwnStore(access, field)) return false;
                break;
            case AccessKind.Write when isCounter && !field.Key.ContainingType.IsValueType:
                // Setting a counter back before or after its life races with nobody.
                if (Sharing.IsNamedForStarting(access.Member) || Sharing.IsSettingUp(access)) return false;
                if (IsConstant(access) && (Sharing.IsDisposal(access.Member) || Sharing.IsAfterWaiting(access) || PlainWrites.IsClearing(access))) return false;
                if (PlainWrites.IsHandedIn(access) || PlainWrites.IsCopy(access) || PlainWrites.IsExclusive(access, accesses.Locks) || Sharing.IsNamedForRecovering(access.Member)) return false;

                // Who is told by an atomic update that it was the last one may clear up.
                if (field.Any(a => a.Kind == AccessKind.AtomicUpdate && a.Member == access.Member && a.Operation.Parent is not IExpressionStatementOperation)) return false;
                if (!access.IsThroughThis || WorkAhead.StartsUpdates(access, field.Where(static a => a.Kind == AccessKind.AtomicUpdate), accesses.Type)) return false;
                if (IsConstant(access) && WorkAhead.HandsOnItself(access)) return false;
                break;
            case AccessKind.Read when isCounter && !field.Key.IsVolatile && !field.Key.ContainingType.IsValueType:
                if (!access.IsThroughThis || IsExcusedRead(access, field) || PlainWrites.IsAfterWinning(access) || !PlainReads.Matters(access, field, accesses.Locks)) return false;
                break;
            default:
                return false;
        }

        if (access.Member.IsBeingTyped || Sharing.IsAlone(access, accesses.Locks) || Sharing.IsOnOwnObject(access) || Sharing.IsBesideOwnWorkers(access) || Sharing.IsBesideOwnView(access, field)) return false;
        if (IsUnderCommonLock(access, field, accesses.Locks) || IsSeed(access, field)) return false;
        return !access.IsPlainWrite || !TwinMembers.LeaveItToCallers(access, field) && !ObjectKinds.AreApart(access, field, accesses.Locks);
    }

    /// <summary>Adds, subtracts, or computes a new value from what it saw.</summary>
    private static bool IsCounting(FieldAccess access)
    {
        if (access.Operation is not IInvocationOperation call) return false;
        if (call.TargetMethod.Name is "Increment" or "Decrement" or "Add") return true;
        return call.TargetMethod.Name == "CompareExchange"
            && FieldAccess.ArgumentOf(call, 1) is { ConstantValue.HasValue: false } value && FieldAccess.ArgumentOf(call, 2) is { ConstantValue.HasValue: false }
            && value.DescendantsAndSelf().Any(static o => o is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract });
    }

    private static bool IsReference(IFieldSymbol field) => field.Type.IsReferenceType || field.Type.TypeKind is TypeKind.Pointer or TypeKind.TypeParameter || field.Type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    /// <summary>Counted only to know the first from the others: who disposes, who starts.</summary>
    private static bool IsFlag(IFieldSymbol field) => FlagWords.Any(word => field.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);

    private static readonly ImmutableArray<string> FlagWords = ImmutableArray.Create("dispos", "closed", "stopped", "finalized", "shutdown");

    private static bool IsConstant(FieldAccess access) => access.Operation is ISimpleAssignmentOperation { Value: var value } && PlainWrites.IsConstant(value);

    /// <summary>Sets or clears bits in one step, so that somebody else may own the others: an update of the word in two steps loses theirs.</summary>
    private static bool IsOfBits(FieldAccess access) => access.Operation is IInvocationOperation { TargetMethod.Name: "And" or "Or" };

    /// <summary>A word of bits is a state: who may write which bit when is its protocol.</summary>
    private static bool IsBitwise(FieldAccess access)
    {
        if (access.Operation is ICompoundAssignmentOperation { OperatorKind: var kind }) return IsBitwise(kind);
        IOperation? outer = access.Reference.Parent;
        while (outer is IConversionOperation or IParenthesizedOperation) outer = outer.Parent;
        return outer is IBinaryOperation binary && IsBitwise(binary.OperatorKind) || IsOfBits(access);
    }

    private static bool IsBitwise(BinaryOperatorKind kind) =>
        kind is BinaryOperatorKind.And or BinaryOperatorKind.Or or BinaryOperatorKind.ExclusiveOr or BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift;

    private static bool IsExcusedRead(FieldAccess access, IGrouping<IFieldSymbol, FieldAccess> field) =>
        Sharing.IsForDisplay(access) || Sharing.IsAfterOwnStore(access, field) || Sharing.IsStatisticsGetter(access.Member) || Sharing.IsAfterWaiting(access) || Sharing.IsDisposal(access.Member)
        // Read beside its own atomic updates it is a hint that they confirm, unless they tell nothing.
        || field.Any(a => a.Kind == AccessKind.AtomicUpdate && a.Member == access.Member && a.Operation.Parent is not IExpressionStatementOperation);

    /// <summary>One lock around this and around every atomic update: then the lock is the discipline.</summary>
    private static bool IsUnderCommonLock(FieldAccess access, IGrouping<IFieldSymbol, FieldAccess> field, LocksHeld locks)
    {
        ImmutableHashSet<ISymbol> held = locks.KeysAt(access.Operation, access.Member);
        if (held.IsEmpty && !Sharing.IsNamedForCallersLock(access.Member)) return false;
        return field.Where(static a => a.Kind == AccessKind.AtomicUpdate).All(a => Sharing.IsNamedForCallersLock(a.Member) || locks.KeysAt(a.Operation, a.Member).Overlaps(held));
    }

    /// <summary>The value that an exchange in the same body starts from, or the first value of what was just made.</summary>
    private static bool IsSeed(FieldAccess access, IGrouping<IFieldSymbol, FieldAccess> field) => access.Kind == AccessKind.Read
        && field.Any(a => a.Member == access.Member && a.Operation is IInvocationOperation { TargetMethod.Name: "CompareExchange" });
}
