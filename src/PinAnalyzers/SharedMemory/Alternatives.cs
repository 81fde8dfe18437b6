using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// A choice between a plain and a volatile access of one cell: whoever writes both knows when the other side is asleep (a ring without a polling thread).
/// </summary>
internal static class Alternatives
{
    public static bool HasVolatileTwin(CellAccess access, IEnumerable<CellAccess> all) =>
        OtherBranch(access.Expression) is { } other && all.Any(twin => twin.IsVolatile && twin.IsWrite == access.IsWrite && other.Span.Contains(twin.Site.Span) && twin.Place.IsSameCell(access.Place));

    private static SyntaxNode? OtherBranch(SyntaxNode node)
    {
        foreach (SyntaxNode around in node.Ancestors())
        {
            switch (around)
            {
                case IfStatementSyntax { Else: { Statement: var otherwise } } test when !test.Condition.Span.Contains(node.Span):
                    return test.Statement.Span.Contains(node.Span) ? otherwise : test.Statement;
                case ConditionalExpressionSyntax choice when !choice.Condition.Span.Contains(node.Span):
                    return choice.WhenTrue.Span.Contains(node.Span) ? choice.WhenFalse : choice.WhenTrue;
                case MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax:
                    return null;
            }
        }

        return null;
    }
}
