using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>
/// The names by which source may touch a contract: annotated members, imports whose convention is known, members of flags enums. Read from attribute
/// lists alone; nothing is bound but the signatures that carry <c>[ValidMask]</c>, for the enum they name.
/// </summary>
internal sealed class ContractNames
{
    private static readonly string[] s_attributes =
    [
        Annotations.ValidRange, Annotations.ValidMask, Annotations.MustBeZero, Annotations.Errno, Annotations.Charge, Annotations.Inherited, Annotations.Counter,
        "Flags", "DllImport", "LibraryImport",
    ];

    private readonly ImmutableHashSet<string>.Builder _calls = ImmutableHashSet.CreateBuilder<string>();
    private readonly ImmutableHashSet<string>.Builder _states = ImmutableHashSet.CreateBuilder<string>();
    private readonly ImmutableHashSet<string>.Builder _flags = ImmutableHashSet.CreateBuilder<string>();
    private readonly ImmutableHashSet<string>.Builder _twins = ImmutableHashSet.CreateBuilder<string>();
    private readonly HashSet<INamedTypeSymbol> _maskedEnums = new(SymbolEqualityComparer.Default);

    private ContractNames()
    {
    }

    /// <summary>Annotated methods, types whose constructor is annotated, and imports.</summary>
    public ImmutableHashSet<string> Calls => _calls.ToImmutable();

    /// <summary>Fields and properties with <c>[Inherited]</c> or <c>[Counter]</c>.</summary>
    public ImmutableHashSet<string> States => _states.ToImmutable();

    /// <summary>Members of enums that are <c>[Flags]</c> in this compilation, or that a <c>[ValidMask]</c> names.</summary>
    public ImmutableHashSet<string> Flags => _flags.ToImmutable();

    /// <summary>Members of such enums that are declared with the same value.</summary>
    public ImmutableHashSet<string> Twins => _twins.ToImmutable();

    /// <summary>Enums that a <c>[ValidMask]</c> parameter has.</summary>
    public IReadOnlyCollection<INamedTypeSymbol> MaskedEnums => _maskedEnums;

    public static ContractNames Find(Compilation compilation, CancellationToken cancellation)
    {
        ContractNames names = new();
        ImmutableArray<IAssemblySymbol> carriers = Annotations.Carriers(compilation);
        foreach (IAssemblySymbol carrier in carriers)
        {
            if (!SymbolEqualityComparer.Default.Equals(carrier, compilation.Assembly)) names.AddReference(carrier, cancellation);
        }

        NameScan scan = new(s_attributes.Concat(s_attributes.Select(static name => name + "Attribute")));
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            SourceText text = tree.GetText(cancellation);
            SyntaxNode? root = null;
            foreach (int hit in scan.Find(text))
            {
                if (!IsInAttributeList(text, hit)) continue;
                root ??= tree.GetRoot(cancellation);
                if (root.FindToken(hit).Parent?.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute) names.Add(attribute, compilation, !carriers.IsEmpty);
            }
        }

