using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

internal enum AccessKind : byte
{
    Read,
    Write,

    /// <summary>Reads and writes in two steps: <c>++</c>, <c>+=</c>, <c>f = f + n</c>.</summary>
    Update,

    /// <summary><c>Volatile.Read</c>, <c>Interlocked.Read</c>, or an exchange that changes nothing.</summary>
    AtomicRead,

    AtomicWrite,

    /// <summary><c>Interlocked</c>, reading and writing in one step.</summary>
    AtomicUpdate,

    /// <summary>A reference to the field is taken; what becomes of it is not followed.</summary>
    Address,
}

/// <summary>One place where a body touches a field.</summary>
/// <param name="Reference">The field as it is named there.</param>
/// <param name="Operation">The assignment, increment or call that touches it; the reference itself for a read.</param>
/// <param name="Kind">In what way.</param>
/// <param name="Member">The body.</param>
internal sealed record FieldAccess(IFieldReferenceOperation Reference, IOperation Operation, AccessKind Kind, TypeMember Member)
{
    public IFieldSymbol Field => Reference.Field.OriginalDefinition;

    public bool IsPlainWrite => Kind is AccessKind.Write or AccessKind.Update;

    /// <summary>The object is this one, a static, or is reached from one of these: others may see it. An object at hand in a variable may still be the body's own.</summary>
    public bool IsThroughThis
    {
        get
        {
            IOperation? instance = Reference.Instance;
            while (instance is IMemberReferenceOperation member) instance = member.Instance;
            return instance is null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };
        }
    }

    public static FieldAccess? Of(IFieldReferenceOperation reference, TypeMember member)
    {
        IOperation? parent = reference.Parent;
        switch (parent)
        {
            case ISimpleAssignmentOperation assignment when assignment.Target == reference:
                return new FieldAccess(reference, assignment, Mentions(assignment.Value, reference) ? AccessKind.Update : AccessKind.Write, member);
            case ICompoundAssignmentOperation compound when compound.Target == reference:
                return new FieldAccess(reference, compound, AccessKind.Update, member);
            case ICoalesceAssignmentOperation coalesce when coalesce.Target == reference:
                return new FieldAccess(reference, coalesce, AccessKind.Write, member);
            case IIncrementOrDecrementOperation step:
                return new FieldAccess(reference, step, AccessKind.Update, member);
            case IArgumentOperation { Parameter: { RefKind: not RefKind.None } parameter, Parent: IInvocationOperation call }:
                return new FieldAccess(reference, call, KindOf(call, parameter), member);
            case IArgumentOperation { Parameter.RefKind: not RefKind.None }:
            case IAddressOfOperation:
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } }:
                return new FieldAccess(reference, parent, AccessKind.Address, member);
            case INameOfOperation or IFieldReferenceOperation { Field.IsConst: true }:
                return null;
            default:
                return IsPartOfOwnUpdate(reference) ? null : new FieldAccess(reference, reference, AccessKind.Read, member);
        }
    }

    private static bool IsPartOfOwnUpdate(IFieldReferenceOperation reference)
    {
        for (IOperation? outer = reference.Parent; outer is not null and not (IBlockOperation or IExpressionStatementOperation or IAnonymousFunctionOperation); outer = outer.Parent)
        {
            if (outer is ISimpleAssignmentOperation { Target: IFieldReferenceOperation target }) return SymbolEqualityComparer.Default.Equals(target.Field, reference.Field);
        }

        return false;
    }

    private static AccessKind KindOf(IInvocationOperation call, IParameterSymbol parameter)
    {
        if (call.TargetMethod.ContainingType is not { ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } } type) return AccessKind.Address;
        if (type.Name == "Volatile") return call.TargetMethod.Name == "Write" ? AccessKind.AtomicWrite : AccessKind.AtomicRead;
        if (type.Name != "Interlocked" || parameter.Ordinal != 0) return AccessKind.Address;
        return call.TargetMethod.Name switch
        {
            "Read" => AccessKind.AtomicRead,
            "CompareExchange" when ArgumentOf(call, 1)?.ConstantValue is { HasValue: true } value && value.Equals(ArgumentOf(call, 2)?.ConstantValue) => AccessKind.AtomicRead,
            "Add" or "Or" when ArgumentOf(call, 1)?.ConstantValue is { HasValue: true, Value: 0 or 0L } => AccessKind.AtomicRead,
            _ => AccessKind.AtomicUpdate,
        };
    }

    public static IOperation? ArgumentOf(IInvocationOperation call, int ordinal)
    {
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter?.Ordinal == ordinal) return argument.Value;
        }

        return null;
    }

    private static bool Mentions(IOperation value, IFieldReferenceOperation field)
    {
        foreach (IOperation part in value.DescendantsAndSelf())
        {
            if (part is IFieldReferenceOperation other && SymbolEqualityComparer.Default.Equals(other.Field, field.Field) && FieldReading.IsSameObject(other.Instance, field.Instance) && other.Parent is not IArgumentOperation { Parameter.RefKind: not RefKind.None }) return true;
        }

        return false;
    }
}
