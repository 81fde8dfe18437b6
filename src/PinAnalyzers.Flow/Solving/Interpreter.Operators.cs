using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>Conversions and operators: operations whose value is a function of their operands'.</summary>
internal sealed partial class Interpreter<TDomain>
{
    private int EvaluateConversion(Frame<TDomain> frame, IConversionOperation conversion)
    {
        int operand = Evaluate(frame, conversion.Operand);
        if (frame.IsDead) return ValueTable.Unknown;
        if (conversion.OperatorMethod is { } method && IsUserDefined(method)) return CallOperator(frame, conversion, method, operand);
        if (conversion.Type is null || operand == ValueTable.Unknown) return operand;

        if (conversion.IsTryCast && !conversion.Conversion.IsImplicit && !frame.Domain.Follows(operand)) return As(frame, conversion, operand);

        bool fromNullable = IsNullable(conversion.Operand.Type), toNullable = IsNullable(conversion.Type);
        if (toNullable && !fromNullable && conversion.Operand.Type is { } held) return Wrap(frame, operand, held);
        if (fromNullable && !toNullable && conversion.Type.IsValueType) return Unwrap(operand, conversion.Type);

        // A cast that can cut bits off makes a new number; every other built-in conversion leaves the value what it was.
        bool narrows = conversion.Conversion.IsNumeric && !conversion.Conversion.IsImplicit && conversion.Operand.Type is { } from
            && SizeOf(conversion.Type) < SizeOf(from) && IsInteger(conversion.Type);
        int value = narrows && !_values.TryGetConstant(operand, out _) ? _values.Convert(operand, conversion.Type) : operand;
        NoteCast(value, conversion.Operand.Type, conversion.Type);
        return value;
    }

    /// <summary><c>x as T</c> is x where x is a T, else null.</summary>
    private int As(Frame<TDomain> frame, IConversionOperation conversion, int operand)
    {
        ITypeSymbol type = IsNullable(conversion.Type) ? ((INamedTypeSymbol)conversion.Type!).TypeArguments[0] : conversion.Type!;
        int chosen = _values.Choice(_values.IsType(operand, type), operand, ValueTable.Zero);
        return chosen == ValueTable.Unknown ? NewValue(frame, conversion, 0) : chosen;
    }

    /// <summary>A value as a nullable that holds it. A handle or a token is never null by being one; a number may be zero.</summary>
    private int Wrap(Frame<TDomain> frame, int value, ITypeSymbol type)
    {
        if (IsNumber(type) || value == ValueTable.Zero) return _values.Some(value);
        if (type.IsValueType && _values[value].Kind == ValueKind.Site) frame.Restrict(value, Fact.NonZero);
        return value;
    }

    /// <summary>What a nullable holds, where it is asked for as a value of <paramref name="type"/>: a token is the same value either way.</summary>
    private int Unwrap(int value, ITypeSymbol type) => IsNumber(type) ? _values.Held(value) : value;

    private static bool IsNullableNumber(ITypeSymbol? type) => IsNullable(type) && IsNumber(((INamedTypeSymbol)type!).TypeArguments[0]);

    private static bool IsNumber(ITypeSymbol type) => type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_Double || type.TypeKind == TypeKind.Enum;

