using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// What a name can stand for, looked up where it stands and not bound: to bind one name the compiler binds the whole body around it, with all that is known of its nulls, and throws that away.
/// </summary>
internal sealed class PossibleMeanings(Compilation compilation, CancellationToken cancellation)
{
    private readonly ConcurrentDictionary<(ITypeSymbol Type, string Name), ImmutableArray<ISymbol>> _members = new(MemberComparer.Instance);

    /// <summary>Null where that cannot be told by looking it up alone.</summary>
    /// <param name="name">A name in a body.</param>
    /// <param name="maybeExtension">What is called by it may be an extension of whatever stands before the dot.</param>
    public IEnumerable<ISymbol>? Of(SimpleNameSyntax name, bool maybeExtension)
    {
        if (SyntaxFacts.IsInNamespaceOrTypeContext(name)) return Enumerable.Empty<ISymbol>();
        switch (name.Parent)
        {
            case MemberAccessExpressionSyntax access when access.Name == name:
                return !maybeExtension && TypeOf(access) is { } type ? MembersOf(type, name.Identifier.ValueText) : null;
            case ArgumentSyntax or BinaryExpressionSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax
                or MemberAccessExpressionSyntax or CastExpressionSyntax or ParenthesizedExpressionSyntax or PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax or ConditionalExpressionSyntax
                or ConditionalAccessExpressionSyntax or AssignmentExpressionSyntax { Parent: not InitializerExpressionSyntax }:
                return MeaningsAt(name) is { IsEmpty: false } found ? found : null;
            default:
                return null;
        }
    }

    /// <summary>The variable of that name around it, or else the members of the types around it, or else a type; empty where neither is certain.</summary>
    private ImmutableArray<ISymbol> MeaningsAt(SimpleNameSyntax name)
    {
        if (BodyGraphs.IsTooDeep(name)) return ImmutableArray<ISymbol>.Empty;
        SemanticModel model = SemanticModels.Of(name.SyntaxTree, compilation);
        if (VariablesInScope.MayBe(name, name.Identifier.ValueText, out SyntaxNode? declaration))
            return declaration is not null && model.GetDeclaredSymbol(declaration, cancellation) is { } variable ? ImmutableArray.Create(variable) : ImmutableArray<ISymbol>.Empty;
        if (name.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } around) return ImmutableArray<ISymbol>.Empty;
        for (INamedTypeSymbol? type = model.GetDeclaredSymbol(around, cancellation); type is not null; type = type.ContainingType)
        {
            if (MembersOf(type, name.Identifier.ValueText) is { IsEmpty: false } members) return members;
        }

        return model.GetSpeculativeSymbolInfo(name.SpanStart, name, SpeculativeBindingOption.BindAsTypeOrNamespace).Symbol is INamedTypeSymbol named ? ImmutableArray.Create<ISymbol>(named) : ImmutableArray<ISymbol>.Empty;
    }

    /// <summary>The type of what stands before the dot, where a variable, a field, a property or a type does; null where it is not known, or any type may be meant.</summary>
    private ITypeSymbol? TypeOf(MemberAccessExpressionSyntax access)
    {
        cancellation.ThrowIfCancellationRequested();
        if (access.Expression is not IdentifierNameSyntax receiver || MeaningsAt(receiver) is not { Length: 1 } found) return null;
        ITypeSymbol? type = found[0] switch
        {
            ILocalSymbol local => local.Type,
            IParameterSymbol parameter => parameter.Type,
            IFieldSymbol field => field.Type,
            IPropertySymbol { IsIndexer: false } property => property.Type,
            INamedTypeSymbol named => named,
            _ => null,
        };
        if (access.IsKind(SyntaxKind.PointerMemberAccessExpression)) type = (type as IPointerTypeSymbol)?.PointedAtType;
        return type is INamedTypeSymbol { TypeKind: not (TypeKind.Error or TypeKind.Dynamic) } or IArrayTypeSymbol ? type : null;
    }

    private ImmutableArray<ISymbol> MembersOf(ITypeSymbol type, string name) => _members.GetOrAdd((type.OriginalDefinition, name), static asked =>
    {
        ImmutableArray<ISymbol>.Builder members = ImmutableArray.CreateBuilder<ISymbol>();
        for (ITypeSymbol? current = asked.Type; current is not null; current = current.BaseType) members.AddRange(current.GetMembers(asked.Name));
        foreach (INamedTypeSymbol contract in asked.Type.AllInterfaces) members.AddRange(contract.GetMembers(asked.Name));
        return members.ToImmutable();
    });

    private sealed class MemberComparer : IEqualityComparer<(ITypeSymbol Type, string Name)>
    {
        public static readonly MemberComparer Instance = new();

        public bool Equals((ITypeSymbol Type, string Name) x, (ITypeSymbol Type, string Name) y) => x.Name == y.Name && SymbolEqualityComparer.Default.Equals(x.Type, y.Type);

        public int GetHashCode((ITypeSymbol Type, string Name) key) => unchecked(SymbolEqualityComparer.Default.GetHashCode(key.Type) * 31 + key.Name.GetHashCode());
    }
}
