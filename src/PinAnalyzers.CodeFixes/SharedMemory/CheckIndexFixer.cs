using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using PinAnalyzers.Balance;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>PIN3005: an index into an array or a span is compared with its length first. Other sinks have no bound that the code shows.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CheckIndexFixer)), Shared]
public sealed class CheckIndexFixer : SharedMemoryCodeFix
{
    public const string Key_CheckIndex = "PinAnalyzers.CheckIndex";

    public CheckIndexFixer()
        : base(("Check it against the length", Key_CheckIndex))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3005");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.At is not ExpressionSyntax value || VolatileForms.Outermost(value).Parent is not ArgumentSyntax { Parent: BracketedArgumentListSyntax { Arguments.Count: 1, Parent: ElementAccessExpressionSyntax { Expression: var row } element } } argument
            || row is not (IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax or ThisExpressionSyntax }) || target.Model.GetTypeInfo(row, target.Cancellation).Type is not (IArrayTypeSymbol { Rank: 1 } or INamedTypeSymbol { Name: "Span" or "ReadOnlySpan" })) return null;
        if (element.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax block } statement || statement is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or LocalFunctionStatementSyntax || statement.ContainsDirectives || !IsEvaluatedFirst(value, statement)) return null;
        string? unsigned = target.Model.GetTypeInfo(value, target.Cancellation).Type?.SpecialType switch
        {
            SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Byte or SpecialType.System_UInt16 or SpecialType.System_SByte or SpecialType.System_Int16 => "uint",
            SpecialType.System_Int64 or SpecialType.System_UInt64 => "ulong",
            _ => null,
        };
        if (unsigned is null) return null;
        List<StatementSyntax> before = [];
        string name = value.WithoutTrivia().ToString();
        // Only a variable is the same when it is read again.
        if (value is not IdentifierNameSyntax || target.Model.GetSymbolInfo(value, target.Cancellation).Symbol is not (ILocalSymbol { RefKind: RefKind.None } or IParameterSymbol { RefKind: RefKind.None }))
        {
            name = NewNames.For("index", target.Model, statement.SpanStart, block);
            before.Add(Statement($"var {name} = {value.WithoutTrivia()};"));
        }

        before.Add(Statement($"if (({unsigned}){name} >= ({unsigned}){row.WithoutTrivia()}.Length) throw new {VolatileForms.Named(target.Model, statement.SpanStart, "System", "InvalidOperationException")}();"));
        // What was checked for another use in the statement is checked for this one too.
        if (before.Count == 1 && block.Statements.IndexOf(statement) is > 0 and var at && SyntaxFactory.AreEquivalent(block.Statements[at - 1], before[0])) return null;
        before[0] = before[0].WithLeadingTrivia(statement.GetLeadingTrivia());
        StatementSyntax checkedStatement = statement.ReplaceNode(argument.Expression, SyntaxFactory.IdentifierName(name)).WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);
        return target.Root.ReplaceNode(statement, before.Append(checkedStatement));
    }

    /// <summary>Nothing on the way decides whether the index is used, and nothing is done before it in the statement.</summary>
    private static bool IsEvaluatedFirst(SyntaxNode value, StatementSyntax statement) =>
        !value.Ancestors().TakeWhile(node => node != statement).Any(static node =>
            node is ConditionalExpressionSyntax or ConditionalAccessExpressionSyntax or AnonymousFunctionExpressionSyntax or SwitchExpressionSyntax or QueryExpressionSyntax
            || node.IsKind(SyntaxKind.LogicalAndExpression) || node.IsKind(SyntaxKind.LogicalOrExpression) || node.IsKind(SyntaxKind.CoalesceExpression))
        && !statement.DescendantNodes().Any(node => node.Span.End <= value.SpanStart && (node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or AssignmentExpressionSyntax or AwaitExpressionSyntax or ThrowExpressionSyntax
            || node.IsKind(SyntaxKind.PostIncrementExpression) || node.IsKind(SyntaxKind.PostDecrementExpression) || node.IsKind(SyntaxKind.PreIncrementExpression) || node.IsKind(SyntaxKind.PreDecrementExpression)));
}