    private static bool IsNullable(ITypeSymbol? type) => type?.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    private int EvaluateBinary(Frame<TDomain> frame, IBinaryOperation binary)
    {
        int left = Evaluate(frame, binary.LeftOperand);
        int right = Evaluate(frame, binary.RightOperand);
        if (frame.IsDead) return ValueTable.Unknown;
        bool isEquality = binary.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals;
        if (binary.OperatorMethod is { } method && IsUserDefined(method) && !(isEquality && (left == ValueTable.Zero || right == ValueTable.Zero)))
            return CallOperator(frame, binary, method, left, right);

        if (isEquality && _client.AreDistinct(frame, binary, left, right)) return binary.OperatorKind == BinaryOperatorKind.Equals ? ValueTable.Zero : _values.One;

        if (isEquality && EqualsEmpty(frame, left, right, binary.LeftOperand.Type, binary) is var isEmpty and not ValueTable.Unknown) return binary.OperatorKind == BinaryOperatorKind.Equals ? isEmpty : _values.Not(isEmpty);

        int isNull = ValueTable.Zero;
        if (binary.IsLifted && IsNullable(binary.Type))
        {
            if (Decided(binary.OperatorKind, left, right, binary.Type) is var decided and not ValueTable.Unknown) return decided;
            isNull = _values.Or(IsNullOf(left), IsNullOf(right));
            (left, right) = (_values.Held(left), _values.Held(right));
        }

        bool isFloating = binary.LeftOperand.Type?.SpecialType is SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_Decimal;
        int value = binary.OperatorKind switch
        {
            BinaryOperatorKind.Equals => Same(),
            BinaryOperatorKind.NotEquals => _values.Not(Same()),
            BinaryOperatorKind.LessThan => Less(left, right, BinaryValue.Less),
            BinaryOperatorKind.LessThanOrEqual => Less(left, right, BinaryValue.LessOrEqual),
            BinaryOperatorKind.GreaterThan => Less(right, left, BinaryValue.Less),
            BinaryOperatorKind.GreaterThanOrEqual => Less(right, left, BinaryValue.LessOrEqual),
            BinaryOperatorKind.Add when IsInteger(binary.Type) => _values.Sum(left, right, 1),
            BinaryOperatorKind.Subtract when IsInteger(binary.Type) => _values.Sum(left, right, -1),
            BinaryOperatorKind.Add when binary.Type is IPointerTypeSymbol pointer => binary.RightOperand.Type is IPointerTypeSymbol ? Offset(right, left, pointer, 1) : Offset(left, right, pointer, 1),
            BinaryOperatorKind.Subtract when binary.Type is IPointerTypeSymbol pointer => Offset(left, right, pointer, -1),
            BinaryOperatorKind.Multiply when IsInteger(binary.Type) && _values.TryGetConstant(left, out long a) => _values.Sum(ValueTable.Zero, right, a),
            BinaryOperatorKind.Multiply when IsInteger(binary.Type) && _values.TryGetConstant(right, out long b) => _values.Sum(ValueTable.Zero, left, b),
            BinaryOperatorKind.And or BinaryOperatorKind.Or or BinaryOperatorKind.ExclusiveOr when Bits(binary.OperatorKind, left, right) is { } bits => _values.Number(bits),
            _ when Truths(binary.OperatorKind, left, right, binary.Type) is var truth and not ValueTable.Unknown => truth,
            _ => _values.Binary(BinaryValue.Other, left, right, (binary.OperatorKind, binary.IsChecked)),
        };
        if (isNull != ValueTable.Zero) value = _values.Choice(isNull, ValueTable.Zero, _values.Some(value));
        if (binary.Type is IPointerTypeSymbol) StaysAddress(frame, value, binary.RightOperand.Type is IPointerTypeSymbol ? right : left);
        return value == ValueTable.Unknown ? NewNumber(frame, binary, frame.FactOfPart(binary.OperatorKind, left, right)) : value;

        // `!(a < b)` is not `b <= a` where NaN can be; kept as opaque functions of their operands, they still correlate with themselves.
        int Less(int small, int large, BinaryValue kind) =>
            isFloating ? _values.Binary(BinaryValue.Other, small, large, kind) : binary.IsLifted ? NormalizeLifted(small, large, kind)
            : UnsignedOrder(binary.LeftOperand.Type, small, large, kind) is var order and not ValueTable.Unknown ? order : Normalize(small, large, kind);

        int Same() => UnsignedEquality(binary.LeftOperand.Type, left, right) is var same and not ValueTable.Unknown ? same : Equal(left, right, binary.LeftOperand.Type);
    }

    /// <summary>A number that has been computed so often that it is not followed any further keeps what is known of it.</summary>
    private int NewNumber(Frame<TDomain> frame, IOperation operation, Fact fact)
    {
        int value = NewValue(frame, operation, 0);
        if (!fact.IsTop) frame.Restrict(value, fact);
        return value;
    }

