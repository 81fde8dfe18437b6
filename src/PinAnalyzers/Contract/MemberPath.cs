using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>A member reached from an object through fields and properties: <c>copy.Limits.Mode</c> is <c>copy</c> with <c>Limits</c> and <c>Mode</c>.</summary>
/// <param name="Root">What the members are reached from.</param>
/// <param name="Members">The members, outermost object's first.</param>
internal sealed record MemberPath(IOperation Root, ImmutableArray<ISymbol> Members)
{
    /// <summary>The longest path that an expression is, or one of the given length.</summary>
    public static MemberPath? Of(IOperation operation, int length = int.MaxValue)
    {
        ImmutableArray<ISymbol>.Builder members = ImmutableArray.CreateBuilder<ISymbol>();
        while (members.Count < length && operation is IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true } && operation is IMemberReferenceOperation { Instance: { } instance } reference)
        {
            members.Insert(0, reference.Member);
            operation = instance;
        }

        return members.Count == 0 ? null : new MemberPath(operation, members.ToImmutable());
    }

    public bool EndsLike(MemberPath other) => Members.SequenceEqual(other.Members, SymbolEqualityComparer.Default);

    public bool HasRootOf(MemberPath other) =>
        Root is ILocalReferenceOperation { Local: var mine } && other.Root is ILocalReferenceOperation { Local: var theirs } && SymbolEqualityComparer.Default.Equals(mine, theirs);

    /// <summary>A new object, and the new objects that it makes for itself, leave the last member at its default.</summary>
    public bool IsUnsetIn(BaseObjectCreationExpressionSyntax creation, ITypeSymbol type, Compilation compilation) => IsUnsetIn(creation, type, compilation, 0);

    /// <summary>
    /// What a mention of the root may do to the last member. Reading another member, or setting one, leaves it as it is; whoever gets the root, or an object on the
    /// way, may set it.
    /// </summary>
    public bool MayBeSetThrough(IdentifierNameSyntax root)
    {
        ExpressionSyntax reached = root;
        foreach (ISymbol member in Members)
        {
            if (reached.Parent is not MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } access || access.Expression != reached) return true;
            if (name != member.Name) return access.Parent is InvocationExpressionSyntax or ArgumentSyntax { RefKindKeyword.RawKind: not 0 };
            reached = access;
        }

        return true;
    }

    private bool IsUnsetIn(BaseObjectCreationExpressionSyntax creation, ITypeSymbol type, Compilation compilation, int index) =>
        creation.ArgumentList is not { Arguments.Count: > 0 } && LeavesAlone(creation.Initializer, Members[index]) && IsUnsetIn(type, compilation, index);

    /// <summary>Nothing that runs on creation names the member, or it makes there a new object which leaves the rest of the path unset.</summary>
    private bool IsUnsetIn(ITypeSymbol type, Compilation compilation, int index)
    {
        ISymbol member = Members[index];
        if (type is not INamedTypeSymbol named || !SymbolEqualityComparer.Default.Equals(named.OriginalDefinition, member.ContainingType.OriginalDefinition)) return false;
        if (member.PartsIn(compilation).FirstOrDefault()?.GetSyntax() is not { } declaration || !IsPlain(declaration) || !IsNamedByNoConstructor(named, member)) return false;
        ExpressionSyntax? initial = InitialValueOf(declaration);
        if (index == Members.Length - 1) return initial is null;
        if (UnsetGuards.TypeOf(member) is not { } held) return false;
        return initial is null ? held.IsValueType && IsUnsetIn(held, compilation, index + 1) : initial is BaseObjectCreationExpressionSyntax creation && IsOfType(creation, held) && IsUnsetIn(creation, held, compilation, index + 1);
    }

    /// <summary>A field, or a property that is one.</summary>
    private static bool IsPlain(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax => true,
        PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: var accessors } => accessors?.Accessors.All(static a => a.Body is null && a.ExpressionBody is null) == true,
        _ => false,
    };

    private static ExpressionSyntax? InitialValueOf(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax { Initializer: { } initializer } => initializer.Value,
        PropertyDeclarationSyntax { Initializer: { } initializer } => initializer.Value,
        _ => null,
    };

    /// <summary>By name: a class derived from the member's type may set more.</summary>
    private static bool IsOfType(BaseObjectCreationExpressionSyntax creation, ITypeSymbol type) =>
        creation is ImplicitObjectCreationExpressionSyntax || creation is ObjectCreationExpressionSyntax { Type: SimpleNameSyntax { Identifier.ValueText: var name } } && name == type.Name;

    private static bool LeavesAlone(InitializerExpressionSyntax? initializer, ISymbol member) =>
        initializer is null || initializer.Expressions.All(expression => expression is AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } && name.Identifier.ValueText != member.Name);

    private static bool IsNamedByNoConstructor(INamedTypeSymbol type, ISymbol member)
    {
        IMethodSymbol? constructor = type.InstanceConstructors.FirstOrDefault(static c => c.Parameters.IsEmpty);
        if (constructor is null) return false;
        if (constructor.IsImplicitlyDeclared) return true;
        return constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ConstructorDeclarationSyntax { Initializer: null } declaration
            && declaration.DescendantNodes().OfType<SimpleNameSyntax>().All(name => name.Identifier.ValueText != member.Name)
            && !declaration.DescendantNodes().Any(static node => node.IsKind(SyntaxKind.InvocationExpression));
    }
}
