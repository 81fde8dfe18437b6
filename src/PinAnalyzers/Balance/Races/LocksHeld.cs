using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>A lock that is held somewhere.</summary>
/// <param name="Key">The field, property, variable or type that is locked.</param>
/// <param name="IsCertain">A statement holds it from beginning to end; otherwise it is only likely to be held there.</param>
/// <param name="At">What takes it, or names it.</param>
internal readonly record struct HeldLock(ISymbol Key, bool IsCertain, IOperation At);

/// <summary>
/// Which locks are held where. For silence a lock that is probably held is enough; what counts as evidence of a discipline must be a statement that holds it.
/// </summary>
internal sealed class LocksHeld(TypeParts type)
{
    private const int MaxCallers = 4;

    private readonly Dictionary<TypeMember, ImmutableHashSet<ISymbol>?> _byCallers = [];

    /// <summary>Keys of all locks that are held there, by the body or by all who call it.</summary>
    public ImmutableHashSet<ISymbol> KeysAt(IOperation operation, TypeMember member)
    {
        ImmutableHashSet<ISymbol> own = ImmutableHashSet.CreateRange<ISymbol>(SymbolEqualityComparer.Default, At(operation, member).Select(static held => held.Key));
        return ByCallers(member, 0) is { } callers ? own.Union(callers) : own;
    }

    /// <summary>Both are under one and the same taking of a lock, by the body or by all who call it.</summary>
    public bool AreTogether(IOperation left, IOperation right, TypeMember member)
    {
        HashSet<IOperation> taken = [.. At(left, member).Select(static held => held.At)];
        return At(right, member).Any(held => taken.Contains(held.At)) || ByCallers(member, 0) is { IsEmpty: false };
    }

    /// <summary>True when every caller runs before the object is shared: there is no one to lock against.</summary>
    public bool IsOnlyConstructing(TypeMember member) => IsInner(member) && CallsOf(member) is { Count: > 0 } calls && calls.All(static c => c.Member.IsConstruction);

    public static IEnumerable<HeldLock> At(IOperation operation, TypeMember member)
    {
        bool isCertain = true;
        for (IOperation inner = operation; inner.Parent is { } outer; inner = outer)
        {
            switch (outer)
            {
                case ILockOperation statement when statement.Body == inner:
                    yield return new HeldLock(KeyOf(statement.LockedValue, member), isCertain, statement.LockedValue);
                    break;
                case IUsingOperation statement when statement.Body == inner:
                    foreach (HeldLock held in ScopesIn(statement.Resources, member)) yield return held with { IsCertain = held.IsCertain && isCertain };
                    break;
                case ITryOperation { Finally: { } final } when final != inner:
                    foreach (IInvocationOperation exit in CallsIn(final).Where(static c => IsExit(c.TargetMethod))) yield return new HeldLock(KeyOf(exit, member), isCertain, exit);
                    break;
                case IBlockOperation block:
                    foreach (HeldLock held in TakenBefore(block, inner, member)) yield return held with { IsCertain = held.IsCertain && isCertain };
                    break;
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    // It may run when the lock is long gone; it may as well run at once.
                    isCertain = false;
                    break;
            }
        }

        foreach (IOperation part in member.Operations)
        {
            if (part is IInvocationOperation { TargetMethod.Name: "IsEntered" } test) yield return new HeldLock(KeyOf(test, member), false, test);
            else if (part is IPropertyReferenceOperation { Property.Name: "IsHeldByCurrentThread" or "IsWriteLockHeld", Instance: { } held }) yield return new HeldLock(KeyOf(held, member), false, part);
        }

        if (member.Symbol is { } symbol && IsSynchronized(symbol)) yield return new HeldLock(symbol.ContainingType, true, member.Operation!);
    }

    private static IEnumerable<HeldLock> TakenBefore(IBlockOperation block, IOperation inner, TypeMember member)
    {
        Dictionary<ISymbol, HeldLock> taken = new(SymbolEqualityComparer.Default);
        foreach (IOperation statement in block.Operations)
        {
            if (statement == inner) break;
            if (statement is IUsingDeclarationOperation declaration)
            {
                foreach (HeldLock held in ScopesIn(declaration, member)) taken[held.Key] = held;
                continue;
            }

            if (statement is ILockOperation or ITryOperation { Finally: not null } or IUsingOperation) continue;
            foreach (IInvocationOperation call in CallsIn(statement))
            {
                if (IsEnter(call.TargetMethod)) taken[KeyOf(call, member)] = new HeldLock(KeyOf(call, member), false, call);
                else if (IsExit(call.TargetMethod) && statement is IExpressionStatementOperation) taken.Remove(KeyOf(call, member));
            }
        }

        return taken.Values;
    }

    /// <summary><c>_lock.EnterScope()</c> holds for certain; <c>_mutex.LockAsync()</c> by its name.</summary>
    private static IEnumerable<HeldLock> ScopesIn(IOperation resources, TypeMember member)
    {
        foreach (IInvocationOperation call in CallsIn(resources))
        {
            if (call.TargetMethod.Name == "EnterScope") yield return new HeldLock(KeyOf(call, member), true, call);
            else if (IsEnter(call.TargetMethod)) yield return new HeldLock(KeyOf(call, member), false, call);
        }
    }

