using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>A plain access becomes <c>Volatile.Read</c> or <c>Volatile.Write</c>. An assignment whose value is used is left alone: a write has none.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AccessAsVolatileFixer)), Shared]
public sealed class AccessAsVolatileFixer : SharedMemoryCodeFix
{
    public const string Key_Volatile = "PinAnalyzers.AccessAsVolatile";

    public AccessAsVolatileFixer()
        : base(("Access it as volatile", Key_Volatile))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3001", "PIN3002", "PIN3016");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.At is not ExpressionSyntax at) return null;
        ExpressionSyntax cell = VolatileForms.Bare(at), outer = VolatileForms.Outermost(at);
        VolatileForms forms = new(target.Model, cell);
        // A reference to a volatile field is not volatile any more, and the field needs none of this.
        if (target.Model.GetSymbolInfo(cell, target.Cancellation).Symbol is IFieldSymbol { IsVolatile: true } or IPropertySymbol { RefKind: RefKind.None }) return null;
        switch (outer.Parent)
        {
            case AssignmentExpressionSyntax assignment when assignment.Left == outer:
                if (!assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) || !IsStatement(assignment)) return null;
                return forms.Write(assignment.Right) is { } write ? target.Root.ReplaceNode(assignment, write.WithTriviaFrom(assignment)) : null;
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression or (int)SyntaxKind.AddressOfExpression }:
            case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression }:
            case ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None }:
            case ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax swap } tuple } when swap.Left == tuple:
            case RefExpressionSyntax:
                return null;
        }

        if (forms.Read() is not { } read) return null;
        // A cast binds less tightly than what may follow it.
        if (read is CastExpressionSyntax && outer.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax) read = SyntaxFactory.ParenthesizedExpression(read);
        return target.Root.ReplaceNode(outer, read.WithTriviaFrom(outer));
    }

    private static bool IsStatement(ExpressionSyntax assignment) => assignment.Parent switch
    {
        ExpressionStatementSyntax => true,
        ForStatementSyntax => true,
        // The compiler is asked whether the body may be a call that returns nothing.
        ArrowExpressionClauseSyntax or LambdaExpressionSyntax => true,
        _ => false,
    };
}
