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
internal sealed class LocksHeld(TypeParts type, LockCalls calls)
{
    private const int MaxCallers = 4;
    private const int MaxDepth = 3;

    private readonly Dictionary<TypeMember, ImmutableHashSet<ISymbol>?> _byCallers = [];
    private readonly Dictionary<TypeMember, List<(IOperation? Call, TypeMember Member)>> _callers = [];
    private readonly Dictionary<IOperation, List<HeldLock>> _held = [];

    /// <summary>Local functions may call one another, and each of them is asked for every access in it.</summary>
    private readonly Dictionary<(ILocalFunctionOperation Function, int Depth), IReadOnlyList<HeldLock>> _aroundCalls = [];

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
    public bool IsOnlyConstructing(TypeMember member, bool ofType = false) => IsInner(member) && CallsOf(member) is { Count: > 0 } callers && callers.All(c => c.Member.IsConstruction && (!ofType || c.Member.Symbol is { IsStatic: true }));

    /// <summary>Called by a runner before its tests, or by what it calls so.</summary>
    public bool IsRunnersSetup(TypeMember member) => Runners.IsSetup(member.Symbol) || (IsInner(member) && CallsOf(member) is { Count: > 0 } callers && callers.All(c => c.Call is not null && Runners.IsSetup(c.Member.Symbol)));

    /// <summary>Where the type calls a private member; without an operation where it is handed out instead. Null where others may call it.</summary>
    public IReadOnlyList<(IOperation? Call, TypeMember Member)>? CallersOf(TypeMember member) => IsInner(member) ? CallsOf(member) : null;

    /// <summary>Asked for one access by several rules, and by some of them once for every other access of the field.</summary>
    public IReadOnlyList<HeldLock> At(IOperation operation, TypeMember member)
    {
        if (!_held.TryGetValue(operation, out List<HeldLock>? held)) _held[operation] = held = At(operation, member, 0).ToList();
        return held;
    }

    private IEnumerable<HeldLock> At(IOperation operation, TypeMember member, int depth)
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
                    foreach (IInvocationOperation exit in CallsIn(final))
                    {
                        foreach (LockCall released in calls.ReleasedBy(exit, member)) yield return new HeldLock(released.Key, isCertain && released.IsKnown, exit);
                    }

