using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.SharedMemory;

/// <summary>What conditions say of fetched values: which were tested, and which were compared with a bound of our own.</summary>
internal sealed partial class FetchFlow
{
    /// <summary>What a condition is about has been tested; what it compares with a bound of our own has been checked.</summary>
    private void Test(IOperation condition)
    {
        switch (condition)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                Test(not.Operand);
                break;
            case IParenthesizedOperation parenthesized:
                Test(parenthesized.Operand);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.And or BinaryOperatorKind.Or or BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr, Type.SpecialType: SpecialType.System_Boolean } both:
                Test(both.LeftOperand);
                Test(both.RightOperand);
                break;
            case IBinaryOperation comparison:
                Compare(comparison.LeftOperand, comparison.RightOperand, IsRelational(comparison.OperatorKind));
                Compare(comparison.RightOperand, comparison.LeftOperand, IsRelational(comparison.OperatorKind));
                break;
            case IIsPatternOperation pattern:
                ImmutableHashSet<CellAccess> matched = SourcesOf(pattern.Value, FetchFact.Holds);
                Note(matched, ImmutableHashSet<CellAccess>.Empty);
                if (IsBound(pattern.Pattern)) Bound(matched);
                break;
            default:
                Note(SourcesOf(condition, FetchFact.Holds), ImmutableHashSet<CellAccess>.Empty);
                Bound(Decided(condition));
                break;
        }
    }

    /// <summary>The fetches that a truth value says something of: it is, or was computed as, their comparison with a bound of our own.</summary>
    private ImmutableHashSet<CellAccess> Decided(IOperation? condition)
    {
        switch (condition)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return Decided(not.Operand);
            case IParenthesizedOperation parenthesized:
                return Decided(parenthesized.Operand);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.And or BinaryOperatorKind.Or, Type.SpecialType: SpecialType.System_Boolean } both:
                return Decided(both.LeftOperand).Union(Decided(both.RightOperand));
            case IBinaryOperation comparison when IsRelational(comparison.OperatorKind):
                ImmutableHashSet<CellAccess> left = SourcesOf(comparison.LeftOperand, FetchFact.Holds), right = SourcesOf(comparison.RightOperand, FetchFact.Holds);
                return IsBound(comparison.RightOperand) ? left : IsBound(comparison.LeftOperand) ? right : ImmutableHashSet<CellAccess>.Empty;
            case IInvocationOperation membership when MemberAsked(membership) is { } asked:
                return SourcesOf(asked, FetchFact.Holds);
            case ILocalReferenceOperation or IFlowCaptureReferenceOperation:
                object variable = condition is ILocalReferenceOperation local ? local.Local : ((IFlowCaptureReferenceOperation)condition).Id;
                return _state.Where(entry => entry.Fact == FetchFact.Decides && IsSame(entry.Variable, variable)).Select(static entry => entry.Fetch).ToImmutableHashSet();
            default:
                return ImmutableHashSet<CellAccess>.Empty;
        }
    }

    /// <summary><c>set.Contains(n)</c>: what is asked for is one of the values that a collection of ours has. Null for other calls.</summary>
    private static IOperation? MemberAsked(IInvocationOperation call)
    {
        if (call.TargetMethod is not { Name: "Contains" or "ContainsKey" or "TryGetValue", DeclaringSyntaxReferences.IsEmpty: true, ReturnType.SpecialType: SpecialType.System_Boolean } method) return null;
        int asked = call.Instance is null ? 1 : 0;
        ITypeSymbol? collection = call.Instance?.Type ?? method.Parameters.FirstOrDefault()?.Type;
        return method.Parameters.Length > asked && collection is not { SpecialType: SpecialType.System_String } ? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == asked)?.Value : null;
    }

    private void Compare(IOperation value, IOperation other, bool isRelational)
    {
        ImmutableHashSet<CellAccess> sources = SourcesOf(value, FetchFact.Holds), others = SourcesOf(other, FetchFact.Holds);
        Note(sources, others);
        if (isRelational && IsBound(other)) Bound(sources);
    }

    /// <summary>A bound of our own, also where a fetched value that was checked before is part of it.</summary>
    private bool IsBound(IOperation other) => SourcesOf(other, FetchFact.Unchecked).IsEmpty && !IsZero(other);

    /// <summary>A pattern that only names the value, or compares it with zero, bounds nothing; a constant does only where it matches.</summary>
    private static bool IsBound(IPatternOperation pattern) => pattern switch
    {
        IRelationalPatternOperation relation => !IsZero(relation.Value),
        IBinaryPatternOperation both => IsBound(both.LeftPattern) || IsBound(both.RightPattern) || both is { OperatorKind: BinaryOperatorKind.Or, LeftPattern: IConstantPatternOperation or IBinaryPatternOperation, RightPattern: IConstantPatternOperation },
        INegatedPatternOperation not => not.Pattern is IConstantPatternOperation || IsBound(not.Pattern),
        _ => false,
    };

    /// <summary>The variables that a pattern gives the whole value.</summary>
    private static IEnumerable<ISymbol> NamedBy(IPatternOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation { DeclaredSymbol: { } named } => [named],
        IRecursivePatternOperation { DeclaredSymbol: { } named } => [named],
        IBinaryPatternOperation both => NamedBy(both.LeftPattern).Concat(NamedBy(both.RightPattern)),
        INegatedPatternOperation not => NamedBy(not.Pattern),
        _ => [],
    };

    private void Note(ImmutableHashSet<CellAccess> sources, ImmutableHashSet<CellAccess> others)
    {
        // What stands in one condition is tested together, in whatever order it is looked at.
        ImmutableHashSet<CellAccess> together = others.Union(sources);
        foreach (CellAccess fetch in sources)
        {
            if (_visit is not null) OnTest?.Invoke(fetch, together);
            _everTested.Add(fetch);
            _state = _state.Add((FetchFact.Tested, null, fetch));
        }
    }

    private void Bound(ImmutableHashSet<CellAccess> fetches) =>
        _state = _state.Except(_state.Where(entry => entry.Fact == FetchFact.Unchecked && fetches.Contains(entry.Fetch)));

    /// <summary>On the edge where a value equals a constant it is that constant.</summary>
    private void Narrow(BasicBlock block, int next)
    {
        if (BodyFlow.ConditionOf(block) is not IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } test) return;
        bool isJump = block.ConditionalSuccessor?.Destination?.Ordinal == next && block.FallThroughSuccessor?.Destination?.Ordinal != next;
        bool isTrue = isJump == (block.ConditionKind == ControlFlowConditionKind.WhenTrue);
        if (isTrue != (test.OperatorKind == BinaryOperatorKind.Equals)) return;
        if (SourcesOf(test.RightOperand, FetchFact.Holds).IsEmpty) Bound(SourcesOf(test.LeftOperand, FetchFact.Holds));
        else if (SourcesOf(test.LeftOperand, FetchFact.Holds).IsEmpty) Bound(SourcesOf(test.RightOperand, FetchFact.Holds));
    }

    /// <summary>By its name, or a method of the source that compares what it is given.</summary>
    private static bool IsCheck(IMethodSymbol method, IParameterSymbol? parameter) => IsNamedAsCheck(method)
        || parameter is not null && method.DeclaringSyntaxReferences.Length == 1 && (method.ReturnsVoid || method.ReturnType.SpecialType == SpecialType.System_Boolean)
        && method.DeclaringSyntaxReferences[0].GetSyntax().DescendantNodes().OfType<BinaryExpressionSyntax>().Any(test => IsRelational(test) && test.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == parameter.Name));

    private static bool IsRelational(BinaryExpressionSyntax test) =>
        test.IsKind(SyntaxKind.LessThanExpression) || test.IsKind(SyntaxKind.LessThanOrEqualExpression) || test.IsKind(SyntaxKind.GreaterThanExpression) || test.IsKind(SyntaxKind.GreaterThanOrEqualExpression);

    private static bool IsNamedAsCheck(IMethodSymbol method) => method.Name.StartsWith("Throw", StringComparison.Ordinal) || method.Name.StartsWith("Check", StringComparison.Ordinal)
        || method.Name.StartsWith("Validate", StringComparison.Ordinal) || method.Name.StartsWith("Ensure", StringComparison.Ordinal) || method.Name.StartsWith("IsValid", StringComparison.Ordinal);

    private static bool IsRelational(BinaryOperatorKind kind) =>
        kind is BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual;

    private static bool IsComparison(BinaryOperatorKind kind) => IsRelational(kind) || kind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals;

    private static bool IsZero(IOperation operation) => operation.ConstantValue is { HasValue: true, Value: 0 or 0u or 0L or 0UL };
}
