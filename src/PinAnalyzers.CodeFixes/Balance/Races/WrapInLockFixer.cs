using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.Balance.Races;

/// <summary>Puts an update under the lock that guards the counter elsewhere: the same lock of the object that the counter belongs to here.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WrapInLockFixer)), Shared]
public sealed class WrapInLockFixer : BalanceCodeFix
{
    public const string Key_Lock = "PinAnalyzers.WrapInLock";

    public WrapInLockFixer()
        : base("Take the counter's lock", Key_Lock)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1020");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (target.Sites.At is not ExpressionSyntax counter || LockFor(counter, target) is not { } guard || IsLocked(guard, counter) || !CanBeLocked(guard, counter, target)) return null;
        ExpressionSyntax update = counter.Ancestors().OfType<ExpressionSyntax>().TakeWhile(static e => e is not AnonymousFunctionExpressionSyntax).LastOrDefault() ?? counter;
        switch (update.Parent)
        {
            case StatementSyntax statement and (ExpressionStatementSyntax or ReturnStatementSyntax) when IsQuiet(statement):
                return Joined(target.Root, guard, statement) ?? target.Root.ReplaceNode(statement, Locked(guard, statement).WithTriviaFrom(statement));
            case ArrowExpressionClauseSyntax arrow when IsQuiet(update):
                bool isVoid = Parts.IsUnused(update, target.Model);
                StatementSyntax inner = isVoid ? SyntaxFactory.ExpressionStatement(update.WithoutTrivia()) : SyntaxFactory.ReturnStatement(update.WithoutTrivia());
                return arrow.Parent is null ? null : WithBody(target.Root, arrow, Edits.BlockOf(Locked(guard, inner)));
            default:
                return null;
        }
    }

    /// <summary>By the fix of another target of the same statement.</summary>
    private static bool IsLocked(ExpressionSyntax guard, ExpressionSyntax counter) => counter.Ancestors().Any(around =>
        ((around as LockStatementSyntax)?.Expression ?? (around as UsingStatementSyntax)?.Expression) is { } held && SyntaxFactory.AreEquivalent(held, guard));

    /// <summary>Where the lock was just held for the statement before, it is held a little longer.</summary>
    private static SyntaxNode? Joined(SyntaxNode root, ExpressionSyntax guard, StatementSyntax statement)
    {
        if (statement.Parent is not BlockSyntax block || block.Statements.IndexOf(statement) is not (> 0 and var at) || block.Statements[at - 1] is not LockStatementSyntax { Statement: BlockSyntax held } taken || !TakesOnly(taken, guard)) return null;

        // What another fix has put there is not formatted yet.
        if (held.Statements.LastOrDefault() is { } last && !last.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia)) held = held.ReplaceNode(last, last.WithTrailingTrivia(last.GetTrailingTrivia().Add(Edits.EndOfLine(statement))));
        LockStatementSyntax both = taken.WithStatement(held.AddStatements(Edits.WithoutBlankLines(statement).WithAdditionalAnnotations(Formatter.Annotation)));
        return root.ReplaceNode(block, block.WithStatements(block.Statements.RemoveAt(at).RemoveAt(at - 1).Insert(at - 1, both)));
    }

    private static bool TakesOnly(LockStatementSyntax taken, ExpressionSyntax guard) =>
        SyntaxFactory.AreEquivalent(taken.Expression, guard) && !taken.ContainsDirectives && !Edits.HasComment(taken.Statement.GetLastToken().LeadingTrivia) && !Edits.HasComment(taken.GetTrailingTrivia());

    private static StatementSyntax Locked(ExpressionSyntax guard, StatementSyntax statement) =>
        guard is InvocationExpressionSyntax scope
            ? SyntaxFactory.UsingStatement(declaration: null, scope, Edits.BlockOf(statement.WithoutTrivia())).WithAdditionalAnnotations(Formatter.Annotation)
            : SyntaxFactory.LockStatement(guard, Edits.BlockOf(statement.WithoutTrivia())).WithAdditionalAnnotations(Formatter.Annotation);

    private static SyntaxNode? WithBody(SyntaxNode root, ArrowExpressionClauseSyntax arrow, BlockSyntax body)
    {
        SyntaxNode? changed = arrow.Parent switch
        {
            MethodDeclarationSyntax method => method.WithParameterList(method.ParameterList.WithTrailingTrivia()).WithExpressionBody(null).WithSemicolonToken(default).WithBody(body),
            LocalFunctionStatementSyntax function => function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(body),
            AccessorDeclarationSyntax accessor => accessor.WithExpressionBody(null).WithSemicolonToken(default).WithBody(body),
            _ => null,
        };
        return changed is null ? null : root.ReplaceNode(arrow.Parent!, changed.WithTriviaFrom(arrow.Parent!).WithAdditionalAnnotations(Formatter.Annotation));
    }

    /// <summary>The lock of the evidence, of the object that is updated here.</summary>
    private static ExpressionSyntax? LockFor(ExpressionSyntax counter, BalanceTarget target)
    {
        if (target.Properties.Template is { } stated) return Of(OwnerOf(counter), stated);
        if (target.Sites.Path.Length < 2 || target.Sites.Path[0] is not ExpressionSyntax evidence || target.Sites.Path[1] is not ExpressionSyntax at) return null;
        if (at is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "EnterScope", Expression: IdentifierNameSyntax entered } })
            return OwnerOf(evidence) is null && OwnerOf(counter) is null && target.Model.GetSymbolInfo(entered, target.Cancellation).Symbol is IFieldSymbol { Type.Name: "Lock" } ? at.WithoutTrivia() : null;
        if ((at.Parent is LockStatementSyntax ? at : LockedByMonitor(at)) is not { } guard) return null;
        switch (Parts.Bare(guard))
        {
            case TypeOfExpressionSyntax type:
                return type.WithoutTrivia();
            case IdentifierNameSyntax name when OwnerOf(evidence) is null or ThisExpressionSyntax && OwnerOf(counter) is null or ThisExpressionSyntax && target.Model.GetSymbolInfo(guard, target.Cancellation).Symbol is IFieldSymbol or IPropertySymbol:
                return name.WithoutTrivia();
            case MemberAccessExpressionSyntax access when OwnerOf(evidence) is { } owner && SyntaxFactory.AreEquivalent(owner, access.Expression) && OwnerOf(counter) is { } here:
                return Of(here, access.Name.Identifier.ValueText);
            case MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access when OwnerOf(evidence) is null or ThisExpressionSyntax && OwnerOf(counter) is null or ThisExpressionSyntax:
                return access.WithoutTrivia();
            default:
                return null;
        }
    }

    /// <summary>The same as <c>lock</c> in other words.</summary>
    private static ExpressionSyntax? LockedByMonitor(ExpressionSyntax at) =>
        at is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Enter" or "Exit", Expression: var type }, ArgumentList.Arguments: { Count: > 0 } arguments } && Parts.Bare(type) is IdentifierNameSyntax { Identifier.ValueText: "Monitor" } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Monitor" }
            ? arguments[0].Expression
            : null;

    private static ExpressionSyntax? OwnerOf(ExpressionSyntax field) => (Parts.Bare(field) as MemberAccessExpressionSyntax)?.Expression;

    private static ExpressionSyntax Of(ExpressionSyntax? owner, string name) => owner is null
        ? SyntaxFactory.IdentifierName(name)
        : SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, owner.WithoutTrivia(), SyntaxFactory.IdentifierName(name));

    /// <summary>Locks with methods of their own are not taken by <c>lock</c>; the compiler would lock the object around them.</summary>
    private static bool CanBeLocked(ExpressionSyntax guard, ExpressionSyntax counter, BalanceTarget target)
    {
        if (guard is TypeOfExpressionSyntax or InvocationExpressionSyntax) return true;
        ITypeSymbol? type = target.Model.GetSpeculativeTypeInfo(counter.SpanStart, guard, SpeculativeBindingOption.BindAsExpression).Type;
        return type is { IsReferenceType: true, TypeKind: not TypeKind.Error } && type.Name is not ("SemaphoreSlim" or "Semaphore" or "Mutex" or "ReaderWriterLock" or "ReaderWriterLockSlim") && Parts.IsPure(guard);
    }

    /// <summary>Nothing in it may wait, suspend or call out while the lock is held.</summary>
    private static bool IsQuiet(SyntaxNode node) => !node.ContainsDirectives && node.DescendantNodesAndSelf().All(static n => n is not (AwaitExpressionSyntax or InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or YieldStatementSyntax));
}
