using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Contract;

/// <summary>PIN4007: several flags cut out together and kept as, or under the name of, one boolean.</summary>
internal static class CompositeBooleans
{
    private static readonly string[] s_prefixes = ["is", "has", "can", "should", "was", "are"];
    private static readonly string[] s_suffixes = ["enabled", "allowed", "inherited", "disabled", "locked"];

    public static IEnumerable<ContractFinding> Find(ContractContext context, IOperation operation)
    {
        (string Name, ITypeSymbol Type, IOperation Value)? kept = operation switch
        {
            ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member: { } member } } assignment when UnsetGuards.TypeOf(member) is { } type => (member.Name, type, assignment.Value),
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: { } local } } assignment => (local.Name, local.Type, assignment.Value),
            IVariableDeclaratorOperation { Initializer.Value: { } value, Symbol: { } local } => (local.Name, local.Type, value),
            _ => null,
        };
        if (kept is not { } target || CompositeIn(context, target.Value, target.Type) is not { } flags) yield break;
        if (target.Type.SpecialType != SpecialType.System_Boolean && !LooksLikeBoolean(target.Name)) yield break;
        SyntaxNode at = operation is IVariableDeclaratorOperation ? target.Value.Syntax : operation.Syntax;
        yield return new ContractFinding(Descriptors.PIN4007_CompositeIsNotABoolean, at, target.Name, flags);
    }

    /// <summary>The flags of <c>x &amp; (A | B)</c>, as a value of its own or compared with zero.</summary>
    private static string? CompositeIn(ContractContext context, IOperation value, ITypeSymbol type)
    {
        value = Unwrap(value);
        if (type.SpecialType == SpecialType.System_Boolean)
        {
            if (value is not IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } test) return null;
            value = Unwrap(test.LeftOperand);
        }

        if (value is not IBinaryOperation { OperatorKind: BinaryOperatorKind.And } mask) return null;
        foreach (IOperation side in new[] { mask.RightOperand, mask.LeftOperand })
        {
            IFieldReferenceOperation[] members = side.DescendantsAndSelf().OfType<IFieldReferenceOperation>().Where(reference => FlagEnums.MemberIn(reference) is not null && context.IsFlags(reference.Field.ContainingType)).ToArray();
            if (side.ConstantValue.HasValue && members.Length > 1) return string.Join(" and ", members.Select(static member => $"'{member.Field.Name}'"));
        }

        return null;
    }

    private static IOperation Unwrap(IOperation value)
    {
        while (value is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation)
            value = value is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)value).Operand;
        return value;
    }

    private static bool LooksLikeBoolean(string name)
    {
        string bare = name.TrimStart('_');
        if (bare.StartsWith("m_", StringComparison.Ordinal) || bare.StartsWith("s_", StringComparison.Ordinal)) bare = bare.Substring(2);
        string lower = bare.ToLowerInvariant();
        foreach (string prefix in s_prefixes)
        {
            if (lower.StartsWith(prefix, StringComparison.Ordinal) && bare.Length > prefix.Length && char.IsUpper(bare[prefix.Length])) return true;
        }

        return s_suffixes.Any(suffix => lower.EndsWith(suffix, StringComparison.Ordinal));
    }
}
