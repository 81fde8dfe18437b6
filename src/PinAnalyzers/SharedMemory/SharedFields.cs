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

    /// <summary>Whatever else a parameter of the type itself is given by its members is shared too.</summary>
    public bool StaysWithin(IParameterSymbol parameter) => !PrimaryParameters.Is(parameter)
        || InType(parameter).All(static known => known.Reader is { } reader && (known.Write is { Value: { } value, Part: < 0 } && PlaceReader.IsNull(value) || reader.GivenBy(known.Write)?.Shared is not null));

    private SharedTraits? Read(ISymbol field)
    {
        SharedTraits? traits = null;
        // A positional property is first given what the parameter is.
        if (PrimaryParameters.Of(field, context.Cancellation) is { } positional)
        {
            traits = SharedAnnotations.Of(positional) ?? context.Parameters.TraitsOf(positional);
            if (traits is null) return null;
        }

        foreach ((FieldWrite write, PlaceReader? reader) in Writes(field))
        {
            if (write is { Value: { } value, Part: < 0 } && PlaceReader.IsNull(value)) continue;
            if (reader is null) return null;
            if (write.Handed is { } handed && reader.LeavesAsItIs(handed)) continue;
            Place? place = reader.GivenBy(write);
            // Some way on from where it points already.
            if (place is { Shared: null } && SymbolEqualityComparer.Default.Equals(place.Root, field)) continue;
            if (place?.Shared is not { } own) return null;
            traits = traits is null ? own : traits.And(own);
        }

        return traits;
    }

    /// <summary>Given its value where the object is made, and never another one.</summary>
    public bool IsOnlyConstructed(IFieldSymbol field) => field.IsReadOnly || field.DeclaredAccessibility == Accessibility.Private
        && Writes(field.OriginalDefinition).All(static known => known.Write.At.FirstAncestorOrSelf<MemberDeclarationSyntax>() is ConstructorDeclarationSyntax or FieldDeclarationSyntax);

    /// <summary>Something in the type takes the address of what the field holds, or a reference to it.</summary>
    public bool IsReferredTo(IFieldSymbol field) => _referredTo.GetOrAdd(field.OriginalDefinition, known => TypeBodies.DeclarationsOf(known, context.Compilation, context.Cancellation)
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
        if (PrimaryParameters.Of(field.OriginalDefinition, context.Cancellation) is { } positional && !(any = context.Parameters.IsAlways(positional, test))) return false;
        foreach ((FieldWrite write, PlaceReader? reader) in Writes(field.OriginalDefinition))
        {
            if (write.Handed is { } handed && reader?.LeavesAsItIs(handed) == true) continue;
            if (write is not { Value: { } value, Part: < 0 } || reader is null) return false;
            if (PlaceReader.IsNull(value)) continue;
            if (!test(value, reader)) return false;
            any = true;
        }

        return any;
    }

    private IEnumerable<(FieldWrite Write, PlaceReader? Reader)> Writes(ISymbol field) => InType(field).Concat(field.DeclaredAccessibility == Accessibility.Private || field is IParameterSymbol ? [] : Elsewhere(field));

    /// <summary>What other types put there: the members of a struct are often filled by whoever maps it, and those of a base by what is derived from it.</summary>
    private IEnumerable<(FieldWrite Write, PlaceReader? Reader)> Elsewhere(ISymbol field)
    {
        if (context.Sites.StoresTo(field.Name) is not { } stores)
        {
            yield return (default, null);
            yield break;
        }

        foreach (SimpleNameSyntax store in stores)
        {
            if (store.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member || BodyGraphs.IsTooDeep(member)) continue;
            if (TypeBodies.DeclarationsOf(field, context.Compilation, context.Cancellation).Any(declaration => declaration.SyntaxTree == store.SyntaxTree && declaration.Span.Contains(store.Span))) continue;
            SemanticModel model = SemanticModels.Of(store.SyntaxTree, context.Compilation);
            if (Seen(store, field, model) is { } write) yield return (write, context.ReaderOf(member, model));
        }
    }

    private IEnumerable<(FieldWrite Write, PlaceReader? Reader)> InType(ISymbol field)
    {
        int count = 0;
        foreach (SyntaxNode declaration in TypeBodies.DeclarationsOf(field, context.Compilation, context.Cancellation))
        {
            SemanticModel? model = null;
            foreach (SyntaxNode member in TypeBodies.MembersMentioning(declaration, field.Name))
            {
                PlaceReader? reader = null;
                foreach (SyntaxNode node in member.DescendantNodesAndSelf())
                {
                    ExpressionSyntax? initial = node switch
                    {
                        VariableDeclaratorSyntax { Initializer.Value: var value } declarator when member is FieldDeclarationSyntax && declarator.Identifier.ValueText == field.Name => value,
                        PropertyDeclarationSyntax { Initializer.Value: var value } property when property == member && property.Identifier.ValueText == field.Name => value,
                        _ => null,
                    };
                    if (initial is null && !(node is SimpleNameSyntax { Identifier.ValueText: var named } && named == field.Name && FieldWrite.Through((SimpleNameSyntax)node) is not null)) continue;
                    if (BodyGraphs.IsTooDeep(member) || ++count > MaxAssignments)
                    {
                        yield return (default, null);
                        yield break;
                    }

                    model ??= SemanticModels.Of(declaration.SyntaxTree, context.Compilation);
                    FieldWrite? write = initial is null ? Seen((SimpleNameSyntax)node, field, model)
                        : SymbolEqualityComparer.Default.Equals(model.GetDeclaredSymbol(node, context.Cancellation), field) ? new FieldWrite(initial, initial) : null;
                    if (write is { } seen) yield return (seen, reader ??= context.ReaderOf(member, model));
                }
            }
        }
    }

    /// <summary>What is written through a name, where that is the field's; null where nothing is, or only to what a reference refers to.</summary>
    private FieldWrite? Seen(SimpleNameSyntax name, ISymbol field, SemanticModel model)
    {
        if (FieldWrite.Through(name) is not { } write || !SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, context.Cancellation).Symbol?.OriginalDefinition, field)) return null;
        if (field is IFieldSymbol { RefKind: not RefKind.None } && write.Value is not RefExpressionSyntax) return null;
        if (write.Handed?.Parent?.Parent is not InvocationExpressionSyntax call) return write;
        if (MappedViews.IsAcquire(call)) return new FieldWrite(name, call);
        if (model.GetSymbolInfo(call, context.Cancellation).Symbol is not IMethodSymbol { ContainingType.SystemName: "Interlocked" or "Volatile" } operation) return write;
        return operation.Name is "Exchange" or "CompareExchange" or "Write" && call.ArgumentList.Arguments is { Count: > 1 } arguments ? new FieldWrite(name, arguments[1].Expression) : null;
    }
}
