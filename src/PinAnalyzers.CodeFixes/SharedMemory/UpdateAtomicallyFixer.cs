using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>
/// PIN3003: <c>Interlocked</c> where both sides write the cell; a private copy that is only published where one does. Never volatile alone: two accesses are
/// not one.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UpdateAtomicallyFixer)), Shared]
public sealed class UpdateAtomicallyFixer : SharedMemoryCodeFix
{
    public const string Key_Interlocked = "PinAnalyzers.UpdateAtomically";
    public const string Key_PrivateCopy = "PinAnalyzers.UpdatePrivateCopy";

    public UpdateAtomicallyFixer()
        : base(("Update it atomically (both sides write it)", Key_Interlocked), ("Update a private copy and publish it (only this side writes it)", Key_PrivateCopy))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3003");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.At is not ExpressionSyntax at || UpdateForm.Of(VolatileForms.Bare(at)) is not { } update) return null;
        ExpressionSyntax site = VolatileForms.Bare(at), updated = VolatileForms.Bare(update.Cell);
        // What is added would still be read before, in a step of its own.
        if (update.Operand is { } added && added.DescendantNodesAndSelf().Any(n => SyntaxFactory.AreEquivalent(n, updated))) return null;
        ITypeSymbol? type = target.Model.GetTypeInfo(updated, target.Cancellation).Type;
        if (type?.SpecialType is not (SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64)) return null;
        // A narrower value is cut off, which no operation on the whole cell does.
        if (update.Casts.Any(cast => !SymbolEqualityComparer.Default.Equals(target.Model.GetTypeInfo(cast, target.Cancellation).Type, type))) return null;
        bool isUsed = VolatileForms.Outermost(site).Parent switch
        {
            ExpressionStatementSyntax or ForStatementSyntax => false,
            ArrowExpressionClauseSyntax or LambdaExpressionSyntax => target.Model.GetEnclosingSymbol(site.SpanStart, target.Cancellation) is not IMethodSymbol { ReturnsVoid: true },
            _ => true,
        };
        // No atomic operation asks for an overflow; a copy of our own does where the code around it does.
        bool isChecked = IsChecked(target, site);
        if (key == Key_Interlocked) return isChecked ? null : Interlocked(target, update, site, type, isUsed);
        return isChecked == IsCheckedAround(target, site) ? PrivateCopy(target, update, site, type, isUsed) : null;
    }

    private static SyntaxNode? Interlocked(SharedTarget target, UpdateForm update, ExpressionSyntax site, ITypeSymbol type, bool isUsed)
    {
        string cell = VolatileForms.Bare(update.Cell).WithoutTrivia().ToFullString();
        string? operand = update.Operand?.WithoutTrivia().ToFullString();
        bool isUnsigned = type.SpecialType is SpecialType.System_UInt32 or SpecialType.System_UInt64;
        string? call = (update.Operator, operand) switch
        {
            ("+", null or "1" or "1u" or "1U" or "1L") => $"Increment(ref {cell})",
            ("-", null or "1" or "1u" or "1U" or "1L") => $"Decrement(ref {cell})",
            ("+", _) => $"Add(ref {cell}, {operand})",
            ("-", _) => isUnsigned ? $"Add(ref {cell}, unchecked(0 - ({operand})))" : $"Add(ref {cell}, -({operand}))",
            ("|", _) when !isUsed => $"Or(ref {cell}, {operand})",
            ("&", _) when !isUsed => $"And(ref {cell}, {operand})",
            _ => null,
        };
        if (call is null) return null;
        string text = $"{VolatileForms.Named(target.Model, site.SpanStart, "System.Threading", "Interlocked")}.{call}";
        if (isUsed && update.IsPostfix)
        {
            text += update.Operator == "+" ? " - 1" : " + 1";
            if (site.Parent is not (ArgumentSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax or ReturnStatementSyntax or ParenthesizedExpressionSyntax)) text = $"({text})";
        }

        return target.Root.ReplaceNode(site, SyntaxFactory.ParseExpression(text).WithTriviaFrom(site));
    }

    /// <summary>What the update computes throws on overflow.</summary>
    private static bool IsChecked(SharedTarget target, ExpressionSyntax site) => target.Model.GetOperation(site, target.Cancellation) is { } operation
        && operation.DescendantsAndSelf().Any(static part => part is IIncrementOrDecrementOperation { IsChecked: true } or ICompoundAssignmentOperation { IsChecked: true } or IBinaryOperation { IsChecked: true });

    private static bool IsCheckedAround(SharedTarget target, ExpressionSyntax site)
    {
        foreach (SyntaxNode node in site.Ancestors())
        {
            if (node.IsKind(SyntaxKind.CheckedExpression) || node.IsKind(SyntaxKind.CheckedStatement)) return true;
            if (node.IsKind(SyntaxKind.UncheckedExpression) || node.IsKind(SyntaxKind.UncheckedStatement)) return false;
        }

        return target.Model.Compilation.Options.CheckOverflow;
    }

    /// <summary>A field of the type that is updated in the cell's stead; made where there is none.</summary>
    private static SyntaxNode? PrivateCopy(SharedTarget target, UpdateForm update, ExpressionSyntax site, ITypeSymbol type, bool isUsed)
    {
        if (isUsed || update.Operator is not ("+" or "-" or "|") || site.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } owner || owner is StructDeclarationSyntax or InterfaceDeclarationSyntax) return null;
        ExpressionSyntax cell = VolatileForms.Bare(update.Cell);
        string? member = cell switch
        {
            MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } } access => access.Name.Identifier.ValueText,
            PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax pointer } => pointer.Identifier.ValueText,
            _ => null,
        };
        // A copy in a field can stand for one cell only: one that is reached from a field.
        SyntaxNode? first = cell.DescendantNodesAndSelf().FirstOrDefault(static n => n is IdentifierNameSyntax);
        if (member is null || first is null || target.Model.GetSymbolInfo(first, target.Cancellation).Symbol is not IFieldSymbol root) return null;
        string bare = member.TrimStart('_');
        string plain = "_local" + char.ToUpperInvariant(bare[0]) + bare.Substring(1), name = Declared(target, owner, member, type, root.IsStatic) ?? plain;
        bool isKnown = name != plain;
        for (int i = 2; !isKnown && IsTaken(target, owner, name); i++)
        {
            isKnown = IsCopyOf(owner, name, cell, type.ToMinimalDisplayString(target.Model, site.SpanStart), root.IsStatic);
            if (!isKnown) name = plain + i;
        }

        string step = update.Operand is null ? $"{update.Operator}{update.Operator}{name}" : $"{name} {update.Operator}= {update.Operand.WithoutTrivia().ToFullString()}";
        string volatileType = VolatileForms.Named(target.Model, site.SpanStart, "System.Threading", "Volatile");
        ExpressionSyntax publish = SyntaxFactory.ParseExpression($"{volatileType}.Write(ref {cell.WithoutTrivia().ToFullString()}, {step})");
        if (isKnown) return target.Root.ReplaceNode(site, publish.WithTriviaFrom(site));
        MemberDeclarationSyntax around = site.FirstAncestorOrSelf<MemberDeclarationSyntax>()!;
        MemberDeclarationSyntax field = SyntaxFactory.ParseMemberDeclaration($"private {(root.IsStatic ? "static " : "")}{type.ToMinimalDisplayString(target.Model, site.SpanStart)} {name};")!
            .WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed).WithAdditionalAnnotations(Formatter.Annotation);
        SyntaxNode tracked = target.Root.TrackNodes(site, around);
        tracked = tracked.ReplaceNode(tracked.GetCurrentNode(site)!, publish.WithTriviaFrom(site));
        return tracked.InsertNodesBefore(tracked.GetCurrentNode(around)!, [field]);
    }

    /// <summary>The name of the field that says of itself that it is our copy of the member, and is known by that name here; null where there is none.</summary>
    private static string? Declared(SharedTarget target, TypeDeclarationSyntax owner, string member, ITypeSymbol type, bool isStatic) =>
        target.Model.GetDeclaredSymbol(owner, target.Cancellation)?.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field is { IsReadOnly: false, IsConst: false } && field.IsStatic == isStatic
            && SymbolEqualityComparer.Default.Equals(field.Type, type) && ReadPrivateCopyFixer.IsCopyOf(field, member)) is { } copy && ReadPrivateCopyFixer.IsKnownAs(copy, target.At.SpanStart, target) ? copy.Name : null;

    private static bool IsTaken(SharedTarget target, TypeDeclarationSyntax owner, string name) =>
        target.Model.GetDeclaredSymbol(owner, target.Cancellation) is { } type && !type.GetMembers(name).IsEmpty
        || owner.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name);

    /// <summary>A field of the right type of which every change is published to the same cell.</summary>
    private static bool IsCopyOf(TypeDeclarationSyntax owner, string name, ExpressionSyntax cell, string type, bool isStatic)
    {
        VariableDeclaratorSyntax? field = owner.Members.OfType<FieldDeclarationSyntax>().SelectMany(static f => f.Declaration.Variables).FirstOrDefault(v => v.Identifier.ValueText == name);
        if (field?.Parent is not VariableDeclarationSyntax { Parent: FieldDeclarationSyntax declaration } declared || declared.Type.ToString() != type || declaration.Modifiers.Any(SyntaxKind.StaticKeyword) != isStatic) return false;
        bool isPublished = false;
        foreach (IdentifierNameSyntax use in owner.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == name))
        {
            bool isChanged = use.Parent is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } or PostfixUnaryExpressionSyntax
                || use.Parent is AssignmentExpressionSyntax assignment && assignment.Left == use || use.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 };
            if (!isChanged) continue;
            if (use.Parent is not { Parent: ArgumentSyntax { Parent: ArgumentListSyntax { Arguments: { Count: 2 } arguments } } } || !SyntaxFactory.AreEquivalent(arguments[0].Expression, cell)) return false;
            isPublished = true;
        }

        return isPublished;
    }
}
