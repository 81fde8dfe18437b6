using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>PIN1020: a counter that is written under a lock in one member and without it in another, or without the lock that its declaration names.</summary>
internal static class UnguardedUpdates
{
    public static IEnumerable<RaceFinding> Find(FieldAccesses accesses)
    {
        foreach (IGrouping<IFieldSymbol, FieldAccess> field in accesses.All)
        {
            if (!field.Key.Type.IsIntegral() && field.Key.Type.SpecialType != SpecialType.System_Decimal) continue;
            List<FieldAccess> writes = field.Where(static a => a.IsPlainWrite).ToList();
            if (writes.Count == 0) continue;
            foreach (RaceFinding finding in StatedGuard(field.Key) is { } guard ? ByDeclaration(field.Key, guard, writes, accesses.Locks) : ByUse(field, writes, accesses)) yield return finding;
        }
    }

    /// <summary>A name that names nothing guards nothing; it is reported where it stands.</summary>
    private static string? StatedGuard(IFieldSymbol field) =>
        Annotations.Find(field.GetAttributes(), Annotations.Counter) is { } counter && Annotations.Named<string>(counter, "GuardedBy") is { } guard && HasMember(field.ContainingType, guard) ? guard : null;

    private static bool HasMember(INamedTypeSymbol? type, string name) => type is not null && (!type.GetMembers(name).IsEmpty || HasMember(type.BaseType, name));

    private static IEnumerable<RaceFinding> ByDeclaration(IFieldSymbol field, string guard, List<FieldAccess> writes, LocksHeld locks)
    {
        foreach (FieldAccess write in writes)
        {
            if (IsExcused(write, locks) || locks.KeysAt(write.Operation, write.Member).Any(key => key.Name == guard)) continue;
            yield return new RaceFinding(Descriptors.PIN1020_GuardedCounterMustBeUpdatedUnderItsLock, write.Reference, ImmutableArray<IOperation>.Empty, field.Name, guard, "its declaration") { Lock = guard };
        }
    }

    private static IEnumerable<RaceFinding> ByUse(IGrouping<IFieldSymbol, FieldAccess> field, List<FieldAccess> writes, FieldAccesses accesses)
    {
        LocksHeld locks = accesses.Locks;

        // Flags and results are stored under locks too; a counter counts. What is atomic anywhere is another rule's.
        if (!writes.Any(static w => w.Kind == AccessKind.Update) || field.Any(static a => a.Kind is AccessKind.AtomicUpdate or AccessKind.Address) || field.Key.ContainingType.IsRefLikeType) yield break;
        if (!writes.Any(write => locks.At(write.Operation, write.Member).Any(static held => held.IsCertain))) yield break;
        List<(FieldAccess Write, HeldLock Lock)> guarded = [];
        List<FieldAccess> open = [];
        foreach (FieldAccess write in writes)
        {
            if (IsExcused(write, locks)) continue;
            if (locks.At(write.Operation, write.Member).FirstOrDefault(held => held.IsCertain && MayGuard(held, write)) is { Key: not null } held) guarded.Add((write, held));
            else if (locks.KeysAt(write.Operation, write.Member).IsEmpty) open.Add(write);
        }

        if (guarded.Count == 0 || guarded.Count < open.Count || !guarded.Any(static g => g.Write.Kind == AccessKind.Update)) yield break;
        (FieldAccess evidence, HeldLock guard) = guarded.First(static g => g.Write.Kind == AccessKind.Update);
        foreach (FieldAccess write in open)
        {
            // A value of its own is a fresh start; a step from the old one, or a constant, is what gets lost.
            if (guarded.All(g => g.Write.Member == write.Member) || write.Kind == AccessKind.Write && write.Operation is ISimpleAssignmentOperation set && !LastOf(set).ConstantValue.HasValue) continue;

            // Set back before those who count are started, or with a new lock that nobody can hold yet.
            if (write.Kind == AccessKind.Write && (IsReplaced(guard.Key, write.Member) || WorkAhead.StartsUpdates(write, guarded.Select(static g => g.Write).Where(static w => w.Kind == AccessKind.Update), accesses.Type) || WorkAhead.HandsOnItself(write))) continue;
            yield return new RaceFinding(
                Descriptors.PIN1020_GuardedCounterMustBeUpdatedUnderItsLock, write.Reference, ImmutableArray.Create(evidence.Reference, guard.At),
                field.Key.Name, guard.Key.Name, "line " + (evidence.Operation.Syntax.GetLocation().GetLineSpan().StartLinePosition.Line + 1));
        }
    }

    private static bool IsReplaced(ISymbol guard, TypeMember member) =>
        member.Operations.Any(operation => operation is ISimpleAssignmentOperation { Target: IMemberReferenceOperation target, Value: IObjectCreationOperation } && SymbolEqualityComparer.Default.Equals(target.Member.OriginalDefinition, guard));

    /// <summary>
    /// A lock on what a variable holds guards that object, <c>lock (s) s.Used++;</c>, and not the fields of this one. Nor does a lock of the collection guard the cursor of
    /// an enumerator: that is its caller's.
    /// </summary>
    private static bool MayGuard(HeldLock held, FieldAccess write)
    {
        if (write.IsThroughThis && IsEnumerator(write.Field.ContainingType) && IsOfAnotherObject(held.At)) return false;
        return held.Key is not (ILocalSymbol or IParameterSymbol) || !write.IsThroughThis;
    }

    private static bool IsEnumerator(INamedTypeSymbol type) => type.AllInterfaces.Any(static i => i.SpecialType == SpecialType.System_Collections_IEnumerator || i is { Name: "IAsyncEnumerator", Arity: 1, ContainingNamespace.Name: "Generic" });

    private static bool IsOfAnotherObject(IOperation taken)
    {
        IOperation? locked = taken is IInvocationOperation call ? call.Instance ?? call.Arguments.FirstOrDefault()?.Value : taken;
        return locked is not null && LimitSums.Unconverted(locked) is IMemberReferenceOperation { Instance: not (null or IInstanceReferenceOperation) };
    }

    /// <summary>What every target of <c>a = b = 0</c> gets.</summary>
    private static IOperation LastOf(ISimpleAssignmentOperation assignment)
    {
        IOperation value = LimitSums.Unconverted(assignment.Value);
        return value is ISimpleAssignmentOperation inner ? LastOf(inner) : value;
    }

    private static bool IsExcused(FieldAccess write, LocksHeld locks) =>
        write.Member.IsBeingTyped || Sharing.IsAlone(write, locks) || Sharing.IsOnOwnObject(write) || Sharing.IsNamedForCallersLock(write.Member)
        || write.Operation is ISimpleAssignmentOperation && (Sharing.IsDisposal(write.Member) || Sharing.IsNamedForStarting(write.Member) || Sharing.IsSettingUp(write));
}
