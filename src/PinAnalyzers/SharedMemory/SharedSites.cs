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
    private const int MaxStores = 96;
    private readonly Dictionary<string, List<SyntaxNode>> _calls = [];
    private readonly Dictionary<string, List<SimpleNameSyntax>> _stores = [];
    private readonly Dictionary<string, List<SimpleNameSyntax>> _groups = [];

    /// <summary>The source reaches shared memory at all.</summary>
    public bool HasRoots { get; set; }

    /// <summary>Names by which shared memory is reached in the first place: annotated members and mapping APIs.</summary>
    public ImmutableHashSet<string> Origins { get; set; } = ImmutableHashSet<string>.Empty;

    /// <summary>A name that is followed stands there for a member by which shared memory is reached, as far as can be told.</summary>
    public Func<SyntaxToken, bool> MayReach { get; set; } = static _ => true;

    /// <summary>Names of the methods that are called with shared pointers.</summary>
    public HashSet<string> Handed { get; set; } = [];

    /// <summary>Types whose own parameters are handed shared pointers, with the names of these.</summary>
    public Dictionary<string, IReadOnlyCollection<string>> Made { get; } = [];

    /// <summary>Calls, creations and constructor initializers that go by the name; null when there are too many to tell.</summary>
    public IReadOnlyList<SyntaxNode>? CallsOf(string name) => Known(_calls, name, MaxSites);

    /// <summary>Where what goes by the name is handed around as a delegate or a function pointer may be; null when there are too many to tell.</summary>
    public IReadOnlyList<SimpleNameSyntax>? GroupsOf(string name) => Known(_groups, name, MaxSites);

    /// <summary>Where a member of that name may be given a value; null when there are too many to tell.</summary>
    public IReadOnlyList<SimpleNameSyntax>? StoresTo(string name) => Known(_stores, name, MaxStores);

    public void Note(SyntaxToken token, string name)
    {
        if (token.Parent is SimpleNameSyntax named)
        {
            if (FieldWrite.Through(named) is not null) Add(_stores, name, named);
            if (IsGroup(named)) Add(_groups, name, named);
        }

        switch (token.Parent)
        {
            case SimpleNameSyntax { Parent: var outer } simple:
                SyntaxNode? call = outer switch
                {
                    InvocationExpressionSyntax invocation when invocation.Expression == simple => invocation,
                    MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax invocation } access when access.Name == simple && invocation.Expression == access => invocation,
                    ObjectCreationExpressionSyntax creation when creation.Type == simple => creation,
                    QualifiedNameSyntax { Parent: ObjectCreationExpressionSyntax creation } qualified when qualified.Right == simple => creation,
                    _ => null,
                };
                if (call is not null) Add(_calls, name, call);
                break;
            case ConstructorDeclarationSyntax { Initializer: { ThisOrBaseKeyword.RawKind: (int)SyntaxKind.ThisKeyword } initializer }:
                Add(_calls, name, initializer);
                break;
        }

        if (token.Parent is SimpleNameSyntax type) NoteType(name, type);
    }

    /// <summary>A base is called by the constructors of what is derived from it; what a type is called by another name is not seen.</summary>
    private void NoteType(string name, SimpleNameSyntax type)
    {
        SyntaxNode whole = type.Parent is QualifiedNameSyntax qualified && qualified.Right == type ? qualified : type;
        switch (whole.Parent)
        {
            case PrimaryConstructorBaseTypeSyntax primary:
                Add(_calls, name, primary);
                break;
            case SimpleBaseTypeSyntax { Parent.Parent: TypeDeclarationSyntax derived }:
                foreach (MemberDeclarationSyntax member in derived.Members)
                {
                    if (member is ConstructorDeclarationSyntax { Initializer: { ThisOrBaseKeyword.RawKind: (int)SyntaxKind.BaseKeyword } initializer }) Add(_calls, name, initializer);
                }

                break;
            case UsingDirectiveSyntax { Alias: not null } alias:
                Add(_calls, name, alias);
                break;
        }
    }

    /// <summary>The simple name of what is called or created; null for a delegate, or where the type is not written.</summary>
    public static string? CalleeOf(SyntaxNode call) => call switch
    {
        InvocationExpressionSyntax { Expression: SimpleNameSyntax name } => name.Identifier.ValueText,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } } => name.Identifier.ValueText,
        ObjectCreationExpressionSyntax { Type: SimpleNameSyntax name } => name.Identifier.ValueText,
        ObjectCreationExpressionSyntax { Type: QualifiedNameSyntax { Right: var name } } => name.Identifier.ValueText,
        ImplicitObjectCreationExpressionSyntax creation => ImplicitCreations.WrittenType(creation),
        PrimaryConstructorBaseTypeSyntax { Type: var type } => ImplicitCreations.NameOf(type),
        ConstructorInitializerSyntax { Parent: ConstructorDeclarationSyntax constructor } initializer => initializer.ThisOrBaseKeyword.IsKind(SyntaxKind.ThisKeyword)
            ? constructor.Identifier.ValueText
            : constructor.Parent is TypeDeclarationSyntax { BaseList.Types: { Count: > 0 } bases } ? ImplicitCreations.NameOf(bases[0].Type) : null,
        _ => null,
    };

    public static ArgumentListSyntax? ArgumentsOf(SyntaxNode call) => call switch
    {
        InvocationExpressionSyntax invocation => invocation.ArgumentList,
        BaseObjectCreationExpressionSyntax creation => creation.ArgumentList,
        ConstructorInitializerSyntax initializer => initializer.ArgumentList,
        PrimaryConstructorBaseTypeSyntax initializer => initializer.ArgumentList,
        _ => null,
    };

    /// <summary>Named as a value where a method may be: not called, and no type.</summary>
    private static bool IsGroup(SimpleNameSyntax name)
    {
        ExpressionSyntax target = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        while (target.Parent is ParenthesizedExpressionSyntax outer) target = outer;
        return target.Parent switch
        {
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } } => false,
            AssignmentExpressionSyntax assignment => assignment.Right == target,
            PrefixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.AddressOfExpression),
            CastExpressionSyntax cast => cast.Expression == target,
            ConditionalExpressionSyntax choice => choice.Condition != target,
            ArgumentSyntax or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax or ReturnStatementSyntax or InitializerExpressionSyntax or SwitchExpressionArmSyntax => true,
            BinaryExpressionSyntax choice => choice.IsKind(SyntaxKind.CoalesceExpression),
            _ => false,
        };
    }

    private static IReadOnlyList<T>? Known<T>(Dictionary<string, List<T>> map, string name, int max) => !map.TryGetValue(name, out List<T>? sites) ? [] : sites.Count <= max ? sites : null;

    private static void Add<T>(Dictionary<string, List<T>> map, string name, T site)
    {
        if (!map.TryGetValue(name, out List<T>? sites)) map.Add(name, sites = []);
        if (sites.Count <= MaxStores) sites.Add(site);
    }
}
