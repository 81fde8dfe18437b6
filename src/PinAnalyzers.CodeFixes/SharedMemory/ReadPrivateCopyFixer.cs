using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>PIN3012: what is read back is the field that the type declares as its copy of the index. A write to the other side's index has no right form.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReadPrivateCopyFixer)), Shared]
public sealed class ReadPrivateCopyFixer : SharedMemoryCodeFix
{
    public const string Key_ReadPrivateCopy = "PinAnalyzers.ReadPrivateCopy";

    public ReadPrivateCopyFixer()
        : base(("Read the private copy", Key_ReadPrivateCopy))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3012");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.At is not ExpressionSyntax at) return null;
        ExpressionSyntax cell = at;
        if (at is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Read" }, ArgumentList.Arguments: { Count: 1 } arguments }) cell = VolatileForms.Bare(arguments[0].Expression);
        else if (at is InvocationExpressionSyntax || VolatileForms.Outermost(at).Parent is AssignmentExpressionSyntax assignment && assignment.Left == VolatileForms.Outermost(at)) return null;
        if (IsPublishedAgain(at, cell)) return null;
        if (cell.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().LastOrDefault()?.Identifier.ValueText is not { } name || target.Model.GetTypeInfo(cell, target.Cancellation).Type is not { } type || !IsOfThis(cell, target)) return null;
        for (INamedTypeSymbol? owner = target.Model.GetEnclosingSymbol(at.SpanStart, target.Cancellation)?.ContainingType; owner is not null; owner = owner.BaseType)
        {
            IFieldSymbol? copy = owner.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => SymbolEqualityComparer.Default.Equals(field.Type, type) && IsCopyOf(field, name));
            if (copy is not null) return !IsKnownAs(copy, at.SpanStart, target) ? null : target.Root.ReplaceNode(at, SyntaxFactory.IdentifierName(copy.Name).WithTriviaFrom(at));
        }

        return null;
    }

    /// <summary>What is made of it is written to the same cell: the copy would have to be moved on too.</summary>
    private static bool IsPublishedAgain(ExpressionSyntax at, ExpressionSyntax cell) => at.Ancestors().TakeWhile(static node => node is not StatementSyntax).Select(static node => node switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left,
        InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 1 } arguments } => arguments[0].Expression,
        _ => null,
    }).OfType<ExpressionSyntax>().Any(target => SyntaxFactory.AreEquivalent(VolatileForms.Bare(target), cell));

    /// <summary>Reached from a member of the object whose copy is read, by its name or through a variable that holds no other.</summary>
    private static bool IsOfThis(ExpressionSyntax cell, SharedTarget target, int depth = 0)
    {
        if (cell.DescendantNodesAndSelf().FirstOrDefault(static node => node is IdentifierNameSyntax or ThisExpressionSyntax or BaseExpressionSyntax) is not IdentifierNameSyntax first) return true;
        return target.Model.GetSymbolInfo(first, target.Cancellation).Symbol switch
        {
            IFieldSymbol or IPropertySymbol or IMethodSymbol => true,
            ILocalSymbol { DeclaringSyntaxReferences: { Length: 1 } declared } => depth < 4 && declared[0].GetSyntax(target.Cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } value } && IsOfThis(value, target, depth + 1),
            _ => false,
        };
    }

    internal static bool IsKnownAs(IFieldSymbol copy, int position, SharedTarget target) =>
        target.Model.LookupSymbols(position, name: copy.Name) is { Length: 1 } found && SymbolEqualityComparer.Default.Equals(found[0].OriginalDefinition, copy.OriginalDefinition);

    internal static bool IsCopyOf(IFieldSymbol field, string index) =>
        field.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "PrivateCopyAttribute" && attribute.ConstructorArguments.FirstOrDefault().Value as string == index);
}
