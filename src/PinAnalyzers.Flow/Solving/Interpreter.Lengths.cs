using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>How long things are, and the other ways to ask whether there is anything in them.</summary>
internal sealed partial class Interpreter<TDomain>
{
    /// <summary>A length that the framework counts: never negative, so that <c>!= 0</c> and <c>> 0</c> are one question.</summary>
    private bool IsLength(ISymbol member) => member is IPropertySymbol { Name: "Length" or "Count", IsStatic: false, Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 } && PartsOf(member).IsEmpty;

    /// <summary><c>IsEmpty</c> of a span or a memory.</summary>
    private static bool IsEmptyOfSpan(IPropertySymbol property) => property is
    {
        Name: "IsEmpty", IsStatic: false,
        ContainingType: { Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } },
    };

    /// <summary>Whether something that is not null has the length zero; unknown where there is no length to ask for.</summary>
    private int HasNoLength(Frame<TDomain> frame, int value, ITypeSymbol type, IOperation operation)
    {
        if (_values[value] is { Kind: ValueKind.Constant, Payload: string text }) return text.Length == 0 ? _values.One : ValueTable.Zero;
        return type.GetMembers("Length").OfType<IPropertySymbol>().FirstOrDefault() is { } length
            ? _values.Binary(BinaryValue.Equal, ReadMember(frame, value, length, isThis: false, operation), ValueTable.Zero)
            : ValueTable.Unknown;
    }

    /// <summary><c>string.IsNullOrEmpty(text)</c> as it is written out.</summary>
    private int IsNullOrEmpty(Frame<TDomain> frame, int text, CallSite call) =>
        text == ValueTable.Unknown ? ValueTable.Unknown : _values.Or(IsNull(frame, text), HasNoLength(frame, text, call.Method.ContainingType, call.Operation));

    /// <summary><c>text == ""</c>, which asks for the length of what is not null; unknown where it is compared with something else.</summary>
    private int EqualsEmpty(Frame<TDomain> frame, int left, int right, ITypeSymbol? type, IOperation operation)
    {
        if (type is not { SpecialType: SpecialType.System_String } || left == ValueTable.Unknown || right == ValueTable.Unknown) return ValueTable.Unknown;
        int empty = _values.Constant("");
        if (left != empty && right != empty) return ValueTable.Unknown;
        int text = left == empty ? right : left;
        return _values.And(_values.Not(IsNull(frame, text)), HasNoLength(frame, text, type, operation));
    }

    /// <summary>An index below zero throws: behind the access it is none.</summary>
    private int EvaluateIndex(Frame<TDomain> frame, IOperation operation)
    {
        int index = Evaluate(frame, operation);
        if (IsSigned(operation.Type)) frame.Restrict(index, Fact.NonNegative);
        return index;
    }
}
