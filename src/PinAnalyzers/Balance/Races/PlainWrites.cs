using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>
/// Plain writes of an atomic counter that are right by a protocol. A store of one word is atomic itself: it loses what others add at the same time no more
/// than an exchange would, so one that somebody asked for, or that nobody else can be beside, is no mistake.
/// </summary>
internal static class PlainWrites
{
    public static bool IsConstant(IOperation value) => value switch
    {
        { ConstantValue.HasValue: true } or IDefaultValueOperation => true,
        ISimpleAssignmentOperation chained => IsConstant(chained.Value),
        IConversionOperation conversion => IsConstant(conversion.Operand),
        _ => false,
    };

    /// <summary>
    /// Sets the counter back to where it began, or to a number of its own, or begins a countdown, and has not asked before how far it came: what others add comes before or after, as it would with an
    /// exchange whose result nobody wants. Whoever has asked loses what came in between.
    /// </summary>
    public static bool IsMereReset(FieldAccess access, IGrouping<IFieldSymbol, FieldAccess> field, TypeParts type)
    {
        if (access.Kind != AccessKind.Write || access.Operation is not ISimpleAssignmentOperation { Value: var value }) return false;
        if (IsConstant(value) ? !IsBeginning(value, access.Field) && !IsFirst(value, access, field) && field.Any(IsStep) : !IsCountedDown(field) && (!IsFirst(value, access, field) || !IsFixed(value, type))) return false;
        HashSet<ISymbol> askers = new(SymbolEqualityComparer.Default);
        foreach (FieldAccess other in field)
        {
            if (other.Kind is AccessKind.Write or AccessKind.AtomicWrite or AccessKind.Address || IsStore(other)) continue;
            if (other.Member == access.Member && MayComeBefore(other.Operation, access.Operation)) return false;
            if (other.Member != access.Member && other.Member.Symbol is IMethodSymbol { ReturnsVoid: false } asker) askers.Add(asker.AssociatedSymbol ?? asker);
        }

        return !access.Member.Operations.Any(o => MayComeBefore(o, access.Operation) && o switch
        {
            IInvocationOperation call => askers.Contains(call.TargetMethod.OriginalDefinition),
            IPropertyReferenceOperation property => askers.Contains(property.Property.OriginalDefinition),
            _ => false,
        });
    }

    /// <summary>An exchange that nobody asks what it found.</summary>
    private static bool IsStore(FieldAccess access) => access.Operation is IInvocationOperation { TargetMethod.Name: "Exchange", Parent: IExpressionStatementOperation };

    /// <summary>Nobody adds to it: what is written is how many are to come, before the first of them can.</summary>
    private static bool IsCountedDown(IEnumerable<FieldAccess> field) =>
        field.All(static a => a.Kind != AccessKind.AtomicUpdate || a.Operation is IInvocationOperation { TargetMethod.Name: "Decrement" });

    private static bool IsBeginning(IOperation value, IFieldSymbol field)
    {
        if (value is ISimpleAssignmentOperation chained) return IsBeginning(chained.Value, field);
        if (LimitSums.Unconverted(value) is IDefaultValueOperation || LimitSums.Constant(LimitSums.Unconverted(value)) is 0) return true;
        return Initial(field) is { } first && first.IsEquivalentTo(value.Syntax, topLevel: false);
    }

    /// <summary>Asks what it found: the numbers are states then, and a store of one of them is a step between two.</summary>
    private static bool IsStep(FieldAccess access) => access.Operation is IInvocationOperation { TargetMethod.Name: var name } && access.Kind == AccessKind.AtomicUpdate
        && (name == "CompareExchange" || name == "Exchange" && access.Operation.Parent is not IExpressionStatementOperation);

    /// <summary>What a constructor gives the field, or its initial value, is written the same.</summary>
    private static bool IsFirst(IOperation value, FieldAccess access, IEnumerable<FieldAccess> field)
    {
        if (Initial(access.Field) is { } initial && initial.IsEquivalentTo(value.Syntax, topLevel: false)) return true;
        return field.Any(a => a.Kind == AccessKind.Write && a.Member.IsConstruction && a.Member.Symbol?.IsStatic == access.Field.IsStatic && a.IsThroughThis
            && a.Operation is ISimpleAssignmentOperation { Value: var first } && first.Syntax.IsEquivalentTo(value.Syntax, topLevel: false));
    }

    private static ExpressionSyntax? Initial(IFieldSymbol field) => (field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as VariableDeclaratorSyntax)?.Initializer?.Value;