        return names;
    }

    /// <summary>True where what stands before a name, qualifiers left out, may open an attribute.</summary>
    private static bool IsInAttributeList(SourceText text, int position)
    {
        int i = FlagContext.BeforeQualifiers(text, position);
        return i >= 0 && text[i] is '[' or ',' or ':';
    }

    private void Add(AttributeSyntax attribute, Compilation compilation, bool hasAnnotations)
    {
        string name = SimpleName(attribute.Name);
        if (attribute.Parent is not AttributeListSyntax { Parent: { } target }) return;
        switch (name)
        {
            case "Flags" when target is EnumDeclarationSyntax @enum:
                _flags.UnionWith(@enum.Members.Select(static member => member.Identifier.ValueText));
                _twins.UnionWith(@enum.Members.Where(static member => member.EqualsValue is not null).GroupBy(static member => member.EqualsValue!.Value.ToString()).Where(static same => same.Count() > 1).SelectMany(static same => same).Select(static member => member.Identifier.ValueText));
                break;
            case "DllImport" or "LibraryImport" when target is MethodDeclarationSyntax import:
                if (EntryPoint(attribute) is not { } entry || NativeConventions.IsKnown(entry.Length == 0 ? import.Identifier.ValueText : entry)) _calls.Add(import.Identifier.ValueText);
                break;
            case Annotations.Inherited or Annotations.Counter when hasAnnotations:
                _states.UnionWith(NamesOf(target));
                // One that says what a copy gets speaks for the object: its other members are copied along.
                if (name == Annotations.Inherited && target.Parent is TypeDeclarationSyntax type) _states.UnionWith(type.Members.Where(static member => member is FieldDeclarationSyntax or PropertyDeclarationSyntax).SelectMany(NamesOf));
                break;
            case Annotations.ValidRange or Annotations.ValidMask or Annotations.MustBeZero or Annotations.Errno or Annotations.Charge when hasAnnotations:
                SyntaxNode declaration = target is ParameterSyntax { Parent.Parent: { } owner } ? owner : target;
                _calls.UnionWith(NamesOf(declaration));
                if (name == Annotations.ValidMask && target is ParameterSyntax parameter) AddMaskedEnum(parameter, compilation);
                break;
        }
    }

    private void AddMaskedEnum(ParameterSyntax parameter, Compilation compilation)
    {
        if (SemanticModels.Of(parameter.SyntaxTree, compilation).GetDeclaredSymbol(parameter) is IParameterSymbol { Type: { } type }) AddMaskedEnum(type);
    }

    private void AddMaskedEnum(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Enum } named || !_maskedEnums.Add(named)) return;
        foreach (ISymbol member in named.GetMembers())
        {
            if (member is IFieldSymbol { HasConstantValue: true }) _flags.Add(member.Name);
        }
    }

    private void AddReference(IAssemblySymbol assembly, CancellationToken cancellation)
    {
        Stack<INamespaceOrTypeSymbol> pending = new();
        pending.Push(assembly.GlobalNamespace);
        while (pending.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ISymbol member in pending.Pop().GetMembers())
            {
                switch (member)
                {
                    case INamespaceOrTypeSymbol container:
                        pending.Push(container);
                        break;
                    case IMethodSymbol method when HasContract(method):
                        _calls.Add(method.SourceName());
                        break;
                    case IFieldSymbol or IPropertySymbol when Annotations.Has(member, Annotations.Inherited) || Annotations.Has(member, Annotations.Counter):
                        _states.Add(member.Name);
                        break;
                }
            }
        }
    }

    private bool HasContract(IMethodSymbol method)
    {
        bool found = Annotations.Has(method, Annotations.Charge) || Annotations.Find(method.GetReturnTypeAttributes(), Annotations.Errno) is not null;
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            foreach (AttributeData attribute in parameter.GetAttributes())
            {
                bool isMask = Annotations.Is(attribute, Annotations.ValidMask);
                if (isMask) AddMaskedEnum(parameter.Type);
                found |= isMask || Annotations.Is(attribute, Annotations.ValidRange) || Annotations.Is(attribute, Annotations.MustBeZero);
            }
        }

        return found;
    }

    private static IEnumerable<string> NamesOf(SyntaxNode declaration) => declaration switch
    {
        // A collection initializer calls Add without naming it.
        MethodDeclarationSyntax { Identifier.ValueText: "Add", Parent: TypeDeclarationSyntax type } => ["Add", type.Identifier.ValueText],
        MethodDeclarationSyntax method => [method.Identifier.ValueText],
        LocalFunctionStatementSyntax local => [local.Identifier.ValueText],
        ConstructorDeclarationSyntax constructor => [constructor.Identifier.ValueText, "base", "this"],
        DelegateDeclarationSyntax @delegate => ["Invoke", @delegate.Identifier.ValueText],
        TypeDeclarationSyntax type => [type.Identifier.ValueText, "base", "this"],
        PropertyDeclarationSyntax property => [property.Identifier.ValueText],
        ParameterSyntax parameter => [parameter.Identifier.ValueText],
        FieldDeclarationSyntax field => field.Declaration.Variables.Select(static variable => variable.Identifier.ValueText),
        AccessorDeclarationSyntax { Parent.Parent: PropertyDeclarationSyntax property } => [property.Identifier.ValueText],
        _ => [],
    };

    /// <summary>The entry point of an import; empty: the method's own name; null: a constant that only binding knows.</summary>
    private static string? EntryPoint(AttributeSyntax attribute)
    {
        AttributeArgumentSyntax? named = attribute.ArgumentList?.Arguments.FirstOrDefault(static argument => argument.NameEquals?.Name.Identifier.ValueText == "EntryPoint");
        if (named is null) return string.Empty;
        return named.Expression is LiteralExpressionSyntax { Token.Value: string text } ? text : null;
    }

    private static string SimpleName(NameSyntax name)
    {
        string simple = name switch
        {
            QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
            AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
            SimpleNameSyntax identifier => identifier.Identifier.ValueText,
            _ => string.Empty,
        };
        const string Suffix = "Attribute";
        return simple.EndsWith(Suffix, StringComparison.Ordinal) ? simple.Substring(0, simple.Length - Suffix.Length) : simple;
    }
}