    private static IEnumerable<IInvocationOperation> CallsIn(IOperation operation) => operation.DescendantsAndSelf().OfType<IInvocationOperation>();

    private static bool IsEnter(IMethodSymbol method) => StartsWithAny(method.Name, EnterWords) && method.Name is not ("WaitAll" or "WaitAny");

    private static bool IsExit(IMethodSymbol method) => StartsWithAny(method.Name, ExitWords);

    private static readonly ImmutableArray<string> EnterWords = ImmutableArray.Create("Enter", "TryEnter", "Acquire", "TryAcquire", "Lock", "TryLock", "Wait", "Begin", "Take", "Read", "Write", "Upgrade");

    private static readonly ImmutableArray<string> ExitWords = ImmutableArray.Create("Exit", "Release", "Unlock", "Leave", "End");

    private static bool StartsWithAny(string name, ImmutableArray<string> words)
    {
        foreach (string word in words)
        {
            if (name.StartsWith(word, StringComparison.Ordinal)) return !(word is "Read" or "Write") || name.EndsWith("Lock", StringComparison.Ordinal) || name.EndsWith("LockAsync", StringComparison.Ordinal);
        }

        return false;
    }

    /// <summary>What a call locks: the argument of <c>Monitor</c>, else the receiver.</summary>
    private static ISymbol KeyOf(IInvocationOperation call, TypeMember member) =>
        call.Instance is { } receiver ? KeyOf(receiver, member) : call.Arguments.Length > 0 && call.TargetMethod.ContainingType.Name == "Monitor" ? KeyOf(call.Arguments[0].Value, member) : call.TargetMethod;

    public static ISymbol KeyOf(IOperation value, TypeMember member) => value switch
    {
        IConversionOperation conversion => KeyOf(conversion.Operand, member),
        IParenthesizedOperation parenthesized => KeyOf(parenthesized.Operand, member),
        IFieldReferenceOperation field => field.Field.OriginalDefinition,
        IPropertyReferenceOperation property => property.Property.OriginalDefinition,
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IArrayElementReferenceOperation element => KeyOf(element.ArrayReference, member),
        ITypeOfOperation type => type.TypeOperand,
        IInvocationOperation call => call.TargetMethod.OriginalDefinition,
        _ => value.Type ?? member.Symbol?.ContainingType ?? (ISymbol)value.SemanticModel!.Compilation.Assembly,
    };

    private static bool IsSynchronized(ISymbol symbol) =>
        symbol is IMethodSymbol method && (method.MethodImplementationFlags & System.Reflection.MethodImplAttributes.Synchronized) != 0;

    /// <summary>Locks that every caller of a private member holds; null where somebody calls it without any, or nobody knows who calls it.</summary>
    private ImmutableHashSet<ISymbol>? ByCallers(TypeMember member, int depth)
    {
        if (!IsInner(member) || depth >= MaxCallers) return null;
        if (_byCallers.TryGetValue(member, out ImmutableHashSet<ISymbol>? known)) return known;
        _byCallers[member] = null;
        ImmutableHashSet<ISymbol>? common = null;
        foreach ((IOperation? call, TypeMember caller) in CallsOf(member))
        {
            if (caller == member || caller.IsConstruction) continue;
            if (call is null) return null;
            ImmutableHashSet<ISymbol> held = ImmutableHashSet.CreateRange<ISymbol>(SymbolEqualityComparer.Default, At(call, caller).Select(static h => h.Key));
            if (ByCallers(caller, depth + 1) is { } outer) held = held.Union(outer);
            common = common is null ? held : common.Intersect(held);
            if (common.IsEmpty) return null;
        }

        return _byCallers[member] = common;
    }

    private static bool IsInner(TypeMember member) =>
        member.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.PropertyGet or MethodKind.PropertySet, IsOverride: false } method && IsPrivate(method);

    private static bool IsPrivate(ISymbol symbol)
    {
        for (ISymbol? current = symbol; current is not null and not INamespaceSymbol; current = current.ContainingSymbol)
        {
            if (current.DeclaredAccessibility == Accessibility.Private) return true;
        }

        return false;
    }

    /// <summary>Where the type uses the member; without an operation where that is no call.</summary>
    private List<(IOperation? Call, TypeMember Member)> CallsOf(TypeMember callee)
    {
        List<(IOperation?, TypeMember)> calls = [];
        if (callee.Symbol is not IMethodSymbol method) return calls;
        string name = method.AssociatedSymbol?.Name ?? method.Name;
        foreach (TypeMember member in type.Members)
        {
            type.Cancellation.ThrowIfCancellationRequested();
            if (!member.Mentions(name)) continue;
            foreach (IOperation operation in member.Operations)
            {
                switch (operation)
                {
                    case IInvocationOperation call when IsCallee(call.TargetMethod):
                        calls.Add((call, member));
                        break;
                    case IMethodReferenceOperation reference when IsCallee(reference.Method):
                        calls.Add((null, member));
                        break;
                    case IPropertyReferenceOperation reference when SymbolEqualityComparer.Default.Equals(reference.Property.OriginalDefinition, method.AssociatedSymbol):
                        calls.Add((reference, member));
                        break;
                }
            }
        }

        return calls;

        bool IsCallee(IMethodSymbol called) => SymbolEqualityComparer.Default.Equals(called.OriginalDefinition, method);
    }
}
