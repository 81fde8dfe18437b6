using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Contract;

/// <summary>Questions about members of flags enums.</summary>
internal static class FlagEnums
{
    private static readonly ImmutableArray<string> RangeMarks = ImmutableArray.Create("Begin", "End", "First", "Last", "Start", "Min", "Max", "Count");

    /// <summary>The enum member that an operand names, and its value; null for every other operand.</summary>
    public static (IFieldSymbol Member, ulong Value)? MemberIn(IOperation operand)
    {
        while (operand is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation)
            operand = operand is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)operand).Operand;
        return operand is IFieldReferenceOperation { Field: { HasConstantValue: true, ContainingType.TypeKind: TypeKind.Enum } member } && ValueOf(member) is { } value ? (member, value) : null;
    }

    public static bool IsSingleBit(ulong value) => value != 0 && (value & (value - 1)) == 0;

    /// <summary>There is no other bit that could be set beside it.</summary>
    public static bool IsOnlyFlag(IFieldSymbol member, ulong value) =>
        member.ContainingType.GetMembers().OfType<IFieldSymbol>().All(other => !other.HasConstantValue || (ValueOf(other) is { } bits && (bits & ~value) == 0));

    /// <summary>
    /// Another member with the value, by accident as it seems: neither is declared by the other's name, neither is kept for old callers only, neither is the mask of a number,
    /// whose greatest value it is bound to have, the twin is no mark of a range, and neither says by how much others are shifted, which is no flag. What happens to several bits is no accident, nor what happens
    /// under two headings: such an enum has several sets, each with its own names, and whoever has a value knows of which it is.
    /// </summary>
    public static IFieldSymbol? Twin(IFieldSymbol member, ulong value) =>
        OwnTwin(member, value) is { } twin && !(IsWritten(member) && IsWritten(twin) && (HasOtherTwins(member.ContainingType, value) || EnumHeadings.Separate(Initializer(member)!, Initializer(twin)!))) ? twin : null;

    private static IFieldSymbol? OwnTwin(IFieldSymbol member, ulong value)
    {
        if (value == 0 || IsRetired(member) || IsMask(member, value) || IsAll(member, value) || Initializer(member) is not { } own || IsShiftCount(member)) return null;
        foreach (ISymbol other in member.ContainingType.GetMembers())
        {
            if (other is not IFieldSymbol { HasConstantValue: true } twin || SymbolEqualityComparer.Default.Equals(twin, member) || ValueOf(twin) != value || IsRetired(twin) || IsMask(twin, value) || IsAll(twin, value) || IsRangeMark(twin)) continue;
            if (Initializer(twin) is { } theirs && !IsByName(own) && !IsByName(theirs) && !IsShiftCount(twin)) return twin;
        }

        return null;
    }

    private static bool HasOtherTwins(INamedTypeSymbol flags, ulong value) =>
        flags.GetMembers().Any(other => other is IFieldSymbol { HasConstantValue: true } member && ValueOf(member) is { } bits && bits != value
            && (IsSingleBit(bits) || !IsSingleBit(value)) && IsWritten(member) && OwnTwin(member, bits) is { } twin && IsWritten(twin));

    /// <summary>Its value is written down, and not counted on from the member before.</summary>
    private static bool IsWritten(IFieldSymbol member) => Initializer(member)?.EqualsValue is not null;

    public static ulong? ValueOf(IFieldSymbol member) => member.ConstantValue switch
    {
        int n => unchecked((uint)n),
        uint n => n,
        long n => unchecked((ulong)n),
        ulong n => n,
        short n => unchecked((ushort)n),
        ushort n => n,
        sbyte n => unchecked((byte)n),
        byte n => n,
        _ => null,
    };

    /// <summary>A member made from others is an alias or a set, and meant so.</summary>
    private static bool IsByName(EnumMemberDeclarationSyntax declaration) =>
        declaration.EqualsValue is { } initializer && initializer.Value.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any();

    private static bool IsMask(IFieldSymbol member, ulong value) => (member.Name.EndsWith("Mask", StringComparison.OrdinalIgnoreCase) || member.Name.TrimStart('_').StartsWith("Mask", StringComparison.Ordinal)) && (!IsSingleBit(value) || member.Name.Length > 4);

    /// <summary>The name of all flags together, of which there is one so far.</summary>
    private static bool IsAll(IFieldSymbol member, ulong value) => IsOnlyFlag(member, value) && (member.Name.EndsWith("All", StringComparison.Ordinal) || member.Name.StartsWith("All", StringComparison.Ordinal) && char.IsUpper(member.Name[3]));

    /// <summary><c>KeyBegin</c> beside <c>KeyEnd</c>: where a range of values begins or ends is no value of its own.</summary>
    private static bool IsRangeMark(IFieldSymbol member) =>
        RangeMarks.FirstOrDefault(mark => member.Name.EndsWith(mark, StringComparison.Ordinal)) is { } end && member.Name.Substring(0, member.Name.Length - end.Length) is { Length: > 0 } range
        && RangeMarks.Any(other => other != end && !member.ContainingType.GetMembers(range + other).IsEmpty);

    /// <summary><c>Mode = 3 &lt;&lt; ModeShift</c>: the count stands among the flags, but it is a position.</summary>
    private static bool IsShiftCount(IFieldSymbol member)
    {
        foreach (ISymbol other in member.ContainingType.GetMembers())
        {
            if (other is not IFieldSymbol { HasConstantValue: true } shifted || Initializer(shifted)?.EqualsValue is not { } initializer) continue;
            foreach (SyntaxNode node in initializer.DescendantNodes())
            {
                if (node is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LeftShiftExpression or (int)SyntaxKind.RightShiftExpression } shift && Names(shift.Right, member)) return true;
            }
        }

        return false;
    }

    private static bool Names(ExpressionSyntax count, IFieldSymbol member) => count.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == member.Name);

    private static EnumMemberDeclarationSyntax? Initializer(IFieldSymbol member) => member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as EnumMemberDeclarationSyntax;

    private static bool IsRetired(IFieldSymbol member) =>
        member.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name is nameof(ObsoleteAttribute) or "EditorBrowsableAttribute");
}