    /// <summary>A comparison with null is false, and so is its contrary.</summary>
    private int NormalizeLifted(int small, int large, BinaryValue kind) => AndNotNull(small, AndNotNull(large, Normalize(_values.Held(small), _values.Held(large), kind)));

    private int IsNullOf(int value) => _values.IsNumber(value) ? ValueTable.Zero : _values.IsNull(value);

    /// <summary><c>a &amp; b</c> and <c>a | b</c> of truths that may be null: one of them may decide although the other is null. Unknown for other operators.</summary>
    private int Decided(BinaryOperatorKind kind, int left, int right, ITypeSymbol? type)
    {
        if (kind is not (BinaryOperatorKind.And or BinaryOperatorKind.Or) || !IsBoolean(((INamedTypeSymbol)type!).TypeArguments[0])) return ValueTable.Unknown;
        (int a, int b) = (AndNotNull(left, _values.Held(left)), AndNotNull(right, _values.Held(right)));
        (int notA, int notB) = (AndNotNull(left, _values.Not(_values.Held(left))), AndNotNull(right, _values.Not(_values.Held(right))));
        (int isTrue, int isFalse) = kind == BinaryOperatorKind.And ? (_values.And(a, b), _values.Or(notA, notB)) : (_values.Or(a, b), _values.And(notA, notB));
        return _values.Choice(isTrue, _values.One, _values.Choice(isFalse, _values.Some(ValueTable.Zero), ValueTable.Zero));
    }

    private int AndNotNull(int value, int condition) => _values.IsNumber(value) ? condition : _values.And(_values.Not(_values.IsNull(value)), condition);

    /// <summary><c>a &amp; b</c>, <c>a |= b</c> and the like of truths; unknown for others.</summary>
    private int Truths(BinaryOperatorKind kind, int left, int right, ITypeSymbol? type) => !IsBoolean(type) ? ValueTable.Unknown : kind switch
    {
        BinaryOperatorKind.ExclusiveOr => _values.Not(Equal(left, right, type)),
        BinaryOperatorKind.And or BinaryOperatorKind.ConditionalAnd => _values.And(left, right),
        BinaryOperatorKind.Or or BinaryOperatorKind.ConditionalOr => _values.Or(left, right),
        _ => ValueTable.Unknown,
    };

    /// <summary>Flags that are put together and asked for on one path; null where they are not known.</summary>
    private long? Bits(BinaryOperatorKind kind, int left, int right)
    {
        if (!_values.TryGetConstant(left, out long a) || !_values.TryGetConstant(right, out long b)) return null;
        return kind switch
        {
            BinaryOperatorKind.And => a & b,
            BinaryOperatorKind.Or => a | b,
            BinaryOperatorKind.ExclusiveOr => a ^ b,
            _ => null,
        };
    }

    /// <summary>Arithmetic does not lead from a place in memory to none.</summary>
    private static void StaysAddress(Frame<TDomain> frame, int moved, int pointer)
    {
        if (moved > ValueTable.Zero && frame.FactOf(pointer).NotZero) frame.Restrict(moved, Fact.NonZero);
    }

    /// <summary><c>pointer + sign * count</c>, in bytes, so that a cast in between changes nothing. Of a struct the size is not known, but is the same each time.</summary>
    private int Offset(int pointer, int count, IPointerTypeSymbol type, int sign)
    {
        ITypeSymbol pointed = type.PointedAtType;
        if (IsInteger(pointed) || IsBoolean(pointed) || pointed.SpecialType is SpecialType.System_Single or SpecialType.System_Double || pointed is INamedTypeSymbol { EnumUnderlyingType: not null })
            return _values.Sum(pointer, count, sign * SizeOf(pointed));
        if (_values.TryGetConstant(count, out long constant)) return _values.Sum(pointer, _values.Opaque(pointed), sign * constant);
        return _values.Sum(pointer, _values.Binary(BinaryValue.Other, count, _values.Opaque(pointed), BinaryOperatorKind.Multiply), sign);
    }

