using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>Which field remembers the charge: one that the type has and that fits, or a new one of the owner's type.</summary>
internal sealed class RecordFieldChoice(INamedTypeSymbol type, AccountEdit edit, IReadOnlyDictionary<DocumentId, TypePart> parts, bool isStatic, bool isAtomic, CancellationToken cancellation)
{
    private TypePart Home => parts[edit.Charges[0].Document];

    private int Position => edit.Charges[0].Operation.SpanStart;

    /// <summary>Null where there is nothing that could be remembered, or it would not be certain that one charge and one release belong together.</summary>
    public RecordField? Choose()
    {
        if (edit.Properties.HasToken) return TokenField();
        bool hasOwner = edit.Charges.Concat(edit.Releases).All(static site => site.Owner is not null);
        if (!hasOwner) return CounterFlag();
        if (edit.Releases.Any(site => !IsOwn(site)) || OwnerType() is not { IsReferenceType: true, TypeKind: not TypeKind.TypeParameter } owner) return null;
        bool needsAmount = edit.Releases.Any(site => site.Amount is { } amount && !IsStable(amount, parts[site.Document].Model));
        ITypeSymbol? amountType = null;
        if (needsAmount)
        {
            if (edit.Charges.Any(static site => site.Amount is null)) return null;
            List<ITypeSymbol?> types = edit.Charges.Select(site => parts[site.Document].Model.GetTypeInfo(site.Amount!, cancellation).ConvertedType).ToList();
            amountType = types[0];
            if (amountType is null || types.Any(t => !SymbolEqualityComparer.Default.Equals(t, amountType))) return null;
        }

        RecordField field = Start(RecordKind.Owner, Text(owner)) with { Amount = amountType is null ? string.Empty : Text(amountType), Kind = needsAmount ? RecordKind.OwnerAndAmount : RecordKind.Owner };
        if (!needsAmount && Existing(owner) is { } existing) return field with { Name = existing, Exists = true };
        return field with { Name = NewName("charged" + Noun(Words(LastName(edit.Charges[0].Owner!)), owner)) };
    }

