using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>PIN1011: a limit is checked and its counter updated in two steps, between which another thread passes the same check.</summary>
internal static class SplitLimitChecks
{
    public static IEnumerable<RaceFinding> Find(FieldAccesses accesses)
    {
        foreach (IGrouping<IFieldSymbol, FieldAccess> field in accesses.All)
        {
            if (!field.Key.Type.IsIntegral() || field.Key.ContainingType.IsRefLikeType) continue;
            bool? isShared = null;
            foreach (FieldAccess update in field)
            {
                // The field is asked once for all its updates: a parser steps its position hundreds of times.
                if (!IsBlindStep(update) || update.Member.IsBeingTyped || (update.Kind == AccessKind.Update && !(isShared ??= IsShared(field, accesses)))) continue;
                if (Sharing.IsAlone(update, accesses.Locks) || Sharing.IsOnOwnObject(update) || Sharing.IsNamedForCallersLock(update.Member) || Sharing.IsAfterOwnStore(update, field) || Sharing.IsBesideOwnView(update, field) || OwnCursors.Is(update, field, accesses)) continue;
                if (CheckOf(update, field, accesses) is not { } check) continue;
                yield return new RaceFinding(
                    Descriptors.PIN1011_LimitMustBeCheckedAndTakenAtOnce, update.Operation, ImmutableArray.Create(check),
                    field.Key.Name, check.Syntax.GetLocation().GetLineSpan().StartLinePosition.Line + 1)
                {
                    Severity = SoftLimits.IsKeptOrDropped(update.Member, check) ? DiagnosticSeverity.Info : null,
                };
            }
        }
    }

