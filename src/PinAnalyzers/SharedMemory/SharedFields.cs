using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>What is assigned to a field anywhere in the type that declares it. Computed when asked, kept for the life of the compilation.</summary>
internal sealed class SharedFields(SharedContext context)
{
    private const int MaxAssignments = 32;
    private readonly ConcurrentDictionary<IFieldSymbol, SharedTraits?> _traits = new(SymbolEqualityComparer.Default);

    /// <summary>What the field points into, if all pointers ever assigned to it point into shared memory.</summary>
    public SharedTraits? TraitsOf(IFieldSymbol field)
    {
        field = field.OriginalDefinition;
        if (_traits.TryGetValue(field, out SharedTraits? known)) return known;
        HashSet<ISymbol> open = context.Open;
        if (!open.Add(field)) return null;
        SharedTraits? traits = null;
        try
        {
            bool isShared = false;
            foreach ((ExpressionSyntax value, PlaceReader reader) in Assignments(field))
            {
                if (Bindings.Uncast(value) is LiteralExpressionSyntax or DefaultExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Zero" }) continue;
                SharedTraits? own = reader.TargetOf(value)?.Shared;
                if (own is null)
                {
                    isShared = false;
                    break;
                }

                isShared = true;
                traits = traits is null ? own : new SharedTraits(traits.IsCertain && own.IsCertain, traits.PeerTrusted || own.PeerTrusted, traits.IsReadOnly && own.IsReadOnly, traits.IsStable && own.IsStable);
            }

            if (!isShared) traits = null;
        }
        finally
        {
            open.Remove(field);
        }

        // What was cut short by another field that is being asked about is not the whole truth.
        if (open.Count == 0) _traits.TryAdd(field, traits);
        return traits;
    }

    /// <summary>True when everything assigned to the field satisfies the test, and something is.</summary>
    public bool IsAlways(IFieldSymbol field, Func<ExpressionSyntax, PlaceReader, bool> test)
    {
        bool any = false;
        foreach ((ExpressionSyntax value, PlaceReader reader) in Assignments(field.OriginalDefinition))
        {
            if (Bindings.Uncast(value) is LiteralExpressionSyntax or DefaultExpressionSyntax) continue;
            if (!test(value, reader)) return false;
            any = true;
        }

        return any;
    }

    private IEnumerable<(ExpressionSyntax Value, PlaceReader Reader)> Assignments(IFieldSymbol field)
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
                        _ => null,
                    };
                    if (value is null) continue;
                    if (BodyGraphs.IsTooDeep(member) || ++count > MaxAssignments) yield break;
                    model ??= SemanticModels.Of(declaration.SyntaxTree, context.Compilation);
                    SyntaxNode? target = node switch { AssignmentExpressionSyntax a => a.Left, ArgumentSyntax a => a.Expression, _ => null };
                    if (target is not null && !SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(target, context.Cancellation).Symbol?.OriginalDefinition, field)) continue;
                    yield return (value, reader ??= new PlaceReader(context, member, model, context.Cancellation));
                }
            }
        }
    }
}
