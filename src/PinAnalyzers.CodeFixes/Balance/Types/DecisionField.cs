using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using PinAnalyzers.Balance.Races;

namespace PinAnalyzers.Balance.Types;

/// <summary>
/// Across members, a field keeps that the charge was taken and decides the release. Only where the type charges in one place and releases in one place: a
/// field remembers one charge.
/// </summary>
internal static class DecisionField
{
    public static SyntaxNode? Apply(BalanceTarget target, ExpressionSyntax charge, ExpressionSyntax release)
    {
        if (charge.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not ClassDeclarationSyntax type || release.FirstAncestorOrSelf<TypeDeclarationSyntax>() != type) return null;
        if (target.Model.GetDeclaredSymbol(type, target.Cancellation) is not { IsStatic: false, DeclaringSyntaxReferences.Length: 1 } || !IsOnlyOne(charge, type, target) || !IsOnlyOne(release, type, target)) return null;
        if (target.Model.GetTypeInfo(charge, target.Cancellation).Type?.SpecialType != SpecialType.System_Void) return null;
        if (MemberOf(charge) is not { } charging || MemberOf(release) is not { } releasing || charging == releasing || Leaves(releasing, release) || IsOfOneOfMany(releasing, target)) return null;
        string name = NewNames.For(Prefix(type) + "charged", target.Model, type.OpenBraceToken.Span.End, type);
        SyntaxEditor editor = target.Edit();
        if (!Record(editor, charge, name) || !Ask(editor, release, name)) return null;
        FieldDeclarationSyntax? last = type.Members.TakeWhile(static m => m is FieldDeclarationSyntax).OfType<FieldDeclarationSyntax>().LastOrDefault();
        MemberDeclarationSyntax field = SyntaxFactory.ParseMemberDeclaration($"private bool {name};")!.WithTrailingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);
        if (last is not null) editor.InsertAfter(last, field);
        else editor.InsertBefore(type.Members[0], field);
        return editor.GetChangedRoot();
    }

    private static bool IsOnlyOne(ExpressionSyntax call, TypeDeclarationSyntax type, BalanceTarget target)
    {
        ISymbol? method = target.Model.GetSymbolInfo(call, target.Cancellation).Symbol?.OriginalDefinition;
        return method is not null && type.DescendantNodes().OfType<InvocationExpressionSyntax>().Count(other =>
            SymbolEqualityComparer.Default.Equals(target.Model.GetSymbolInfo(other, target.Cancellation).Symbol?.OriginalDefinition, method)) == 1;
    }

    /// <summary>The instance method that the call runs in once, if at all.</summary>
    private static BaseMethodDeclarationSyntax? MemberOf(ExpressionSyntax call)
    {
        foreach (SyntaxNode outer in call.Ancestors())
        {
            switch (outer)
            {
                case BaseMethodDeclarationSyntax method:
                    return method.Modifiers.Any(SyntaxKind.StaticKeyword) || method.ContainsDirectives ? null : method;
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax or SwitchStatementSyntax or CatchClauseSyntax or MemberDeclarationSyntax:
                    return null;
            }
        }

        return null;
    }

    /// <summary>Something else may end the method before it comes to the release; that it is over already is the one good reason.</summary>
    private static bool Leaves(BaseMethodDeclarationSyntax member, ExpressionSyntax release) => member.DescendantNodes().Any(node => node.SpanStart < release.SpanStart
        && node is ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or GotoStatementSyntax or YieldStatementSyntax
        && !(node.FirstAncestorOrSelf<IfStatementSyntax>() is { Condition: var condition } && condition.ToString() is var text && (text.Contains("ispos") || text.Contains("losed"))));

    /// <summary>Told what to release, it releases one of several: one field does not remember them all.</summary>
    private static bool IsOfOneOfMany(BaseMethodDeclarationSyntax releasing, BalanceTarget target) => releasing.ParameterList.Parameters.Any(parameter =>
        target.Model.GetDeclaredSymbol(parameter, target.Cancellation) is not IParameterSymbol { Type: { SpecialType: SpecialType.System_Boolean } or { Name: "CancellationToken" } });

    private static bool Record(SyntaxEditor editor, ExpressionSyntax charge, string name)
    {
        StatementSyntax record = Statement($"{name} = true;");
        switch (charge.Parent)
        {
            case ExpressionStatementSyntax { Parent: BlockSyntax } statement:
                editor.InsertAfter(statement, record);
                return true;
            case ExpressionStatementSyntax statement:
                editor.ReplaceNode(statement, (current, _) => Block((StatementSyntax)current, record));
                return true;
            default:
                return false;
        }
    }

    private static bool Ask(SyntaxEditor editor, ExpressionSyntax release, string name)
    {
        if (release.Parent is ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax method } && method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword })
        {
            editor.ReplaceNode(method, method.WithExpressionBody(null).WithSemicolonToken(default).WithParameterList(method.ParameterList.WithTrailingTrivia(SyntaxFactory.ElasticMarker))
                .WithBody(SyntaxFactory.Block(Asking(SyntaxFactory.ExpressionStatement(release), name)).WithTrailingTrivia(method.GetTrailingTrivia())).WithAdditionalAnnotations(Formatter.Annotation));
            return true;
        }

        if (release.Parent is not ExpressionStatementSyntax statement) return false;
        IfStatementSyntax? guard = statement.Parent switch
        {
            IfStatementSyntax { Else: null } direct => direct,
            BlockSyntax { Statements.Count: 1, Parent: IfStatementSyntax { Else: null } around } => around,
            _ => null,
        };
        if (guard is not null && !Parts.IsPure(guard.Condition) || guard is null && statement.Parent is not BlockSyntax) return false;
        StatementSyntax given = (StatementSyntax?)guard ?? statement;
        if (given.Ancestors().Any(static a => a is IfStatementSyntax or ElseClauseSyntax)) return false;
        editor.ReplaceNode(given, Asking(statement, name).WithLeadingTrivia(given.GetLeadingTrivia()).WithTrailingTrivia(given.GetTrailingTrivia()));
        return true;
    }

    private static IfStatementSyntax Asking(StatementSyntax release, string name) => SyntaxFactory.IfStatement(
        SyntaxFactory.IdentifierName(name), Block(Statement($"{name} = false;"), release.WithoutTrivia())).WithAdditionalAnnotations(Formatter.Annotation);

    private static BlockSyntax Block(params StatementSyntax[] statements) =>
        SyntaxFactory.Block(statements.Select(static s => s.WithoutTrivia().WithTrailingTrivia(SyntaxFactory.ElasticMarker))).WithAdditionalAnnotations(Formatter.Annotation);

    private static StatementSyntax Statement(string text) => SyntaxFactory.ParseStatement(text).WithTrailingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);

    private static string Prefix(TypeDeclarationSyntax type)
    {
        List<string> peers = type.Members.OfType<FieldDeclarationSyntax>().Where(static f => !f.Modifiers.Any(SyntaxKind.StaticKeyword) && !f.Modifiers.Any(SyntaxKind.ConstKeyword))
            .SelectMany(static f => f.Declaration.Variables).Select(static v => v.Identifier.ValueText).ToList();
        if (peers.Any(static n => n.StartsWith("m_", System.StringComparison.Ordinal))) return "m_";
        return peers.Count == 0 || peers.Any(static n => n.StartsWith("_", System.StringComparison.Ordinal)) ? "_" : string.Empty;
    }
}
