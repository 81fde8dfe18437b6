using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Balance;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>PIN3009: a local that refers to the shared index becomes a copy of its value. A field would have to change its type, and who uses it with it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CopyCursorFixer)), Shared]
public sealed class CopyCursorFixer : SharedMemoryCodeFix
{
    public const string Key_CopyCursor = "PinAnalyzers.CopyCursor";

    public CopyCursorFixer()
        : base(("Copy the value", Key_CopyCursor))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3009");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.At is not VariableDeclaratorSyntax { Initializer.Value: RefExpressionSyntax { Expression: var cell }, Parent: VariableDeclarationSyntax { Variables.Count: 1, Type: RefTypeSyntax reference } declaration } local
            || local.FirstAncestorOrSelf<BlockSyntax>() is not { } block || new VolatileForms(target.Model, VolatileForms.Bare(cell)).Read() is not { } read) return null;
        // What is written to the reference goes to the other side, and so does what is passed on by reference. A loop that waits for the cell to change would wait for ever.
        if (Names.MayChange(block, local.Identifier.ValueText) || block.DescendantNodes().Any(node => ConditionOf(node) is { } condition && Names.Mentions(condition, local.Identifier.ValueText))) return null;
        return target.Root.ReplaceNode(declaration, declaration.WithType(reference.Type.WithTriviaFrom(reference))
            .WithVariables(SyntaxFactory.SingletonSeparatedList(local.WithInitializer(local.Initializer.WithValue(read.WithTriviaFrom(local.Initializer.Value))))));
    }

    private static ExpressionSyntax? ConditionOf(SyntaxNode node) => node switch
    {
        WhileStatementSyntax loop => loop.Condition,
        DoStatementSyntax loop => loop.Condition,
        ForStatementSyntax loop => loop.Condition,
        _ => null,
    };
}
