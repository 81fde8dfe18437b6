using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs.Declared;

/// <summary>
/// An assembly that may carry annotations. Ours is known by its syntax, and bound member by member when needed; a referenced one is walked
/// once, attributes only.
/// </summary>
internal sealed class AnnotatedAssembly
{
    private readonly ImmutableArray<SyntaxNode> _nodes;
    private readonly ImmutableArray<ISymbol> _symbols;

    private AnnotatedAssembly(IAssemblySymbol assembly, ImmutableArray<SyntaxNode> nodes, ImmutableArray<ISymbol> symbols)
    {
        Assembly = assembly;
        _nodes = nodes;
        _symbols = symbols;
    }

    public IAssemblySymbol Assembly { get; }

    public static AnnotatedAssembly FromSource(IAssemblySymbol assembly, ImmutableArray<SyntaxNode> nodes) => new(assembly, nodes, ImmutableArray<ISymbol>.Empty);

    public static AnnotatedAssembly FromReference(
        IAssemblySymbol assembly,
        ImmutableHashSet<string>.Builder chargeNames,
        ImmutableHashSet<string>.Builder releaseNames,
        CancellationToken cancellationToken)
    {
        var symbols = ImmutableArray.CreateBuilder<ISymbol>();
        var pending = new Stack<INamespaceOrTypeSymbol>();
        pending.Push(assembly.GlobalNamespace);
        while (pending.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var member in pending.Pop().GetMembers())
            {
                if (member is INamespaceOrTypeSymbol container)
                    pending.Push(container);
                else if (member is IMethodSymbol method && CollectNames(method, chargeNames, releaseNames))
                    symbols.Add(method);
            }
        }
        return new(assembly, ImmutableArray<SyntaxNode>.Empty, symbols.ToImmutable());
    }

    public IEnumerable<ISymbol> AnnotatedSymbols(Compilation compilation) =>
        _symbols.Concat(_nodes.SelectMany(node => Bind(node, compilation))).Distinct<ISymbol>(SymbolEqualityComparer.Default);

    /// <summary>The symbols that a declaration with an attribute of ours makes. Each tree is the compilation's, so its model is the driver's own.</summary>
    private static IEnumerable<ISymbol> Bind(SyntaxNode node, Compilation compilation)
    {
        if (!compilation.ContainsSyntaxTree(node.SyntaxTree))
            yield break;
        var model = SemanticModels.Of(node.SyntaxTree, compilation);
        switch (node)
        {
            case FieldDeclarationSyntax field:
                foreach (var variable in field.Declaration.Variables)
                {
                    if (model.GetDeclaredSymbol(variable) is { } symbol)
                        yield return symbol;
                }
                break;
            case TypeDeclarationSyntax type:
                // An attribute with the target 'method' belongs to the primary constructor.
                if (model.GetDeclaredSymbol(type) is INamedTypeSymbol declared)
                {
                    foreach (var constructor in declared.InstanceConstructors)
                        yield return constructor;
                }
                break;
            case BaseMethodDeclarationSyntax method:
                if (model.GetDeclaredSymbol(method) is { } declaredMethod)
                    yield return declaredMethod.PartialDefinitionPart ?? declaredMethod;
                break;
        }
    }

    private static bool CollectNames(IMethodSymbol method, ImmutableHashSet<string>.Builder chargeNames, ImmutableHashSet<string>.Builder releaseNames)
    {
        var found = false;
        foreach (var attribute in method.GetAttributes())
        {
            if (Annotations.Is(attribute, Annotations.Charge))
            {
                chargeNames.Add(method.SourceName());
                if (Annotations.Named<string>(attribute, "ReleasedBy") is { } releasedBy)
                    releaseNames.Add(releasedBy);
                found = true;
            }
            else if (Annotations.Is(attribute, Annotations.Release))
            {
                releaseNames.Add(method.SourceName());
                found = true;
            }
        }
        return found;
    }
}
