using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>PIN3013: indexes that run freely wrap around, and then the smaller one is the later.</summary>
internal static class IndexComparisons
{
    public static IEnumerable<SharedFinding> Find(SharedBody body)
    {
        foreach (BinaryExpressionSyntax comparison in body.Syntax.DescendantNodes().OfType<BinaryExpressionSyntax>())
        {
            if (!(comparison.IsKind(SyntaxKind.LessThanExpression) || comparison.IsKind(SyntaxKind.LessThanOrEqualExpression) || comparison.IsKind(SyntaxKind.GreaterThanExpression) || comparison.IsKind(SyntaxKind.GreaterThanOrEqualExpression))) continue;
            if (!IsIndex(comparison.Left, body, 0) || !IsIndex(comparison.Right, body, 0)) continue;
            yield return new SharedFinding(Descriptors.PIN3013_IndexesMustBeComparedByDistance, comparison, comparison.Left.WithoutTrivia().ToString(), comparison.Right.WithoutTrivia().ToString());
        }
    }

    /// <summary>An unsigned value that is an index of a ring, or this side's copy of one, perhaps a few steps on.</summary>
    private static bool IsIndex(ExpressionSyntax expression, SharedBody body, int depth)
    {
        ExpressionSyntax bare = Bindings.Uncast(expression);
        if (depth > 4 || body.Reader.TypeOf(bare)?.SpecialType is not (SpecialType.System_UInt32 or SpecialType.System_UInt64 or SpecialType.System_UIntPtr)) return false;
        if (body.Reader.CellAt(bare) is { } cell && (cell.Role is not null || cell.Path.Length == 0 && cell.Member is { } field && SharedAnnotations.IsPrivateCopy(field))) return true;
        if (body.Accesses.FirstOrDefault(access => access.Site == bare) is { IsRead: true, Place.Role: not null }) return true;
        switch (bare)
        {
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum:
                return IsIndex(sum.Left, body, depth + 1) && body.Model.GetConstantValue(sum.Right).HasValue;
            case IdentifierNameSyntax name when body.Reader.SymbolOf(name) is ILocalSymbol local:
                IReadOnlyList<ExpressionSyntax> values = body.Reader.Bindings.ValuesOf(local);
                return values.Count > 0 && values.All(value => IsIndex(value, body, depth + 1));
            default:
                return false;
        }
    }
}
