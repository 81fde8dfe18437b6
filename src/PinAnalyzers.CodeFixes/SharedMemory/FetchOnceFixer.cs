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

/// <summary>PIN3004: one snapshot before the first fetch, and every later fetch of the same cell in its scope reads the snapshot.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FetchOnceFixer)), Shared]
public sealed class FetchOnceFixer : SharedMemoryCodeFix
{
    public const string Key_FetchOnce = "PinAnalyzers.FetchOnce";

    public FetchOnceFixer()
        : base(("Fetch it once into a local", Key_FetchOnce))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3004");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.Sites.Length != 1 || target.Sites[0] is not ExpressionSyntax first || target.At is not ExpressionSyntax second) return null;
        // An accessor may convert what it fetched, or only judge it.
        if (!SymbolEqualityComparer.Default.Equals(TypeOf(first, target), TypeOf(second, target))) return null;
        // A first fetch that is kept in a local already is the snapshot.
        if (VolatileForms.Outermost(first).Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Identifier: var kept, Parent.Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax around } } } && around.Span.Contains(second.Span))
            return IsAssigned(around, kept.ValueText) ? null : target.Root.ReplaceNodes(Guards(first, second, around).Append(second), (fetched, _) => SyntaxFactory.IdentifierName(kept.ValueText).WithTriviaFrom(fetched));
        StatementSyntax? statement = first.FirstAncestorOrSelf<StatementSyntax>(static s => s.Parent is BlockSyntax);
        if (statement?.Parent is not BlockSyntax block || !block.Span.Contains(second.Span) || statement is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax || statement.ContainsDirectives) return null;
        ExpressionSyntax cell = Cell(first);
        ExpressionSyntax fetch = first is InvocationExpressionSyntax || target.Model.GetSymbolInfo(first, target.Cancellation).Symbol is IPropertySymbol { RefKind: RefKind.None } ? first : new VolatileForms(target.Model, cell).Read() ?? first;
        string bare = NameOf(first).TrimStart('_') is { Length: > 0 } spoken ? spoken : "value";
        string wanted = char.ToLowerInvariant(bare[0]) + bare.Substring(1);
        if (SyntaxFacts.GetKeywordKind(wanted) != SyntaxKind.None) wanted += "Value";
        string name = NewNames.For(wanted, target.Model, statement.SpanStart, block);
        StatementSyntax snapshot = SyntaxFactory.ParseStatement($"var {name} = {fetch.WithoutTrivia().ToFullString()};").WithTrailingTrivia(SyntaxFactory.ElasticLineFeed)
            .WithLeadingTrivia(statement.GetLeadingTrivia()).WithAdditionalAnnotations(Formatter.Annotation);
        List<SyntaxNode> fetches = [first, .. Guards(first, second, block), second];
        SyntaxNode root = target.Root.TrackNodes(fetches.Append(statement));
        foreach (SyntaxNode node in fetches) root = root.ReplaceNode(root.GetCurrentNode(node)!, SyntaxFactory.IdentifierName(name).WithTriviaFrom(node));
        StatementSyntax current = (StatementSyntax)root.GetCurrentNode((SyntaxNode)statement)!;
        return root.ReplaceNode(current, new[] { snapshot, current.WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation) });
    }

    /// <summary>Fetches of the cell by which the second one is guarded: a check of what another fetch gave would guard nothing.</summary>
    private static IEnumerable<ExpressionSyntax> Guards(ExpressionSyntax first, ExpressionSyntax second, BlockSyntax scope) => second.Ancestors().TakeWhile(node => node != scope).Select(node => node switch
    {
        IfStatementSyntax test => test.Condition,
        ConditionalExpressionSyntax choice => choice.Condition,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression } both => both.Left,
        SwitchStatementSyntax choice => choice.Expression,
        _ => null,
    }).OfType<ExpressionSyntax>().Where(guard => guard.SpanStart > first.Span.End && !guard.Span.Contains(second.Span))
        .SelectMany(static guard => guard.DescendantNodesAndSelf().OfType<ExpressionSyntax>()).Where(fetch => SyntaxFactory.AreEquivalent(fetch, first) || SyntaxFactory.AreEquivalent(fetch, second)).Distinct();

    /// <summary>What the cell goes by: its member, the array that it is an element of, or what is asked for it.</summary>
    private static string NameOf(ExpressionSyntax fetch) => fetch switch
    {
        InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } when arguments[0] is { RefKindKeyword.RawKind: not 0 } or { Expression: PrefixUnaryExpressionSyntax } => NameOf(arguments[0].Expression),
        InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax and var holder } } => NameOf(holder),
        InvocationExpressionSyntax call => NameOf(call.Expression),
        ElementAccessExpressionSyntax element => NameOf(element.Expression),
        PrefixUnaryExpressionSyntax unary => NameOf(unary.Operand),
        ParenthesizedExpressionSyntax parenthesized => NameOf(parenthesized.Expression),
        CastExpressionSyntax cast => NameOf(cast.Expression),
        BinaryExpressionSyntax sum => NameOf(sum.Left),
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => "value",
    };

    private static ITypeSymbol? TypeOf(ExpressionSyntax fetch, SharedTarget target) => target.Model.GetTypeInfo(fetch, target.Cancellation).Type;

    private static ExpressionSyntax Cell(ExpressionSyntax fetch) =>
        fetch is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } ? arguments[0].Expression : VolatileForms.Bare(fetch);

    private static bool IsAssigned(BlockSyntax block, string name) => block.DescendantNodes().Any(node =>
        node is AssignmentExpressionSyntax { Left: IdentifierNameSyntax target } && target.Identifier.ValueText == name
        || node is PostfixUnaryExpressionSyntax { Operand: IdentifierNameSyntax stepped } && stepped.Identifier.ValueText == name
        || node is PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax moved } && moved.Identifier.ValueText == name && !node.IsKind(SyntaxKind.UnaryMinusExpression));
}
