using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace PinAnalyzers.Balance.Types;

/// <summary>Writes a release into a disposal: into a body that is there, or as a member that was missing.</summary>
internal static class DisposalEdit
{
    /// <summary>The method with the release as the last thing it does; null where not every way through it comes there.</summary>
    public static MethodDeclarationSyntax? Complete(MethodDeclarationSyntax method, ReleaseText release)
    {
        if (method.ContainsDirectives || method.ContainsDiagnostics) return null;
        if (method.Body is null) return method.ExpressionBody is null ? null : Complete(WithBlock(method), release);
        BlockSyntax body = method.Body;
        if (method.ParameterList.Parameters.Count == 1)
        {
            if (method.ParameterList.Parameters[0].Identifier.ValueText is var disposing && release.IsManaged)
            {
                if (body.Statements.OfType<IfStatementSyntax>().FirstOrDefault(i => i.Else is null && i.Condition is IdentifierNameSyntax name && name.Identifier.ValueText == disposing) is { Statement: BlockSyntax inner } branch)
                    return method.ReplaceNode(branch, branch.WithStatement(inner.WithStatements(Forgetting.Place(inner.Statements, inner.Statements.Count, Parse(release.Statements), release.Storage)).WithAdditionalAnnotations(Formatter.Annotation)));
                return Insert(method, body, Parse($"if ({disposing})\n{{\n{release.Statements}\n}}"), release.Storage);
            }
        }

        return Insert(method, body, Parse(release.Statements), release.Storage);
    }

    public static MemberDeclarationSyntax NewOverride(IMethodSymbol overridden, ReleaseText release, SyntaxTrivia newLine)
    {
        string parameter = overridden.Parameters.Length == 1 ? overridden.Parameters[0].Name : "";
        string statements = release.IsManaged && parameter.Length > 0 ? $"if ({parameter})\n{{\n{release.Statements}\n}}" : release.Statements;
        string access = overridden.DeclaredAccessibility == Accessibility.Public ? "public" : "protected";
        string signature = parameter.Length > 0 ? $"Dispose(bool {parameter})" : "Dispose()";
        string rest = overridden.IsAbstract ? "" : $"base.Dispose({parameter});\n";
        return Member($"{access} override {Unsafe(release)}void {signature}\n{{\n{statements}\n{rest}}}", newLine);
    }

    /// <summary>A sealed type needs no more than <c>Dispose</c>; one that may be inherited from gets the whole pattern.</summary>
    public static IEnumerable<MemberDeclarationSyntax> NewDisposal(bool isSealed, ReleaseText release, SyntaxTrivia newLine)
    {
        if (isSealed)
        {
            yield return Member($"public {Unsafe(release)}void Dispose()\n{{\n{release.Statements}\n}}", newLine);
            yield break;
        }

        yield return Member("public void Dispose()\n{\nDispose(disposing: true);\nglobal::System.GC.SuppressFinalize(this);\n}", newLine);
        string statements = release.IsManaged ? $"if (disposing)\n{{\n{release.Statements}\n}}" : release.Statements;
        yield return Member($"protected virtual {Unsafe(release)}void Dispose(bool disposing)\n{{\n{statements}\n}}", newLine);
    }

    private static string Unsafe(ReleaseText release) => release.NeedsUnsafe ? "unsafe " : "";

    private static MethodDeclarationSyntax? Insert(MethodDeclarationSyntax method, BlockSyntax body, StatementSyntax[] statements, string storage)
    {
        int end = body.Statements.Count;
        while (end > 0 && IsLast(body.Statements[end - 1])) end--;
        // After a guard that leaves at once nothing is owed any more; a return further on would skip the release.
        int first = body.Statements.TakeWhile(IsGuard).Count();
        if (body.Statements.Skip(first).Take(end - first).Any(static s => s.DescendantNodesAndSelf(static n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(static n => n is ReturnStatementSyntax or ThrowStatementSyntax or YieldStatementSyntax))) return null;
        return method.WithBody(body.WithStatements(Forgetting.Place(body.Statements, System.Math.Max(first, end), statements, storage))).WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static bool IsGuard(StatementSyntax statement) => statement is IfStatementSyntax { Else: null, Statement: ReturnStatementSyntax or BlockSyntax { Statements: { Count: 1 } } } guard
        && guard.Statement.DescendantNodesAndSelf().OfType<ReturnStatementSyntax>().Any() && guard.Condition.ToString().IndexOf("isposed", System.StringComparison.Ordinal) >= 0;

    /// <summary>What ends a disposal: the base class's turn, the finalizer's, the task that says it is done.</summary>
    private static bool IsLast(StatementSyntax statement) => statement switch
    {
        ReturnStatementSyntax => true,
        ExpressionStatementSyntax { Expression: var call } => call.ToString() is var text && (text.StartsWith("base.Dispose", System.StringComparison.Ordinal) || text.Contains("SuppressFinalize") || text.StartsWith("await base.", System.StringComparison.Ordinal)),
        _ => false,
    };

    private static MethodDeclarationSyntax WithBlock(MethodDeclarationSyntax method)
    {
        ExpressionSyntax value = method.ExpressionBody!.Expression.WithoutTrivia();
        bool isVoid = method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
        StatementSyntax statement = isVoid ? SyntaxFactory.ExpressionStatement(value) : SyntaxFactory.ReturnStatement(value.WithLeadingTrivia(SyntaxFactory.Space));
        return method.WithParameterList(method.ParameterList.WithTrailingTrivia()).WithExpressionBody(null).WithSemicolonToken(default)
            .WithBody(Edits.BlockOf(statement)).WithTriviaFrom(method).WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static StatementSyntax[] Parse(string statements) => ((BlockSyntax)SyntaxFactory.ParseStatement($"{{\n{statements}\n}}")).Statements
        .Select(static s => s.WithoutTrivia().WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithTrailingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation)).ToArray();

    private static MemberDeclarationSyntax Member(string text, SyntaxTrivia newLine) => SyntaxFactory.ParseMemberDeclaration(text)!
        .WithLeadingTrivia(newLine).WithTrailingTrivia(newLine).WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);
}
