using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Balance.Races;

/// <summary>A plain access of a field that is updated atomically becomes atomic: <c>Interlocked</c> for a write, <c>Volatile.Read</c> for a read.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseInterlockedFixer)), Shared]
public sealed class UseInterlockedFixer : BalanceCodeFix
{
    public const string Key_Interlocked = "PinAnalyzers.UseInterlocked";

    public UseInterlockedFixer()
        : base("Access atomically", Key_Interlocked)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1016");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (target.Sites.At is not ExpressionSyntax field || target.Model.GetSymbolInfo(field, target.Cancellation).Symbol is not IFieldSymbol { IsReadOnly: false } symbol) return null;
        if (IsRead(field)) return symbol.IsVolatile ? null : ReadAll(field, symbol, target);
        (ExpressionSyntax old, ExpressionSyntax? atomic) = Rewrite(field, symbol, target);
        return atomic is null || old.ContainsDirectives || IsChecked(old, target) ? null : target.Root.ReplaceNode(old, atomic.WithTriviaFrom(old));
    }

    private static (ExpressionSyntax Old, ExpressionSyntax? Atomic) Rewrite(ExpressionSyntax field, IFieldSymbol symbol, BalanceTarget target)
    {
        switch (field.Parent)
        {
            case AssignmentExpressionSyntax assignment when assignment.Left == field:
                return (assignment, Assigned(assignment, field, symbol, target));
            case PrefixUnaryExpressionSyntax step when step.IsKind(SyntaxKind.PreIncrementExpression) || step.IsKind(SyntaxKind.PreDecrementExpression):
                return (step, Parts.Call(target, "Interlocked", step.IsKind(SyntaxKind.PreIncrementExpression) ? "Increment" : "Decrement", field));
            case PostfixUnaryExpressionSyntax step when step.IsKind(SyntaxKind.PostIncrementExpression) || step.IsKind(SyntaxKind.PostDecrementExpression):
                // The value is the old one; the atomic form returns the new.
                return (step, Parts.IsUnused(step, target.Model) ? Parts.Call(target, "Interlocked", step.IsKind(SyntaxKind.PostIncrementExpression) ? "Increment" : "Decrement", field) : null);
            default:
                return (field, null);
        }
    }

    /// <summary>All reads of the member: the first is reported for all of them. A volatile field is read volatilely as it is, and may not be passed by reference.</summary>
    private static SyntaxNode ReadAll(ExpressionSyntax field, IFieldSymbol symbol, BalanceTarget target)
    {
        SyntaxNode member = field.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? target.Root;
        ExpressionSyntax[] reads = [.. member.DescendantNodes().OfType<ExpressionSyntax>().Where(read =>
            read.RawKind == field.RawKind && SyntaxFactory.AreEquivalent(read, field) && IsRead(read) && SymbolEqualityComparer.Default.Equals(target.Model.GetSymbolInfo(read, target.Cancellation).Symbol, symbol))];
        return target.Root.ReplaceNodes(reads, (read, _) => Parts.Call(target, "Volatile", "Read", read.WithoutTrivia()).WithTriviaFrom(read));
    }

    private static bool IsRead(ExpressionSyntax field) => !IsNamed(field) && field.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left != field,
        MemberAccessExpressionSyntax access => access.Name != field,
        ArgumentSyntax argument => argument.RefKindKeyword.RawKind == 0,
        PrefixUnaryExpressionSyntax unary => unary.Kind() is not (SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.AddressOfExpression),
        PostfixUnaryExpressionSyntax unary => unary.Kind() is not (SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression),
        RefExpressionSyntax or NameColonSyntax or MemberBindingExpressionSyntax => false,
        _ => true,
    };

    /// <summary>Throws where it overflows; what is atomic wraps.</summary>
    private static bool IsChecked(ExpressionSyntax update, BalanceTarget target) => target.Model.GetOperation(update, target.Cancellation) switch
    {
        ICompoundAssignmentOperation compound => compound.IsChecked,
        IIncrementOrDecrementOperation step => step.IsChecked,
        ISimpleAssignmentOperation { Value: IBinaryOperation sum } => sum.IsChecked,
        _ => false,
    };

    private static ExpressionSyntax? Assigned(AssignmentExpressionSyntax assignment, ExpressionSyntax field, IFieldSymbol symbol, BalanceTarget target)
    {
        ExpressionSyntax right = Parts.Bare(assignment.Right);
        switch (assignment.Kind())
        {
            case SyntaxKind.AddAssignmentExpression:
                return Parts.Call(target, "Interlocked", "Add", field, right);
            case SyntaxKind.SubtractAssignmentExpression:
                return IsSigned(symbol) ? Parts.Call(target, "Interlocked", "Add", field, Parts.Negated(right)) : null;
            case SyntaxKind.SimpleAssignmentExpression when right is BinaryExpressionSyntax sum && SyntaxFactory.AreEquivalent(sum.Left, field):
                if (Mentions(sum.Right, symbol, target)) return null;
                if (sum.IsKind(SyntaxKind.AddExpression)) return Parts.Call(target, "Interlocked", "Add", field, sum.Right);
                return sum.IsKind(SyntaxKind.SubtractExpression) && IsSigned(symbol) ? Parts.Call(target, "Interlocked", "Add", field, Parts.Negated(sum.Right)) : null;
            case SyntaxKind.SimpleAssignmentExpression:
                return Parts.IsUnused(assignment, target.Model) && !Mentions(right, symbol, target) ? Parts.Call(target, "Interlocked", "Exchange", field, right) : null;
            default:
                return null;
        }
    }

    private static bool Mentions(ExpressionSyntax value, IFieldSymbol symbol, BalanceTarget target)
    {
        foreach (SyntaxNode node in value.DescendantNodesAndSelf())
        {
            if (node is IdentifierNameSyntax name && name.Identifier.ValueText == symbol.Name && SymbolEqualityComparer.Default.Equals(target.Model.GetSymbolInfo(name, target.Cancellation).Symbol, symbol)) return true;
        }

        return false;
    }

    private static bool IsSigned(IFieldSymbol symbol) => symbol.Type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64;

    private static bool IsNamed(ExpressionSyntax field) => field.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } };
}
