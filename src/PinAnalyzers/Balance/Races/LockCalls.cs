using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>What a call does to a lock.</summary>
/// <param name="Key">The field, property, variable or type that is locked.</param>
/// <param name="IsKnown">The pair or the body says so; otherwise only the name does, of a method that nobody can look into.</param>
internal readonly record struct LockCall(ISymbol Key, bool IsKnown);

/// <summary>
/// Which calls take and release locks. Told by the pairs that are locks, and of source by what the body does; only of what has no body in sight is the name all
/// there is to go by. Kept for the life of the compilation.
/// </summary>
internal sealed class LockCalls(IPairCatalog catalog, Compilation compilation, CancellationToken cancellation)
{
    private const int MaxDepth = 4;

    private static readonly ImmutableArray<string> EnterWords = ImmutableArray.Create("Enter", "TryEnter", "Acquire", "TryAcquire", "Lock", "TryLock");

    private static readonly ImmutableArray<string> ExitWords = ImmutableArray.Create("Exit", "Release", "Unlock", "Leave");

    private static readonly Summary Nothing = new(ImmutableArray<ISymbol>.Empty, ImmutableArray<ISymbol>.Empty, false);

    private readonly ConcurrentDictionary<IMethodSymbol, Summary> _summaries = new(SymbolEqualityComparer.Default);

    /// <summary>Of methods that call one another in circles, what they are from the outside: it depends on where one begins, but not on who asks.</summary>
    private readonly ConcurrentDictionary<IMethodSymbol, Summary> _fromOutside = new(SymbolEqualityComparer.Default);

    /// <summary>The locks that are held once the call has returned.</summary>
    public IEnumerable<LockCall> TakenBy(IInvocationOperation call, TypeMember member) => TakenBy(call, member, Stack.Empty);

    /// <summary>The locks that were held before the call and are not any more.</summary>
    public IEnumerable<LockCall> ReleasedBy(IInvocationOperation call, TypeMember member) => ReleasedBy(call, member, Stack.Empty);

    /// <summary>A pair says that the call leaves a lock; asked of its symbol alone.</summary>
    public bool IsKnownExit(InvocationExpressionSyntax call, SemanticModel model) => model.GetSymbolInfo(call, cancellation).Symbol is IMethodSymbol method && catalog.ReleaseNames.Contains(method.Name)
        && LeavesLock(method, NamedCalls.ReceiverOf(call) is { } receiver ? model.GetTypeInfo(receiver, cancellation).Type : null);

    private bool LeavesLock(IMethodSymbol method, ITypeSymbol? receiver) => catalog.ReleasesOf(method, receiver).Any(static release => IsLock(release.Pair) && release.Identity.Place != ValuePlace.None);

    /// <summary>A body that is there to be looked into, and that nothing replaces.</summary>
    public TypeMember? BodyOf(IMethodSymbol method) =>
        !method.IsAbstract && !method.IsExtern && !method.IsVirtual && !method.IsOverride
        && BodyGraphs.BodyOf(method.OriginalDefinition, compilation, cancellation) is { } body && !BodyGraphs.IsTooDeep(body)
            ? new TypeMember(body, body, compilation, cancellation)
            : null;

    /// <summary>Nobody can look into it, and its name says that it runs what it is given under a lock.</summary>
    public bool IsNamedForRunningLocked(IMethodSymbol method) => BodyOf(method) is null && !IsFramework(method)
        && (method.Name.IndexOf("Lock", StringComparison.Ordinal) >= 0 || method.Name.IndexOf("Synchronized", StringComparison.Ordinal) >= 0 || method.Name.IndexOf("Exclusive", StringComparison.Ordinal) >= 0);

    private IEnumerable<LockCall> TakenBy(IInvocationOperation call, TypeMember member, Stack stack)
    {
        IMethodSymbol method = call.TargetMethod;
        if (catalog.ChargeNames.Contains(method.Name) && catalog.ChargesOf(method, TypeOf(call.Instance)).Any(static charge => IsLock(charge.Pair) && charge.Identity.Place != ValuePlace.None)) return [new LockCall(KeyOf(call, member), true)];
        if (!MayTake(method)) return [];
        Summary summary = SummaryOf(method, stack);
        if (!summary.Takes.IsEmpty) return KeysAt(summary.Takes, call, member);

        // A lock of their own making waits for a flag that one thread wins.
        bool isNamed = BodyOf(method) is null ? !IsFramework(method) || IsWait(method) : StartsWithAny(method.Name, EnterWords) && summary.IsAtomic;
        return isNamed && IsEnter(method) ? [new LockCall(KeyOf(call, member), false)] : [];
    }

