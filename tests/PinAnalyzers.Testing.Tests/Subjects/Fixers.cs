using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Testing.Tests.Subjects;

/// <summary>Replaces the name of the reported type.</summary>
public abstract class NameFixer : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["TEST01"];

    public override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
            context.RegisterCodeFix(CodeAction.Create("Rename", _ => RenameAsync(context.Document, diagnostic.Location.SourceSpan, Fix), "rename"), diagnostic);
        return Task.CompletedTask;
    }

    protected abstract SyntaxToken Fix(SyntaxToken name);

    protected static SyntaxToken Named(SyntaxToken old, string name) => SyntaxFactory.Identifier(name).WithTriviaFrom(old);

    protected static string Capitalized(SyntaxToken name) => char.ToUpperInvariant(name.ValueText[0]) + name.ValueText[1..];

    protected static async Task<Document> RenameAsync(Document document, TextSpan span, Func<SyntaxToken, SyntaxToken> fix)
    {
        var root = (await document.GetSyntaxRootAsync())!;
        var token = root.FindToken(span.Start);
        return document.WithSyntaxRoot(root.ReplaceToken(token, fix(token)));
    }
}

public sealed class CapitalizeFixer : NameFixer
{
    protected override SyntaxToken Fix(SyntaxToken name) => Named(name, Capitalized(name));
}

/// <summary>What it makes is reported, and fixed, again.</summary>
public sealed class RepeatingFixer : NameFixer
{
    protected override SyntaxToken Fix(SyntaxToken name) => Named(name, name.ValueText + "x");
}

public sealed class UnchangingFixer : NameFixer
{
    protected override SyntaxToken Fix(SyntaxToken name) => name;
}

/// <summary>Gives every type the same name.</summary>
public sealed class CollidingFixer : NameFixer
{
    protected override SyntaxToken Fix(SyntaxToken name) => Named(name, "Same");
}

/// <summary>Makes an identifier that the parser reads as two tokens.</summary>
public sealed class BadTreeFixer : NameFixer
{
    protected override SyntaxToken Fix(SyntaxToken name) => SyntaxFactory.Identifier(default, SyntaxKind.IdentifierToken, "A<T>", "A<T>", name.TrailingTrivia);
}

/// <summary>Leaves a compiler warning behind.</summary>
public sealed class WarningFixer : NameFixer
{
    protected override SyntaxToken Fix(SyntaxToken name)
        => Named(name, Capitalized(name)).WithTrailingTrivia(SyntaxFactory.ParseTrailingTrivia("\n").AddRange(SyntaxFactory.ParseLeadingTrivia("#warning left behind\n")));
}

public sealed class ThrowingFixer : NameFixer
{
    protected override SyntaxToken Fix(SyntaxToken name) => throw new InvalidOperationException("subject");
}

/// <summary>Offers two edits.</summary>
public sealed class ChoiceFixer : NameFixer
{
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            context.RegisterCodeFix(CodeAction.Create("Capitalize", _ => RenameAsync(context.Document, diagnostic.Location.SourceSpan, Fix), "capitalize"), diagnostic);
            context.RegisterCodeFix(CodeAction.Create("Prefix", _ => RenameAsync(context.Document, diagnostic.Location.SourceSpan, name => Named(name, "T" + name.ValueText)), "prefix"), diagnostic);
        }

        return Task.CompletedTask;
    }

    protected override SyntaxToken Fix(SyntaxToken name) => Named(name, Capitalized(name));
}

/// <summary>Fixes all in another way than one by one.</summary>
public sealed class DisagreeingFixAllFixer : NameFixer
{
    public override FixAllProvider GetFixAllProvider() => new ShoutingProvider();

    protected override SyntaxToken Fix(SyntaxToken name) => Named(name, Capitalized(name));

    private sealed class ShoutingProvider : FixAllProvider
    {
        public override Task<CodeAction?> GetFixAsync(FixAllContext context) => Task.FromResult<CodeAction?>(CodeAction.Create("Shout", async cancellationToken =>
        {
            var solution = context.Solution;
            foreach (var id in solution.Projects.SelectMany(project => project.DocumentIds).ToList())
            {
                var root = (await solution.GetDocument(id)!.GetSyntaxRootAsync(cancellationToken))!;
                var names = root.DescendantNodes().OfType<ClassDeclarationSyntax>().Select(type => type.Identifier);
                solution = solution.WithDocumentSyntaxRoot(id, root.ReplaceTokens(names, (old, _) => Named(old, old.ValueText.ToUpperInvariant())));
            }

            return solution;
        }));
    }
}

/// <summary>Offers no fix for all, though it has a provider.</summary>
public sealed class EmptyFixAllFixer : NameFixer
{
    public override FixAllProvider GetFixAllProvider() => new NothingProvider();

    protected override SyntaxToken Fix(SyntaxToken name) => Named(name, Capitalized(name));

    private sealed class NothingProvider : FixAllProvider
    {
        public override Task<CodeAction?> GetFixAsync(FixAllContext context) => Task.FromResult<CodeAction?>(null);
    }
}

/// <summary>Fixes all in a document only.</summary>
public sealed class DocumentOnlyFixer : NameFixer
{
    public override FixAllProvider GetFixAllProvider() => new DocumentProvider();

    protected override SyntaxToken Fix(SyntaxToken name) => Named(name, Capitalized(name));

    private sealed class DocumentProvider : FixAllProvider
    {
        public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document];

        public override Task<CodeAction?> GetFixAsync(FixAllContext context) => WellKnownFixAllProviders.BatchFixer.GetFixAsync(context);
    }
}
