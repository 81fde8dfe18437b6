using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using PinAnalyzers.CodeFixes;

namespace PinAnalyzers.Balance.Types;

/// <summary>Releases what a field holds where its type disposes, in whatever part that is; makes the type disposable where it is not.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ImplementReleaseFixer)), Shared]
public sealed class ImplementReleaseFixer : CodeFixProvider
{
    public const string Key_Implement = "PinAnalyzers.ImplementRelease";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1009");

    public override FixAllProvider GetFixAllProvider() => TypeFixAllProvider.Instance;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (await FixAsync(context.Document.Project, diagnostic, context.CancellationToken).ConfigureAwait(false) is not { } changed) continue;
            context.RegisterCodeFix(CodeAction.Create("Release in Dispose", _ => Task.FromResult(changed), Key_Implement), diagnostic);
        }
    }

    /// <summary>The solution with the release in it; null where no edit is certainly right, or it does not compile.</summary>
    internal static async Task<Solution?> FixAsync(Project project, Diagnostic diagnostic, CancellationToken cancellation)
    {
        if (TypeProperties.From(diagnostic.Properties) is not { } properties || await project.GetCompilationAsync(cancellation).ConfigureAwait(false) is not { } compilation) return null;
        if (DocumentationCommentId.GetFirstSymbolForDeclarationId(properties.Storage, compilation) is not { } storage || storage.DeclaringSyntaxReferences.IsEmpty) return null;
        INamedTypeSymbol type = storage.ContainingType;
        if (ReleaseText.For(properties, storage, ItemName(type)) is not { } release || DisposalHost.Find(type, cancellation) is not { } host) return null;
        TypeDeclarationSyntax? part = storage.DeclaringSyntaxReferences[0].GetSyntax(cancellation).FirstAncestorOrSelf<TypeDeclarationSyntax>();
        SyntaxNode? target = host.Method ?? (SyntaxNode?)part;
        if (target is null || part is null || project.GetDocument(target.SyntaxTree) is not { } document || IsGenerated(document)) return null;
        SyntaxNode root = await target.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false);
        SyntaxNode? edited = host.Method is { } method ? DisposalEdit.Complete(method, release) : WithMember(part, type, host, release);
        if (edited is null) return null;
        Document changed = document.WithSyntaxRoot(root.ReplaceNode(target, edited));
        if (!await CheckedEdits.IsAsGoodAsync(document, changed, cancellation).ConfigureAwait(false)) return null;
        return (await FileConventions.KeepAsync(document, changed, cancellation).ConfigureAwait(false)).Project.Solution;
    }

    private static TypeDeclarationSyntax WithMember(TypeDeclarationSyntax part, INamedTypeSymbol type, DisposalHost host, ReleaseText release)
    {
        SyntaxTrivia newLine = part.DescendantTrivia().FirstOrDefault(static t => t.IsKind(SyntaxKind.EndOfLineTrivia)) is { RawKind: not 0 } used ? used : SyntaxFactory.ElasticLineFeed;
        if (host.Overridden is { } overridden) return part.AddMembers(DisposalEdit.NewOverride(overridden, release, newLine)).WithAdditionalAnnotations(Formatter.Annotation);
        bool isSealed = type.IsSealed || type.DeclaredAccessibility == Accessibility.Private;
        TypeDeclarationSyntax changed = part.AddMembers([.. DisposalEdit.NewDisposal(isSealed, release, newLine)]);
        BaseTypeSyntax disposable = SyntaxFactory.SimpleBaseType(SyntaxFactory.ParseTypeName("global::System.IDisposable")).WithAdditionalAnnotations(Simplifier.Annotation);
        if (changed.BaseList is { } bases) return (TypeDeclarationSyntax)changed.WithBaseList(bases.WithTypes(bases.Types.Add(disposable))).WithAdditionalAnnotations(Formatter.Annotation);

        // Behind the name and whatever belongs to it: of newer languages a class may have parameters, too.
        SyntaxToken last = (changed.ConstraintClauses.Count > 0 ? changed.ConstraintClauses[0].WhereKeyword : changed.OpenBraceToken).GetPreviousToken();
        SyntaxTriviaList after = last.TrailingTrivia;
        changed = changed.ReplaceToken(last, last.WithTrailingTrivia(SyntaxFactory.Space));
        return (TypeDeclarationSyntax)changed.WithBaseList(SyntaxFactory.BaseList(SyntaxFactory.SingletonSeparatedList(disposable)).WithTrailingTrivia(after)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>What a designer writes it writes again.</summary>
    private static bool IsGenerated(Document document) => document.Name.EndsWith(".Designer.cs", System.StringComparison.OrdinalIgnoreCase) || document.Name.EndsWith(".g.cs", System.StringComparison.OrdinalIgnoreCase);

    /// <summary>A name for an element that no member of the type has.</summary>
    private static string ItemName(INamedTypeSymbol type)
    {
        foreach (string name in new[] { "item", "held", "each" })
        {
            if (type.GetMembers(name).IsEmpty) return name;
        }

        return "heldItem";
    }
}
