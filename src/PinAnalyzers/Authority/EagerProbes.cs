using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>PIN2005: a probe that costs, and may leave a trace in an audit log, is made before a test that is as good as free.</summary>
internal static class EagerProbes
{
    /// <param name="context">What is known of members.</param>
    /// <param name="graph">The member's own body; lambdas and local functions are looked into from there.</param>
    public static IEnumerable<AuthorityFinding> Find(AuthorityContext context, ControlFlowGraph graph)
    {
        if (graph.Parent is not null) yield break;
        foreach (IOperation operation in graph.OriginalOperation.Descendants())
        {
            if (operation is not IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr, OperatorMethod: null } both) continue;
            if (ProbeIn(Last(both), context, graph) is not { } probe || !IsCheap(both.RightOperand) || Writes(probe.TargetMethod, both.RightOperand)) continue;
            yield return new AuthorityFinding(
                Descriptors.PIN2005_ProbeShouldFollowCheapTest, probe, CheapAfter(both, probe.TargetMethod), probe.TargetMethod.Name, both.RightOperand.Syntax.ToString());
        }
    }

    /// <summary>All the cheap tests that stand behind the probe, one after another.</summary>
    private static ImmutableArray<IOperation> CheapAfter(IBinaryOperation both, IMethodSymbol probe)
    {
        ImmutableArray<IOperation>.Builder tests = ImmutableArray.CreateBuilder<IOperation>();
        tests.Add(both.RightOperand);
        for (IOperation inner = both; inner.Parent is IBinaryOperation { OperatorMethod: null } outer && outer.OperatorKind == both.OperatorKind && outer.LeftOperand == inner && IsCheap(outer.RightOperand) && !Writes(probe, outer.RightOperand); inner = outer) tests.Add(outer.RightOperand);
        return tests.ToImmutable();
    }

    /// <summary>What is evaluated right before the right operand: in <c>a &amp;&amp; Probe() &amp;&amp; b</c>, the probe.</summary>
    private static IOperation Last(IBinaryOperation both) =>
        both.LeftOperand is IBinaryOperation { OperatorMethod: null } left && left.OperatorKind == both.OperatorKind ? left.RightOperand : both.LeftOperand;

    private static IInvocationOperation? ProbeIn(IOperation operand, AuthorityContext context, ControlFlowGraph graph) => operand switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => ProbeIn(not.Operand, context, graph),
        IParenthesizedOperation parenthesized => ProbeIn(parenthesized.Operand, context, graph),
        IConversionOperation { OperatorMethod: null } conversion => ProbeIn(conversion.Operand, context, graph),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, OperatorMethod: null } test when test.RightOperand.ConstantValue.HasValue => ProbeIn(test.LeftOperand, context, graph),
        IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation { Pattern: IConstantPatternOperation } } test => ProbeIn(test.Value, context, graph),
        IAwaitOperation { Operation: IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task } } => ProbeIn(task, context, graph),
        IAwaitOperation awaited => ProbeIn(awaited.Operation, context, graph),
        IInvocationOperation call when call.Arguments.All(static argument => argument.Parameter is null or { RefKind: RefKind.None or RefKind.In } && IsCheap(argument.Value)) && context.Summaries.AnswerOf(call.TargetMethod, call.Syntax.SyntaxTree, graph) is not null => call,
        _ => null,
    };

    /// <summary>What the test reads is what the probe has just set.</summary>
    private static bool Writes(IMethodSymbol probe, IOperation test)
    {
        string[] read = test.DescendantsAndSelf().OfType<IMemberReferenceOperation>().Select(static m => m.Member.Name).ToArray();
        return read.Length > 0 && probe.OriginalDefinition.DeclaringSyntaxReferences.SelectMany(static r => r.GetSyntax().DescendantNodes()).Any(node => node switch
        {
            AssignmentExpressionSyntax { Left: var target } => target.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(n => read.Contains(n.Identifier.ValueText)),
            ArgumentSyntax { RefKindKeyword.RawKind: not 0, Expression: var passed } => passed.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(n => read.Contains(n.Identifier.ValueText)),
            _ => false,
        });
    }

    /// <summary>Costs nothing, changes nothing, cannot throw, and means the same whether or not the probe was made before it.</summary>
    private static bool IsCheap(IOperation value)
    {
        if (value.ConstantValue.HasValue) return true;
        switch (value)
        {
            case ILocalReferenceOperation { IsDeclaration: false } or IParameterReferenceOperation or IInstanceReferenceOperation:
                return true;
            case IFieldReferenceOperation { Field: { IsVolatile: false } field } reference:
                return field.IsStatic ? SymbolEqualityComparer.Default.Equals(field.ContainingType, EnclosingType(value)) : IsSafeReceiver(reference.Instance);
            case IPropertyReferenceOperation { Property: { IsIndexer: false, IsStatic: false, IsVirtual: false, IsOverride: false, IsAbstract: false } property } reference:
                return !property.DeclaringSyntaxReferences.IsEmpty && property.IsAutoProperty() && IsSafeReceiver(reference.Instance);
            case IParenthesizedOperation parenthesized:
                return IsCheap(parenthesized.Operand);
            case IUnaryOperation { OperatorMethod: null, IsChecked: false } unary:
                return IsCheap(unary.Operand);
            case IConversionOperation { OperatorMethod: null, IsChecked: false } conversion:
                return conversion.Type is { IsValueType: true } && conversion.Operand.Type is { IsValueType: true } && IsCheap(conversion.Operand);
            case IBinaryOperation { OperatorMethod: null, IsChecked: false } binary:
                return binary.OperatorKind is not (BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder)
                    && binary.Type is { IsValueType: true } && IsCheap(binary.LeftOperand) && IsCheap(binary.RightOperand);
            case IIsPatternOperation pattern when IsComparison(pattern.Pattern):
                return IsCheap(pattern.Value);
            default:
                return false;
        }
    }

    private static bool IsComparison(IPatternOperation pattern) => pattern switch
    {
        IConstantPatternOperation or IRelationalPatternOperation => true,
        INegatedPatternOperation negated => IsComparison(negated.Pattern),
        IBinaryPatternOperation both => IsComparison(both.LeftPattern) && IsComparison(both.RightPattern),
        _ => false,
    };

    /// <summary>Never null: otherwise the probe may be what keeps the test from throwing.</summary>
    private static bool IsSafeReceiver(IOperation? receiver)
    {
        if (receiver is null or IInstanceReferenceOperation) return true;
        if (receiver.Type is { IsValueType: true }) return receiver.Type is { OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T } && IsCheap(receiver);
        // Where somebody had to insist that it is not null, the probe may be why.
        if (!IsCheap(receiver) || receiver.Syntax.Parent is PostfixUnaryExpressionSyntax || receiver.Syntax is PostfixUnaryExpressionSyntax) return false;
        return receiver.SemanticModel?.GetTypeInfo(receiver.Syntax).Nullability.FlowState == NullableFlowState.NotNull;
    }

    private static INamedTypeSymbol? EnclosingType(IOperation operation) =>
        operation.SemanticModel?.GetEnclosingSymbol(operation.Syntax.SpanStart)?.ContainingType;
}
