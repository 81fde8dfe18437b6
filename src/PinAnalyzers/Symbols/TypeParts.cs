using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Symbols;

/// <summary>
/// An outermost type over all its parts. Nested types belong to it, since they see its private members; generated parts do, since they may give back what
/// the written ones took. Nothing is bound until it is asked for.
/// </summary>
internal sealed class TypeParts
{
    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellation;
    private ImmutableArray<TypeMember> _members;

    public TypeParts(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        Type = type;
        _compilation = compilation;
        _cancellation = cancellation;

        // By file, not in the order in which the compiler was given the files: what is reported names the first that shows it.
        Declarations = type.DeclaringSyntaxReferences.OrderBy(static reference => reference.SyntaxTree.FilePath, StringComparer.Ordinal).ThenBy(static reference => reference.Span.Start)
            .Select(reference => reference.GetSyntax(cancellation)).OfType<TypeDeclarationSyntax>().ToImmutableArray();
    }

    public INamedTypeSymbol Type { get; }

    public ImmutableArray<TypeDeclarationSyntax> Declarations { get; }

    /// <summary>Everything in it that has a body or an initial value, in source order.</summary>
    public ImmutableArray<TypeMember> Members => _members.IsDefault ? _members = CollectMembers() : _members;

    public CancellationToken Cancellation => _cancellation;

    /// <summary>The type itself or one nested in it.</summary>
    public bool Declares(ISymbol member)
    {
        for (INamedTypeSymbol? type = member.ContainingType; type is not null; type = type.ContainingType)
        {
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, Type)) return true;
        }

        return false;
    }

    private ImmutableArray<TypeMember> CollectMembers()
    {
        ImmutableArray<TypeMember>.Builder members = ImmutableArray.CreateBuilder<TypeMember>();
        foreach (TypeDeclarationSyntax declaration in Declarations) Collect(declaration, members);
        return members.ToImmutable();
    }

    private void Collect(TypeDeclarationSyntax declaration, ImmutableArray<TypeMember>.Builder members)
    {
        foreach (MemberDeclarationSyntax member in declaration.Members)
        {
            switch (member)
            {
                case TypeDeclarationSyntax nested when !IsTooDeep(nested):
                    Collect(nested, members);
                    break;
                case BaseMethodDeclarationSyntax method when method.Body is not null || method.ExpressionBody is not null:
                    Add(method, method);
                    break;
                case BaseFieldDeclarationSyntax field:
                    foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
                    {
                        if (variable.Initializer is { } value) Add(value, variable);
                    }

                    break;
                case BasePropertyDeclarationSyntax property:
                    foreach (AccessorDeclarationSyntax accessor in property.AccessorList?.Accessors ?? default)
                    {
                        if (accessor.Body is not null || accessor.ExpressionBody is not null) Add(accessor, accessor);
                    }

                    if (ArrowOf(property) is { } arrow) Add(arrow, property);
                    if (property is PropertyDeclarationSyntax { Initializer: { } initial }) Add(initial, property);
                    break;
            }
        }

        void Add(SyntaxNode body, SyntaxNode declared) => members.Add(new TypeMember(body, declared, _compilation, _cancellation));
    }

    private static ArrowExpressionClauseSyntax? ArrowOf(BasePropertyDeclarationSyntax property) => property switch
    {
        PropertyDeclarationSyntax { ExpressionBody: { } arrow } => arrow,
        IndexerDeclarationSyntax { ExpressionBody: { } arrow } => arrow,
        _ => null,
    };

    private static bool IsTooDeep(SyntaxNode type) => type.Ancestors().Skip(BodyGraphs.MaxNesting).Any();
}

/// <summary>One body of a type, or one initial value, bound when first asked for.</summary>
internal sealed class TypeMember(SyntaxNode body, SyntaxNode declared, Compilation compilation, CancellationToken cancellation)
{
    private IOperation? _operation;
    private ImmutableArray<IOperation> _operations;
    private ISymbol? _symbol;
    private bool _isBound;

    /// <summary>The node that binds: a method, an accessor, the arrow of a property, the value of a field.</summary>
    public SyntaxNode Body { get; } = body;

    public SemanticModel Model => SemanticModels.Of(Body.SyntaxTree, compilation);

    /// <summary>The method, or the field or property whose initial value it is; of a property's arrow the getter.</summary>
    public ISymbol? Symbol => _symbol ??= Model.GetDeclaredSymbol(declared, cancellation) switch
    {
        IPropertySymbol { GetMethod: { } getter } when Body is ArrowExpressionClauseSyntax => getter,
        var symbol => symbol,
    };

    /// <summary>An accessor of a property or an event, or the arrow of a property.</summary>
    public bool IsAccessor => Body is AccessorDeclarationSyntax or ArrowExpressionClauseSyntax;

    /// <summary>Runs before anybody else can see the object.</summary>
    public bool IsConstruction => Body is ConstructorDeclarationSyntax or EqualsValueClauseSyntax;

    /// <summary>Does not parse: its author is still writing it.</summary>
    public bool IsBeingTyped => Body.ContainsDiagnostics && Body.GetDiagnostics().Any(static d => d.Severity == DiagnosticSeverity.Error);

    /// <summary>Null where it nests too deeply to be bound.</summary>
    public IOperation? Operation
    {
        get
        {
            if (_isBound) return _operation;
            _isBound = true;
            _operation = BodyGraphs.IsTooDeep(Body) ? null : Model.GetOperation(Body, cancellation);
            return _operation;
        }
    }

    /// <summary>Many questions are asked about one body; its tree is walked once.</summary>
    public ImmutableArray<IOperation> Operations => _operations.IsDefault ? _operations = Operation?.DescendantsAndSelf().ToImmutableArray() ?? ImmutableArray<IOperation>.Empty : _operations;

    /// <summary>The name stands in the body's text: as a whole word, perhaps in a comment only. Written with escapes it may be anywhere.</summary>
    public bool Mentions(string name) => IdentifierIndex.Of(Body.SyntaxTree.GetText(cancellation)).Mentions(name, Body.Span);
}