    /// <summary>Made of numbers that are the same at any time: constants, and fields of this object that are written by construction alone.</summary>
    private static bool IsFixed(IOperation value, TypeParts type) => value switch
    {
        { ConstantValue.HasValue: true } => true,
        IConversionOperation { OperatorMethod: null } conversion => IsFixed(conversion.Operand, type),
        IParenthesizedOperation parenthesized => IsFixed(parenthesized.Operand, type),
        IUnaryOperation { OperatorMethod: null } unary => IsFixed(unary.Operand, type),
        IBinaryOperation { OperatorMethod: null } binary => IsFixed(binary.LeftOperand, type) && IsFixed(binary.RightOperand, type),
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation, Field: { IsVolatile: false } field } => field.IsReadOnly || field.DeclaredAccessibility == Accessibility.Private && !IsWrittenLater(field.OriginalDefinition, type),
        _ => false,
    };

    private static bool IsWrittenLater(IFieldSymbol field, TypeParts type)
    {
        foreach (TypeMember member in type.Members)
        {
            type.Cancellation.ThrowIfCancellationRequested();
            if (member.IsConstruction && member.Symbol?.IsStatic == field.IsStatic && SymbolEqualityComparer.Default.Equals(member.Symbol.ContainingType, field.ContainingType) || !member.Mentions(field.Name)) continue;
            if (member.Operations.Any(o => o is IFieldReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Field.OriginalDefinition, field) && FieldAccess.Of(reference, member) is { Kind: not (AccessKind.Read or AccessKind.AtomicRead) })) return true;
        }

        return false;
    }

    /// <summary>
    /// <c>Interlocked.Exchange(ref _tail, tail - 1);</c> where the one who owns the field has read it before, and wants the fence and not what was there: were there a second owner, this
    /// would lose his steps as well. Of a volatile field it is a store like others.
    /// </summary>
    public static bool IsFencedStore(FieldAccess access, TypeParts type) =>
        access.Operation is IInvocationOperation { TargetMethod.Name: "Exchange", Parent: IExpressionStatementOperation } call && FieldAccess.ArgumentOf(call, 1) is { } value
        && value.DescendantsAndSelf().Any(part => FieldReading.Is(part, access.Reference, access.Member, type));

    /// <summary>It stands before the other, or a loop goes round both.</summary>
    private static bool MayComeBefore(IOperation first, IOperation second)
    {
        if (first.Syntax.SpanStart < second.Syntax.SpanStart) return true;
        for (IOperation? outer = second.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ILoopOperation && outer.Syntax.Span.Contains(first.Syntax.Span)) return true;
        }

        return false;
    }

    /// <summary>A setter, or a method that does nothing else, stores what its caller says: whether that is the time for it, the caller knows.</summary>
    public static bool IsHandedIn(FieldAccess access)
    {
        if (access.Operation is not ISimpleAssignmentOperation { Value: var value } || !value.DescendantsAndSelf().Any(static o => o is IParameterReferenceOperation)) return false;
        if (access.Member.Symbol is IMethodSymbol { MethodKind: MethodKind.PropertySet }) return true;
        return access.Operation.Parent is IExpressionStatementOperation { Parent: IBlockOperation { Parent: IMethodBodyOperation or null, Operations.Length: 1 } };
    }

    /// <summary>The same field of another object: one becomes what the other is, and whoever lets it knows both.</summary>
    public static bool IsCopy(FieldAccess access)
    {
        IOperation? value = (access.Operation as ISimpleAssignmentOperation)?.Value;
        while (value is IConversionOperation conversion) value = conversion.Operand;
        return value is IFieldReferenceOperation { Instance: not IInstanceReferenceOperation } source && SymbolEqualityComparer.Default.Equals(source.Field.OriginalDefinition, access.Field);
    }

    /// <summary>
    /// Under a lock, or where a compare-and-exchange of something else has just been won: there may be only one who writes here. Who adds meanwhile may do so a
    /// moment before or after.
    /// </summary>
    public static bool IsExclusive(FieldAccess access, LocksHeld locks)
    {
        return locks.At(access.Operation, access.Member).Any(static held => held.IsCertain) || IsAfterWinning(access);
    }

    /// <summary>Only one can come here: who exchanged first, or who counted down to the last.</summary>
    public static bool IsAfterWinning(FieldAccess access)
    {
        for (IOperation inner = access.Operation; inner.Parent is { } outer; inner = outer)
        {
            if (outer is IConditionalOperation conditional && conditional.Condition != inner && IsWon(conditional.Condition)) return true;
            if (outer is IBlockOperation block && block.Operations.TakeWhile(o => o != inner).Any(static o => o is IConditionalOperation { WhenFalse: null } guard && IsWon(guard.Condition) && Leaves(guard.WhenTrue))) return true;
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation) break;
        }

        return false;
    }

    /// <summary>
    /// The body also clears what no thread may touch meanwhile, elements of an array or a collection, or starts the object over: with a new part of it, or with several constants at once.
    /// </summary>
    public static bool IsClearing(FieldAccess access)
    {
        HashSet<ISymbol> set = new(SymbolEqualityComparer.Default);
        foreach (IOperation operation in access.Member.Operations)
        {
            switch (operation)
            {
                case ISimpleAssignmentOperation { Target: IArrayElementReferenceOperation { ArrayReference: IFieldReferenceOperation }, Value: var value } when IsConstant(value):
                case ISimpleAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation, Value: IObjectCreationOperation or IConversionOperation { Operand: IObjectCreationOperation } }:
                case IInvocationOperation { TargetMethod: { Name: "Clear", ContainingType.SpecialType: SpecialType.System_Array } }:
                case IInvocationOperation { TargetMethod: { Name: "Clear", Parameters.IsEmpty: true }, Instance: IFieldReferenceOperation or IPropertyReferenceOperation } clear when IsCollection(clear.Instance!.Type):
                    return true;
                case ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } target } store when IsConstant(store.Value):
                    set.Add(target.Member);
                    break;
            }
        }

        return set.Count > 2;
    }

    private static bool IsCollection(ITypeSymbol? type) => type?.TypeKind == TypeKind.Error || type?.AllInterfaces.Any(static i => i.SpecialType == SpecialType.System_Collections_IEnumerable) == true;

    private static bool IsWon(IOperation condition) => condition.DescendantsAndSelf().Any(static o => o is IInvocationOperation { TargetMethod: { Name: "CompareExchange" or "Exchange" or "Decrement", ContainingType.SystemName: "Interlocked" } });

    private static bool Leaves(IOperation statement) => statement.Syntax is StatementSyntax syntax
        && (syntax is BlockSyntax { Statements: { Count: > 0 } all } ? all[all.Count - 1] : syntax).Kind() is SyntaxKind.ReturnStatement or SyntaxKind.ThrowStatement or SyntaxKind.BreakStatement or SyntaxKind.ContinueStatement;
}
