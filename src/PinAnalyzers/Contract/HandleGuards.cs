using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>
/// What speaks for a field that keeps a handle between calls, where the walk itself has lost sight of it: an assignment or a test before the call, a member of the
/// same type that looks after the field, or that only constructors come here. By syntax: asked only about what would be reported otherwise.
/// </summary>
internal static class HandleGuards
{
    public static bool Vouch(ContractContext context, IFieldReferenceOperation handle, ISymbol owner) =>
        SemanticModels.Of(handle.Syntax.SyntaxTree, context.Compilation) is var model && handle.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } body
        && (body.DescendantNodes().Where(node => node.SpanStart < handle.Syntax.SpanStart).Any(node => Vouches(context, node, handle, model)) || IsOnlyConstructing(owner, context.Compilation));

    private static bool Vouches(ContractContext context, SyntaxNode node, IFieldReferenceOperation handle, SemanticModel model) => node switch
    {
        AssignmentExpressionSyntax { Left: var target } => Names(target, handle),
        IfStatementSyntax test => test.Condition.DescendantNodesAndSelf().Any(part => Names(part, handle)) && (test.Span.Contains(handle.Syntax.Span) || Leaves(test.Statement)),
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } argument => argument.DescendantNodes().Any(part => Names(part, handle)) && IsCheck(call),
        SimpleNameSyntax { Parent: not ArgumentSyntax { RefKindKeyword.RawKind: not 0 } } name => LooksAfter(context, name, handle, model),
        _ => false,
    };

    /// <summary><c>Debug.Assert(_handle == 0)</c>, <c>ThrowIfNotEqual(_handle, 0)</c>, <c>Interlocked.Exchange(ref _handle, 0)</c>.</summary>
    private static bool IsCheck(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => IsCheckName(access.Name.Identifier.ValueText),
        SimpleNameSyntax name => IsCheckName(name.Identifier.ValueText),
        _ => false,
    };

    private static bool IsCheckName(string name) => name.Contains("Assert") || name.StartsWith("ThrowIf", StringComparison.Ordinal) || name.Contains("Exchange") || name is "Requires" or "Ensure" or "Check";

    /// <summary>A member of the same type whose body mentions the field, other than to have it filled: it closes what was open, or says whether it is.</summary>
    private static bool LooksAfter(ContractContext context, SimpleNameSyntax name, IFieldReferenceOperation handle, SemanticModel model)
    {
        if (name.Identifier.ValueText == handle.Field.Name || !handle.Field.ContainingType.MemberNames.Contains(name.Identifier.ValueText)) return false;
        if (model.GetSymbolInfo(name).Symbol is not { Kind: SymbolKind.Method or SymbolKind.Property } member || !SymbolEqualityComparer.Default.Equals(member.ContainingType.OriginalDefinition, handle.Field.ContainingType.OriginalDefinition)) return false;
        return member.PartsIn(context.Compilation).SelectMany(static reference => reference.GetSyntax().DescendantNodes()).OfType<IdentifierNameSyntax>().Any(mention =>
            mention.Identifier.ValueText == handle.Field.Name && !IsFilled(context, mention, model));
    }

    private static bool IsFilled(ContractContext context, IdentifierNameSyntax mention, SemanticModel model)
    {
        SyntaxNode whole = mention.Parent is MemberAccessExpressionSyntax access && access.Name == mention ? access : mention;
        if (whole.Parent is not ArgumentSyntax { RefKindKeyword.RawKind: not 0, Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } list } argument) return false;
        SemanticModel own = model.SyntaxTree == call.SyntaxTree ? model : SemanticModels.Of(call.SyntaxTree, context.Compilation);
        int index = list.Arguments.IndexOf(argument);
        return own.GetSymbolInfo(call).Symbol is IMethodSymbol method && index < method.Parameters.Length && context.Parameters.Of(method.Parameters[index]).MustBeZero;
    }

    /// <summary>A private method that nothing but constructors of its type calls.</summary>
    private static bool IsOnlyConstructing(ISymbol owner, Compilation compilation)
    {
        if (owner is not IMethodSymbol { DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary } method) return false;
        bool isCalled = false;
        foreach (SyntaxReference part in method.ContainingType.PartsIn(compilation))
        {
            foreach (SimpleNameSyntax name in part.GetSyntax().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (name.Identifier.ValueText != method.Name || !SymbolEqualityComparer.Default.Equals(SemanticModels.Of(name.SyntaxTree, compilation).GetSymbolInfo(name).Symbol?.OriginalDefinition, method)) continue;
                if (name.FirstAncestorOrSelf<SyntaxNode>(static node => node is MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax) is not ConstructorDeclarationSyntax) return false;
                isCalled = true;
            }
        }

        return isCalled;
    }

    private static bool Names(SyntaxNode node, IFieldReferenceOperation handle) => node switch
    {
        IdentifierNameSyntax { Parent: MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } } => false,
        IdentifierNameSyntax { Parent: not MemberAccessExpressionSyntax } name => name.Identifier.ValueText == handle.Field.Name,
        IdentifierNameSyntax { Parent: MemberAccessExpressionSyntax access } name => access.Expression == name && name.Identifier.ValueText == handle.Field.Name,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var own } => own == handle.Field.Name,
        _ => false,
    };

    private static bool Leaves(StatementSyntax statement) => statement switch
    {
        ReturnStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax or GotoStatementSyntax => true,
        BlockSyntax { Statements: { Count: > 0 } all } => Leaves(all[all.Count - 1]),
        _ => false,
    };
}
