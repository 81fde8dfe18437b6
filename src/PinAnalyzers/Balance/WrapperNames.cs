using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// Names of source methods that may hand a charge to their caller. The name scan must find their callers too; it is told by syntax alone: a member that
/// calls something by the name of a charge and returns something, or names no release. Twice, for wrappers of wrappers. <see cref="ConfirmedCalls"/> asks symbols
/// before anything follows from such a name.
/// </summary>
internal sealed class WrapperNames
{
    /// <summary>A name that many members share says nothing.</summary>
    private const int TooCommon = 20;

    private readonly Dictionary<string, ImmutableArray<SyntaxNode>> _direct;
    private readonly Dictionary<string, ImmutableArray<SyntaxNode>> _indirect;

    private WrapperNames(Dictionary<string, ImmutableArray<SyntaxNode>> direct, Dictionary<string, ImmutableArray<SyntaxNode>> indirect)
    {
        _direct = direct;
        _indirect = indirect;
        Direct = direct.Keys.ToImmutableHashSet();
        All = Direct.Union(indirect.Keys);
    }

    /// <summary>Names of members that call a charge themselves.</summary>
    public ImmutableHashSet<string> Direct { get; }

    /// <summary>Those, and names of members that call one of them.</summary>
    public ImmutableHashSet<string> All { get; }

    /// <summary>The members of a name in <see cref="Direct"/>.</summary>
    public ImmutableArray<SyntaxNode> MembersCharging(string name) => _direct.TryGetValue(name, out var members) ? members : ImmutableArray<SyntaxNode>.Empty;

    /// <summary>The members of a name that is only in <see cref="All"/>.</summary>
    public ImmutableArray<SyntaxNode> MembersCallingWrappers(string name) => _indirect.TryGetValue(name, out var members) ? members : ImmutableArray<SyntaxNode>.Empty;

    public static WrapperNames Find(Compilation compilation, ImmutableHashSet<string> chargeNames, NameHits charges, NameHits releases, Func<ImmutableHashSet<string>, NameHits> scanFor, CancellationToken cancellation)
    {
        Dictionary<string, ImmutableArray<SyntaxNode>> direct = Collect(compilation, chargeNames, charges, releases, ImmutableHashSet<string>.Empty, cancellation);
        if (direct.Count == 0) return new WrapperNames(direct, direct);
        ImmutableHashSet<string> names = direct.Keys.ToImmutableHashSet();
        return new WrapperNames(direct, Collect(compilation, names, scanFor(names), releases, names, cancellation));
    }

    private static Dictionary<string, ImmutableArray<SyntaxNode>> Collect(
        Compilation compilation, ImmutableHashSet<string> names, NameHits hits, NameHits releases, ImmutableHashSet<string> known, CancellationToken cancellation)
    {
        Dictionary<string, ImmutableArray<SyntaxNode>> found = [];
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            ImmutableArray<int> positions = hits.Of(tree);
            if (!positions.IsEmpty) Collect(tree.GetRoot(cancellation), positions, names, releases, known, found);
        }

        List<string> common = [];
        foreach (var pair in found)
        {
            if (pair.Value.Length > TooCommon) common.Add(pair.Key);
        }

        foreach (string name in common) found.Remove(name);
        return found;
    }

    private static void Collect(SyntaxNode root, ImmutableArray<int> hits, ImmutableHashSet<string> names, NameHits releases, ImmutableHashSet<string> known, Dictionary<string, ImmutableArray<SyntaxNode>> found)
    {
        SyntaxNode? last = null;
        foreach (int hit in hits)
        {
            if (!NamedCalls.IsName(root, hit, names, out SyntaxToken token) || (NamedCalls.CallOf(token) is null && !NamedCalls.IsType(token))) continue;
            SyntaxNode? member = token.Parent?.FirstAncestorOrSelf<SyntaxNode>(static n => n is MethodDeclarationSyntax or LocalFunctionStatementSyntax);
            if (member is null || member == last) continue;
            last = member;
            (SyntaxToken name, TypeSyntax type, ParameterListSyntax parameters) = member is MethodDeclarationSyntax method
                ? (method.Identifier, method.ReturnType, method.ParameterList)
                : (((LocalFunctionStatementSyntax)member).Identifier, ((LocalFunctionStatementSyntax)member).ReturnType, ((LocalFunctionStatementSyntax)member).ParameterList);
            if (known.Contains(name.ValueText) || (!MayHandOut(type) && !HasOut(parameters) && releases.Any(member))) continue;
            found[name.ValueText] = (found.TryGetValue(name.ValueText, out var earlier) ? earlier : ImmutableArray<SyntaxNode>.Empty).Add(member);
        }
    }

    private static bool HasOut(ParameterListSyntax parameters)
    {
        foreach (ParameterSyntax parameter in parameters.Parameters)
        {
            if (parameter.Modifiers.Any(SyntaxKind.OutKeyword)) return true;
        }

        return false;
    }

    /// <summary>A token is a reference, a struct, a pointer or a native integer; bool may say whether an owner was charged.</summary>
    private static bool MayHandOut(TypeSyntax type) => type is not PredefinedTypeSyntax { Keyword: var keyword }
        || keyword.IsKind(SyntaxKind.BoolKeyword) || keyword.IsKind(SyntaxKind.ObjectKeyword) || keyword.IsKind(SyntaxKind.IntKeyword);
}
