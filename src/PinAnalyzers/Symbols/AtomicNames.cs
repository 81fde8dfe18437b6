using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Symbols;

/// <summary>
/// By what names a file knows <c>Interlocked</c> and <c>Volatile</c>: an alias, or <c>using static</c>, after which only the method is named. Read from the file's own directives, and only
/// where the file names one of the types; what else goes by such a name costs a look at symbols and nothing more.
/// </summary>
internal sealed class AtomicNames
{
    public const string Interlocked = "Interlocked";
    public const string Volatile = "Volatile";

    /// <summary>Of a file that knows them by their own names.</summary>
    public static readonly AtomicNames Plain = new([]);

    private static readonly ConditionalWeakTable<SyntaxTree, AtomicNames> s_known = new();
    private static readonly ImmutableArray<string> s_updates = ImmutableArray.Create("Increment", "Decrement", "Add", "And", "Or", "Exchange", "CompareExchange");
    private static readonly ImmutableArray<string> s_accesses = ImmutableArray.Create("Read", "Write");

    private readonly Dictionary<string, string> _aliases = [];
    private readonly Dictionary<string, string> _methods = [];

    private AtomicNames(IEnumerable<UsingDirectiveSyntax> directives)
    {
        foreach (UsingDirectiveSyntax directive in directives)
        {
            if (TypeIn(directive) is not { } type) continue;
            if (directive.Alias is { Name.Identifier.ValueText: var alias }) _aliases[alias] = type;
            else if (directive.StaticKeyword.RawKind != 0) AddMethods(type);
        }
    }

    /// <summary>The positions where a file names one of the types, and those where it may mean one by another name.</summary>
    public static ImmutableArray<int> Find(SyntaxTree tree, ImmutableArray<int> named)
    {
        if (named.IsEmpty || s_known.GetValue(tree, Read) is not { IsPlain: false } names) return named;
        return named.AddRange(new NameScan(names._aliases.Keys.Concat(names._methods.Keys)).Find(tree.GetText())).Distinct().OrderBy(static position => position).ToImmutableArray();
    }

    /// <summary>What <see cref="Find"/> has seen in the file.</summary>
    public static AtomicNames Of(SyntaxTree tree) => s_known.TryGetValue(tree, out AtomicNames? names) ? names : Plain;

    /// <summary>The type and the method that a call may mean; null where it means neither of the types.</summary>
    public (string Type, string Method)? CallOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax { Expression: var type, Name.Identifier.ValueText: var method } => TypeOf(type) is { } known ? (known, method) : null,
        IdentifierNameSyntax { Identifier.ValueText: var method } when _methods.TryGetValue(method, out string? known) => (known, method),
        _ => null,
    };

    private bool IsPlain => _aliases.Count == 0 && _methods.Count == 0;

    private string? TypeOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax { Identifier.ValueText: Interlocked or Volatile } name => name.Identifier.ValueText,
        IdentifierNameSyntax name => _aliases.TryGetValue(name.Identifier.ValueText, out string? type) ? type : null,
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: Interlocked or Volatile } access => access.Name.Identifier.ValueText,
        _ => null,
    };

    private static AtomicNames Read(SyntaxTree tree)
    {
        CompilationUnitSyntax root = (CompilationUnitSyntax)tree.GetRoot();
        IEnumerable<UsingDirectiveSyntax> directives = root.Usings.Concat(root.Members.OfType<BaseNamespaceDeclarationSyntax>().SelectMany(static space => space.Usings));
        AtomicNames names = new(directives);
        return names.IsPlain ? Plain : names;
    }

    private static string? TypeIn(UsingDirectiveSyntax directive) => directive.Name switch
    {
        QualifiedNameSyntax { Right.Identifier.ValueText: Interlocked or Volatile } name => name.Right.Identifier.ValueText,
        IdentifierNameSyntax { Identifier.ValueText: Interlocked or Volatile } name => name.Identifier.ValueText,
        _ => null,
    };

    private void AddMethods(string type)
    {
        foreach (string method in type == Interlocked ? s_updates : s_accesses) _methods[method] = type;
    }
}
