using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>
/// The names by which source may ask for a capability or for who runs it, and those by which it gives back what is charged to an owner: known ones, annotated
/// and configured ones, and source members that hand such a value on. Members that mention none of them are never bound, and code without any costs one scan.
/// </summary>
/// <param name="Capabilities">Empty when no file asks for one.</param>
/// <param name="Ambients">Members that depend on who runs the code.</param>
/// <param name="Privates">Which of the ambient members only the file of their type can mean.</param>
/// <param name="Uncharges">Methods that release what belongs to an owner, declared or by convention.</param>
/// <param name="Limits">Members that hold limits, declared by a <c>[Counter]</c> or by convention.</param>
internal sealed record AuthorityNames(ImmutableHashSet<string> Capabilities, ImmutableHashSet<string> Ambients, PrivateNames Privates, ImmutableHashSet<string> Uncharges, ImmutableHashSet<string> Limits)
{
    /// <summary>Scans after the first: for names that it found, and for those that hand their values on.</summary>
    private const int Rounds = 2;

    /// <summary>A name that many members share says nothing.</summary>
    private const int TooCommon = 20;

    private static readonly ImmutableHashSet<string> FlowTypes = ImmutableHashSet.Create("AsyncLocal", "ThreadLocal", "ThreadStatic", "ThreadStaticAttribute");

