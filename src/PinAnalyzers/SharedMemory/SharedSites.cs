using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// Where the source calls what may be handed a shared pointer, and where it stores to members of other objects that may hold one: by simple name, noted
/// while the names are collected, and bound only when somebody asks about that name.
/// </summary>
internal sealed class SharedSites
{
    private const int MaxSites = 48;
    private readonly Dictionary<string, List<SyntaxNode>> _calls = [];
    private readonly Dictionary<string, List<AssignmentExpressionSyntax>> _stores = [];

    /// <summary>The source reaches shared memory at all.</summary>
    public bool HasRoots { get; set; }

    /// <summary>Names by which shared memory is reached in the first place: annotated members and mapping APIs.</summary>
    public ImmutableHashSet<string> Origins { get; set; } = ImmutableHashSet<string>.Empty;

    /// <summary>A name that is followed stands there for a member by which shared memory is reached, as far as can be told.</summary>
    public Func<SyntaxToken, bool> MayReach { get; set; } = static _ => true;

    /// <summary>Names of the methods that are called with shared pointers.</summary>
    public HashSet<string> Handed { get; set; } = [];

    /// <summary>Calls, creations and constructor initializers that go by the name; empty when there are too many to tell.</summary>
    public IReadOnlyList<SyntaxNode> CallsOf(string name) => _calls.TryGetValue(name, out List<SyntaxNode>? calls) && calls.Count <= MaxSites ? calls : [];

    /// <summary>Assignments to a member of that name, of another object or in an initializer.</summary>
    public IReadOnlyList<AssignmentExpressionSyntax> StoresTo(string name) => _stores.TryGetValue(name, out List<AssignmentExpressionSyntax>? stores) && stores.Count <= MaxSites ? stores : [];

    public void Note(SyntaxToken token, string name, bool isCarrier)
    {
        if (isCarrier && StoreAt(token) is { } store) Add(_stores, name, store);
        switch (token.Parent)
        {
            case SimpleNameSyntax { Parent: var outer } simple:
                SyntaxNode? call = outer switch
                {
                    InvocationExpressionSyntax invocation when invocation.Expression == simple => invocation,
                    MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax invocation } access when access.Name == simple && invocation.Expression == access => invocation,
                    ObjectCreationExpressionSyntax creation when creation.Type == simple => creation,
                    QualifiedNameSyntax { Parent: ObjectCreationExpressionSyntax creation } qualified when qualified.Right == simple => creation,
                    VariableDeclarationSyntax { Variables: { Count: 1 } variables } when variables[0].Initializer?.Value is ImplicitObjectCreationExpressionSyntax creation => creation,
                    PropertyDeclarationSyntax { Initializer.Value: ImplicitObjectCreationExpressionSyntax creation } => creation,
                    _ => null,
                };
                if (call is not null) Add(_calls, name, call);
                break;
            case ConstructorDeclarationSyntax { Initializer: { ThisOrBaseKeyword.RawKind: (int)SyntaxKind.ThisKeyword } initializer }:
                Add(_calls, name, initializer);
                break;
        }

        if (token.Parent is SimpleNameSyntax { Parent: SimpleBaseTypeSyntax { Parent.Parent: TypeDeclarationSyntax derived } })
        {
            foreach (MemberDeclarationSyntax member in derived.Members)
            {
                if (member is ConstructorDeclarationSyntax { Initializer: { ThisOrBaseKeyword.RawKind: (int)SyntaxKind.BaseKeyword } initializer }) Add(_calls, name, initializer);
            }
        }
    }

    /// <summary>The simple name of what is called or created; null for a delegate, or where the type is not written.</summary>
    public static string? CalleeOf(SyntaxNode call) => call switch
    {
        InvocationExpressionSyntax { Expression: SimpleNameSyntax name } => name.Identifier.ValueText,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } } => name.Identifier.ValueText,
        ObjectCreationExpressionSyntax { Type: SimpleNameSyntax name } => name.Identifier.ValueText,
        ObjectCreationExpressionSyntax { Type: QualifiedNameSyntax { Right: var name } } => name.Identifier.ValueText,
        ImplicitObjectCreationExpressionSyntax { Parent: EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type: SimpleNameSyntax name } } } } => name.Identifier.ValueText,
        ImplicitObjectCreationExpressionSyntax { Parent: EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax { Type: SimpleNameSyntax name } } } => name.Identifier.ValueText,
        ConstructorInitializerSyntax { Parent: ConstructorDeclarationSyntax constructor } initializer => initializer.ThisOrBaseKeyword.IsKind(SyntaxKind.ThisKeyword)
            ? constructor.Identifier.ValueText
            : constructor.Parent is TypeDeclarationSyntax { BaseList.Types: { Count: > 0 } bases } && bases[0].Type is SimpleNameSyntax name ? name.Identifier.ValueText : null,
        _ => null,
    };

    public static ArgumentListSyntax? ArgumentsOf(SyntaxNode call) => call switch
    {
        InvocationExpressionSyntax invocation => invocation.ArgumentList,
        BaseObjectCreationExpressionSyntax creation => creation.ArgumentList,
        ConstructorInitializerSyntax initializer => initializer.ArgumentList,
        _ => null,
    };

    private static AssignmentExpressionSyntax? StoreAt(SyntaxToken token) => token.Parent switch
    {
        IdentifierNameSyntax { Parent: MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax, Parent: AssignmentExpressionSyntax store } access } name when access.Name == name && store.Left == access => store,
        IdentifierNameSyntax { Parent: AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } store } name when store.Left == name => store,
        _ => null,
    };

    private static void Add<T>(Dictionary<string, List<T>> map, string name, T site)
    {
        if (!map.TryGetValue(name, out List<T>? sites)) map.Add(name, sites = []);
        if (sites.Count <= MaxSites) sites.Add(site);
    }
}
