using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace PinAnalyzers.CodeFixes.Contract;

/// <summary>PIN4002: says what happened: the other status, or an exception that does not speak of memory.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RightStatusFixer))]
[Shared]
public sealed class RightStatusFixer() : ContractCodeFix("PIN4002", "Report what happened", Key_RightStatus)
{
    public const string Key_RightStatus = "PIN4002.RightStatus";

    private protected override SyntaxNode? Apply(SyntaxNode root, SyntaxNode at, string fix, Diagnostic diagnostic, SemanticModel model)
    {
        if (fix == "exception")
        {
            if (at.FirstAncestorOrSelf<ObjectCreationExpressionSyntax>() is not { Initializer: null } creation) return null;
            TypeSyntax type = SyntaxFactory.ParseTypeName("global::System.InvalidOperationException").WithTriviaFrom(creation.Type).WithAdditionalAnnotations(Simplifier.Annotation);
            return root.ReplaceNode(creation.Type, type);
        }

        SimpleNameSyntax? name = at switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            SimpleNameSyntax simple => simple,
            _ => null,
        };
        return name is null ? null : root.ReplaceNode(name, SyntaxFactory.IdentifierName(fix).WithTriviaFrom(name));
    }
}
