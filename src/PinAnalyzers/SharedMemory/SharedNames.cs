using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// The names by which source may reach shared memory: annotated members, fields of annotated structs, mapping APIs, what is accessed through
/// <c>Volatile</c>, and the fields and methods that any of these is handed on by (<see cref="SharedCarriers"/>). Members that mention none of them
/// are never bound.
/// </summary>
internal static class SharedNames
{
    private const string Acquire = "AcquirePointer";
    private const string MappedFile = "MemoryMappedFile";

    private static readonly ImmutableArray<string> s_annotations = ImmutableArray.Create(
        Annotations.SharedMemory, Annotations.SharedMemory + "Attribute", Annotations.SharedIndex, Annotations.SharedIndex + "Attribute", Annotations.PrivateCopy, Annotations.PrivateCopy + "Attribute");

    private static readonly ImmutableArray<string> s_mappings = ImmutableArray.Create("mmap", "mmap64", "MapViewOfFile", "MapViewOfFileEx");

    /// <summary>All empty when no file mentions anything of interest. Notes in <paramref name="sites"/> where pointers are handed on, and to what methods.</summary>
    public static (ImmutableHashSet<string> Roots, VolatileCells Cells) Find(Compilation compilation, PinOptionsProvider options, SharedSites sites, CancellationToken cancellation)
    {
        HashSet<string> roots = [];
        VolatileCells cells = new();
        ImmutableArray<IAssemblySymbol> carriers = Annotations.Carriers(compilation);
        foreach (IAssemblySymbol carrier in carriers)
        {
            if (!SymbolEqualityComparer.Default.Equals(carrier, compilation.Assembly)) AddReferenced(carrier, roots, cancellation);
        }

        // One pass over every file; only where it finds a root are there further ones.
        bool isUsed = roots.Count > 0, isAcquired = false, isMapped = false;
        NameScan marks = new((carriers.IsEmpty ? ImmutableArray<string>.Empty : s_annotations).AddRange(s_mappings).Add("Volatile").Add(Acquire).Add(MappedFile));
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (string entry in options.For(tree).SharedMemoryApis) isUsed |= roots.Add(SimpleName(entry));
            foreach (SyntaxToken token in Tokens(tree, marks, cancellation))
            {
                switch (token.ValueText)
                {
                    case AtomicNames.Volatile when token.Parent?.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null:
                        AddCellsByOtherNames(tree, token.SpanStart, cells, cancellation);
                        break;
                    case AtomicNames.Volatile:
                        AddCell(token, cells);
                        break;
                    case Acquire:
                        isAcquired = true;
                        break;
                    case MappedFile:
                        isMapped = true;
                        break;
                    case var mapping when s_mappings.Contains(mapping):
                        // The import itself, under whatever name, or a call of one that a library declares. A string says it only in an attribute.
                        if (token.Parent?.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { Body: null, ExpressionBody: null } import) isUsed |= roots.Add(import.Identifier.ValueText);
                        else if (NamedCalls.CallOf(token) is not null) isUsed |= roots.Add(mapping);
                        break;
                    case var annotation when s_annotations.Contains(annotation):
                        isUsed |= AddAnnotated(token, roots);
                        break;
                }
            }
        }