    /// <summary>The address of a place behind a pointer: the pointer itself, or one into what it points to.</summary>
    private int EvaluateAddress(Frame<TDomain> frame, IAddressOfOperation address)
    {
        int place = Evaluate(frame, address.Reference);
        IOperation root = address.Reference;
        while (root is IFieldReferenceOperation { Instance: { } instance }) root = instance;
        if (place == ValueTable.Unknown || root.Kind != OperationKind.None || !IsPointerIndirection(root)) return NewValue(frame, address, 0, isNotNull: true);
        int container = place;
        while (_values[container].Kind == ValueKind.Member) container = _values[container].A;
        if (_values[container] is not { Kind: ValueKind.Element, A: var pointer, B: var index }) return NewValue(frame, address, 0, isNotNull: true);
        if (container == place && index is ValueTable.Unknown or ValueTable.Zero) return pointer;
        return _values.Binary(BinaryValue.Other, pointer, place, (BinaryOperatorKind.Add, false));
    }

    /// <summary>What equals true is true itself: <c>x == true</c>, <c>x is true</c> and <c>x</c> are one condition.</summary>
    private int Equal(int left, int right, ITypeSymbol? type)
    {
        if (IsNullableNumber(type))
        {
            ITypeSymbol held = ((INamedTypeSymbol)type!).TypeArguments[0];
            if (left == ValueTable.Zero || right == ValueTable.Zero) return _values.IsNull(left == ValueTable.Zero ? right : left);
            return _values.IsNumber(left) || _values.IsNumber(right)
                ? AndNotNull(left, AndNotNull(right, Equal(_values.Held(left), _values.Held(right), held)))
                : _values.Binary(BinaryValue.Equal, left, right);
        }

        if (IsBoolean(type))
        {
            if (right == _values.One) return left;
            if (left == _values.One) return right;
            if (right == ValueTable.Zero) return _values.Not(left);
            if (left == ValueTable.Zero) return _values.Not(right);
            return EqualTruths(left, right);
        }

        if (type is { SpecialType: SpecialType.System_UInt32 or SpecialType.System_UInt64 or SpecialType.System_UIntPtr })
        {
            if (OfTheSameBits(right) is var bits and not ValueTable.Unknown) return EqualBits(left, right, bits);
            if (OfTheSameBits(left) is var others and not ValueTable.Unknown) return EqualBits(right, left, others);
        }

        if (IsOneBitOf(left, right)) return _values.Not(_values.Binary(BinaryValue.Equal, left, ValueTable.Zero));
        if (IsOneBitOf(right, left)) return _values.Not(_values.Binary(BinaryValue.Equal, right, ValueTable.Zero));
        return _values.Binary(BinaryValue.Equal, left, right);
    }

    /// <summary><c>a == !b</c> is <c>!(a == b)</c>, and a truth that is combined with another twice, as in <c>a ^ b ^ a</c>, is itself again.</summary>
    private int EqualTruths(int left, int right)
    {
        bool isNot = false;
        if (_values[left] is { Kind: ValueKind.Not, A: var a }) (isNot, left) = (!isNot, a);
        if (_values[right] is { Kind: ValueKind.Not, A: var b }) (isNot, right) = (!isNot, b);
        int equal = Rest(left, right) is var rest and not ValueTable.Unknown ? rest : Rest(right, left) is var other and not ValueTable.Unknown ? other : _values.Binary(BinaryValue.Equal, left, right);
        return isNot ? _values.Not(equal) : equal;

        int Rest(int equality, int part) => _values[equality] is not { Kind: ValueKind.Binary, Age: (int)BinaryValue.Equal } node ? ValueTable.Unknown : node.A == part ? node.B : node.B == part ? node.A : ValueTable.Unknown;
    }

    /// <summary>Of flags that are masked by one bit there is that bit or none: <c>(f &amp; x) == x</c> and <c>(f &amp; x) != 0</c> are one condition.</summary>
    private bool IsOneBitOf(int masked, int bit) => _values.TryGetConstant(bit, out long asked) && asked > 0 && (asked & (asked - 1)) == 0
        && _values[masked] is { Kind: ValueKind.Binary, Age: (int)BinaryValue.Other, B: var mask, Payload: ValueTuple<BinaryOperatorKind, bool> { Item1: BinaryOperatorKind.And } } && mask == bit;

