using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using PinAnalyzers.Pairs.Options;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>
/// Symmetric owner tracking: every charge of the account in the type records whose account it charged, every release takes that record and asks nothing else.
/// All sites change together or none does, and what would not compile is not offered.
/// </summary>
internal static class OwnerTracking
{
    public static async Task<Solution?> ApplyAsync(Solution solution, AccountEdit edit, CancellationToken cancellation)
    {
        if (edit.Charges.IsEmpty || edit.Releases.IsEmpty) return null;
        Dictionary<DocumentId, TypePart> parts = [];
        foreach (AccountSite site in edit.Charges.Concat(edit.Releases))
        {
            if (parts.ContainsKey(site.Document)) continue;
            Document document = solution.GetDocument(site.Document)!;
            if (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } model) return null;
            parts.Add(site.Document, new TypePart(model, new SyntaxEditor(await model.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false), solution.Workspace.Services)));
        }

        if (TypeOf(edit, parts, cancellation) is not { } type || !CanRemember(type)) return null;
        if (IsStatic(edit, parts, cancellation) is not { } isStatic || new ChargeRepetition(type, edit, parts, cancellation).IsEvident()) return null;
        bool isAtomic = !type.IsValueType && !IsSingleThreaded(solution, edit.Charges[0].Document, parts);
        if (new RecordFieldChoice(type, edit, parts, isStatic, isAtomic, cancellation).Choose() is not { } field) return null;
        if (!field.Exists && !edit.Charges.All(site => new ChargeRecording(parts[site.Document], site, field).TryApply())) return null;
        Dictionary<IfStatementSyntax, string> locals = [];
        if (!edit.Releases.All(site => new ReleaseGuarding(parts[site.Document], site, field, edit.Checks, locals).TryApply())) return null;
        if (!edit.Checks.Where(static check => char.IsLower(check.Says)).All(check => HelperCallFreeing.TryApply(parts, check))) return null;
        if (!field.Exists) Declare(field, edit.Charges[0], parts);
        Solution changed = solution;
        foreach (KeyValuePair<DocumentId, TypePart> part in parts) changed = changed.WithDocumentSyntaxRoot(part.Key, part.Value.Editor.GetChangedRoot());
        return await CheckedEdits.IsAsGoodAsync(solution, changed, parts.Keys, cancellation).ConfigureAwait(false) ? changed : null;
    }

    /// <summary>The one type that holds all sites.</summary>
    public static INamedTypeSymbol? TypeOf(AccountEdit edit, IReadOnlyDictionary<DocumentId, TypePart> parts, CancellationToken cancellation)
    {
        INamedTypeSymbol? type = null;
        foreach (AccountSite site in edit.Charges.Concat(edit.Releases))
        {
            INamedTypeSymbol? own = MemberOf(site, parts, cancellation)?.ContainingType;
            if (own is null || type is not null && !SymbolEqualityComparer.Default.Equals(own, type)) return null;
            type = own;
        }

        return type;
    }

    /// <summary>A field more changes what a record equals, how a laid-out structure looks to others, and what an interface is.</summary>
    private static bool CanRemember(INamedTypeSymbol type) =>
        type is { IsRecord: false, TypeKind: TypeKind.Class or TypeKind.Struct, IsReadOnly: false } && !(type.IsValueType && type.GetAttributes().Any(static a => a.AttributeClass?.Name is "StructLayoutAttribute" or "SharedMemoryAttribute"));

    /// <summary>Null where the sites do not share an object, or a member charges and rolls back: what it records would depend on the outcome.</summary>
    private static bool? IsStatic(AccountEdit edit, IReadOnlyDictionary<DocumentId, TypePart> parts, CancellationToken cancellation)
    {
        List<ISymbol?> charging = edit.Charges.Select(site => MemberOf(site, parts, cancellation)).ToList(), releasing = edit.Releases.Select(site => MemberOf(site, parts, cancellation)).ToList();
        if (charging.Any(member => releasing.Contains(member, SymbolEqualityComparer.Default))) return null;
        List<ISymbol?> all = [.. charging, .. releasing];
        if (all.Any(member => member is null || member.IsStatic != all[0]!.IsStatic || member is IMethodSymbol { IsReadOnly: true })) return null;
        return all[0]!.IsStatic;
    }

    private static ISymbol? MemberOf(AccountSite site, IReadOnlyDictionary<DocumentId, TypePart> parts, CancellationToken cancellation)
    {
        ISymbol? symbol = parts[site.Document].Model.GetEnclosingSymbol(site.Operation.SpanStart, cancellation);
        while (symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction }) symbol = symbol.ContainingSymbol;
        return symbol is IMethodSymbol ? symbol : null;
    }

    private static bool IsSingleThreaded(Solution solution, DocumentId document, IReadOnlyDictionary<DocumentId, TypePart> parts) =>
        solution.GetDocument(document)!.Project.AnalyzerOptions.AnalyzerConfigOptionsProvider.GetOptions(parts[document].Model.SyntaxTree).TryGetValue(PinOptions.SingleThreadedKey, out string? value) && value.Trim() == "true";

    private static void Declare(RecordField field, AccountSite beside, IReadOnlyDictionary<DocumentId, TypePart> parts)
    {
        TypePart part = parts[beside.Document];
        TypeDeclarationSyntax type = beside.Operation.FirstAncestorOrSelf<TypeDeclarationSyntax>()!;
        MemberDeclarationSyntax declaration = SyntaxFactory.ParseMemberDeclaration(field.Declaration)!.WithTrailingTrivia(part.EndOfLine).WithAdditionalAnnotations(Formatter.Annotation);
        if (type.Members.TakeWhile(static m => m is FieldDeclarationSyntax).LastOrDefault() is { } last)
        {
            part.Editor.InsertAfter(last, declaration);
            return;
        }

        part.Editor.ReplaceNode(type, (current, _) => ((TypeDeclarationSyntax)current).WithMembers(((TypeDeclarationSyntax)current).Members.Insert(0, declaration.WithTrailingTrivia(part.EndOfLine, part.EndOfLine))));
    }
}
