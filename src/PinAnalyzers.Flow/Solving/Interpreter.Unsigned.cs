using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>Comparisons of unsigned numbers. A cast between signed and unsigned leaves the value what it was here, so that a negative one is a large one to them.</summary>
internal sealed partial class Interpreter<TDomain>
{
    /// <summary>Values that a cast made unsigned, and the signed type that each had before.</summary>
    private readonly Dictionary<int, ITypeSymbol> _castFrom = [];

    /// <summary>A cast from signed to unsigned, which a comparison asks for later, also by the name of a variable. What is written out has its bits already.</summary>
    private void NoteCast(int value, ITypeSymbol? from, ITypeSymbol? to)
    {
        if (IsUnsigned(to) && IsSigned(from) && !(_values.TryGetConstant(value, out long number) && number >= 0)) _castFrom[value] = from!;
    }

    /// <summary>
    /// <c>small &lt; large</c> of a type that is unsigned, where one was signed before a cast: <c>(uint)i &lt; n</c> asks that i is not negative, too, and <c>(uint)result > int.MaxValue</c> that it is.
    /// Unknown for comparisons without such a cast, and where the other side is not known to be large or small.
    /// </summary>
    private int UnsignedOrder(ITypeSymbol? type, int small, int large, BinaryValue kind)
    {
        if (SignedSource(type, small) is { } from && !_values.IsNeverNegative(small)) return StaysBelow(small, large, kind, from, type!);
        if (SignedSource(type, large) is not { } other || _values.IsNeverNegative(large)) return ValueTable.Unknown;
        int below = StaysBelow(large, small, kind == BinaryValue.Less ? BinaryValue.LessOrEqual : BinaryValue.Less, other, type!);
        return below == ValueTable.Unknown ? below : _values.Not(below);
    }

    /// <summary><c>(uint)result == uint.MaxValue</c>; unknown for equalities without such a cast.</summary>
    private int UnsignedEquality(ITypeSymbol? type, int left, int right)
    {
        if (SignedSource(type, left) is not null && NegativeOf(right, type!) is var negative and not ValueTable.Unknown) return _values.Binary(BinaryValue.Equal, left, negative);
        if (SignedSource(type, right) is not null && NegativeOf(left, type!) is var others and not ValueTable.Unknown) return _values.Binary(BinaryValue.Equal, right, others);
        return ValueTable.Unknown;
    }

    /// <summary>The signed type that a value of an unsigned type had before a cast; null for others.</summary>
    private ITypeSymbol? SignedSource(ITypeSymbol? type, int value) => IsUnsigned(type) && _castFrom.TryGetValue(value, out ITypeSymbol? from) ? from : null;

    private static bool IsUnsigned(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_UInt32 or SpecialType.System_UInt64 or SpecialType.System_UIntPtr;

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
