using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>What a body sets before it starts those who count: until then it is alone.</summary>
internal static class WorkAhead
{
    private const int MaxRounds = 3;

    /// <summary>The body sets the field and then names those who update it: starts them, or hands them out as callbacks.</summary>
    /// <param name="access">What sets the field.</param>
    /// <param name="updates">Who updates it later: atomically, or under a lock.</param>
    /// <param name="type">The type of both.</param>
    public static bool StartsUpdates(FieldAccess access, IEnumerable<FieldAccess> updates, TypeParts type)
    {
        int at = access.Operation.Syntax.Span.End;
        HashSet<string> updaters = [];
        foreach (FieldAccess update in updates)
        {
            if (update.Member == access.Member && update.Operation.Syntax.SpanStart > at) return true;
            if (update.Member == access.Member) continue;
            if (NameOf(update.Member) is { } name) updaters.Add(name);
            updaters.UnionWith(HoldersOf(update.Operation));
        }

        // Those who name them in turn, as long as it is private work of the type, and the delegates that are kept for them.
        updaters.UnionWith(HoldersOf(updaters, type).ToList());
        for (int round = 0; round < MaxRounds; round++)
        {
            List<string> callers = type.Members.Where(m => m != access.Member && IsPrivate(m.Symbol) && updaters.Any(m.Mentions)).Select(NameOf).OfType<string>().ToList();
            if (callers.Count(updaters.Add) == 0) break;
        }

        return access.Member.Body.DescendantTokens().Any(token => token.SpanStart > at && token.IsKind(SyntaxKind.IdentifierToken) && updaters.Contains(token.ValueText));
    }

    /// <summary>
    /// The body sets the field and then hands the object itself to others, <c>source.Subscribe(this)</c>, or calls one that it has handed it to: those count from then on.
    /// An event tells of what was done and starts nothing.
    /// </summary>
    public static bool HandsOnItself(FieldAccess access)
    {
        int at = access.Operation.Syntax.Span.End;
        HashSet<ILocalSymbol> told = new(SymbolEqualityComparer.Default);
        foreach (IOperation operation in access.Member.Operations)
        {
            if (operation is not IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance, IsImplicit: false } self) continue;
            IOperation value = self;
            while (value.Parent is IConversionOperation or IParenthesizedOperation) value = value.Parent;
            switch (value.Parent)
            {
                case IArgumentOperation { Parent: IObjectCreationOperation or IInvocationOperation { TargetMethod.MethodKind: not MethodKind.DelegateInvoke } } when value.Syntax.SpanStart > at:
                    return true;
                case IArgumentOperation { Parent: IInvocationOperation { Instance: ILocalReferenceOperation { Local: var local }, TargetMethod.MethodKind: not MethodKind.DelegateInvoke } }:
                    told.Add(local);
                    break;
                case ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: ILocalReferenceOperation { Local: var local } } } set when set.Value == value:
                    told.Add(local);
                    break;
            }
        }

        return told.Count > 0 && access.Member.Operations.Any(o => o.Syntax.SpanStart > at && o is IInvocationOperation { Instance: ILocalReferenceOperation { Local: var local } } && told.Contains(local));
    }

    /// <summary>Fields and properties that are given the function around the operation, or an object made with it: <c>_timer = new Timer(_ => …)</c> in a constructor.</summary>
    private static IEnumerable<string> HoldersOf(IOperation operation)
    {
        bool isInFunction = false;
        for (IOperation? outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            isInFunction |= outer is IAnonymousFunctionOperation;
            if (!isInFunction) continue;
            if (outer is ISimpleAssignmentOperation { Target: IMemberReferenceOperation target }) yield return target.Member.Name;
            else if (outer is IFieldInitializerOperation { InitializedFields: { IsEmpty: false } fields }) yield return fields[0].Name;
        }
    }

    /// <summary>Fields and properties that the name is put into as a delegate: <c>_work = Work;</c> in a constructor.</summary>
    private static IEnumerable<string> HoldersOf(HashSet<string> methods, TypeParts type)
    {
        foreach (TypeMember member in type.Members)
        {
            if (!methods.Any(member.Mentions)) continue;
            foreach (IOperation operation in member.Operations)
            {
                if (operation is not IMethodReferenceOperation { Method: var method } reference || !methods.Contains(method.Name)) continue;
                IOperation value = reference;
                while (value.Parent is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation) value = value.Parent;
                if (value.Parent is ISimpleAssignmentOperation { Target: IMemberReferenceOperation target } set && set.Value == value) yield return target.Member.Name;
                else if (value.Parent is IFieldInitializerOperation { InitializedFields: { IsEmpty: false } fields }) yield return fields[0].Name;
            }
        }
    }

    private static string? NameOf(TypeMember member) => member.Symbol is IMethodSymbol { AssociatedSymbol: { } property } ? property.Name : member.Symbol?.Name;

    private static bool IsPrivate(ISymbol? symbol) => symbol is IMethodSymbol { DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary };
}
