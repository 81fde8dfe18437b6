using System;
using System.Buffers;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Pairs.Declared;

/// <summary>An imported function as its attribute spells it; <paramref name="EntryPoint"/> is null when only binding can tell.</summary>
internal readonly record struct ImportDeclaration(string Name, string? EntryPoint);

/// <summary>
/// What one file declares about pairs, read from the tokens of its attribute lists alone: no binding, and no look into bodies.
/// A file whose text names no such attribute is not even walked.
/// </summary>
internal sealed class SourceDeclarations
{
    /// <summary>Lets the analyzer driver keep the answer for a file as long as the file stays the same.</summary>
    public static readonly SyntaxTreeValueProvider<SourceDeclarations> Provider = new(static tree => Read(tree, CancellationToken.None));

    private static readonly SourceDeclarations s_none = new(
        ImmutableArray<ImportDeclaration>.Empty, ImmutableArray<SyntaxNode>.Empty, ImmutableHashSet<string>.Empty, ImmutableHashSet<string>.Empty);

    // What the text must contain somewhere: Import covers DllImport and LibraryImport.
    private static readonly string[] s_needles = { "Import", "Charge", "Release", "Counter", "Effect" };

    private SourceDeclarations(
        ImmutableArray<ImportDeclaration> imports,
        ImmutableArray<SyntaxNode> annotated,
        ImmutableHashSet<string> chargeNames,
        ImmutableHashSet<string> releaseNames)
    {
        Imports = imports;
        Annotated = annotated;
        ChargeNames = chargeNames;
        ReleaseNames = releaseNames;
    }

    public ImmutableArray<ImportDeclaration> Imports { get; }

    /// <summary>Members (and types with a primary constructor) that carry an attribute spelt like one of ours, to be bound when needed.</summary>
    public ImmutableArray<SyntaxNode> Annotated { get; }

    public ImmutableHashSet<string> ChargeNames { get; }

    public ImmutableHashSet<string> ReleaseNames { get; }

    public static SourceDeclarations Read(SyntaxTree tree, CancellationToken cancellationToken)
    {
        if (!MentionsAny(tree.GetText(cancellationToken)) || tree.GetRoot(cancellationToken) is not CompilationUnitSyntax root)
            return s_none;
        var reader = new Reader();
        reader.Read(root, cancellationToken);
        return reader.Result();
    }

    private static bool MentionsAny(SourceText text)
    {
        const int Overlap = 16;
        var buffer = ArrayPool<char>.Shared.Rent(8192);
        try
        {
            for (var start = 0; start < text.Length; start += buffer.Length - Overlap)
            {
                var length = Math.Min(buffer.Length, text.Length - start);
                text.CopyTo(start, buffer, 0, length);
                var window = buffer.AsSpan(0, length);
                foreach (var needle in s_needles)
                {
                    if (window.IndexOf(needle.AsSpan()) >= 0)
                        return true;
                }
            }
            return false;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private sealed class Reader
    {
        private readonly ImmutableArray<ImportDeclaration>.Builder _imports = ImmutableArray.CreateBuilder<ImportDeclaration>();
        private readonly ImmutableArray<SyntaxNode>.Builder _annotated = ImmutableArray.CreateBuilder<SyntaxNode>();
        private readonly ImmutableHashSet<string>.Builder _charges = ImmutableHashSet.CreateBuilder<string>();
        private readonly ImmutableHashSet<string>.Builder _releases = ImmutableHashSet.CreateBuilder<string>();

        public SourceDeclarations Result() => _imports.Count + _annotated.Count == 0
            ? s_none
            : new(_imports.ToImmutable(), _annotated.ToImmutable(), _charges.ToImmutable(), _releases.ToImmutable());

        public void Read(CompilationUnitSyntax root, CancellationToken cancellationToken)
        {
            // A stack of our own: types may be nested as deep as a generator likes.
            var pending = new Stack<MemberDeclarationSyntax>(root.Members);
            while (pending.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var member = pending.Pop();
                if (member is BaseNamespaceDeclarationSyntax space)
                {
                    foreach (var inner in space.Members)
                        pending.Push(inner);
                    continue;
                }
                if (member is TypeDeclarationSyntax type)
                {
                    foreach (var inner in type.Members)
                        pending.Push(inner);
                }
                if (member.AttributeLists.Count > 0)
                    ReadMember(member);
            }
        }

        private void ReadMember(MemberDeclarationSyntax member)
        {
            var annotated = false;
            foreach (var attribute in member.AttributeLists.SelectMany(list => list.Attributes))
            {
                switch (SimpleName(attribute.Name))
                {
                    case "DllImport" or "LibraryImport" when member is MethodDeclarationSyntax method:
                        _imports.Add(new ImportDeclaration(method.Identifier.ValueText, EntryPoint(attribute, method.Identifier.ValueText)));
                        break;
                    case "Charge":
                        annotated = true;
                        Add(_charges, NamesOf(member));
                        if (NamedArgument(attribute, "ReleasedBy") is { } releasedBy && TextOf(releasedBy) is { } name)
                            _releases.Add(name);
                        break;
                    case "Release":
                        annotated = true;
                        Add(_releases, NamesOf(member));
                        break;
                    case "Counter":
                        // An update of a counter names the counter itself.
                        annotated = true;
                        Add(_charges, NamesOf(member));
                        Add(_releases, NamesOf(member));
                        break;
                    case "Effect":
                        annotated = true;
                        break;
                }
            }
            if (annotated)
                _annotated.Add(member);
        }

        private static void Add(ImmutableHashSet<string>.Builder names, IEnumerable<string> added)
        {
            foreach (var name in added)
                names.Add(name);
        }

        private static IEnumerable<string> NamesOf(MemberDeclarationSyntax member) => member switch
        {
            MethodDeclarationSyntax method => new[] { method.Identifier.ValueText },
            ConstructorDeclarationSyntax constructor => new[] { constructor.Identifier.ValueText },
            TypeDeclarationSyntax type => new[] { type.Identifier.ValueText },
            FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.ValueText),
            _ => Array.Empty<string>(),
        };

        private static string? EntryPoint(AttributeSyntax attribute, string methodName)
        {
            if (NamedArgument(attribute, "EntryPoint") is not { } expression)
                return methodName;
            return TextOf(expression);
        }

        private static ExpressionSyntax? NamedArgument(AttributeSyntax attribute, string name)
        {
            if (attribute.ArgumentList is null)
                return null;
            foreach (var argument in attribute.ArgumentList.Arguments)
            {
                if (argument.NameEquals?.Name.Identifier.ValueText == name)
                    return argument.Expression;
            }
            return null;
        }

        /// <summary>The string that a literal or a <c>nameof</c> stands for; null for a constant that only binding knows.</summary>
        private static string? TextOf(ExpressionSyntax expression) => expression switch
        {
            LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => literal.Token.ValueText,
            InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments: { Count: 1 } arguments } =>
                arguments[0].Expression switch
                {
                    SimpleNameSyntax simple => simple.Identifier.ValueText,
                    MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
                    _ => null,
                },
            _ => null,
        };

        private static string SimpleName(NameSyntax name)
        {
            const string Suffix = "Attribute";
            var simple = name switch
            {
                QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
                AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
                SimpleNameSyntax identifier => identifier.Identifier.ValueText,
                _ => "",
            };
            return simple.EndsWith(Suffix, StringComparison.Ordinal) ? simple.Substring(0, simple.Length - Suffix.Length) : simple;
        }
    }
}