    public static AuthorityNames Find(Compilation compilation, PairCatalog catalog, CancellationToken cancellation)
    {
        Collector collector = new(compilation, catalog, cancellation);
        for (int round = 0; round <= Rounds && collector.Scan(); round++) { }
        return collector.Result();
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

    private static string? NameOf(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        LocalFunctionStatementSyntax local => local.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        _ => null,
    };

    private static TypeSyntax? TypeOf(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method => method.ReturnType,
        LocalFunctionStatementSyntax local => local.ReturnType,
        PropertyDeclarationSyntax property => property.Type,
        _ => null,
    };

    private sealed class Collector
    {
        private readonly Compilation _compilation;
        private readonly CancellationToken _cancellation;
        private readonly ImmutableHashSet<string>.Builder _capabilities = CapabilityChecks.Names.ToBuilder();
        private readonly ImmutableHashSet<string>.Builder _ambients = AmbientMembers.Names.ToImmutableHashSet().ToBuilder();
        private readonly ImmutableHashSet<string>.Builder _uncharges = ImmutableHashSet.Create("Uncharge", "Unaccount").ToBuilder();
        private readonly ImmutableHashSet<string>.Builder _limits = ForeignLimits.Names.ToImmutableHashSet().ToBuilder();
        private readonly HashSet<string> _attributes = [];
        private readonly PrivateNames _privates = new();

        /// <summary>The members that return ambient values, by names that nothing else has given.</summary>
        private readonly Dictionary<string, HashSet<SyntaxNode>> _wrappers = [];
        private HashSet<string> _next = [];
        private bool _isCapabilityMentioned;

        public Collector(Compilation compilation, PairCatalog catalog, CancellationToken cancellation)
        {
            (_compilation, _cancellation) = (compilation, cancellation);
            ImmutableArray<IAssemblySymbol> carriers = Annotations.Carriers(compilation);
            foreach (IAssemblySymbol carrier in carriers)
            {
                if (!SymbolEqualityComparer.Default.Equals(carrier, compilation.Assembly)) AddAnnotated(carrier);
            }

            foreach (SyntaxTree tree in compilation.SyntaxTrees)
            {
                foreach (string entry in catalog.Options.For(tree).CapabilityChecks) _capabilities.Add(SimpleName(entry));
                foreach (string entry in catalog.Options.For(tree).Ambient) _ambients.Add(SimpleName(entry));
            }

            if (!carriers.IsEmpty)
            {
                foreach (string name in new[] { Annotations.CapabilityCheck, Annotations.Ambient, Annotations.Release, Annotations.Counter }) _attributes.UnionWith([name, name + "Attribute"]);
            }

            _next.UnionWith(_capabilities.Concat(_ambients).Concat(FlowTypes).Concat(_attributes));
        }

        public AuthorityNames Result() => new(_isCapabilityMentioned ? _capabilities.ToImmutable() : ImmutableHashSet<string>.Empty, _ambients.ToImmutable(), _privates, _uncharges.ToImmutable(), _limits.ToImmutable());

        /// <summary>Looks for the names that the scan before has found; false when there are none to look for.</summary>
        public bool Scan()
        {
            if (_next.Count == 0) return false;
            NameScan scan = new(_next);
            HashSet<string> declared = [];
            Dictionary<(string Name, bool IsCapability), List<SyntaxNode>> wrappers = [];
            foreach (SyntaxTree tree in _compilation.SyntaxTrees)
            {
                ImmutableArray<int> hits = scan.Find(tree.GetText(_cancellation));
                if (hits.IsEmpty) continue;
                SyntaxNode root = tree.GetRoot(_cancellation);
                HashSet<(SyntaxNode, bool)> seen = [];
                foreach (int hit in hits) Visit(root.FindToken(hit), declared, wrappers, seen);
            }

            _next = declared;
            foreach (KeyValuePair<(string Name, bool IsCapability), List<SyntaxNode>> wrapper in wrappers)
            {
                if (wrapper.Value.Count <= TooCommon && AddWrapper(wrapper.Key.Name, wrapper.Key.IsCapability, wrapper.Value)) _next.Add(wrapper.Key.Name);
            }

            return true;
        }

        /// <summary>False where the name says nothing new.</summary>
        private bool AddWrapper(string name, bool isCapability, List<SyntaxNode> members)
        {
            if (isCapability) return _capabilities.Add(name);
            if (_ambients.Add(name)) _wrappers.Add(name, []);
            if (!_wrappers.TryGetValue(name, out HashSet<SyntaxNode>? known)) return _privates.Widen(name);
            int before = known.Count;
            known.UnionWith(members);
            return known.Count > before;
        }

        private void AddField(string name, FieldDeclarationSyntax field, HashSet<string> declared)
        {
            if (_ambients.Add(name)) declared.Add(name);
            else if (!_privates.IsPrivate(name)) return;
            _privates.Add(name, field);
        }

        /// <summary>The name may be that of an ambient member: of a member that returns one, only where it is bound to it, because common names are soon among them.</summary>
        private bool IsAmbient(SyntaxNode parent, string name, SyntaxNode member)
        {
            if (!_ambients.Contains(name) || !_privates.MayBeMeant(name, member.SyntaxTree) || !IsReturned(parent, member)) return false;
            if (!_wrappers.TryGetValue(name, out HashSet<SyntaxNode>? wrappers) || parent is not SimpleNameSyntax mention) return true;
            if (IsAskedOfAnObject(mention) && wrappers.All(static wrapper => wrapper is MemberDeclarationSyntax declared && declared.Modifiers.Any(SyntaxKind.StaticKeyword))) return false;
            if (BodyGraphs.IsTooDeep(member)) return true;
            return SemanticModels.Of(member.SyntaxTree, _compilation).GetSymbolInfo(mention, _cancellation).Symbol?.OriginalDefinition is not { } symbol
                || symbol.IsAbstract || symbol.IsVirtual || symbol.IsOverride || symbol.DeclaringSyntaxReferences.Any(reference => wrappers.Contains(reference.GetSyntax(_cancellation)));
        }

        /// <summary>
        /// <c>enumerator.Current</c>, <c>Find(key).Current</c>: no static member is meant. Told by what is written, since binding a mention here binds its whole member a second time;
        /// a name that begins with a capital may be that of a type.
        /// </summary>
        private static bool IsAskedOfAnObject(SimpleNameSyntax mention) => mention.Parent switch
        {
            MemberBindingExpressionSyntax => true,
            MemberAccessExpressionSyntax access when access.Name == mention => access.Expression switch
            {
                SimpleNameSyntax { Identifier.ValueText: var receiver } => !MayBeAType(receiver),
                MemberAccessExpressionSyntax { Name.Identifier.ValueText: var receiver } => !MayBeAType(receiver),
                AliasQualifiedNameSyntax or PredefinedTypeSyntax => false,
                _ => true,
            },
            _ => false,
        };

        private static bool MayBeAType(string name) => name.Length > 0 && char.IsUpper(name[0]);

        private void Visit(SyntaxToken token, HashSet<string> declared, Dictionary<(string Name, bool IsCapability), List<SyntaxNode>> wrappers, HashSet<(SyntaxNode, bool)> seen)
        {
            string text = token.ValueText;
            if (token.Parent is not { } parent || parent.FirstAncestorOrSelf<SyntaxNode>(static n => n is MemberDeclarationSyntax or LocalFunctionStatementSyntax) is not { } member) return;
            if (!token.IsKind(SyntaxKind.IdentifierToken))
            {
                // An import may call an entry point by another name.
                if (parent.FirstAncestorOrSelf<AttributeSyntax>() is not null && member is MethodDeclarationSyntax import && _capabilities.Add(import.Identifier.ValueText)) declared.Add(import.Identifier.ValueText);
                return;
            }

            if (FlowTypes.Contains(text))
            {
                if (member is not FieldDeclarationSyntax field) return;
                foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables) AddField(variable.Identifier.ValueText, field, declared);
            }
            else if (_attributes.Contains(text) && parent.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute && attribute.Name.Span.Contains(token.Span))
            {
                string bare = text.EndsWith("Attribute", StringComparison.Ordinal) ? text.Substring(0, text.Length - "Attribute".Length) : text;
                if (bare == Annotations.Release) _uncharges.UnionWith(NamesOf(member));
                else if (bare == Annotations.Counter) AddLimit(attribute);
                else Declare(bare == Annotations.Ambient ? _ambients : _capabilities, NamesOf(member), declared);
            }

            if (_capabilities.Contains(text))
            {
                _isCapabilityMentioned = true;
                Wrap(member, isCapability: true);
            }

            if (IsAmbient(parent, text, member)) Wrap(member, isCapability: false);

            void Wrap(SyntaxNode by, bool isCapability)
            {
                if (NameOf(by) is not { } name || !seen.Add((by, isCapability)) || TypeOf(by) is not { } type) return;
                bool isBool = type is PredefinedTypeSyntax { Keyword: var keyword } && keyword.IsKind(SyntaxKind.BoolKeyword) || type is GenericNameSyntax { Identifier.ValueText: "Task" or "ValueTask" };
                if (isCapability ? !isBool : isBool || type is PredefinedTypeSyntax) return;
                if (!wrappers.TryGetValue((name, isCapability), out List<SyntaxNode>? members)) wrappers.Add((name, isCapability), members = []);
                members.Add(by);
            }
        }

        /// <summary>A member is as ambient as what it returns; what else it does with such a value is its own.</summary>
        private static bool IsReturned(SyntaxNode name, SyntaxNode member)
        {
            for (SyntaxNode? node = name; node is not null && node != member; node = node.Parent)
            {
                if (node is ReturnStatementSyntax or ArrowExpressionClauseSyntax) return true;
                if (node is AnonymousFunctionExpressionSyntax) return false;
            }

            return false;
        }

        /// <summary><c>[Counter(Limit = nameof(Ceiling))]</c>, also with the name in quotes.</summary>
        private void AddLimit(AttributeSyntax counter)
        {
            foreach (AttributeArgumentSyntax argument in counter.ArgumentList?.Arguments ?? default)
            {
                if (argument.NameEquals?.Name.Identifier.ValueText != nameof(CounterSpec.Limit)) continue;
                SyntaxToken name = argument.Expression.DescendantTokens().LastOrDefault(static t => t.IsKind(SyntaxKind.IdentifierToken) || t.IsKind(SyntaxKind.StringLiteralToken));
                if (!name.IsKind(SyntaxKind.None)) _limits.Add(name.ValueText);
            }
        }

        private void Declare(ImmutableHashSet<string>.Builder names, IEnumerable<string> found, HashSet<string> declared)
        {
            foreach (string name in found)
            {
                if (names.Add(name) || _privates.Widen(name)) declared.Add(name);
                _wrappers.Remove(name);
            }
        }

        private static IEnumerable<string> NamesOf(SyntaxNode member) => member switch
        {
            FieldDeclarationSyntax field => field.Declaration.Variables.Select(static v => v.Identifier.ValueText),
            _ => NameOf(member) is { } name ? [name] : [],
        };

        private void AddAnnotated(IAssemblySymbol assembly)
        {
            Stack<INamespaceOrTypeSymbol> pending = new();
            pending.Push(assembly.GlobalNamespace);
            while (pending.Count > 0)
            {
                _cancellation.ThrowIfCancellationRequested();
                foreach (ISymbol member in pending.Pop().GetMembers())
                {
                    if (member is INamespaceOrTypeSymbol container) pending.Push(container);
                    else if (member is IMethodSymbol or IPropertySymbol or IFieldSymbol)
                    {
                        if (Annotations.Has(member, Annotations.CapabilityCheck)) _capabilities.Add(member.Name);
                        if (Annotations.Has(member, Annotations.Ambient)) _ambients.Add(member.Name);
                        if (member is IMethodSymbol && Annotations.Has(member, Annotations.Release)) _uncharges.Add(member.Name);
                        if (member is IFieldSymbol && Annotations.Find(member.GetAttributes(), Annotations.Counter) is { } counter && Annotations.Named<string>(counter, nameof(CounterSpec.Limit)) is { } limit) _limits.Add(limit);
                    }
                }
            }
        }
    }
}
