using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Creations that do not say of what: <c>new(p)</c>. Found when first asked, kept for the life of the compilation.</summary>
internal sealed class ImplicitCreations(Compilation compilation, CancellationToken cancellation)
{
    private const int MaxUntold = 96;
    private readonly Lazy<ILookup<string, ImplicitObjectCreationExpressionSyntax>> _byType = new(() => Find(compilation, cancellation).ToLookup(static creation => WrittenType(creation) ?? "", StringComparer.Ordinal));
    private readonly ConcurrentDictionary<ImplicitObjectCreationExpressionSyntax, ISymbol?> _made = new();

    /// <summary>Where the constructor is called so; null when there are too many to tell.</summary>
    public IReadOnlyList<SyntaxNode>? Of(IMethodSymbol constructor)
    {
        List<ImplicitObjectCreationExpressionSyntax> untold = _byType.Value[""].Where(creation => MayCall(creation, constructor)).ToList();
        return untold.Count > MaxUntold ? null : _byType.Value[constructor.ContainingType.Name].Concat(untold).Where(creation => SymbolEqualityComparer.Default.Equals(_made.GetOrAdd(creation, Bind), constructor)).ToList();
    }

    private ISymbol? Bind(ImplicitObjectCreationExpressionSyntax creation) =>
        creation.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member && BodyGraphs.IsTooDeep(member) ? null : SemanticModels.Of(creation.SyntaxTree, compilation).GetSymbolInfo(creation, cancellation).Symbol?.OriginalDefinition;

    /// <summary>As many arguments as there may be, and pointers only where they are allowed.</summary>
    private static bool MayCall(ImplicitObjectCreationExpressionSyntax creation, IMethodSymbol constructor) =>
        creation.ArgumentList.Arguments.Count is var count && count <= constructor.Parameters.Length && constructor.Parameters.Count(static parameter => !parameter.IsOptional) <= count
        && (!constructor.Parameters.Any(static parameter => parameter is { IsOptional: false, Type.TypeKind: TypeKind.Pointer }) || IsUnsafe(creation));

    private static bool IsUnsafe(SyntaxNode node) => node.Ancestors().Any(static around => around is UnsafeStatementSyntax
        || around is MemberDeclarationSyntax { Modifiers: var modifiers } && modifiers.Any(SyntaxKind.UnsafeKeyword) || around is LocalFunctionStatementSyntax { Modifiers: var local } && local.Any(SyntaxKind.UnsafeKeyword));

    private static IEnumerable<ImplicitObjectCreationExpressionSyntax> Find(Compilation compilation, CancellationToken cancellation)
    {
        NameScan scan = new(["new"]);
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            SourceText text = tree.GetText(cancellation);
            SyntaxNode root = tree.GetRoot(cancellation);
            foreach (int hit in scan.Find(text))
            {
                int next = hit + 3;
                while (next < text.Length && char.IsWhiteSpace(text[next])) next++;
                if (next < text.Length && text[next] == '(' && root.FindToken(hit) is { Parent: ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } creation } token && token.SpanStart == hit) yield return creation;
            }
        }
    }

    /// <summary>The simple name of the type that stands somewhere before it; null where it is for other declarations to say.</summary>
    public static string? WrittenType(ImplicitObjectCreationExpressionSyntax creation)
    {
        SyntaxNode value = creation;
        while (value.Parent is ParenthesizedExpressionSyntax or SwitchExpressionArmSyntax || value.Parent is ConditionalExpressionSyntax { Condition: var condition } && condition != value
            || value.Parent is SwitchExpressionSyntax { GoverningExpression: var governing } && governing != value) value = value.Parent!;
        return value.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type: var type } } } => NameOf(type),
            EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax { Type: var type } } => NameOf(type),
            ArrowExpressionClauseSyntax { Parent: { } declaration } => NameOf(ResultOf(declaration)),
            ReturnStatementSyntax returned => returned.Ancestors().FirstOrDefault(static around => around is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax or MemberDeclarationSyntax) is { } declaration ? NameOf(ResultOf(declaration)) : null,
            _ => null,
        };
    }

    private static TypeSyntax? ResultOf(SyntaxNode declaration) => declaration switch
    {
        MethodDeclarationSyntax { Modifiers: var modifiers, ReturnType: var type } => modifiers.Any(SyntaxKind.AsyncKeyword) ? null : type,
        LocalFunctionStatementSyntax { Modifiers: var modifiers, ReturnType: var type } => modifiers.Any(SyntaxKind.AsyncKeyword) ? null : type,
        BasePropertyDeclarationSyntax { Type: var type } => type,
        AccessorDeclarationSyntax { Parent.Parent: BasePropertyDeclarationSyntax { Type: var type } } => type,
        OperatorDeclarationSyntax { ReturnType: var type } => type,
        ConversionOperatorDeclarationSyntax { Type: var type } => type,
        _ => null,
    };

    public static string? NameOf(TypeSyntax? type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax { Right: var name } => name.Identifier.ValueText,
        AliasQualifiedNameSyntax { Name: var name } => name.Identifier.ValueText,
        NullableTypeSyntax { ElementType: var inner } => NameOf(inner),
        _ => null,
    };
}
