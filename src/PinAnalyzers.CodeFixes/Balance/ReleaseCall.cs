using System;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>The statement that gives a charge back: as the method writes it elsewhere, or else as the pair says.</summary>
internal static class ReleaseCall
{
    /// <summary>The plain statement that a release is, or null where it is part of something larger.</summary>
    public static ExpressionStatementSyntax? StatementOf(BalanceTarget target, SyntaxNode release)
    {
        if (target.Model.GetSymbolInfo(release, target.Cancellation).Symbol is not IMethodSymbol method || !IsMeantToRelease(method, target)) return null;
        SyntaxNode node = release;
        while (node.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax || node.Parent is ConditionalAccessExpressionSyntax access && access.WhenNotNull == node) node = node.Parent;
        return node.Parent as ExpressionStatementSyntax;
    }

    // A method of the project that also happens to release may do more than that; what it does must not come later, or go.
    private static bool IsMeantToRelease(IMethodSymbol method, BalanceTarget target) =>
        method.DeclaringSyntaxReferences.IsEmpty || ReleaseNames.Default.Contains(method.Name) || method.Name.StartsWith("Free", StringComparison.Ordinal)
        || target.Properties.Release.EndsWith("." + method.Name, StringComparison.Ordinal) || target.Properties.Release == method.Name;

    public static ExpressionStatementSyntax? Find(BalanceTarget target, ILocalSymbol? token)
    {
        if (target.Sites.Releases.IsEmpty) return FromTemplate(target, token);
        ExpressionStatementSyntax? first = null;
        foreach (SyntaxNode release in target.Sites.Releases)
        {
            if (StatementOf(target, release) is not { } statement) return null;
            if (first is not null && !SyntaxFactory.AreEquivalent(first, statement)) return null;
            first ??= statement;
        }

        return first is null ? null : SyntaxFactory.ExpressionStatement(first.Expression.WithoutTrivia()).WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static ExpressionStatementSyntax? FromTemplate(BalanceTarget target, ILocalSymbol? token)
    {
        if (target.Properties.Template is not { } template || target.Charge is not { } charge) return null;
        string? receiver = charge is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } && IsStable(access.Expression) ? access.Expression.WithoutTrivia().ToString() : null;
        string? identity = target.Properties.HasToken ? token is null ? null : Identifier(token) : receiver;
        if (identity is null || (template.Contains("{1}") && receiver is null)) return null;
        ExpressionSyntax expression = SyntaxFactory.ParseExpression(string.Format(CultureInfo.InvariantCulture, Shorten(template, target, charge.SpanStart), identity, receiver));
        return SyntaxFactory.ExpressionStatement(expression).WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>The type's own name suffices where it means that type.</summary>
    public static string Shorten(string template, BalanceTarget target, int position)
    {
        if (!template.StartsWith(Global, StringComparison.Ordinal)) return template;
        string type = template.Substring(Global.Length, template.LastIndexOf('.', template.IndexOf('(')) - Global.Length);
        return NameOf(type, target, position) + template.Substring(Global.Length + type.Length);
    }

    /// <summary>A type by its own name where that suffices. In a lambda whose type follows from its body the simplifier leaves the long name alone.</summary>
    public static string NameOf(string type, BalanceTarget target, int position)
    {
        string name = type.Substring(type.LastIndexOf('.') + 1);
        return target.Model.LookupNamespacesAndTypes(position, name: name) is { Length: 1 } found && found[0].ToDisplayString() == type ? name : Global + type;
    }

    /// <summary>Evaluated again, it is the same object: a chain of names.</summary>
    private static bool IsStable(ExpressionSyntax expression) => expression.DescendantNodesAndSelf().All(static n => n is NameSyntax or ThisExpressionSyntax or MemberAccessExpressionSyntax or PredefinedTypeSyntax or TypeArgumentListSyntax);

    private static string Identifier(ILocalSymbol token) => SyntaxFacts.GetKeywordKind(token.Name) == SyntaxKind.None ? token.Name : "@" + token.Name;

    private const string Global = "global::";
}
