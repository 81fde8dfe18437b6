using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>One file that holds sites of the account: its bound tree, and what is to change in it.</summary>
internal sealed class TypePart(SemanticModel model, SyntaxEditor editor)
{
    private readonly HashSet<SyntaxNode> _done = [];
    private readonly string _endOfLine = model.SyntaxTree.GetRoot().DescendantTrivia().FirstOrDefault(static t => t.IsKind(SyntaxKind.EndOfLineTrivia)).ToFullString() is { Length: > 0 } found ? found : "\n";

    public SemanticModel Model { get; } = model;

    public SyntaxEditor Editor { get; } = editor;

    /// <summary>True the first time that the node is asked about: what two sites share is changed once.</summary>
    public bool Claim(SyntaxNode node) => _done.Add(node);

    public StatementSyntax Statement(string text) => SyntaxFactory.ParseStatement(text + _endOfLine).WithAdditionalAnnotations(Formatter.Annotation);

    public SyntaxTrivia EndOfLine => SyntaxFactory.EndOfLine(_endOfLine);

    /// <summary>Puts a statement behind another; where that one stands alone under a condition, both go into a block.</summary>
    public void InsertAfter(StatementSyntax statement, string text)
    {
        if (statement.Parent is BlockSyntax or SwitchSectionSyntax) Editor.InsertAfter(statement, statement.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia) ? Statement(text) : Statement(text).WithTrailingTrivia(statement.GetTrailingTrivia().Where(static t => t.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1)));
        else Editor.ReplaceNode(statement, (current, _) => Block([(StatementSyntax)current, Statement(text)]));
    }

    public void InsertBefore(StatementSyntax statement, string text)
    {
        if (statement.Parent is BlockSyntax { Statements: var all } && all.IndexOf(statement) >= 0 || statement.Parent is SwitchSectionSyntax)
        {
            bool isFirstOnLine = statement.GetFirstToken().GetPreviousToken().TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia);
            Editor.InsertBefore(statement, Statement(text).WithLeadingTrivia(statement.GetLeadingTrivia()).WithTrailingTrivia(isFirstOnLine ? EndOfLine : SyntaxFactory.Space));
            Editor.ReplaceNode(statement, static (current, _) => current.WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation));
        }
        else
        {
            Editor.ReplaceNode(statement, (current, _) => Block([Statement(text), (StatementSyntax)current]));
        }
    }

    /// <summary>Puts a statement at the start of what a condition leads to.</summary>
    public void InsertAtStart(StatementSyntax branch, string text) =>
        Editor.ReplaceNode(branch, (current, _) => current is BlockSyntax block ? block.WithStatements(block.Statements.Insert(0, Statement(text))) : Block([Statement(text), (StatementSyntax)current]));

    /// <summary>Several statements in place of one, under a block of their own where there is none.</summary>
    public void Replace(StatementSyntax statement, params string[] texts)
    {
        if (statement.Parent is not (BlockSyntax or SwitchSectionSyntax))
        {
            Editor.ReplaceNode(statement, Block(texts.Select(Statement)));
            return;
        }

        StatementSyntax[] made = texts.Select(Statement).ToArray();
        made[0] = made[0].WithLeadingTrivia(statement.GetLeadingTrivia());
        made[made.Length - 1] = made[made.Length - 1].WithTrailingTrivia(statement.GetTrailingTrivia());
        for (int i = 0; i < made.Length - 1; i++) Editor.InsertBefore(statement, made[i]);
        Editor.ReplaceNode(statement, made[made.Length - 1]);
    }

    /// <summary>A body of statements in place of the expression that a method is.</summary>
    public bool ReplaceBody(ArrowExpressionClauseSyntax arrow, params string[] texts)
    {
        if (arrow.Parent is not (MethodDeclarationSyntax or ConstructorDeclarationSyntax or DestructorDeclarationSyntax or LocalFunctionStatementSyntax) || arrow.DescendantTrivia().Any(static t => t.IsDirective)) return false;
        Editor.ReplaceNode(arrow.Parent, (current, _) =>
        {
            BlockSyntax body = SyntaxFactory.Block(texts.Select(Statement)).WithAdditionalAnnotations(Formatter.Annotation);
            return current switch
            {
                MethodDeclarationSyntax method => method.WithParameterList(OnOwnLine(method.ParameterList)).WithExpressionBody(null).WithSemicolonToken(default).WithBody(body.WithTrailingTrivia(method.GetTrailingTrivia())),
                ConstructorDeclarationSyntax constructor => constructor.WithParameterList(OnOwnLine(constructor.ParameterList)).WithExpressionBody(null).WithSemicolonToken(default).WithBody(body.WithTrailingTrivia(constructor.GetTrailingTrivia())),
                DestructorDeclarationSyntax destructor => destructor.WithParameterList(OnOwnLine(destructor.ParameterList)).WithExpressionBody(null).WithSemicolonToken(default).WithBody(body.WithTrailingTrivia(destructor.GetTrailingTrivia())),
                LocalFunctionStatementSyntax local => local.WithParameterList(OnOwnLine(local.ParameterList)).WithExpressionBody(null).WithSemicolonToken(default).WithBody(body.WithTrailingTrivia(local.GetTrailingTrivia())),
                _ => current,
            };
        });
        return true;
    }

    private ParameterListSyntax OnOwnLine(ParameterListSyntax list) => list.WithTrailingTrivia(EndOfLine);

    private BlockSyntax Block(IEnumerable<StatementSyntax> statements) => SyntaxFactory.Block(statements.Select((s, i) =>
    {
        StatementSyntax ended = s.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia) ? s : s.WithTrailingTrivia(EndOfLine);
        return i == 0 ? ended.WithLeadingTrivia(SyntaxFactory.ElasticMarker) : ended;
    })).WithAdditionalAnnotations(Formatter.Annotation);
}
