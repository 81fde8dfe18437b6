using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Contract;

/// <summary>PIN4012: how the results of native calls are tested.</summary>
internal sealed partial class ContractFlow
{
    private readonly Dictionary<int, (IOperation Call, IMethodSymbol Method, ResultConvention Convention)> _origins = [];
    private readonly List<(IOperation Call, IMethodSymbol Method, ResultConvention Convention, IOperation Test)> _misuses = [];
    private readonly HashSet<IOperation> _rightlyTested = [];

    /// <summary>Reports tests of results that nothing else in the body tests rightly.</summary>
    public void Conclude()
    {
        foreach (var (call, method, convention, test) in _misuses)
        {
            if (_rightlyTested.Contains(call)) continue;
            Findings.Add(new ContractFinding(
                Descriptors.PIN4012_ReturnConventionMustBeKept, TestIn(test), method.Name, NativeConventions.Describe(convention), Text(TestIn(test))) { Path = [call.Syntax] });
        }
    }

    /// <summary>Of an arm of a switch expression only the pattern tests.</summary>
    private static SyntaxNode TestIn(IOperation test) => test.Syntax is SwitchExpressionArmSyntax arm ? arm.Pattern : test.Syntax;

    private void NoteOrigin(CallSite call, int result)
    {
        if (result != ValueTable.Unknown && _context.ConventionOf(call.Method) is { } convention) _origins[result] = (call.Operation, call.Method, convention);
    }

    private void NoteTest(Frame<ContractState> frame, IOperation operation)
    {
        switch (operation)
        {
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals or BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual
                or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual } binary:
                if (OriginOf(binary.LeftOperand) is { } left) Judge(left, binary, binary.OperatorKind, binary.RightOperand, frame);
                else if (OriginOf(binary.RightOperand) is { } right) Judge(right, binary, Mirrored(binary.OperatorKind), binary.LeftOperand, frame);
                break;
            case IIsNullOperation isNull when OriginOf(isNull.Operand) is { } origin:
                Judge(origin, isNull, BinaryOperatorKind.Equals, 0);
                break;
            case IIsPatternOperation pattern when OriginOf(pattern.Value) is { } origin:
                JudgePattern(origin, pattern, pattern.Pattern);
                break;
        }
    }

    private void JudgePattern((IOperation Call, IMethodSymbol Method, ResultConvention Convention) origin, IIsPatternOperation test, IPatternOperation pattern)
    {
        switch (pattern)
        {
            case INegatedPatternOperation negated:
                JudgePattern(origin, test, negated.Pattern);
                break;
            case IConstantPatternOperation constant when IsErrnoName(constant.Syntax) && origin.Convention == ResultConvention.NegativeErrno:
                _rightlyTested.Add(origin.Call);
                break;
            case IConstantPatternOperation constant when ConstantOf(constant.Value) is { } number:
                Judge(origin, test, BinaryOperatorKind.Equals, number);
                break;
            case IRelationalPatternOperation relational when ConstantOf(relational.Value) is { } bound:
                Judge(origin, test, relational.OperatorKind, bound);
                break;
            case IDiscardPatternOperation:
                break;
            default:
                _rightlyTested.Add(origin.Call);
                break;
        }
    }

    private void Judge((IOperation Call, IMethodSymbol Method, ResultConvention Convention) origin, IOperation test, BinaryOperatorKind kind, IOperation other, Frame<ContractState> frame)
    {
        // Compared with something that has a name of its own: who can tell. -EPERM is -1 as well.
        if (IsErrnoName(other.Syntax) && origin.Convention == ResultConvention.NegativeErrno) _rightlyTested.Add(origin.Call);
        else if (ConstantOf(other) is { } constant) Judge(origin, test, kind, constant);
        else if (_results.TryGetValue(other, out int value) && frame.FactOf(value) is { IsConstant: true } fact) Judge(origin, test, kind, fact.Low);
        else _rightlyTested.Add(origin.Call);
    }

    /// <summary><c>EPERM</c>, <c>Errno.EAGAIN</c>, with a minus or a cast around it.</summary>
    private static bool IsErrnoName(SyntaxNode constant) => constant.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
        .Any(static name => name.Identifier.ValueText is { Length: > 2 } text and not "EOF" && text[0] == 'E' && text.All(static c => char.IsUpper(c) || char.IsDigit(c)));

    private void Judge((IOperation Call, IMethodSymbol Method, ResultConvention Convention) origin, IOperation test, BinaryOperatorKind kind, long constant)
    {
        if (NativeConventions.IsMisuse(origin.Convention, kind, constant)) _misuses.Add((origin.Call, origin.Method, origin.Convention, test));
        else if (NativeConventions.IsRight(origin.Convention, kind, constant)) _rightlyTested.Add(origin.Call);
    }

    private (IOperation Call, IMethodSymbol Method, ResultConvention Convention)? OriginOf(IOperation operand)
    {
        while (operand is IConversionOperation conversion) operand = conversion.Operand;
        return _results.TryGetValue(operand, out int value) && _origins.TryGetValue(value, out var origin) ? origin : null;
    }

    private static long? ConstantOf(IOperation operand)
    {
        while (true)
        {
            if (operand.ConstantValue is { HasValue: true, Value: var constant })
            {
                return constant switch
                {
                    null => 0,
                    int n => n,
                    uint n => n,
                    long n => n,
                    short n => n,
                    sbyte n => n,
                    byte n => n,
                    ushort n => n,
                    ulong n => unchecked((long)n),
                    _ => null,
                };
            }

            switch (operand)
            {
                case IConversionOperation conversion:
                    operand = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operand = parenthesized.Operand;
                    break;
                case IObjectCreationOperation { Arguments: { Length: 1 } arguments, Type.SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr }:
                    operand = arguments[0].Value;
                    break;
                case IDefaultValueOperation:
                    return 0;
                case IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } }:
                case IPropertyReferenceOperation { Property: { Name: "Zero", ContainingType.SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } }:
                    return 0;
                default:
                    return null;
            }
        }
    }

    private static BinaryOperatorKind Mirrored(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThan,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThanOrEqual,
        BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThan,
        BinaryOperatorKind.GreaterThanOrEqual => BinaryOperatorKind.LessThanOrEqual,
        _ => kind,
    };
}