    private RecordField Start(RecordKind kind, string owner) => new(string.Empty, kind, owner, string.Empty, isAtomic)
    {
        IsStatic = isStatic,
        AllowsNullable = Home.Model.GetNullableContext(Position).AnnotationsEnabled(),
        AllowsNot = Home.Model.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: >= LanguageVersion.CSharp9 },
        Threading = IsVisible("Interlocked") ? string.Empty : "System.Threading.",
        Tuple = IsVisible("Tuple") ? "Tuple" : "System.Tuple",
    };

    private bool IsVisible(string name) => parts.Values.All(part => !part.Model.LookupNamespacesAndTypes(part.Model.SyntaxTree.GetRoot(cancellation).Span.End - 1, name: name).IsEmpty || !part.Model.LookupNamespacesAndTypes(PositionIn(part), name: name).IsEmpty);

    private int PositionIn(TypePart part) => edit.Charges.Concat(edit.Releases).First(site => parts[site.Document] == part).Operation.SpanStart;

    /// <summary>A static counter belongs to nobody: all there is to know is whether this object has added to it.</summary>
    private RecordField? CounterFlag()
    {
        if (isStatic || edit.Charges.Concat(edit.Releases).Any(static site => site.Owner is not null)) return null;
        if (!edit.Charges.Concat(edit.Releases).All(site => IsStaticCounter(site))) return null;
        if (edit.Releases.Any(site => site.Amount is { } amount && !IsStable(amount, parts[site.Document].Model))) return null;
        string words = Words(edit.Properties.Account);
        return Start(RecordKind.Flag, string.Empty) with { Name = NewName(char.ToLowerInvariant(words[0]) + words.Substring(1) + "Charged") };
    }

    private bool IsStaticCounter(AccountSite site) => site.Operation.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()
        .Any(name => name.Identifier.ValueText == edit.Properties.Account && parts[site.Document].Model.GetSymbolInfo(name, cancellation).Symbol is { IsStatic: true } and (IFieldSymbol or IPropertySymbol));

    /// <summary>The field that holds the token is empty when nothing was charged, if nothing else is ever put into it.</summary>
    private RecordField? TokenField()
    {
        IFieldSymbol? token = null;
        foreach (AccountSite release in edit.Releases)
        {
            if (release.Owner is null || parts[release.Document].Model.GetSymbolInfo(release.Owner, cancellation).Symbol is not IFieldSymbol { IsReadOnly: false, Type.IsReferenceType: true } field) return null;
            if (token is not null && !SymbolEqualityComparer.Default.Equals(token, field)) return null;
            token = field;
        }

        if (token is null || token.IsStatic != isStatic || !SymbolEqualityComparer.Default.Equals(token.ContainingType, type)) return null;
        return Start(RecordKind.Token, Text(token.Type)) with { Name = token.Name, Exists = true };
    }

    /// <summary>The object's own: what a caller hands in may be another one the next time.</summary>
    private bool IsOwn(AccountSite site)
    {
        SemanticModel model = parts[site.Document].Model;
        return !site.Owner!.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => model.GetSymbolInfo(name, cancellation).Symbol is IParameterSymbol parameter && !IsOfType(parameter) || model.GetSymbolInfo(name, cancellation).Symbol is ILocalSymbol or IRangeVariableSymbol);
    }

    /// <summary>A parameter of the type itself is as much the object's own as a field.</summary>
    private bool IsOfType(IParameterSymbol parameter) => parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is ParameterSyntax { Parent.Parent: TypeDeclarationSyntax };

    private ITypeSymbol? OwnerType()
    {
        List<ITypeSymbol?> types = edit.Charges.Concat(edit.Releases).Select(site => parts[site.Document].Model.GetTypeInfo(site.Owner!, cancellation).Type?.WithNullableAnnotation(NullableAnnotation.None)).ToList();
        return types.All(t => t is not null && SymbolEqualityComparer.Default.Equals(t, types[0])) ? types[0] : null;
    }

    /// <summary>The same at release as at charge: given by the caller, or never changed.</summary>
    private bool IsStable(ExpressionSyntax amount, SemanticModel model) => amount.DescendantNodesAndSelf().Where(static node => !IsInCondition(node)).All(node => node switch
    {
        IdentifierNameSyntax name => model.GetSymbolInfo(name, cancellation).Symbol switch
        {
            IParameterSymbol or INamespaceOrTypeSymbol => true,
            IFieldSymbol field => field.IsConst || field.IsReadOnly,
            IPropertySymbol property => property.SetMethod is null && property.ContainingType.GetMembers().Any(m => m is IFieldSymbol { AssociatedSymbol: { } associated } && SymbolEqualityComparer.Default.Equals(associated, property))
                || property is { Name: "Length", ContainingType.SpecialType: SpecialType.System_Array or SpecialType.System_String },
            _ => false,
        },
        LiteralExpressionSyntax or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } or ParenthesizedExpressionSyntax or CastExpressionSyntax or PredefinedTypeSyntax => true,
        ConditionalExpressionSyntax => true,
        BinaryExpressionSyntax or MemberAccessExpressionSyntax or ThisExpressionSyntax or CheckedExpressionSyntax => true,
        _ => false,
    });

    /// <summary>What chooses between an amount and nothing goes away with the check.</summary>
    private static bool IsInCondition(SyntaxNode node) => node.FirstAncestorOrSelf<ConditionalExpressionSyntax>() is { } choice && choice.Condition.Span.Contains(node.Span);

    /// <summary>A field that is given the owner where it is charged, and nothing but null anywhere else.</summary>
    private string? Existing(ITypeSymbol owner)
    {
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>())
        {
            if (field.IsReadOnly || field.IsConst || field.IsStatic != isStatic || field.AssociatedSymbol is not null || field.DeclaredAccessibility != Accessibility.Private) continue;
            if (!SymbolEqualityComparer.Default.Equals(field.Type.WithNullableAnnotation(NullableAnnotation.None), owner)) continue;
            if (Fits(field)) return field.Name;
        }

        return null;
    }

    private bool Fits(IFieldSymbol field)
    {
        HashSet<AccountSite> recorded = [];
        foreach (SyntaxReference declaration in type.DeclaringSyntaxReferences)
        {
            foreach (IdentifierNameSyntax name in declaration.GetSyntax(cancellation).DescendantNodes().OfType<IdentifierNameSyntax>().Where(n => n.Identifier.ValueText == field.Name))
            {
                ExpressionSyntax whole = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access ? access : name;
                ExpressionSyntax? value = whole.Parent switch
                {
                    AssignmentExpressionSyntax assignment when assignment.Left == whole => assignment.Right,
                    ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword, Parent: ArgumentListSyntax { Arguments: { Count: 2 } both } } => both[1].Expression,
                    ArgumentSyntax { RefKindKeyword.RawKind: not 0 } => whole,
                    _ => null,
                };
                if (value is null || value.IsKind(SyntaxKind.NullLiteralExpression) || value is PostfixUnaryExpressionSyntax { Operand.RawKind: (int)SyntaxKind.NullLiteralExpression }) continue;
                AccountSite? charge = edit.Charges.FirstOrDefault(site => value.FirstAncestorOrSelf<BlockSyntax>() is { } block && block == site.Operation.FirstAncestorOrSelf<BlockSyntax>() && SyntaxFactory.AreEquivalent(Occurrences.Bare(value), Occurrences.Bare(site.Owner!)));
                if (charge is null) return false;
                recorded.Add(charge);
            }
        }

        return recorded.Count == edit.Charges.Length;
    }

    private string Text(ITypeSymbol symbol) => symbol.WithNullableAnnotation(NullableAnnotation.None).ToMinimalDisplayString(Home.Model, Position);

    private static string LastName(ExpressionSyntax owner) => Occurrences.Bare(owner) switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        InvocationExpressionSyntax call => LastName(call.Expression),
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => "Owner",
    };

    /// <summary><c>_user</c>, <c>s_user</c> and <c>m_user</c> are all about a <c>User</c>.</summary>
    private static string Words(string name)
    {
        string bare = name.TrimStart('_');
        if (bare.Length > 2 && bare[1] == '_' && bare[0] is 's' or 'm' or 't') bare = bare.Substring(2);
        if (bare.StartsWith("Get", StringComparison.Ordinal) && bare.Length > 3) bare = bare.Substring(3);
        return bare.Length == 0 ? "Owner" : char.ToUpperInvariant(bare[0]) + bare.Substring(1);
    }

    /// <summary>A name of one letter says less than the type.</summary>
    private static string Noun(string word, ITypeSymbol owner) => word.Length > 2 || owner.Name.Length < 3 ? word : owner.Name;

    private string NewName(string wanted)
    {
        List<string> peers = type.GetMembers().OfType<IFieldSymbol>().Where(f => f.DeclaredAccessibility == Accessibility.Private && !f.IsConst && !f.IsImplicitlyDeclared && f.IsStatic == isStatic).Select(static f => f.Name).ToList();
        string prefix = peers.Any(static n => n.StartsWith("s_", StringComparison.Ordinal)) ? "s_" : peers.Any(static n => n.StartsWith("m_", StringComparison.Ordinal)) ? "m_"
            : peers.Count == 0 || peers.Any(static n => n.StartsWith("_", StringComparison.Ordinal)) ? "_" : string.Empty;
        string name = prefix + wanted;
        ImmutableHashSet<string> taken = type.DeclaringSyntaxReferences.SelectMany(r => r.GetSyntax(cancellation).DescendantTokens()).Where(static t => t.IsKind(SyntaxKind.IdentifierToken)).Select(static t => t.ValueText).ToImmutableHashSet();
        for (int number = 2; taken.Contains(name) || !type.GetMembers(name).IsEmpty; number++) name = prefix + wanted + number;
        return name;
    }
}
