using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>PIN1012: a limit test whose sum can overflow and so let a huge request through, and an unsigned counter that can be brought below zero.</summary>
internal static class LimitArithmetic
{
    /// <summary>A sum with so small a constant overflows only where the limit itself is the largest number there is.</summary>
    private const long SmallConstant = 1 << 16;

    public static IEnumerable<RaceFinding> Find(FieldAccesses accesses, ReleaseMembers releases)
    {
        foreach (IGrouping<IFieldSymbol, FieldAccess> field in accesses.All)
        {
            if (!field.Key.Type.IsIntegral()) continue;
            HashSet<IOperation> seen = [];
            bool isPlace = IsNamedForPlaces(field.Key.Name) && !field.Any(static a => a.Kind == AccessKind.AtomicUpdate || Subtracts(a)) && !Annotations.Has(field.Key, Annotations.Counter);
            foreach (FieldAccess update in field)
            {
                if (update.Member.IsBeingTyped || update.Kind is not (AccessKind.Update or AccessKind.AtomicUpdate or AccessKind.AtomicWrite or AccessKind.Write)) continue;
                foreach ((IBinaryOperation test, IOperation counter) in isPlace ? [] : TestsBefore(update, accesses))
                {
                    if (seen.Add(test))
                        yield return new RaceFinding(Descriptors.PIN1012_LimitArithmeticMustNotWrap, test, ImmutableArray.Create(counter), $"the sum of '{field.Key.Name}' and what is asked for can overflow and pass the test");
                }

                if (IsWrappingStep(update, field, releases) && seen.Add(update.Operation))
                    yield return new RaceFinding(Descriptors.PIN1012_LimitArithmeticMustNotWrap, update.Operation, ImmutableArray<IOperation>.Empty, $"'{field.Key.Name}' is unsigned and wraps when more is subtracted than was added");
            }
        }
    }

    private static IEnumerable<(IBinaryOperation Test, IOperation Counter)> TestsBefore(FieldAccess update, FieldAccesses accesses)
    {
        if (!Adds(update)) yield break;
        foreach (IOperation operation in update.Member.Operations)
        {
            if (operation.Syntax.SpanStart >= update.Operation.Syntax.SpanStart || !FieldReading.IsRelational(operation) || operation is not IBinaryOperation test || !Decides(test)) continue;
            (IBinaryOperation? sum, IOperation bound) = LimitSums.SumIn(test.LeftOperand, update.Member) is { } left ? (left, test.RightOperand) : (LimitSums.SumIn(test.RightOperand, update.Member), test.LeftOperand);
            if (sum is null || sum.IsChecked || IsExtent(bound) || LimitSums.IsWrapTest(sum, bound) || IsComparedUnsigned(test, sum) || LimitSums.IsWrapTested(sum, test, update.Member) || LimitSums.IsRefusedBefore(sum, test, update.Member) || LimitSums.IsMaximum(test) || !CanOverflow(sum) || WidthOf(update.Field.Type) < WidthOf(sum.Type) || !Guards(test, update) || IsMoving(bound, accesses.Type)) continue;
            if (LimitSums.AddendsOf(sum).FirstOrDefault(addend => FieldReading.Is(addend, update.Reference, update.Member, accesses.Type)) is { } counter && !LimitSums.AddendsOf(sum).Where(addend => addend != counter).All(addend => IsSmall(addend, sum) || LimitSums.IsBounded(addend, test, update.Member))) yield return (test, counter);
        }
    }

