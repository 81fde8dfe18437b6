using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Contract;

/// <summary>PIN4005 and PIN4006: tests of flags that cannot tell, and equality where a mask is meant.</summary>
internal static class FlagTests
{
    public static IEnumerable<ContractFinding> Find(ContractContext context, IOperation operation)
    {
        ContractFinding? finding = operation switch
        {
            IInvocationOperation { TargetMethod: { Name: "HasFlag", ContainingType.SpecialType: SpecialType.System_Enum }, Arguments: { Length: 1 } arguments } call =>
                JudgeHasFlag(context, call, arguments[0].Value),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.And } mask => JudgeMask(context, mask),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } equality => JudgeEquality(context, equality),
            IIsPatternOperation pattern => JudgePattern(context, pattern),
            _ => null,
        };
        if (finding is not null) yield return finding;
        IEnumerable<IOperation> cases = operation switch
        {
            ISwitchOperation choice => choice.Cases.SelectMany(static section => section.Clauses).Select(static clause => clause switch { ISingleValueCaseClauseOperation { Value: { } value } => value, IPatternCaseClauseOperation { Pattern: IConstantPatternOperation { Value: { } value } } => value, _ => null }).OfType<IOperation>(),
            ISwitchExpressionOperation choice => choice.Arms.Select(static arm => arm.Pattern).OfType<IConstantPatternOperation>().Select(static pattern => pattern.Value),
            _ => [],
        };
        foreach (IOperation value in cases)
        {
            if (FlagEnums.MemberIn(value) is { } flag && context.IsFlags(flag.Member.ContainingType) && Ambiguous(value, flag.Member, flag.Value) is { } ambiguous) yield return ambiguous;
        }
    }

    private static ContractFinding? JudgeHasFlag(ContractContext context, IInvocationOperation call, IOperation argument)
    {
        if (FlagEnums.MemberIn(argument) is not { } flag || !context.IsFlags(flag.Member.ContainingType)) return null;
        return flag.Value == 0 ? AlwaysTrue(call, flag.Member) : Ambiguous(call, flag.Member, flag.Value);
    }

    private static ContractFinding? JudgeMask(ContractContext context, IBinaryOperation mask)
    {
        if ((FlagEnums.MemberIn(mask.RightOperand) ?? FlagEnums.MemberIn(mask.LeftOperand)) is not { } flag || !context.IsFlags(flag.Member.ContainingType)) return null;
        if (TestOf(mask) is not { } test) return null;
        IOperation other = test.LeftOperand.Syntax.Span.Contains(mask.Syntax.Span) ? test.RightOperand : test.LeftOperand;

        // Compared with anything else it cuts bits out of a value and tests no flag.
        if (flag.Value != 0) return IsZero(other) || FlagEnums.MemberIn(other)?.Value == flag.Value ? Ambiguous(test, flag.Member, flag.Value) : null;
        if (!IsZero(other)) return null;
        return test.OperatorKind == BinaryOperatorKind.Equals ? AlwaysTrue(test, flag.Member) : AlwaysFalse(test, flag.Member);
    }

    private static ContractFinding? JudgeEquality(ContractContext context, IBinaryOperation equality)
    {
        (IOperation tested, (IFieldSymbol Member, ulong Value)? named) = FlagEnums.MemberIn(equality.RightOperand) is { } right
            ? (equality.LeftOperand, right)
            : (equality.RightOperand, FlagEnums.MemberIn(equality.LeftOperand));
        return named is { } flag ? JudgeComparison(context, equality, tested, flag, equality.OperatorKind == BinaryOperatorKind.NotEquals) : null;
    }

    private static ContractFinding? JudgePattern(ContractContext context, IIsPatternOperation pattern)
    {
        bool isNegated = pattern.Pattern is INegatedPatternOperation;
        IPatternOperation inner = pattern.Pattern is INegatedPatternOperation negated ? negated.Pattern : pattern.Pattern;
        if (inner is IBinaryPatternOperation several)
        {
            return several.DescendantsAndSelf().OfType<IConstantPatternOperation>().Select(one => FlagEnums.MemberIn(one.Value) is { } named && context.IsFlags(named.Member.ContainingType) ? Ambiguous(pattern, named.Member, named.Value) : null).FirstOrDefault(static found => found is not null);
        }

        if (inner is not IConstantPatternOperation constant) return null;
        if (Unwrapped(pattern.Value) is IBinaryOperation { OperatorKind: BinaryOperatorKind.And } mask && IsZero(constant.Value) && (FlagEnums.MemberIn(mask.RightOperand) ?? FlagEnums.MemberIn(mask.LeftOperand)) is { Value: 0 } zero && context.IsFlags(zero.Member.ContainingType))
            return isNegated ? AlwaysFalse(pattern, zero.Member) : AlwaysTrue(pattern, zero.Member);
        return FlagEnums.MemberIn(constant.Value) is { } flag ? JudgeComparison(context, pattern, pattern.Value, flag, isNegated) : null;
    }

    private static ContractFinding? JudgeComparison(ContractContext context, IOperation test, IOperation tested, (IFieldSymbol Member, ulong Value) flag, bool isNegated)
    {
        if (!context.IsFlags(flag.Member.ContainingType) || IsMasked(tested)) return null;
        // `(x | A) == A` asks whether there is nothing but A in x.
        if (Unwrapped(tested) is IBinaryOperation { OperatorKind: BinaryOperatorKind.Or } sum && (FlagEnums.MemberIn(sum.LeftOperand)?.Value == flag.Value || FlagEnums.MemberIn(sum.RightOperand)?.Value == flag.Value)) return null;
        if (Ambiguous(test, flag.Member, flag.Value) is { } ambiguous) return ambiguous;
        if (FlagValues.IsMemberOfList(tested, flag.Member.ContainingType) || FlagValues.IsCutOut(tested)) return null;
        if (!FlagEnums.IsSingleBit(flag.Value) || tested.ConstantValue.HasValue || FlagEnums.MemberIn(tested) is not null || IsChoice(tested, flag.Member) || IsBesideOtherSets(tested, test.Syntax, flag.Member) || FlagEnums.IsOnlyFlag(flag.Member, flag.Value)) return null;
        if (!context.IsMasked(flag.Member.ContainingType) && (!IsGiven(tested) || context.Flags.IsUsedAlone(flag.Member) || !context.Flags.IsMasked(flag.Member) || IsAskedBothWays(tested, test.Syntax, flag.Member))) return null;
        if (Unwrapped(tested) is IMemberReferenceOperation { Member: { IsStatic: true } member } && context.Flags.IsComparedWithOther(member.OriginalDefinition, flag.Member)) return null;
        bool isFixable = tested.Type?.TypeKind == TypeKind.Enum && test.Syntax is BinaryExpressionSyntax or IsPatternExpressionSyntax;
        return new ContractFinding(Descriptors.PIN4006_FlagShouldBeMasked, test.Syntax, test.Syntax.ToString(), isNegated ? "false" : "true", flag.Member.Name)
        {
            Fix = isFixable ? isNegated ? "!=" : "==" : null,
            Sites = isFixable ? [tested.Syntax] : [],
        };
    }

    /// <summary>The comparison whose operand a mask is; null where the masked value goes elsewhere.</summary>
    private static IBinaryOperation? TestOf(IOperation mask)
    {
        IOperation? parent = mask.Parent;
        while (parent is IConversionOperation or IParenthesizedOperation) parent = parent.Parent;
        return parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } test ? test : null;
    }

    /// <summary>Already cut down to some of its bits, here or where the local got its value: then equality asks what it should.</summary>
    private static bool IsMasked(IOperation tested)
    {
        while (tested is IConversionOperation or IParenthesizedOperation)
            tested = tested is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)tested).Operand;
        switch (tested)
        {
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.And or BinaryOperatorKind.ExclusiveOr }:
                return true;
            case ISimpleAssignmentOperation assignment:
                return IsMasked(assignment.Value);
            case IInvocationOperation call:
                // A function from flags to flags may be what masks them.
                return call.Arguments.Any(argument => SymbolEqualityComparer.Default.Equals(argument.Value.Type, call.Type)) || SymbolEqualityComparer.Default.Equals(call.Instance?.Type, call.Type);
            case ILocalReferenceOperation { Local: { } local }:
                SyntaxNode? body = tested.Syntax.Ancestors().FirstOrDefault(static node => node is MemberDeclarationSyntax);
                return body is not null && body.DescendantNodes().Any(node => node switch
                {
                    VariableDeclaratorSyntax { Initializer.Value: { } value } declarator => declarator.Identifier.ValueText == local.Name && HasMask(value),
                    AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } assignment => name.Identifier.ValueText == local.Name
                        && (assignment.IsKind(SyntaxKind.AndAssignmentExpression) || HasMask(assignment.Right)),
                    _ => false,
                });
            case IMemberReferenceOperation:
                // `flags &= ~A; if (flags == B)` asks what is left.
                return tested.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.DescendantNodes().Any(node => node is AssignmentExpressionSyntax assignment
                    && assignment.SpanStart < tested.Syntax.SpanStart && assignment.Left.IsEquivalentTo(tested.Syntax, topLevel: false)
                    && (assignment.IsKind(SyntaxKind.AndAssignmentExpression) || HasMask(assignment.Right))) == true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Compared with one member after another, as by a <c>switch</c>: then it holds one of them and is no set here, whatever its enum is called.
    /// </summary>
    private static bool IsChoice(IOperation tested, IFieldSymbol member)
    {
        string text = tested.Syntax.ToString();
        // What a field or property holds, the whole type knows; a parameter or local belongs to its member.
        SyntaxNode? body = tested.Syntax.Ancestors().FirstOrDefault(node => tested is IMemberReferenceOperation ? node is TypeDeclarationSyntax : node is MemberDeclarationSyntax);
        return body is not null && body.DescendantNodes().SelectMany(node => ComparedWith(node, text)).Any(other =>
            MemberNamedBy(other) is var (type, name) && name != member.Name && type.ToString().EndsWith(member.ContainingType.Name, System.StringComparison.Ordinal)
            && member.ContainingType.GetMembers(name).OfType<IFieldSymbol>().Any(static one => FlagEnums.ValueOf(one) is { } value && FlagEnums.IsSingleBit(value)));
    }

    /// <summary><c>changed == Kind.None || changed == Kind.Soft</c>, <c>mode == Kind.Soft || mode == Kind.SoftAndHard</c>: nothing, or only this, or this with that, is what is asked.</summary>
    private static bool IsBesideOtherSets(IOperation tested, SyntaxNode test, IFieldSymbol member)
    {
        while (test.Parent is ParenthesizedExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalOrExpression or (int)SyntaxKind.LogicalAndExpression }) test = test.Parent;
        string text = tested.Syntax.ToString();
        ulong flag = FlagEnums.ValueOf(member) ?? 0;
        return test.DescendantNodes().SelectMany(node => ComparedWith(node, text)).Any(other =>
            MemberNamedBy(other) is var (_, name) && member.ContainingType.GetMembers(name).OfType<IFieldSymbol>().Any(set => FlagEnums.ValueOf(set) is { } value && (value == 0 || value != flag && (value & flag) == flag)));
    }

    /// <summary>Whoever asks the same value both ways in one member knows the difference.</summary>
    private static bool IsAskedBothWays(IOperation tested, SyntaxNode test, IFieldSymbol member) =>
        tested.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } body && test.DescendantNodes().OfType<ExpressionSyntax>().Where(named => MemberNamedBy(named) is var (_, name) && name == member.Name)
            .Any(named => FlagUses.AsksInside(body, tested.Syntax.ToString(), named.ToString()));

    /// <summary>What the node compares a value of this text with, in whatever form: each of them has to see the others, or one is reported when another has been mended.</summary>
    internal static IEnumerable<ExpressionSyntax> ComparedWith(SyntaxNode node, string text) => node switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression or (int)SyntaxKind.IsExpression } test =>
            test.Left.ToString() == text ? [test.Right] : test.Right.ToString() == text ? [test.Left] : [],
        IsPatternExpressionSyntax test when test.Expression.ToString() == text => test.Pattern.DescendantNodesAndSelf().OfType<ConstantPatternSyntax>().Select(static constant => constant.Expression),
        _ => [],
    };

    /// <summary>Behind <c>is</c> a member is written like a type.</summary>
    internal static (SyntaxNode Type, string Name)? MemberNamedBy(ExpressionSyntax flag) => flag switch
    {
        MemberAccessExpressionSyntax access => (access.Expression, access.Name.Identifier.ValueText),
        QualifiedNameSyntax qualified => (qualified.Left, qualified.Right.Identifier.ValueText),
        _ => null,
    };

    /// <summary>Others put it together: a parameter, or what a field or property holds. What a call has just made is the call's to know.</summary>
    private static bool IsGiven(IOperation tested)
    {
        while (tested is IConversionOperation or IParenthesizedOperation)
            tested = tested is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)tested).Operand;
        // What a callback is called with is its caller's to know.
        return tested is IParameterReferenceOperation { Parameter.ContainingSymbol: not IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } } or IFieldReferenceOperation or IPropertyReferenceOperation or IBinaryOperation;
    }

    private static IOperation Unwrapped(IOperation operation)
    {
        while (operation is IConversionOperation or IParenthesizedOperation) operation = operation is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)operation).Operand;
        return operation;
    }

    private static bool HasMask(ExpressionSyntax value) => value.DescendantNodesAndSelf().Any(static node => node.IsKind(SyntaxKind.BitwiseAndExpression));

    private static bool IsZero(IOperation operand)
    {
        while (operand is IConversionOperation or IParenthesizedOperation)
            operand = operand is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)operand).Operand;
        return operand is IDefaultValueOperation || (operand.ConstantValue is { HasValue: true, Value: { } value } && value is 0 or 0u or 0L or 0ul or (byte)0 or (sbyte)0 or (short)0 or (ushort)0)
            || FlagEnums.MemberIn(operand) is { Value: 0 };
    }

    private static ContractFinding AlwaysTrue(IOperation test, IFieldSymbol member) => Meaningless(test, $"'{test.Syntax}' is always true: '{member.Name}' has the value 0");

    private static ContractFinding AlwaysFalse(IOperation test, IFieldSymbol member) => Meaningless(test, $"'{test.Syntax}' is always false: '{member.Name}' has the value 0");

    private static ContractFinding? Ambiguous(IOperation test, IFieldSymbol member, ulong value) =>
        FlagEnums.Twin(member, value) is { } twin ? Meaningless(test, $"'{test.Syntax}' cannot tell '{member.Name}' from '{twin.Name}': both have the value {value}") : null;

    private static ContractFinding Meaningless(IOperation test, string message) => new(Descriptors.PIN4005_FlagTestMustMeanSomething, test.Syntax, message);
}