    /// <summary><c>f.HasFlag(x)</c> as it is written out; unknown where it is not known what is asked for.</summary>
    private int HasFlags(int flags, int asked) => !_values.TryGetConstant(asked, out long bits) || bits == 0 || flags == ValueTable.Unknown ? ValueTable.Unknown
        : Bits(BinaryOperatorKind.And, flags, asked) is { } known ? (known == bits ? _values.One : ValueTable.Zero)
        : Equal(_values.Binary(BinaryValue.Other, flags, asked, (BinaryOperatorKind.And, false)), asked, null);

    /// <summary>One spelling for both directions: <c>a &lt;= b</c> is <c>!(b &lt; a)</c>.</summary>
    private int Normalize(int small, int large, BinaryValue kind) =>
        kind == BinaryValue.Less ? _values.Binary(BinaryValue.Less, small, large) : _values.Not(_values.Binary(BinaryValue.Less, large, small));

    private int EvaluateUnary(Frame<TDomain> frame, IUnaryOperation unary)
    {
        int operand = Evaluate(frame, unary.Operand);
        if (frame.IsDead) return ValueTable.Unknown;
        if (unary.OperatorMethod is { } method && IsUserDefined(method)) return CallOperator(frame, unary, method, operand);
        int value = unary.OperatorKind switch
        {
            // Of null the contrary is null.
            UnaryOperatorKind.Not when IsNullableNumber(unary.Operand.Type) => _values.Choice(_values.IsNull(operand), ValueTable.Zero, _values.Some(_values.Not(_values.Held(operand)))),
            UnaryOperatorKind.Not => _values.Not(operand),
            UnaryOperatorKind.Minus or UnaryOperatorKind.BitwiseNegation when unary.IsLifted && IsNullable(unary.Type) && Negated(_values.Held(operand), ((INamedTypeSymbol)unary.Type!).TypeArguments[0], unary.OperatorKind) is var negated and not ValueTable.Unknown
                => _values.Choice(IsNullOf(operand), ValueTable.Zero, _values.Some(negated)),
            UnaryOperatorKind.Minus or UnaryOperatorKind.BitwiseNegation => Negated(operand, unary.Type, unary.OperatorKind),
            UnaryOperatorKind.Plus => operand,
            _ => ValueTable.Unknown,
        };
        return value == ValueTable.Unknown ? NewValue(frame, unary, 0) : value;
    }

    /// <summary><c>~n</c> is <c>-n - 1</c> of every signed number.</summary>
    private int Negated(int number, ITypeSymbol? type, UnaryOperatorKind kind) => !IsInteger(type) ? ValueTable.Unknown
        : kind == UnaryOperatorKind.Minus ? _values.Sum(ValueTable.Zero, number, -1)
        : IsSigned(type) ? _values.Sum(_values.Number(-1), number, -1) : ValueTable.Unknown;

    private static bool IsSigned(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_IntPtr;

    private static bool IsBoolean(ITypeSymbol? type) => type?.SpecialType == SpecialType.System_Boolean;

    /// <summary>Operators of the number types, of string and of System.Type are functions like the built-in ones, and so are those that a record of one number gets.</summary>
    private static bool IsUserDefined(IMethodSymbol method) =>
        method.ContainingType is not { Name: "Type", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }
        && method.ContainingType.SpecialType is SpecialType.None or SpecialType.System_DateTime && method.ContainingType.TypeKind != TypeKind.Delegate
        && !(method.IsImplicitlyDeclared && WrappedNumbers.FieldOf(method.ContainingType) is not null);

    private static int SizeOf(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_SByte or SpecialType.System_Byte => 1,
        SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Char => 2,
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single => 4,
        SpecialType.System_Boolean => 1,
        _ => type is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? SizeOf(underlying) : 8,
    };
}