    /// <summary>To what is counted in 64 bits no number of 32 brings so much at once that the sum passes from below the limit to beyond the largest number.</summary>
    private static bool IsSmall(IOperation addend, IBinaryOperation sum)
    {
        if (WidthOf(sum.Type) < 64) return false;
        while (WidthOf(addend.Type) == 64 && addend is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation)
            addend = addend is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)addend).Operand;
        return WidthOf(addend.Type) <= 32;
    }

    /// <summary>A place in a buffer moves on and is set back, but nothing is ever given back to it: its bounds are no limits.</summary>
    private static bool IsNamedForPlaces(string name)
    {
        foreach (string word in PlaceWords)
        {
            if (name.IndexOf(word, System.StringComparison.OrdinalIgnoreCase) >= 0) return true;
        }

        return false;
    }

    private static readonly ImmutableArray<string> PlaceWords = ImmutableArray.Create("pos", "index", "idx", "offset", "cursor", "length", "start", "end", "head", "tail", "ptr", "row", "col", "line");

    private static bool Adds(FieldAccess update) => update.Operation switch
    {
        ICompoundAssignmentOperation compound => compound.OperatorKind == BinaryOperatorKind.Add,
        ISimpleAssignmentOperation assignment => LimitSums.SumIn(assignment.Value, update.Member) is not null,
        IInvocationOperation call => call.TargetMethod.Name is "Add" or "CompareExchange" or "Exchange" or "Write",
        _ => false,
    };

    /// <summary>The sum of two numbers that are not negative does not wrap where it is compared without its sign: <c>(uint)(used + n) &lt;= (uint)limit</c>.</summary>
    private static bool IsComparedUnsigned(IBinaryOperation test, IBinaryOperation sum) => sum.Type is { } type && !IsUnsigned(type) && test.LeftOperand.Type is { } compared && IsUnsigned(compared) && WidthOf(compared) == WidthOf(type);

    /// <summary>A condition, not a value that somebody keeps.</summary>
    private static bool Decides(IOperation test)
    {
        IOperation? outer = test.Parent;
        while (outer is IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.And or BinaryOperatorKind.Or } or IUnaryOperation or IParenthesizedOperation) outer = outer.Parent;
        return outer is IConditionalOperation or ILoopOperation;
    }

    /// <summary>The size of something in memory bounds an index, and no index comes near the largest number; nor does anything that a byte bounds.</summary>
    private static bool IsExtent(IOperation bound)
    {
        while (bound is IConversionOperation conversion) bound = conversion.Operand;
        return bound switch
        {
            IPropertyReferenceOperation { Property.Name: "Length" or "LongLength" or "Count" or "Capacity" } => true,
            IInvocationOperation { TargetMethod.Name: "GetLength" or "Count" or "GetUpperBound" } => true,
            IBinaryOperation binary => IsExtent(binary.LeftOperand) || IsExtent(binary.RightOperand),
            _ => WidthOf(bound.Type) <= 16,
        };
    }

    /// <summary>A bound that the type itself moves on is where the data ends, and no limit; a limit is given, and changed by a setter at most.</summary>
    private static bool IsMoving(IOperation bound, TypeParts type)
    {
        if (LimitSums.Unconverted(bound) is not IFieldReferenceOperation { Field: { IsReadOnly: false, IsConst: false, Name: var name } }) return false;
        foreach (TypeMember member in type.Members)
        {
            if (member.IsConstruction || member.Body is AccessorDeclarationSyntax || !member.Mentions(name)) continue;
            foreach (SyntaxNode node in member.Body.DescendantNodes())
            {
                ExpressionSyntax? moved = node switch
                {
                    AssignmentExpressionSyntax { RawKind: not (int)SyntaxKind.SimpleAssignmentExpression, Left: var left } => left,
                    AssignmentExpressionSyntax { Right: not IdentifierNameSyntax, Left: var left } => left,
                    PostfixUnaryExpressionSyntax { Operand: var operand } => operand,
                    PrefixUnaryExpressionSyntax { Operand: var operand } prefix when prefix.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression => operand,
                    _ => null,
                };
                if (moved is IdentifierNameSyntax { Identifier.ValueText: var own } && own == name || moved is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var other } && other == name) return true;
            }
        }

        return false;
    }

    private static bool CanOverflow(IBinaryOperation sum)
    {
        int width = WidthOf(sum.Type);
        if (LimitSums.Constant(sum.LeftOperand) is { } left && left < SmallConstant || LimitSums.Constant(sum.RightOperand) is { } right && right < SmallConstant) return false;
        return WidthOf(LimitSums.Unconverted(sum.LeftOperand).Type) >= width || WidthOf(LimitSums.Unconverted(sum.RightOperand).Type) >= width;
    }

    /// <summary>The test lets control come to the update, or keeps it away; that it happens to come first says nothing.</summary>
    private static bool Guards(IBinaryOperation test, FieldAccess update)
    {
        for (IOperation? outer = test.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ILoopOperation) return true;
            if (outer is not IConditionalOperation conditional) continue;
            if (conditional.Syntax.Span.Contains(update.Operation.Syntax.Span)) return true;
            return LimitSums.Leaves(conditional.WhenTrue) || LimitSums.Leaves(conditional.WhenFalse) || Sets(conditional, update);
        }

        return false;
    }

    /// <summary>What it decides is asked for later.</summary>
    private static bool Sets(IConditionalOperation conditional, FieldAccess update) => conditional.DescendantsAndSelf().Any(o => o is ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } }
        && update.Member.Operations.Any(later => later is ILocalReferenceOperation reference && reference.Syntax.SpanStart > conditional.Syntax.Span.End && SymbolEqualityComparer.Default.Equals(reference.Local, local)));

    private static int WidthOf(ITypeSymbol? type) => type?.SpecialType switch
    {
        SpecialType.System_Byte or SpecialType.System_SByte => 8,
        SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Char => 16,
        SpecialType.System_Int32 or SpecialType.System_UInt32 => 32,
        _ => 64,
    };

    private static bool IsWrappingStep(FieldAccess update, IGrouping<IFieldSymbol, FieldAccess> field, ReleaseMembers releases)
    {
        if (!IsUnsigned(update.Field.Type) || !Subtracts(update) || update.Operation.Syntax.Ancestors().Any(static n => n is CheckedExpressionSyntax or CheckedStatementSyntax)) return false;
        // A step down belongs to a step up: who counts entries and exits pairs them.
        if (!Annotations.Has(update.Field, Annotations.Counter) && IsStep(update.Operation, "Decrement", OperationKind.Decrement) && field.Any(static a => IsStep(a.Operation, "Increment", OperationKind.Increment))) return false;
        if (!Annotations.Has(update.Field, Annotations.Counter) && !(update.Member.Symbol is IMethodSymbol method && releases.Contains(method))) return false;
        return !update.Member.Operations.Any(o => Tests(o, update) || IsRemovalBefore(o, update));
    }

    /// <summary>Something was found in a collection and taken out of it: it was counted when it was put there.</summary>
    private static bool IsRemovalBefore(IOperation operation, FieldAccess update)
    {
        if (operation is not IInvocationOperation { TargetMethod: { Name: "Remove" or "TryRemove" or "TryDequeue" or "TryPop" or "TryTake", ReturnType.SpecialType: SpecialType.System_Boolean } }) return false;
        bool isNegated = operation.Parent is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not };
        if ((isNegated ? operation.Parent!.Parent : operation.Parent) is not IConditionalOperation test) return false;
        return isNegated ? LimitSums.Leaves(test.WhenTrue) && update.Operation.Syntax.SpanStart > test.Syntax.SpanStart : test.WhenTrue.Syntax.Span.Contains(update.Operation.Syntax.Span);
    }

    private static bool IsStep(IOperation operation, string atomic, OperationKind kind) =>
        operation is IIncrementOrDecrementOperation step && step.Kind == kind || operation is IInvocationOperation { TargetMethod.Name: var name } && name == atomic;

    private static bool IsUnsigned(ITypeSymbol type) => type.SpecialType is SpecialType.System_Byte or SpecialType.System_UInt16 or SpecialType.System_UInt32 or SpecialType.System_UInt64 or SpecialType.System_UIntPtr;

    private static bool Subtracts(FieldAccess update) => update.Operation switch
    {
        ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Subtract } compound => !compound.IsChecked,
        IIncrementOrDecrementOperation { Kind: OperationKind.Decrement } step => !step.IsChecked,
        ISimpleAssignmentOperation { Value: var value } => LimitSums.Unconverted(value) is IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract, IsChecked: false } difference
            && LimitSums.Unconverted(difference.LeftOperand) is IFieldReferenceOperation field && SymbolEqualityComparer.Default.Equals(field.Field.OriginalDefinition, update.Field),
        IInvocationOperation { TargetMethod.Name: "Decrement", Parent: IExpressionStatementOperation } => true,
        _ => false,
    };

    /// <summary>Some comparison looks at the counter, in whatever way: then somebody has thought of it.</summary>
    private static bool Tests(IOperation operation, FieldAccess update) => operation switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual or BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } test => MentionsField(test, update),
        IInvocationOperation { TargetMethod: { ContainingType.SystemName: "Math" } or { Name: "ThrowIfGreaterThan" or "ThrowIfLessThan" or "ThrowIfZero" } } call => call.Arguments.Any(a => MentionsField(a, update)),
        IIsPatternOperation pattern => MentionsField(pattern.Value, update),
        _ => false,
    };

    private static bool MentionsField(IOperation operation, FieldAccess update) =>
        operation.DescendantsAndSelf().Any(o => o is IFieldReferenceOperation field && SymbolEqualityComparer.Default.Equals(field.Field.OriginalDefinition, update.Field));
}