        // Without mapped files the pointers of buffers are nobody else's.
        if (isAcquired && isMapped) isUsed |= roots.Add(Acquire) | roots.Add(MappedFile);
        sites.HasRoots = isUsed;
        sites.Origins = roots.ToImmutableHashSet();
        if (isUsed) sites.Handed = SharedCarriers.Add(compilation, roots, sites, cancellation);
        return (roots.ToImmutableHashSet(), cells);
    }

    /// <summary>Identifiers, and the strings by which entry points are named.</summary>
    public static IEnumerable<SyntaxToken> Tokens(SyntaxTree tree, NameScan scan, CancellationToken cancellation)
    {
        ImmutableArray<int> hits = scan.Find(tree.GetText(cancellation));
        if (hits.IsEmpty) yield break;
        SyntaxNode root = tree.GetRoot(cancellation);
        foreach (int hit in hits)
        {
            SyntaxToken token = root.FindToken(hit);
            if (token.IsKind(SyntaxKind.IdentifierToken) || token.IsKind(SyntaxKind.StringLiteralToken)) yield return token;
        }
    }

    /// <summary>What <c>Volatile</c> is asked to access.</summary>
    private static void AddCell(SyntaxToken token, VolatileCells cells)
    {
        if (token.Parent?.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { ArgumentList.Arguments: { Count: > 0 } arguments } call && NameOf(arguments[0].Expression) is { } cell) cells.Add(call, cell);
    }

    /// <summary>In a file with an alias for <c>Volatile</c>, or which calls its methods by their names alone.</summary>
    private static void AddCellsByOtherNames(SyntaxTree tree, int directive, VolatileCells cells, CancellationToken cancellation)
    {
        SyntaxNode root = tree.GetRoot(cancellation);
        foreach (int hit in AtomicNames.Find(tree, ImmutableArray.Create(directive)))
        {
            if (root.FindToken(hit).Parent?.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { ArgumentList.Arguments: { Count: > 0 } arguments } call
                && AtomicNames.Of(tree).CallOf(call) is (AtomicNames.Volatile, _) && NameOf(arguments[0].Expression) is { } cell) cells.Add(call, cell);
        }
    }

    private static bool AddAnnotated(SyntaxToken token, HashSet<string> roots)
    {
        if (token.Parent?.FirstAncestorOrSelf<AttributeSyntax>() is not { Parent: AttributeListSyntax { Parent: { } declaration } }) return false;
        roots.Add(Annotations.SharedMemory);
        roots.Add(Annotations.SharedMemory + "Attribute");
        AddDeclared(declaration, roots);
        return true;
    }

    /// <summary>The name under which a cell is written in source: of its last member, or of the pointer or array.</summary>
    public static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        ElementAccessExpressionSyntax element => NameOf(element.Expression),
        PrefixUnaryExpressionSyntax unary => NameOf(unary.Operand),
        ParenthesizedExpressionSyntax parenthesized => NameOf(parenthesized.Expression),
        CastExpressionSyntax cast => NameOf(cast.Expression),
        RefExpressionSyntax reference => NameOf(reference.Expression),
        BinaryExpressionSyntax binary => NameOf(binary.Left),
        InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } => NameOf(arguments[0].Expression),
        _ => null,
    };

    private static void AddDeclared(SyntaxNode declaration, HashSet<string> names)
    {
        switch (declaration)
        {
            case BaseFieldDeclarationSyntax field:
                foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables) names.Add(variable.Identifier.ValueText);
                break;
            case PropertyDeclarationSyntax property:
                names.Add(property.Identifier.ValueText);
                break;
            case MethodDeclarationSyntax method:
                names.Add(method.Identifier.ValueText);
                break;
            case ParameterSyntax parameter:
                names.Add(parameter.Identifier.ValueText);
                break;
            case StructDeclarationSyntax type:
                names.Add(type.Identifier.ValueText);
                foreach (MemberDeclarationSyntax member in type.Members) AddDeclared(member, names);
                break;
        }
    }

    private static void AddReferenced(IAssemblySymbol assembly, HashSet<string> names, CancellationToken cancellation)
    {
        Stack<INamespaceOrTypeSymbol> pending = new();
        pending.Push(assembly.GlobalNamespace);
        while (pending.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            INamespaceOrTypeSymbol container = pending.Pop();
            bool isShared = container is INamedTypeSymbol { TypeKind: TypeKind.Struct } && Annotations.Has(container, Annotations.SharedMemory);
            foreach (ISymbol member in container.GetMembers())
            {
                if (member is INamespaceOrTypeSymbol inner) pending.Push(inner);
                else if (isShared && member is IFieldSymbol) names.Add(member.Name);
                else if (member is IFieldSymbol or IPropertySymbol && (Annotations.Has(member, Annotations.SharedMemory) || Annotations.Has(member, Annotations.SharedIndex))) names.Add(member.Name);
                else if (member is IMethodSymbol method && SharedAnnotations.OfReturn(method) is not null) names.Add(member.Name);
            }
        }
    }

    /// <summary>The simple name in a documentation id.</summary>
    private static string SimpleName(string entry)
    {
        int end = entry.IndexOf('(');
        string path = end < 0 ? entry : entry.Substring(0, end);
        string name = path.Substring(path.LastIndexOf('.') + 1);
        int arity = name.IndexOf('`');
        return arity < 0 ? name : name.Substring(0, arity);
    }
}
