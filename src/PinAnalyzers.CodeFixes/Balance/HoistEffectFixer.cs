using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.Balance;

/// <summary>Takes the effect out of the argument, to a statement before the call, and leaves its result there.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(HoistEffectFixer)), Shared]
public sealed class HoistEffectFixer : BalanceCodeFix
{
    public const string Key_Hoist = "PinAnalyzers.HoistEffect";

    public HoistEffectFixer()
        : base("Move the effect out of the conditional call", Key_Hoist)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1014");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (target.Sites.At is not ExpressionSyntax effect || target.Sites.Path[0] is not InvocationExpressionSyntax call) return null;
        if (effect.Parent is AwaitExpressionSyntax awaited) effect = awaited;
        if (!IsEvaluatedFirst(effect, call)) return null;
        if (call.Parent is ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax method }) return InBlock(target, method, call, effect);
        if (call.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax block } statement) return null;
        (string? before, ExpressionSyntax left) = effect switch
        {
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax assigned } => (effect.WithoutTrivia().ToFullString() + ";", assigned),
            PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax stepped } => (effect.WithoutTrivia().ToFullString() + ";", stepped),
            _ => Named(target, effect, statement, block),
        };
        if (before is null) return null;
        var editor = target.Edit();
        SyntaxNode replaced = Replaced(effect);
        editor.ReplaceNode(replaced, left.WithoutTrivia().WithTriviaFrom(replaced));
        editor.InsertBefore(statement, SyntaxFactory.ParseStatement(before).WithLeadingTrivia(statement.GetLeadingTrivia()).WithTrailingTrivia(Edits.EndOfLine(statement)).WithAdditionalAnnotations(Formatter.Annotation));
        editor.ReplaceNode(statement, static (node, _) => Edits.WithoutComments((StatementSyntax)node));
        return editor.GetChangedRoot();
    }

    private static SyntaxNode Replaced(ExpressionSyntax effect) => effect.Parent is ParenthesizedExpressionSyntax enclosing ? enclosing : effect;

    /// <summary>A method that is no more than the call gets a body.</summary>
    private static SyntaxNode? InBlock(BalanceTarget target, MethodDeclarationSyntax method, InvocationExpressionSyntax call, ExpressionSyntax effect)
    {
        if (method.ContainsDirectives || target.Model.GetDeclaredSymbol(method, target.Cancellation) is not IMethodSymbol { ReturnsVoid: true } || Named(target, effect, method, method) is not ({ } before, var left)) return null;
        InvocationExpressionSyntax rest = call.ReplaceNode(Replaced(effect), left.WithoutTrivia());
        BlockSyntax body = Edits.BlockOf(
            SyntaxFactory.ParseStatement(before).WithTrailingTrivia(SyntaxFactory.ElasticMarker),
            SyntaxFactory.ExpressionStatement(rest.WithoutTrivia()).WithTrailingTrivia(SyntaxFactory.ElasticMarker));
        return target.Root.ReplaceNode(method, method.WithParameterList(method.ParameterList.WithTrailingTrivia()).WithExpressionBody(null).WithSemicolonToken(default).WithBody(body).WithTriviaFrom(method).WithAdditionalAnnotations(Formatter.Annotation));
    }

    private static (string?, ExpressionSyntax) Named(BalanceTarget target, ExpressionSyntax effect, SyntaxNode statement, SyntaxNode block)
    {
        if (target.Model.GetTypeInfo(effect, target.Cancellation).Type is not { TypeKind: not TypeKind.Error, SpecialType: not SpecialType.System_Void } type || type.IsAnonymousType) return (null, effect);
        bool isCharge = type.SpecialType == SpecialType.System_Boolean && (effect is AwaitExpressionSyntax { Expression: var waited } ? waited : effect) is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var called } } && called.Contains("Charge");
        string name = NewNames.For(isCharge ? "charged" : effect is PostfixUnaryExpressionSyntax ? "previous" : "result", target.Model, statement.SpanStart, block);
        return ($"{type.ToMinimalDisplayString(target.Model, statement.SpanStart)} {name} = {effect.WithoutTrivia().ToFullString()};", SyntaxFactory.IdentifierName(name));
    }

    /// <summary>Always, and before anything else in the call that could tell the difference.</summary>
    private static bool IsEvaluatedFirst(ExpressionSyntax effect, InvocationExpressionSyntax call)
    {
        SyntaxNode node = effect;
        for (; node.Parent is not (ArgumentSyntax or null); node = node.Parent)
        {
            switch (node.Parent)
            {
                case ParenthesizedExpressionSyntax or CastExpressionSyntax or IsPatternExpressionSyntax:
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression or (int)SyntaxKind.UnaryMinusExpression }:
                case MemberAccessExpressionSyntax access when access.Expression == node:
                    continue;
                case BinaryExpressionSyntax binary when binary.Left == node || (!IsShortCircuit(binary) && Exits.IsSimple(binary.Left) && !MentionsMember(binary.Left)):
                    continue;
                default:
                    return false;
            }
        }

        return node.Parent is ArgumentSyntax { Parent: ArgumentListSyntax list } argument && list.Parent == call
            && list.Arguments.TakeWhile(a => a != argument).All(static a => a.Expression is LiteralExpressionSyntax);
    }

    private static bool IsShortCircuit(BinaryExpressionSyntax binary) => binary.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression;

    /// <summary>What the effect may change.</summary>
    private static bool MentionsMember(SyntaxNode node) => node.DescendantNodesAndSelf().Any(static n => n is not LiteralExpressionSyntax);
}
