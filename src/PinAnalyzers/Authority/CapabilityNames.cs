using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>
/// The names by which source may ask for a capability: known ones, annotated and configured ones, and source members that hand such an answer on.
/// Members that mention none of them are never bound.
/// </summary>
internal static class CapabilityNames
{
    private const int Rounds = 2;

    /// <summary>A name that many members share says nothing.</summary>
    private const int TooCommon = 20;

    /// <summary>Empty when no file mentions a capability.</summary>
    public static ImmutableHashSet<string> Find(Compilation compilation, PinOptionsProvider options, CancellationToken cancellation)
    {
        ImmutableHashSet<string>.Builder all = CapabilityChecks.Names.ToBuilder();
        ImmutableArray<IAssemblySymbol> carriers = Annotations.Carriers(compilation);
        foreach (IAssemblySymbol carrier in carriers)
        {
            if (!SymbolEqualityComparer.Default.Equals(carrier, compilation.Assembly)) AddAnnotated(carrier, all, cancellation);
        }

        NameScan attributes = new([Annotations.CapabilityCheck, Annotations.CapabilityCheck + "Attribute"]);
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            foreach (string entry in options.For(tree).CapabilityChecks) all.Add(SimpleName(entry));
            if (carriers.IsEmpty) continue;
            foreach (SyntaxNode member in MembersAt(tree, attributes.Find(tree.GetText(cancellation)), cancellation)) AddName(member, all);
        }

        AddImports(compilation, all, cancellation);
        return WithWrappers(compilation, all.ToImmutable(), cancellation);
    }

    private static ImmutableHashSet<string> WithWrappers(Compilation compilation, ImmutableHashSet<string> known, CancellationToken cancellation)
    {
        ImmutableHashSet<string> all = known, names = known;
        bool isMentioned = false;
        for (int round = 0; round < Rounds && !names.IsEmpty; round++)
        {
            Dictionary<string, int> found = [];
            NameScan scan = new(names);
            foreach (SyntaxTree tree in compilation.SyntaxTrees)
            {
                ImmutableArray<int> hits = scan.Find(tree.GetText(cancellation));
                isMentioned |= !hits.IsEmpty;
                foreach (SyntaxNode member in MembersAt(tree, hits, cancellation))
                {
                    if (NameOf(member) is not { } name || !MayAnswer(member) || all.Contains(name)) continue;
                    found.TryGetValue(name, out int count);
                    found[name] = count + 1;
                }
            }

            if (!isMentioned) return ImmutableHashSet<string>.Empty;
            names = found.Where(static pair => pair.Value <= TooCommon).Select(static pair => pair.Key).ToImmutableHashSet();
            all = all.Union(names);
        }

        return all;
    }

    /// <summary>Members, each once, in which a hit lies.</summary>
    private static IEnumerable<SyntaxNode> MembersAt(SyntaxTree tree, ImmutableArray<int> hits, CancellationToken cancellation)
    {
        if (hits.IsEmpty) yield break;
        SyntaxNode root = tree.GetRoot(cancellation);
        SyntaxNode? last = null;
        foreach (int hit in hits)
        {
            SyntaxToken token = root.FindToken(hit);
            if (!token.IsKind(SyntaxKind.IdentifierToken)) continue;
            SyntaxNode? member = token.Parent?.AncestorsAndSelf().FirstOrDefault(static n => n is MemberDeclarationSyntax or LocalFunctionStatementSyntax);
            if (member is null || member == last) continue;
            last = member;
            yield return member;
        }
    }

    /// <summary>Imports may call an entry point by another name.</summary>
    private static void AddImports(Compilation compilation, ImmutableHashSet<string>.Builder names, CancellationToken cancellation)
    {
        NameScan scan = new(["geteuid", "getuid", "capget"]);
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            ImmutableArray<int> hits = scan.Find(tree.GetText(cancellation));
            if (hits.IsEmpty) continue;
            SyntaxNode root = tree.GetRoot(cancellation);
            foreach (int hit in hits)
            {
                if (root.FindToken(hit).Parent?.FirstAncestorOrSelf<AttributeSyntax>()?.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } import) names.Add(import.Identifier.ValueText);
            }
        }
    }

    private static void AddAnnotated(IAssemblySymbol assembly, ImmutableHashSet<string>.Builder names, CancellationToken cancellation)
    {
        Stack<INamespaceOrTypeSymbol> pending = new();
        pending.Push(assembly.GlobalNamespace);
        while (pending.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ISymbol member in pending.Pop().GetMembers())
            {
                if (member is INamespaceOrTypeSymbol container) pending.Push(container);
                else if (member is IMethodSymbol or IPropertySymbol && Annotations.Has(member, Annotations.CapabilityCheck)) names.Add(member.Name);
            }
        }
    }

    private static void AddName(SyntaxNode member, ImmutableHashSet<string>.Builder names)
    {
        if (NameOf(member) is { } name) names.Add(name);
    }

    private static string? NameOf(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        LocalFunctionStatementSyntax local => local.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        _ => null,
    };

    private static bool MayAnswer(SyntaxNode member)
    {
        TypeSyntax? type = member switch
        {
            MethodDeclarationSyntax method => method.ReturnType,
            LocalFunctionStatementSyntax local => local.ReturnType,
            PropertyDeclarationSyntax property => property.Type,
            _ => null,
        };
        return type is PredefinedTypeSyntax { Keyword: var keyword } && keyword.IsKind(SyntaxKind.BoolKeyword)
            || type is GenericNameSyntax { Identifier.ValueText: "Task" or "ValueTask" };
    }

    /// <summary>The simple name in a documentation id, or the name itself.</summary>
    private static string SimpleName(string entry)
    {
        int end = entry.IndexOf('(');
        string path = end < 0 ? entry : entry.Substring(0, end);
        string name = path.Substring(path.LastIndexOf('.') + 1);
        int arity = name.IndexOf('`');
        return arity < 0 ? name : name.Substring(0, arity);
    }
}
