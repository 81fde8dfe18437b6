using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using PinAnalyzers.Balance;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>Where a check decides whether a helper is called that releases: the helper now asks the record, so it is called always.</summary>
internal static class HelperCallFreeing
{
    /// <summary>False where the check decides anything else as well.</summary>
    public static bool TryApply(IReadOnlyDictionary<DocumentId, TypePart> parts, CheckSite check)
    {
        if (!parts.TryGetValue(check.Document, out TypePart? part) || CapabilityTest.Find(check, part.Model) is not { Rest: null, Local: null } test) return false;
        if (test.If is not { Else: null, Parent: BlockSyntax block }) return false;
        if (!test.IsPrivilegedWhenTrue)
        {
            if (Only(test.If.Statement) is not { } call) return false;
            part.Editor.ReplaceNode(test.If, call.WithTriviaFrom(test.If).WithAdditionalAnnotations(Formatter.Annotation));
            return true;
        }

        List<StatementSyntax> after = block.Statements.SkipWhile(s => s != test.If).Skip(1).ToList();
        if (!IsBareReturn(test.If.Statement) || after.Count != 1 || Only(after[0]) is null) return false;
        Edits.Mark(part.Editor, test.If);
        return true;
    }

    private static bool IsBareReturn(StatementSyntax statement) => statement is ReturnStatementSyntax { Expression: null } || statement is BlockSyntax { Statements: { Count: 1 } only } && IsBareReturn(only[0]);

    private static StatementSyntax? Only(StatementSyntax branch) => branch switch
    {
        BlockSyntax { Statements: { Count: 1 } only } => Only(only[0]),
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax } call => call,
        _ => null,
    };
}