    private IEnumerable<LockCall> ReleasedBy(IInvocationOperation call, TypeMember member, Stack stack)
    {
        IMethodSymbol method = call.TargetMethod;
        if (catalog.ReleaseNames.Contains(method.Name) && LeavesLock(method, TypeOf(call.Instance))) return [new LockCall(KeyOf(call, member), true)];
        if (!MayTake(method)) return [];
        Summary summary = SummaryOf(method, stack);
        if (!summary.Releases.IsEmpty) return KeysAt(summary.Releases, call, member);
        bool isNamed = BodyOf(method) is null ? !IsFramework(method) : summary.IsAtomic;
        return isNamed && StartsWithAny(method.Name, ExitWords) ? [new LockCall(KeyOf(call, member), false)] : [];
    }

    private static bool IsLock(Pair pair) => pair is { Family: PairFamily.Locks } or { Family: PairFamily.Declared, HasToken: false, HasAmount: false };

    private static bool MayTake(IMethodSymbol method) => method.MethodKind is MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.ReducedExtension;

    private static IEnumerable<LockCall> KeysAt(ImmutableArray<ISymbol> keys, IInvocationOperation call, TypeMember member) =>
        keys.Select(key => new LockCall(KeyAt(key, call, member), true));

    /// <summary>A lock that the callee knows as a parameter is the caller's argument.</summary>
    public static ISymbol KeyAt(ISymbol key, IInvocationOperation call, TypeMember member) => key switch
    {
        IParameterSymbol parameter when parameter.Ordinal < call.TargetMethod.Parameters.Length && call.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == parameter.Ordinal) is { } argument => LocksHeld.KeyOf(argument.Value, member),
        IParameterSymbol or ILocalSymbol => call.TargetMethod.OriginalDefinition,
        _ => key,
    };

    /// <summary>What a call locks: the argument of <c>Monitor</c>, else the receiver.</summary>
    private static ISymbol KeyOf(IInvocationOperation call, TypeMember member) =>
        call.Instance is { } receiver ? LocksHeld.KeyOf(receiver, member)
        : call.Arguments.Length > 0 && call.TargetMethod is { ContainingType.SystemName: "Monitor" } or { IsExtensionMethod: true } ? LocksHeld.KeyOf(call.Arguments[0].Value, member)
        : call.TargetMethod;

    private static ITypeSymbol? TypeOf(IOperation? receiver)
    {
        while (receiver is IConversionOperation { OperatorMethod: null } conversion) receiver = conversion.Operand;
        return receiver?.Type;
    }

    private static bool IsEnter(IMethodSymbol method) => StartsWithAny(method.Name, EnterWords) || IsWait(method)
        || method.Name.EndsWith("Lock", StringComparison.Ordinal) || method.Name.EndsWith("LockAsync", StringComparison.Ordinal);

    /// <summary>Whoever has waited for others may be alone after.</summary>
    private static bool IsWait(IMethodSymbol method) => method.Name is "Wait" or "WaitAsync" or "WaitOne" or "SignalAndWait";

    private bool IsFramework(IMethodSymbol method)
    {
        INamespaceSymbol? space = method.ContainingType?.ContainingNamespace;
        while (space is { ContainingNamespace.IsGlobalNamespace: false }) space = space.ContainingNamespace;
        return space?.Name == "System" && !method.IsWrittenIn(compilation);
    }

    private static bool StartsWithAny(string name, ImmutableArray<string> words)
    {
        foreach (string word in words)
        {
            if (name.StartsWith(word, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>What a source method leaves behind: locks that it took, and locks that it gave back. That it races for a flag makes it a lock if it is called one.</summary>
    private sealed record Summary(ImmutableArray<ISymbol> Takes, ImmutableArray<ISymbol> Releases, bool IsAtomic);

    /// <summary>The methods that are being looked into.</summary>
    private sealed class Stack(Stack? outer, IMethodSymbol? method)
    {
        /// <summary>What was cut, by depth, for as long as the outermost question lasts: a method is looked into once, however many ways there are to it.</summary>
        private Dictionary<IMethodSymbol, Summary>?[]? _cut;

        public bool TryGetCut(IMethodSymbol entered, [NotNullWhen(true)] out Summary? summary)
        {
            summary = null;
            return Outermost._cut?[Depth] is { } cut && cut.TryGetValue(entered, out summary);
        }

        public void KeepCut(IMethodSymbol entered, Summary summary)
        {
            Dictionary<IMethodSymbol, Summary>?[] cut = Outermost._cut ??= new Dictionary<IMethodSymbol, Summary>?[MaxDepth + 1];
            (cut[Depth] ??= new(SymbolEqualityComparer.Default))[entered] = summary;
        }

        private Stack Outermost => Outer?.Outermost ?? this;

        public static Stack Empty => new(null, null);

        public bool IsCut { get; private set; }

        public bool IsEmpty => Depth == 0;

        private int Depth { get; } = outer is null ? 0 : outer.Depth + 1;

        public Stack? Enter(IMethodSymbol entered)
        {
            bool may = Depth < MaxDepth;
            for (Stack? at = this; at is not null; at = at.Outer) may &= !SymbolEqualityComparer.Default.Equals(at.Method, entered);
            if (may) return new Stack(this, entered);
            MarkCut();
            return null;
        }

        public void MarkCut()
        {
            for (Stack? at = this; at is not null; at = at.Outer) at.IsCut = true;
        }

        private Stack? Outer { get; } = outer;

        private IMethodSymbol? Method { get; } = method;
    }

    private Summary SummaryOf(IMethodSymbol method, Stack stack)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        if (_summaries.TryGetValue(definition, out Summary? known) || stack.IsEmpty && _fromOutside.TryGetValue(definition, out known)) return known;
        if (BodyOf(definition) is not { } body || !NamesALock(body.Body))
        {
            _summaries.TryAdd(definition, Nothing);
            return Nothing;
        }

        if (stack.TryGetCut(definition, out known))
        {
            stack.MarkCut();
            return known;
        }

        if (stack.Enter(definition) is not { } inner) return Nothing;
        Summary summary = Summarise(body, inner);
        if (inner.IsCut) stack.KeepCut(definition, summary);
        if (!inner.IsCut) _summaries.TryAdd(definition, summary);
        else if (stack.IsEmpty) _fromOutside.TryAdd(definition, summary);
        return summary;
    }

    private Summary Summarise(TypeMember body, Stack stack)
    {
        List<(ISymbol Key, IOperation At)> takes = [];
        List<ISymbol> releases = [];
        bool isAtomic = false;
        foreach (IInvocationOperation call in body.Operations.OfType<IInvocationOperation>().Where(call => !IsDeferred(call, body)).OrderBy(static call => call.Syntax.Span.End))
        {
            isAtomic |= call.TargetMethod is { Name: "CompareExchange" or "Exchange" or "Or" or "Write" or "Decrement", ContainingType.SystemName: "Interlocked" or "Volatile" };
            foreach (LockCall taken in TakenBy(call, body, stack)) takes.Add((taken.Key, call));
            foreach (LockCall released in ReleasedBy(call, body, stack))
            {
                if (takes.Exists(take => SymbolEqualityComparer.Default.Equals(take.Key, released.Key))) takes.RemoveAll(take => SymbolEqualityComparer.Default.Equals(take.Key, released.Key) && !IsOnWayOut(call, take.At));
                else releases.Add(released.Key);
            }
        }

        return new Summary(takes.Select(static take => take.Key).ToImmutableArray(), releases.ToImmutableArray(), isAtomic);
    }

    /// <summary>The release stands where the method fails: in a catch, in a branch that leaves, or in a finally that asks whether it was done.</summary>
    private static bool IsOnWayOut(IOperation release, IOperation take)
    {
        for (IOperation? inner = release; inner?.Parent is { } outer && !outer.Syntax.Span.Contains(take.Syntax.Span); inner = outer)
        {
            switch (outer)
            {
                case ICatchClauseOperation:
                case IConditionalOperation { Condition: IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } } when inner != ((IConditionalOperation)outer).Condition:
                case IBlockOperation { Operations: { Length: > 0 } statements, Parent: not (IMethodBodyOperation or ILocalFunctionOperation) } when statements[statements.Length - 1] is IReturnOperation or IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation }:
                    return true;
            }
        }

        return false;
    }

    /// <summary>In a lambda or a local function: it runs at another time, if at all.</summary>
    private static bool IsDeferred(IOperation operation, TypeMember body)
    {
        for (IOperation? outer = operation.Parent; outer is not null && outer != body.Operation; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation) return true;
        }

        return false;
    }

    /// <summary>Before a body is bound: some call in it goes by the name of a lock's, or of a method that could be one's, or it is no more than a call.</summary>
    private bool NamesALock(SyntaxNode body)
    {
        if (body is MethodDeclarationSyntax { ExpressionBody.Expression: InvocationExpressionSyntax } or LocalFunctionStatementSyntax { ExpressionBody.Expression: InvocationExpressionSyntax }
            or MethodDeclarationSyntax { Body.Statements: { Count: 1 } } or LocalFunctionStatementSyntax { Body.Statements: { Count: 1 } }) return true;
        foreach (SyntaxNode node in body.DescendantNodes())
        {
            if (node is not InvocationExpressionSyntax call) continue;
            string name = call.Expression switch
            {
                MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
                MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
                SimpleNameSyntax simple => simple.Identifier.ValueText,
                _ => "",
            };
            if (StartsWithAny(name, EnterWords) || StartsWithAny(name, ExitWords) || name.IndexOf("Lock", StringComparison.Ordinal) >= 0 || name is "CompareExchange" or "Exchange" or "Write" or "Decrement" || catalog.ChargeNames.Contains(name) || catalog.ReleaseNames.Contains(name)) return true;
        }

        return false;
    }
}
