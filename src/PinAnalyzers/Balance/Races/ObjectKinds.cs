using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>
/// An object that is of one kind as long as it lives: a field that is never written again tells which, and a <c>switch</c> on it comes to the plain writes for other kinds than to the
/// atomic updates. No one object is then written in both ways.
/// </summary>
internal static class ObjectKinds
{
    public static bool AreApart(FieldAccess write, IEnumerable<FieldAccess> field, LocksHeld locks)
    {
        if (!IsInside(write) || KindsAt(write.Operation, write.Member, locks) is not { Count: > 0 } own) return false;
        List<Dictionary<IFieldSymbol, ImmutableHashSet<object>>> others = [];
        foreach (FieldAccess update in field)
        {
            if (update.Kind is AccessKind.Address) return false;
            if (update.Kind is not (AccessKind.AtomicUpdate or AccessKind.AtomicWrite)) continue;
            if (!IsInside(update) || KindsAt(update.Operation, update.Member, locks) is not { Count: > 0 } kinds) return false;
            others.Add(kinds);
        }

        return own.Any(kind => others.TrueForAll(other => other.TryGetValue(kind.Key, out ImmutableHashSet<object>? constants) && !constants.Overlaps(kind.Value)));
    }

    /// <summary>The field is a part of the object itself, and not of one that several may have.</summary>
    private static bool IsInside(FieldAccess access)
    {
        IOperation? instance = access.Reference.Instance;
        while (instance is IFieldReferenceOperation { Field.Type.IsValueType: true } part) instance = part.Instance;
        return instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };
    }

    /// <summary>What fields of this object that are never written again are known to be there: by the sections around it, or by those around all calls of a private member.</summary>
    private static Dictionary<IFieldSymbol, ImmutableHashSet<object>>? KindsAt(IOperation operation, TypeMember member, LocksHeld locks)
    {
        if (SectionsAround(operation) is { Count: > 0 } around) return around;
        Dictionary<IFieldSymbol, ImmutableHashSet<object>>? common = null;
        foreach ((IOperation? call, TypeMember caller) in locks.CallersOf(member) ?? [])
        {
            if (call is not IInvocationOperation { Instance: IInstanceReferenceOperation } || caller == member || SectionsAround(call) is not { Count: > 0 } there) return null;
            common = common is null ? there : common.Where(one => there.ContainsKey(one.Key)).ToDictionary(static one => one.Key, one => one.Value.Union(there[one.Key]), (IEqualityComparer<IFieldSymbol>)SymbolEqualityComparer.Default);
        }

        return common;
    }

    private static Dictionary<IFieldSymbol, ImmutableHashSet<object>> SectionsAround(IOperation operation)
    {
        Dictionary<IFieldSymbol, ImmutableHashSet<object>> kinds = new(SymbolEqualityComparer.Default);
        for (IOperation inner = operation; inner.Parent is { } outer; inner = outer)
        {
            if (outer is ISwitchCaseOperation { Parent: ISwitchOperation choice } section && FieldOf(choice.Value) is { } kind && !kinds.ContainsKey(kind) && ConstantsOf(section, choice) is { } constants) kinds[kind] = constants;
        }

        return kinds;
    }

    private static IFieldSymbol? FieldOf(IOperation value) =>
        LimitSums.Unconverted(value) is IFieldReferenceOperation { Field: { IsReadOnly: true } field, Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } ? field.OriginalDefinition : null;

    /// <summary>The constants of a section; null where it has other clauses, or where another section may go on in it.</summary>
    private static ImmutableHashSet<object>? ConstantsOf(ISwitchCaseOperation section, ISwitchOperation choice)
    {
        ImmutableHashSet<object>.Builder constants = ImmutableHashSet.CreateBuilder<object>();
        foreach (ICaseClauseOperation clause in section.Clauses)
        {
            if (clause is not ISingleValueCaseClauseOperation { Value.ConstantValue: { HasValue: true, Value: { } constant } }) return null;
            constants.Add(constant);
        }

        return choice.Descendants().Any(static o => o is IBranchOperation { BranchKind: BranchKind.GoTo }) ? null : constants.ToImmutable();
    }
}
