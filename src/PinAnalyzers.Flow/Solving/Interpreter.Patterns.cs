using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>Patterns: their truth as a value, and what they declare.</summary>
internal sealed partial class Interpreter<TDomain>
{
    /// <summary>The truth of a pattern as a value, so that a later test of the same thing is known; declared variables get what they match. Of <c>and</c> the right side is told a narrower type: whether the value can be null is known where it is read.</summary>
    private int EvaluatePattern(Frame<TDomain> frame, int input, IPatternOperation pattern, bool isNullable)
    {
        switch (pattern)
        {
            case IConstantPatternOperation constant:
                int compared = Evaluate(frame, constant.Value);
                if (EqualsEmpty(frame, input, compared, constant.InputType, constant) is var empty and not ValueTable.Unknown) return empty;
                bool isNumber = isNullable && constant.Value.ConstantValue is { HasValue: true, Value: not null };
                return Known(isNumber ? AndNotNull(input, Equal(_values.Held(input), compared, constant.Value.Type)) : isNullable ? _values.IsNull(input)
                    : UnsignedEquality(constant.InputType, input, compared) is var same and not ValueTable.Unknown ? same : Equal(input, compared, constant.InputType));
            case IRelationalPatternOperation relational:
                int bound = Evaluate(frame, relational.Value);
                return Known(relational.OperatorKind switch
                {
                    BinaryOperatorKind.LessThan => Compare(input, bound, BinaryValue.Less),
                    BinaryOperatorKind.LessThanOrEqual => Compare(input, bound, BinaryValue.LessOrEqual),
                    BinaryOperatorKind.GreaterThan => Compare(bound, input, BinaryValue.Less),
                    _ => Compare(bound, input, BinaryValue.LessOrEqual),
                });

                // Null matches no bound. What is compared with is written out, and never null.
                int Compare(int small, int large, BinaryValue kind) => isNullable
                    ? NormalizeLifted(small == bound ? _values.Some(bound) : small, large == bound ? _values.Some(bound) : large, kind)
                    : UnsignedOrder(relational.InputType, small, large, kind) is var order and not ValueTable.Unknown ? order : Normalize(small, large, kind);
            case INegatedPatternOperation negated:
                return _values.Not(EvaluatePattern(frame, input, negated.Pattern, isNullable));
            case IBinaryPatternOperation binary:
                int left = EvaluatePattern(frame, input, binary.LeftPattern, isNullable);
                int right = EvaluatePattern(frame, input, binary.RightPattern, isNullable);
                return Known(binary.OperatorKind == BinaryOperatorKind.And ? _values.And(left, right) : _values.Or(left, right));
            case IDeclarationPatternOperation declaration:
                Declare(frame, declaration.DeclaredSymbol, input, declaration.InputType);
                if (declaration.MatchesNull) return _values.One;
                return declaration.MatchedType is { } matched && input != ValueTable.Unknown && !IsSameType(declaration.InputType, matched)
                    ? Known(_values.IsType(input, matched))
                    : NotNull(input, declaration.InputType);
            case ITypePatternOperation type:
                return IsSameType(type.InputType, type.MatchedType) ? NotNull(input, type.InputType) : Known(_values.IsType(input, type.MatchedType));
            case IRecursivePatternOperation recursive:
                Declare(frame, recursive.DeclaredSymbol, input, recursive.InputType);
                int matches = IsSameType(recursive.InputType, recursive.MatchedType) ? NotNull(input, recursive.InputType) : Known(_values.IsType(input, recursive.MatchedType));
                if (input != ValueTable.Unknown && recursive.MatchedType is INamedTypeSymbol { TupleElements: { IsDefaultOrEmpty: false } slots } && slots.Length == recursive.DeconstructionSubpatterns.Length)
                {
                    for (int i = 0; i < slots.Length; i++)
                        matches = And(matches, EvaluatePattern(frame, ReadMember(frame, input, slots[i], isThis: false, recursive.DeconstructionSubpatterns[i]), recursive.DeconstructionSubpatterns[i], IsNullableNumber(slots[i].Type)));
                }
                else if (!recursive.DeconstructionSubpatterns.IsEmpty)
                {
                    matches = And(matches, NewValue(frame, pattern, 0));
                }

                foreach (IPropertySubpatternOperation part in recursive.PropertySubpatterns)
                    matches = And(matches, EvaluatePattern(frame, ReadPart(frame, input, part), part.Pattern, IsNullableNumber(part.Pattern.InputType)));
                return matches;
            case IDiscardPatternOperation:
                return _values.One;
            default:
                return NewValue(frame, pattern, 0);
        }

        int And(int left, int right) => Known(_values.And(left, right));
        int Known(int value) => value == ValueTable.Unknown ? NewValue(frame, pattern, 0) : value;

        // A number is never null: zero is one.
        int NotNull(int value, ITypeSymbol from) => from.IsValueType && !IsNullable(from) ? _values.One : Known(_values.Not(IsNull(frame, value)));
    }

    /// <summary>What was looked into on this path was not null: <c>a.Length > 0</c> and <c>a is { Length: > 0 }</c> are one question after that.</summary>
    private int IsNull(Frame<TDomain> frame, int value)
    {
        if (_values.HasMembers(value) && frame.HasFactOfMember(value)) return ValueTable.Zero;
        return _values.IsNull(value);
    }

    /// <summary>The member that a subpattern looks at, read as by name: <c>x is { A: 3 }</c> and <c>x.A == 3</c> are one question.</summary>
    private int ReadPart(Frame<TDomain> frame, int input, IPropertySubpatternOperation part)
    {
        if (input == ValueTable.Unknown || part.Member is not IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol { IsIndexer: false } } read) return NewValue(frame, part, 0);
        int known = read is IPropertyReferenceOperation property ? _client.ResultOfRead(frame, property, input) : ValueTable.Unknown;
        return known != ValueTable.Unknown ? known : ReadMember(frame, input, read.Member, input == _values.This, part);
    }

    private void Declare(Frame<TDomain> frame, ISymbol? variable, int value, ITypeSymbol? from)
    {
        if (variable is null) return;
        bool unwraps = variable is ILocalSymbol { Type: { IsValueType: true } type } && !IsNullable(type) && !SymbolEqualityComparer.Default.Equals(type, from);
        frame.Write(_locations.Of(variable), unwraps ? Unwrap(value, ((ILocalSymbol)variable).Type) : value);
    }

    private static bool IsSameType(ITypeSymbol? left, ITypeSymbol? right) =>
        left is not null && right is not null && (SymbolEqualityComparer.Default.Equals(left, right)
            || (left.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T && left is INamedTypeSymbol nullable && SymbolEqualityComparer.Default.Equals(nullable.TypeArguments[0], right)));
}
