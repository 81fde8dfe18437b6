using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>Comparisons of unsigned numbers. A cast between signed and unsigned leaves the value what it was here, so that a negative one is a large one to them.</summary>
internal sealed partial class Interpreter<TDomain>
{
    /// <summary>
    /// <c>small &lt; large</c> where one is a signed number cast to an unsigned type: <c>(uint)i &lt; n</c> asks that i is not negative, too, and <c>(uint)result > int.MaxValue</c> that it is.
    /// Unknown for comparisons without such a cast, and where the other side is not known to be large or small.
    /// </summary>
    private int UnsignedOrder(IBinaryOperation comparison, int small, int large, BinaryValue kind, bool isLeftSmall)
    {
        (IOperation smallSide, IOperation largeSide) = isLeftSmall ? (comparison.LeftOperand, comparison.RightOperand) : (comparison.RightOperand, comparison.LeftOperand);
        if (SignedSource(smallSide) is { } from && !_values.IsNeverNegative(small)) return StaysBelow(small, large, kind, from, smallSide.Type!);
        if (SignedSource(largeSide) is not { } other || _values.IsNeverNegative(large)) return ValueTable.Unknown;
        int below = StaysBelow(large, small, kind == BinaryValue.Less ? BinaryValue.LessOrEqual : BinaryValue.Less, other, largeSide.Type!);
        return below == ValueTable.Unknown ? below : _values.Not(below);
    }

    /// <summary><c>(uint)result == uint.MaxValue</c>; unknown for equalities without such a cast.</summary>
    private int UnsignedEquality(IBinaryOperation comparison, int left, int right)
    {
        if (SignedSource(comparison.LeftOperand) is not null && NegativeOf(right, comparison.LeftOperand.Type!) is var negative and not ValueTable.Unknown) return _values.Binary(BinaryValue.Equal, left, negative);
        if (SignedSource(comparison.RightOperand) is not null && NegativeOf(left, comparison.LeftOperand.Type!) is var others and not ValueTable.Unknown) return _values.Binary(BinaryValue.Equal, right, others);
        return ValueTable.Unknown;
    }

    /// <summary>The signed type of what a cast makes an unsigned number of; null for other expressions.</summary>
    private static ITypeSymbol? SignedSource(IOperation operand) =>
        operand is IConversionOperation { Type.SpecialType: SpecialType.System_UInt32 or SpecialType.System_UInt64 or SpecialType.System_UIntPtr, Operand: { Type: { } from, ConstantValue.HasValue: false } } && IsSigned(from) ? from : null;

    /// <summary>A number of the type <paramref name="from"/>, as one of the unsigned type <paramref name="to"/>, is less than a bound.</summary>
    private int StaysBelow(int value, int bound, BinaryValue kind, ITypeSymbol from, ITypeSymbol to)
    {
        if (NegativeOf(bound, to) is var negative and not ValueTable.Unknown)
            return _values.Not(_values.And(Normalize(value, ValueTable.Zero, BinaryValue.Less), Normalize(negative, value, kind == BinaryValue.Less ? BinaryValue.LessOrEqual : BinaryValue.Less)));
        int isPositive = Normalize(ValueTable.Zero, value, BinaryValue.LessOrEqual);
        if (_values.TryGetConstant(bound, out long number))
        {
            // Between the two, it depends on the platform whose bits they are.
            if (number < 0 || (number > int.MaxValue && to.SpecialType == SpecialType.System_UIntPtr)) return ValueTable.Unknown;
            long largest = SizeOf(from) <= sizeof(int) ? int.MaxValue : long.MaxValue;
            if (kind == BinaryValue.Less ? number > largest : number >= largest) return isPositive;
        }
        else if (!_values.IsNeverNegative(bound))
        {
            return ValueTable.Unknown;
        }

        return _values.And(isPositive, Normalize(value, bound, kind));
    }

    /// <summary>The negative number that has the bits of a bound; unknown for small bounds, and for those of which the platform decides.</summary>
    private int NegativeOf(int bound, ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_UInt32 || _values[bound] is { Kind: ValueKind.Constant, Payload: ulong } ? OfTheSameBits(bound) : ValueTable.Unknown;

    /// <summary>
    /// A large unsigned number that is written out, as the negative one that has the same bits; unknown for others. A cast between the two leaves the value what it
    /// was here, so that which of them a value is compared with depends on where it came from: <c>(uint)result == uint.MaxValue</c> asks for -1.
    /// </summary>
    private int OfTheSameBits(int number) => _values[number] switch
    {
        { Kind: ValueKind.Constant, Payload: ulong large } => _values.Number(unchecked((long)large)),
        { Kind: ValueKind.Constant, Payload: long and > int.MaxValue and <= uint.MaxValue and var large } => _values.Number(unchecked((int)large)),
        _ => ValueTable.Unknown,
    };

    private int EqualBits(int value, int number, int negative)
    {
        int asNegative = _values.Binary(BinaryValue.Equal, value, negative);
        return _values[number].Payload is long ? _values.Or(_values.Binary(BinaryValue.Equal, value, number), asNegative) : asNegative;
    }
}
