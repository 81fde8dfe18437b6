using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>Functions of the framework that say in words what an operator says.</summary>
internal sealed partial class Interpreter<TDomain>
{
    /// <summary><c>x.Equals(y)</c>, <c>x.CompareTo(y)</c>, <c>Math.Sign(x)</c> and <c>Math.Max(x, y)</c> of whole numbers; unknown for other functions.</summary>
    private int OfNumbers(Frame<TDomain> frame, CallSite call) => (call.Method.Name, call.Arguments.Count, call.Method.IsStatic) switch
    {
        ("Equals", 1, false) when IsInteger(call.Method.ContainingType) && IsInteger(call.Method.Parameters[0].Type) => _values.Binary(BinaryValue.Equal, call.Receiver, call.Arguments[0]),
        ("CompareTo", 1, false) when call.Method.ContainingType.SpecialType is >= SpecialType.System_Int32 and <= SpecialType.System_UInt64 && IsInteger(call.Method.Parameters[0].Type) => Order(call.Receiver, call.Arguments[0]),
        ("Sign", 1, true) when IsInteger(call.Method.Parameters[0].Type) => Order(call.Arguments[0], ValueTable.Zero),
        ("Max", 2, true) when IsInteger(call.Method.Parameters[0].Type) => Larger(frame, call.Arguments[0], call.Arguments[1]),
        ("Min", 2, true) when IsInteger(call.Method.Parameters[0].Type) => Larger(frame, call.Arguments[0], call.Arguments[1], isSmaller: true),
        _ => ValueTable.Unknown,
    };

    /// <summary>-1, 0 or 1, as <paramref name="left"/> is less, equal or greater.</summary>
    private int Order(int left, int right) => _values.Choice(
        _values.Binary(BinaryValue.Less, left, right), _values.Number(-1), _values.Choice(_values.Binary(BinaryValue.Less, right, left), _values.One, ValueTable.Zero));

    /// <summary>Of two numbers the larger one, where it is known which that is: <c>Math.Max(n, 1)</c> after <c>n > 0</c> is n. Unknown where it is not.</summary>
    private int Larger(Frame<TDomain> frame, int left, int right, bool isSmaller = false) =>
        frame.Truth(_values.Binary(BinaryValue.Less, left, right)) is not { } isLess ? ValueTable.Unknown : isLess != isSmaller ? right : left;

    private readonly Dictionary<IFieldSymbol, long?> _addresses = new(SymbolEqualityComparer.Default);

    /// <summary>An address that is written out, as in <c>static readonly IntPtr MapFailed = new(-1)</c>, which cannot be a constant; null for other fields.</summary>
    private long? NumberOf(IFieldSymbol field)
    {
        if (field.Type is not (IPointerTypeSymbol or { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr })) return null;
        if (!_addresses.TryGetValue(field, out long? number))
        {
            bool isSetElsewhere = field.ContainingType.StaticConstructors.Any(static c => !c.IsImplicitlyDeclared);
            SyntaxNode? declaration = isSetElsewhere ? null : PartsOf(field).FirstOrDefault()?.GetSyntax();
            _addresses.Add(field, number = declaration is VariableDeclaratorSyntax { Initializer.Value: { } value } ? Literal(value) : null);
        }

        return number;
    }

    /// <summary>An address that the framework or the source has a name for, as in <c>static IntPtr MapFailed => new(-1)</c>; null for other properties.</summary>
    private object? AddressOf(IPropertySymbol property) => !property.IsStatic ? null : (property.Type.SpecialType, property.ContainingType.SpecialType, property.Name) switch
    {
        (SpecialType.System_IntPtr or SpecialType.System_UIntPtr, SpecialType.System_IntPtr or SpecialType.System_UIntPtr, "Zero") => 0L,
        (SpecialType.System_UIntPtr, SpecialType.System_UIntPtr, "MaxValue") => ulong.MaxValue,
        (SpecialType.System_IntPtr or SpecialType.System_UIntPtr, _, _) => PartsOf(property).FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax { ExpressionBody.Expression: { } value } ? Literal(value) : null,
        _ => null,
    };

    private static long? Literal(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax { Token.Value: int number } => number,
        LiteralExpressionSyntax { Token.Value: long number } => number,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } negative => -Literal(negative.Operand),
        ParenthesizedExpressionSyntax inner => Literal(inner.Expression),
        CastExpressionSyntax cast => Literal(cast.Expression),
        BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments, Initializer: null } => Literal(arguments[0].Expression),
        _ => null,
    };
}
