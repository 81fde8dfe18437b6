using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>PIN3008: a local that is a whole copy becomes one that is fetched field by field, each once. Where a field has no volatile form there is no fix.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FetchFieldsFixer)), Shared]
public sealed class FetchFieldsFixer : SharedMemoryCodeFix
{
    public const string Key_FetchFields = "PinAnalyzers.FetchFields";

    public FetchFieldsFixer()
        : base(("Fetch it field by field", Key_FetchFields))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3008");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.At is not ExpressionSyntax at || VolatileForms.Outermost(at).Parent is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } } local }
            || local.Parent?.Parent is not LocalDeclarationStatementSyntax { Parent: BlockSyntax } statement || target.Model.GetTypeInfo(at, target.Cancellation).Type is not INamedTypeSymbol { TypeKind: TypeKind.Struct } type) return null;
        List<StatementSyntax> statements = [Statement($"{type.ToMinimalDisplayString(target.Model, at.SpanStart)} {local.Identifier.Text} = default;").WithLeadingTrivia(statement.GetLeadingTrivia())];
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic && !field.IsConst))
        {
            if (field.IsReadOnly || field.IsVolatile || MemberOf(VolatileForms.Bare(at), field.Name) is not { } member || new VolatileForms(target.Model, member, field.Type, at.SpanStart).Read() is not { } read) return null;
            statements.Add(Statement($"{local.Identifier.Text}.{field.Name} = {read};"));
        }

        statements[statements.Count - 1] = statements[statements.Count - 1].WithTrailingTrivia(statement.GetTrailingTrivia());
        return target.Root.ReplaceNode(statement, statements);
    }

    /// <summary>The member of the struct at a place that may be named again: naming it does nothing.</summary>
    private static ExpressionSyntax? MemberOf(ExpressionSyntax cell, string name) => cell switch
    {
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PointerIndirectionExpression, Operand: IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax or ThisExpressionSyntax } } pointer
            => SyntaxFactory.ParseExpression($"{pointer.Operand.WithoutTrivia()}->{name}"),
        IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax or ThisExpressionSyntax or MemberAccessExpressionSyntax } or ElementAccessExpressionSyntax { Expression: IdentifierNameSyntax, ArgumentList.Arguments: { Count: 1 } }
            when !cell.DescendantNodes().Any(static node => node is InvocationExpressionSyntax or AssignmentExpressionSyntax || node.IsKind(SyntaxKind.PostIncrementExpression) || node.IsKind(SyntaxKind.PreIncrementExpression))
            => SyntaxFactory.ParseExpression($"{cell.WithoutTrivia()}.{name}"),
        _ => null,
    };
}