    /// <summary>Adds or subtracts without looking at what came of it: whoever tests the result has checked again.</summary>
    private static bool IsBlindStep(FieldAccess update)
    {
        if (update.Operation.Parent is not IExpressionStatementOperation) return false;
        return update.Kind switch
        {
            AccessKind.Update => update.Operation is IIncrementOrDecrementOperation or ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } or ISimpleAssignmentOperation { Value: IBinaryOperation or IConversionOperation },
            AccessKind.AtomicUpdate => update.Operation is IInvocationOperation { TargetMethod.Name: "Add" or "Increment" or "Decrement" },
            AccessKind.AtomicWrite => update.Operation is IInvocationOperation call && FieldAccess.ArgumentOf(call, 1)?.DescendantsAndSelf().Any(o => o is IFieldReferenceOperation other && SymbolEqualityComparer.Default.Equals(other.Field.OriginalDefinition, update.Field)) == true,
            _ => false,
        };
    }

    /// <summary>Something about the field itself says that threads share it.</summary>
    private static bool IsShared(IGrouping<IFieldSymbol, FieldAccess> field, FieldAccesses accesses) =>
        field.Key.IsVolatile || Annotations.Has(field.Key, Annotations.Counter)
        || field.Any(a => a.Kind is AccessKind.AtomicRead or AccessKind.AtomicUpdate or AccessKind.AtomicWrite)
        || IsMostlyLocked(field, accesses);

    /// <summary>A lock around one write of many is about something else: a discipline is kept more often than not.</summary>
    private static bool IsMostlyLocked(IGrouping<IFieldSymbol, FieldAccess> field, FieldAccesses accesses)
    {
        int locked = 0, open = 0;
        foreach (FieldAccess write in field)
        {
            if (!write.IsPlainWrite || write.Member.IsConstruction) continue;
            if (accesses.Locks.At(write.Operation, write.Member).Any(static held => held.IsCertain)) locked++;
            else open++;
        }

        return locked > 0 && locked >= open;
    }

    /// <summary>The comparison that lets control come to the update; null where there is none, or where one of them shares a lock with it.</summary>
    private static IOperation? CheckOf(FieldAccess update, IGrouping<IFieldSymbol, FieldAccess> field, FieldAccesses accesses)
    {
        if (field.Any(a => a.Member == update.Member && a.Kind == AccessKind.AtomicUpdate && a.Operation is IInvocationOperation { TargetMethod.Name: "CompareExchange" })) return null;
        List<IOperation> checks = [], rounds = [];
        for (IOperation inner = update.Operation; inner.Parent is { } outer; inner = outer)
        {
            switch (outer)
            {
                case IConditionalOperation conditional when conditional.Condition != inner:
                    AddFrom(conditional.Condition);
                    break;
                case ISwitchOperation choice when choice.Value != inner:
                    AddFromChoice(choice);
                    break;
                case ILoopOperation loop when ConditionOf(loop) is { } condition && condition != inner:
                    rounds.AddRange(condition.DescendantsAndSelf().Where(part => Compares(part, update, accesses)));
                    break;
                case IBlockOperation block:
                    foreach (IOperation statement in block.Operations.TakeWhile(o => o != inner)) AddGuards(statement);
                    break;
                case ISwitchCaseOperation section:
                    foreach (IOperation statement in section.Body.TakeWhile(o => o != inner)) AddGuards(statement);
                    break;
            }

            // What is counted in a catch is what went wrong, and not what a check let in.
            if (outer is ICatchClauseOperation) return null;
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation) break;
        }

        if (checks.Count == 0 || IsCheckedAfterwards(update, accesses) || IsUndo(update, field) || IsUndoneForARound(update, field) || IsShrinking(update, checks) || IsOnlyRead(update, checks, field, accesses)) return null;
        // A check that comes after an update tests what came of it; this update then undoes.
        if (field.Any(a => a.Member == update.Member && a.Kind is AccessKind.Update or AccessKind.AtomicUpdate && a.Operation.Syntax.Span.End <= update.Operation.Syntax.SpanStart && checks.Any(c => a.Operation.Syntax.Span.End <= c.Syntax.Span.End))) return null;

        // What a loop asks before each of its rounds is a check as well, but none to tell of: it mostly says how far the loop goes, and not what there is room for.
        return checks.Concat(rounds).Any(check => accesses.Locks.AreTogether(check, update.Operation, update.Member)) ? null : checks[0];

        void AddGuards(IOperation statement)
        {
            switch (statement)
            {
                case IConditionalOperation { WhenFalse: null } guard when Leaves(guard.WhenTrue):
                    AddFrom(guard.Condition);
                    break;
                case ISwitchOperation choice when choice.Cases.Any(static section => section.Body.Any(static s => s is not IBranchOperation && Leaves(s))):
                    AddFromChoice(choice);
                    break;
                case IWhileLoopOperation { Condition: { } condition } when update.Kind != AccessKind.Update:
                    AddFrom(condition);
                    break;
                case ILockOperation locked:
                    AddGuards(locked.Body);
                    break;
                case ITryOperation tried:
                    AddGuards(tried.Body);
                    break;
                case IBlockOperation inner:
                    foreach (IOperation part in inner.Operations) AddGuards(part);
                    break;
            }
        }

        void AddFrom(IOperation condition)
        {
            foreach (IOperation part in condition.DescendantsAndSelf())
            {
                if (Compares(part, update, accesses)) checks.Add(part);
                else if (part is ILocalReferenceOperation { Local: { Type.SpecialType: SpecialType.System_Boolean } local })
                    checks.AddRange(FieldReading.ValuesOf(local, update.Member).Where(v => v.Syntax.SpanStart < update.Operation.Syntax.SpanStart).SelectMany(static v => v.DescendantsAndSelf()).Where(v => Compares(v, update, accesses)));
            }
        }

        void AddFromChoice(ISwitchOperation choice)
        {
            if (Mentions(choice.Value, update, accesses) && choice.Cases.Any(static section => section.Clauses.Any(HasBound))) checks.Add(choice.Value);
        }
    }

    /// <summary>The pattern compares the value itself, not something that it is made of.</summary>
    private static bool HasBound(IOperation pattern) => pattern switch
    {
        IRelationalPatternOperation => true,
        IPatternCaseClauseOperation clause => HasBound(clause.Pattern),
        INegatedPatternOperation not => HasBound(not.Pattern),
        IBinaryPatternOperation binary => HasBound(binary.LeftPattern) || HasBound(binary.RightPattern),
        _ => false,
    };

    /// <summary>Checked and updated plainly: that others read it atomically makes no second writer.</summary>
    private static bool IsOnlyRead(FieldAccess update, List<IOperation> checks, IGrouping<IFieldSymbol, FieldAccess> field, FieldAccesses accesses)
    {
        if (update.Kind != AccessKind.Update || field.Key.IsVolatile || Annotations.Has(field.Key, Annotations.Counter)) return false;
        HashSet<ISymbol> asked = new(checks.SelectMany(static c => c.DescendantsAndSelf()).Select(o => o switch
        {
            IPropertyReferenceOperation { Property.GetMethod: { } getter } => (ISymbol)getter.OriginalDefinition,
            IInvocationOperation call => call.TargetMethod.OriginalDefinition,
            _ => update.Member.Symbol!,
        }).Where(static s => s is not null), SymbolEqualityComparer.Default);
        return !field.Any(a => a.Kind is AccessKind.AtomicUpdate or AccessKind.AtomicWrite || a.Kind == AccessKind.AtomicRead && a.Member.Symbol is { } reader && asked.Contains(reader)
            || a.IsPlainWrite && accesses.Locks.At(a.Operation, a.Member).Any(static held => held.IsCertain));
    }

    /// <summary>Takes back what the same body has added before: there is no limit to that.</summary>
    private static bool IsUndo(FieldAccess update, IGrouping<IFieldSymbol, FieldAccess> field) =>
        IsDown(update) && field.Any(a => a.Member == update.Member && a.Kind is AccessKind.Update or AccessKind.AtomicUpdate && !IsDown(a) && a.Operation.Syntax.Span.End <= update.Operation.Syntax.SpanStart);

    /// <summary>
    /// Takes back before a wait what it takes again after it, in a loop that goes on until what it then got is within the limit: each round tests the result of its own step.
    /// </summary>
    private static bool IsUndoneForARound(FieldAccess update, IGrouping<IFieldSymbol, FieldAccess> field)
    {
        for (IOperation inner = update.Operation; inner.Parent is { } outer and not (IAnonymousFunctionOperation or ILocalFunctionOperation); inner = outer)
        {
            if (outer is not ILoopOperation loop || ConditionOf(loop) is not { } condition || condition == inner) continue;
            if (field.Any(a => a.Kind == AccessKind.AtomicUpdate && a.Member == update.Member && IsDown(a) != IsDown(update) && FieldReading.IsSameObject(a.Reference.Instance, update.Reference.Instance)
                && a.Operation.Syntax.SpanStart >= update.Operation.Syntax.Span.End && loop.Syntax.Span.Contains(a.Operation.Syntax.Span) && IsTestedBy(condition, a.Operation))) return true;
        }

        return false;
    }

    /// <summary>The condition compares the result of the call, directly or as the variable that was given it.</summary>
    private static bool IsTestedBy(IOperation condition, IOperation call)
    {
        IOperation value = call;
        while (value.Parent is IConversionOperation or IParenthesizedOperation) value = value.Parent;
        ILocalSymbol? kept = (value.Parent as ISimpleAssignmentOperation)?.Target is ILocalReferenceOperation target ? target.Local : null;
        return condition.DescendantsAndSelf().Any(part => FieldReading.IsRelational(part) && part.DescendantsAndSelf().Any(o => o == call || o is ILocalReferenceOperation local && SymbolEqualityComparer.Default.Equals(local.Local, kept)));
    }

    private static IOperation? ConditionOf(ILoopOperation loop) => loop switch
    {
        IWhileLoopOperation { ConditionIsUntil: false } again => again.Condition,
        IForLoopOperation counted => counted.Condition,
        _ => null,
    };

    /// <summary>Gives up something that was found meanwhile, however much that is; the check only said that there is too much.</summary>
    private static bool IsShrinking(FieldAccess update, List<IOperation> checks)
    {
        if (!IsDown(update) || AmountOf(update) is not { ConstantValue.HasValue: false } amount) return false;
        HashSet<ISymbol> named = new(NamesIn(amount), SymbolEqualityComparer.Default);
        return named.Count > 0 && !checks.SelectMany(NamesIn).Any(named.Contains);
    }

    private static IOperation? AmountOf(FieldAccess update) => update.Operation switch
    {
        IInvocationOperation { TargetMethod.Name: "Add" } call => FieldAccess.ArgumentOf(call, 1),
        ICompoundAssignmentOperation compound => compound.Value,
        _ => null,
    };

    private static IEnumerable<ISymbol> NamesIn(IOperation value) => value.DescendantsAndSelf().Select(static part => part switch
    {
        ILocalReferenceOperation local => (ISymbol)local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } member => member.Member.OriginalDefinition,
        _ => null,
    }).OfType<ISymbol>();

    private static bool IsDown(FieldAccess update) => update.Operation switch
    {
        IInvocationOperation { TargetMethod.Name: "Decrement" } or IIncrementOrDecrementOperation { Kind: OperationKind.Decrement } or ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Subtract } => true,
        IInvocationOperation { TargetMethod.Name: "Add" } call => FieldAccess.ArgumentOf(call, 1) is { } amount && IsNegated(amount),
        _ => false,
    };

    private static bool IsNegated(IOperation amount) => amount switch
    {
        IConversionOperation conversion => IsNegated(conversion.Operand),
        IParenthesizedOperation parenthesized => IsNegated(parenthesized.Operand),
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } or IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract, LeftOperand.ConstantValue: { HasValue: true, Value: 0 or 0L } } => true,
        _ => amount.ConstantValue is { HasValue: true, Value: < 0 or < 0L },
    };

    private static bool Compares(IOperation operation, FieldAccess update, FieldAccesses accesses) => operation switch
    {
        IBinaryOperation comparison => FieldReading.IsRelational(operation) && (Mentions(comparison.LeftOperand, update, accesses) != Mentions(comparison.RightOperand, update, accesses)),
        IIsPatternOperation { Value.Type: { } type } test => type.IsIntegral() && HasBound(test.Pattern) && Mentions(test.Value, update, accesses),
        IInvocationOperation { Instance: null or IInstanceReferenceOperation, Type.SpecialType: SpecialType.System_Boolean } call => ComparesInside(call.TargetMethod, update, accesses),
        IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation, Type.SpecialType: SpecialType.System_Boolean, Property.GetMethod: { } getter } => ComparesInside(getter, update, accesses),
        _ => false,
    };

    /// <summary>A question that the type answers by comparing the field, and by doing nothing else to it.</summary>
    private static bool ComparesInside(IMethodSymbol method, FieldAccess update, FieldAccesses accesses)
    {
        if (update.Reference.Instance is not (null or IInstanceReferenceOperation) || SymbolEqualityComparer.Default.Equals(method.OriginalDefinition, update.Member.Symbol)) return false;
        List<FieldAccess> inside = accesses.All[update.Field].Where(a => SymbolEqualityComparer.Default.Equals(a.Member.Symbol, method.OriginalDefinition)).ToList();
        if (inside.Count == 0 || inside.Exists(static a => a.Kind is not (AccessKind.Read or AccessKind.AtomicRead))) return false;

        List<IReturnOperation> returns = inside[0].Member.Operations.OfType<IReturnOperation>().ToList();
        return returns.Count == 1 && returns[0].ReturnedValue is { } answer && answer.DescendantsAndSelf().OfType<IBinaryOperation>().Any(comparison => FieldReading.IsRelational(comparison)
            && comparison.DescendantsAndSelf().Any(part => FieldReading.Is(part, update.Reference, inside[0].Member, accesses.Type)));
    }

    private static bool Mentions(IOperation operand, FieldAccess update, FieldAccesses accesses) =>
        operand.DescendantsAndSelf().Any(part => FieldReading.Is(part, update.Reference, update.Member, accesses.Type));

    private static bool IsCheckedAfterwards(FieldAccess update, FieldAccesses accesses) =>
        update.Member.Operations.Any(o => o.Syntax.SpanStart > update.Operation.Syntax.Span.End && Compares(o, update, accesses));

    private static bool Leaves(IOperation statement) => statement switch
    {
        IBlockOperation block => block.Operations.Length > 0 && Leaves(block.Operations[block.Operations.Length - 1]),
        IReturnOperation or IThrowOperation or IBranchOperation => true,
        IExpressionStatementOperation { Operation: IThrowOperation } => true,
        _ => false,
    };
}
