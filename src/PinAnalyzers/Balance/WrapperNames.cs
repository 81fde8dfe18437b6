using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// Names of source methods that may hand a charge to their caller. The name scan must find their callers too; it is told by syntax alone: a member that
/// names a charge and returns something, or names no release. Twice, for wrappers of wrappers.
/// </summary>
internal static class WrapperNames
{
    private const int Rounds = 2;

    /// <summary>A name that many members share says nothing.</summary>
    private const int TooCommon = 20;

    public static ImmutableHashSet<string> Find(Compilation compilation, IPairCatalog catalog, CancellationToken cancellation)
    {
        ImmutableHashSet<string> all = ImmutableHashSet<string>.Empty;
        ImmutableHashSet<string> names = catalog.ChargeNames;
        NameScan releases = new(catalog.ReleaseNames);
        for (int round = 0; round < Rounds && !names.IsEmpty; round++)
        {
            Dictionary<string, int> found = [];
            NameScan scan = new(names);
            foreach (SyntaxTree tree in compilation.SyntaxTrees)
            {
                cancellation.ThrowIfCancellationRequested();
                ImmutableArray<int> hits = scan.Find(tree.GetText(cancellation));
                if (!hits.IsEmpty) Collect(tree.GetRoot(cancellation), hits, names, releases, found);
            }

            names = found.Where(pair => pair.Value <= TooCommon && !all.Contains(pair.Key) && !catalog.ChargeNames.Contains(pair.Key)).Select(static pair => pair.Key).ToImmutableHashSet();
            all = all.Union(names);
        }

        return all;
    }

    private static void Collect(SyntaxNode root, ImmutableArray<int> hits, ImmutableHashSet<string> names, NameScan releases, Dictionary<string, int> found)
    {
        ImmutableArray<int> releaseHits = default;
        SyntaxNode? last = null;
        foreach (int hit in hits)
        {
            SyntaxToken token = root.FindToken(hit);
            if (!token.IsKind(SyntaxKind.IdentifierToken) || !names.Contains(token.ValueText)) continue;
            SyntaxNode? member = token.Parent?.AncestorsAndSelf().FirstOrDefault(static n => n is MethodDeclarationSyntax or LocalFunctionStatementSyntax);
            if (member is null || member == last) continue;
            last = member;
            (SyntaxToken name, TypeSyntax type) = member is MethodDeclarationSyntax method ? (method.Identifier, method.ReturnType) : (((LocalFunctionStatementSyntax)member).Identifier, ((LocalFunctionStatementSyntax)member).ReturnType);
            if (releaseHits.IsDefault) releaseHits = releases.Find(root.SyntaxTree.GetText());
            if (!MayHandOut(type) && NameScan.Hits(releaseHits, member.Span)) continue;
            found.TryGetValue(name.ValueText, out int count);
            found[name.ValueText] = count + 1;
        }
    }

    /// <summary>A token is a reference, a struct, a pointer or a native integer; bool may say whether an owner was charged.</summary>
    private static bool MayHandOut(TypeSyntax type) => type is not PredefinedTypeSyntax { Keyword: var keyword }
        || keyword.IsKind(SyntaxKind.BoolKeyword) || keyword.IsKind(SyntaxKind.ObjectKeyword) || keyword.IsKind(SyntaxKind.IntKeyword);
}
