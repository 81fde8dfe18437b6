using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>What is assigned to a field anywhere in the type that declares it. Computed when asked, kept for the life of the compilation.</summary>
internal sealed class SharedFields(SharedContext context)
{
    private const int MaxAssignments = 32;
    private readonly ConcurrentDictionary<ISymbol, SharedTraits?> _traits = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _referredTo = new(SymbolEqualityComparer.Default);

    /// <summary>What the field or automatic property points into, if all pointers ever assigned to it point into shared memory.</summary>
    public SharedTraits? TraitsOf(ISymbol field)
    {
        field = field.OriginalDefinition;
        return context.Open.Ask(_traits, field, null, Read);
    }

    private SharedTraits? Read(ISymbol field)
    {
        SharedTraits? traits = null;
        foreach ((ExpressionSyntax value, PlaceReader reader) in Assignments(field))
        {
            if (Bindings.Uncast(value) is LiteralExpressionSyntax or DefaultExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Zero" }) continue;
            if ((value is RefExpressionSyntax ? reader.CellAt(value) : reader.TargetOf(value))?.Shared is not { } own) return null;
            traits = traits is null ? own : traits.And(own);
        }

        return traits;
    }

    /// <summary>Given its value where the object is made, and never another one.</summary>
    public bool IsOnlyConstructed(IFieldSymbol field) => field.IsReadOnly || field.DeclaredAccessibility == Accessibility.Private
        && Assignments(field.OriginalDefinition).All(static assignment => assignment.Value.FirstAncestorOrSelf<MemberDeclarationSyntax>() is ConstructorDeclarationSyntax or FieldDeclarationSyntax);

    /// <summary>Something in the type takes the address of what the field holds, or a reference to it.</summary>
    public bool IsReferredTo(IFieldSymbol field) => _referredTo.GetOrAdd(field.OriginalDefinition, known => TypeBodies.DeclarationsOf(known, context.Cancellation)
        .SelectMany(declaration => TypeBodies.MembersMentioning(declaration, known.Name)).SelectMany(static member => member.DescendantNodes()).Any(node => LeadsThrough(Referred(node), known.Name)));

    private static ExpressionSyntax? Referred(SyntaxNode node) => node switch
    {
        ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword } argument => argument.Expression,
        RefExpressionSyntax reference => reference.Expression,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression } address => address.Operand,
        _ => null,
    };

    private static bool LeadsThrough(ExpressionSyntax? cell, string name)
    {
        for (; cell is not null; cell = (cell as MemberAccessExpressionSyntax)?.Expression)
        {
            if (TypeBodies.IsNamed(cell, name)) return true;
        }

        return false;
    }

    /// <summary>True when everything assigned to the field or automatic property satisfies the test, and something is.</summary>
    public bool IsAlways(ISymbol field, Func<ExpressionSyntax, PlaceReader, bool> test)
    {
        bool any = false;
        foreach ((ExpressionSyntax value, PlaceReader reader) in Assignments(field.OriginalDefinition))
        {
            if (PlaceReader.IsNull(value)) continue;
            if (!test(value, reader)) return false;
            any = true;
        }

        return any;
    }

    private IEnumerable<(ExpressionSyntax Value, PlaceReader Reader)> Assignments(ISymbol field) => InType(field).Concat(field.DeclaredAccessibility == Accessibility.Private ? [] : Elsewhere(field));

    /// <summary>What other types put there: the members of a struct are often filled by whoever maps it.</summary>
    private IEnumerable<(ExpressionSyntax Value, PlaceReader Reader)> Elsewhere(ISymbol field)
    {
        foreach (AssignmentExpressionSyntax store in context.Sites.StoresTo(field.Name))
        {
            if (store.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member || BodyGraphs.IsTooDeep(member)) continue;
            if (TypeBodies.DeclarationsOf(field, context.Cancellation).Any(declaration => declaration.SyntaxTree == store.SyntaxTree && declaration.Span.Contains(store.Span))) continue;
            SemanticModel model = SemanticModels.Of(store.SyntaxTree, context.Compilation);
            if (SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(store.Left, context.Cancellation).Symbol?.OriginalDefinition, field)) yield return (store.Right, context.ReaderOf(member, model));
        }
    }

    private IEnumerable<(ExpressionSyntax Value, PlaceReader Reader)> InType(ISymbol field)
    {
        int count = 0;
        foreach (SyntaxNode declaration in TypeBodies.DeclarationsOf(field, context.Cancellation))
        {
            if (!context.Compilation.ContainsSyntaxTree(declaration.SyntaxTree)) continue;
            SemanticModel? model = null;
            foreach (SyntaxNode member in TypeBodies.MembersMentioning(declaration, field.Name))
            {
                PlaceReader? reader = null;
                foreach (SyntaxNode node in member.DescendantNodes())
                {
                    ExpressionSyntax? value = node switch
                    {
                        AssignmentExpressionSyntax { Left: IdentifierNameSyntax or MemberAccessExpressionSyntax } assignment when TypeBodies.IsNamed(assignment.Left, field.Name) => assignment.Right,
                        ArgumentSyntax { Expression: IdentifierNameSyntax or MemberAccessExpressionSyntax, Parent.Parent: InvocationExpressionSyntax call } argument
                            when TypeBodies.IsNamed(argument.Expression, field.Name) && MappedViews.IsAcquire(call) => call,
                        VariableDeclaratorSyntax { Initializer: { } initializer } declarator when member is FieldDeclarationSyntax && declarator.Identifier.ValueText == field.Name => initializer.Value,
                        PropertyDeclarationSyntax { Initializer: { } initial } property when property == member && property.Identifier.ValueText == field.Name => initial.Value,
                        _ => null,
                    };
                    if (value is null) continue;
                    if (BodyGraphs.IsTooDeep(member) || ++count > MaxAssignments) yield break;
                    model ??= SemanticModels.Of(declaration.SyntaxTree, context.Compilation);
                    SyntaxNode? target = node switch { AssignmentExpressionSyntax a => a.Left, ArgumentSyntax a => a.Expression, _ => null };
                    if (target is not null && !SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(target, context.Cancellation).Symbol?.OriginalDefinition, field)) continue;
                    yield return (value, reader ??= context.ReaderOf(member, model));
                }
            }
        }
    }
}