                    break;
                case IBlockOperation block:
                    foreach (HeldLock held in TakenBefore(block, inner, member)) yield return held with { IsCertain = held.IsCertain && isCertain };
                    break;
                case IAnonymousFunctionOperation lambda when RunnerOf(lambda) is { } run && depth < MaxDepth:
                    foreach (HeldLock held in AroundArgument(run.Call, run.Ordinal, member, depth)) yield return held with { IsCertain = held.IsCertain && isCertain };
                    isCertain = false;
                    break;
                case ILocalFunctionOperation local when depth < MaxDepth:
                    foreach (HeldLock held in AroundCalls(local, member, depth)) yield return held with { IsCertain = false };
                    isCertain = false;
                    break;
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    // It may run when the lock is long gone; it may as well run at once.
                    isCertain = false;
                    break;
            }
        }

        foreach (IOperation part in member.Operations)
        {
            if (part is IInvocationOperation { TargetMethod.Name: "IsEntered" } test) yield return new HeldLock(KeyOf(test.Arguments.Length > 0 ? test.Arguments[0].Value : test, member), false, test);
            else if (part is IPropertyReferenceOperation { Property.Name: "IsHeldByCurrentThread" or "IsWriteLockHeld", Instance: { } held }) yield return new HeldLock(KeyOf(held, member), false, part);
        }

        if (member.Symbol is { } symbol && IsSynchronized(symbol)) yield return new HeldLock(symbol.ContainingType, true, member.Operation!);
    }

    private IEnumerable<HeldLock> TakenBefore(IBlockOperation block, IOperation inner, TypeMember member)
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
                foreach (LockCall entered in calls.TakenBy(call, member)) taken[entered.Key] = new HeldLock(entered.Key, false, call);
                if (statement is not IExpressionStatementOperation) continue;
                foreach (LockCall exited in calls.ReleasedBy(call, member)) taken.Remove(exited.Key);
            }
        }

        return taken.Values;
    }

    /// <summary><c>_lock.EnterScope()</c> holds for certain, and so does what takes a lock and returns what gives it back; <c>_mutex.LockAsync()</c> by its name.</summary>
    private IEnumerable<HeldLock> ScopesIn(IOperation resources, TypeMember member)
    {
        foreach (IInvocationOperation call in CallsIn(resources))
        {
            foreach (LockCall entered in calls.TakenBy(call, member)) yield return new HeldLock(entered.Key, entered.IsKnown, call);
        }
    }

    /// <summary>The call that a lambda is passed to, and as which argument.</summary>
    private static (IInvocationOperation Call, int Ordinal)? RunnerOf(IAnonymousFunctionOperation lambda)
    {
        IOperation? outer = lambda.Parent;
        while (outer is IDelegateCreationOperation or IConversionOperation) outer = outer.Parent;
        return outer is IArgumentOperation { Parent: IInvocationOperation call, Parameter: { } parameter } ? (call, parameter.Ordinal) : null;
    }

    /// <summary>Locks under which a method runs a delegate that it is given, each time that it does.</summary>
    private IEnumerable<HeldLock> AroundArgument(IInvocationOperation call, int ordinal, TypeMember member, int depth)
    {
        if (calls.BodyOf(call.TargetMethod) is not { } body) return calls.IsNamedForRunningLocked(call.TargetMethod) ? [new HeldLock(call.TargetMethod.OriginalDefinition, false, call)] : [];
        List<HeldLock>? common = null;
        foreach (IOperation use in body.Operations)
        {
            if (use is not IParameterReferenceOperation { Parameter: var parameter } || parameter.Ordinal != ordinal || !SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, call.TargetMethod.OriginalDefinition)) continue;

            // Asked whether it is null, or put where it may run at any time.
            if (use.Parent is not IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke } and not IConditionalAccessOperation) continue;
            List<HeldLock> held = At(use, body, depth + 1).ToList();
            common = common is null ? held : common.Where(one => held.Exists(other => SymbolEqualityComparer.Default.Equals(one.Key, other.Key))).ToList();
        }

        return common?.Select(held => new HeldLock(LockCalls.KeyAt(held.Key, call, member), held.IsCertain, call)) ?? [];
    }

    /// <summary>Locks that are held wherever the member calls its local function; none where it is handed out.</summary>
    private IReadOnlyList<HeldLock> AroundCalls(ILocalFunctionOperation local, TypeMember member, int depth)
    {
        if (!_aroundCalls.TryGetValue((local, depth), out IReadOnlyList<HeldLock>? held)) _aroundCalls[(local, depth)] = held = ReadAroundCalls(local, member, depth);
        return held;
    }

    private IReadOnlyList<HeldLock> ReadAroundCalls(ILocalFunctionOperation local, TypeMember member, int depth)
    {
        List<HeldLock>? common = null;
        foreach (IOperation use in member.Operations)
        {
            if (local.Syntax.Span.Contains(use.Syntax.Span)) continue;
            if (use is IMethodReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, local.Symbol)) return [];
            if (use is not IInvocationOperation call || !SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, local.Symbol)) continue;
            List<HeldLock> held = At(call, member, depth + 1).ToList();
            common = common is null ? held : common.Where(one => held.Exists(other => SymbolEqualityComparer.Default.Equals(one.Key, other.Key))).ToList();
        }

        return common ?? [];
    }

    private static IEnumerable<IInvocationOperation> CallsIn(IOperation operation) => operation.DescendantsAndSelf().OfType<IInvocationOperation>();

    public static ISymbol KeyOf(IOperation value, TypeMember member) => value switch
    {
        IConversionOperation conversion => KeyOf(conversion.Operand, member),
        IParenthesizedOperation parenthesized => KeyOf(parenthesized.Operand, member),
        IFieldReferenceOperation field => field.Field.OriginalDefinition,
        IPropertyReferenceOperation property => property.Property.OriginalDefinition,
        ILocalReferenceOperation local => MemberIn(local.Local, member) ?? local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IArrayElementReferenceOperation element => KeyOf(element.ArrayReference, member),
        ITypeOfOperation type => type.TypeOperand,
        IInvocationOperation call => call.TargetMethod.OriginalDefinition,
        _ => value.Type ?? member.Symbol?.ContainingType ?? (ISymbol)value.SemanticModel!.Compilation.Assembly,
    };

    /// <summary><c>var gate = _gate;</c>: the field or property that a variable stands for, so that all who copy it hold one lock.</summary>
    private static ISymbol? MemberIn(ILocalSymbol local, TypeMember member)
    {
        List<IOperation> values = FieldReading.ValuesOf(local, member).ToList();
        return values.Count == 1 && LimitSums.Unconverted(values[0]) is IFieldReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: false } ? KeyOf(values[0], member) : null;
    }

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
        if (_callers.TryGetValue(callee, out List<(IOperation?, TypeMember)>? known)) return known;
        List<(IOperation?, TypeMember)> found = _callers[callee] = [];
        if (callee.Symbol is not IMethodSymbol method) return found;
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
                        found.Add((call, member));
                        break;
                    case IMethodReferenceOperation reference when IsCallee(reference.Method):
                        found.Add((null, member));
                        break;

                    // A call with an argument that is not known yet, or cannot be here.
                    case IInvalidOperation { Syntax: InvocationExpressionSyntax { Expression: IdentifierNameSyntax called } } when called.Identifier.ValueText == name:
                        found.Add((operation, member));
                        break;
                    case IPropertyReferenceOperation reference when SymbolEqualityComparer.Default.Equals(reference.Property.OriginalDefinition, method.AssociatedSymbol):
                        found.Add((reference, member));
                        break;
                }
            }
        }

        return found;

        bool IsCallee(IMethodSymbol called) => SymbolEqualityComparer.Default.Equals(called.OriginalDefinition, method);
    }
}
