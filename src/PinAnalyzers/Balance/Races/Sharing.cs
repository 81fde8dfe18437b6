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

/// <summary>Where nobody else can be: before an object is shared, after everybody has been waited for, or where a wrong number does no harm.</summary>
internal static class Sharing
{
    private static readonly ImmutableArray<string> CallerLocks = ImmutableArray.Create("Locked", "NoLock", "UnderLock", "WithLock", "WithoutLock", "InLock", "LockHeld", "Unsynchronized", "Unlocked", "NotThreadSafe", "SingleThreaded");

    private static readonly ImmutableArray<string> Starting = ImmutableArray.Create("Init", "Setup", "SetUp", "Configure", "Prepare", "Create", "Start", "Open", "Connect", "Rent", "Clone");

    private static readonly ImmutableArray<string> Recovering = ImmutableArray.Create("Recover", "Restore", "Rehydrate");

    /// <summary>Constructors, initial values, finalizers, and what only they call. What all objects share is set up by static ones alone.</summary>
    public static bool IsAlone(FieldAccess access, LocksHeld locks)
    {
        TypeMember member = access.Member;
        if (access.Field.IsStatic) return member is { IsConstruction: true, Symbol.IsStatic: true } || locks.IsOnlyConstructing(member, ofType: true);
        return member.IsConstruction || member.Body is DestructorDeclarationSyntax || locks.IsOnlyConstructing(member) || locks.IsRunnersSetup(member) || member.Symbol is { } symbol && (symbol.ContainingType.IsRefLikeType || IsDeserialization(symbol));
    }

    /// <summary>The name says that the caller holds the lock, or that there is none to hold.</summary>
    public static bool IsNamedForCallersLock(TypeMember member)
    {
        if (member.Symbol is not IMethodSymbol method) return false;
        string name = method.AssociatedSymbol?.Name ?? method.Name;
        return CallerLocks.Any(word => name.IndexOf(word, StringComparison.Ordinal) >= 0);
    }

    /// <summary>Sets up what nobody else has seen yet, as far as a name tells.</summary>
    public static bool IsNamedForStarting(TypeMember member) => member.Symbol is IMethodSymbol method && Starting.Any(word => method.Name.StartsWith(word, StringComparison.Ordinal));

    /// <summary>
    /// Sets up the object for another use: several of its fields at once, some of them to what it is handed. Whoever does that while others still count has more
    /// to worry about than this field.
    /// </summary>
    public static bool IsSettingUp(FieldAccess access)
    {
        HashSet<ISymbol> set = new(SymbolEqualityComparer.Default);
        bool isGiven = false;
        foreach (IOperation operation in access.Member.Operations)
        {
            if (operation is not ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } target, Value: var value }) continue;
            set.Add(target.Member);
            isGiven |= value.DescendantsAndSelf().Any(static o => o is IParameterReferenceOperation);
        }

        return isGiven && set.Count > 2;
    }

    /// <summary>Rebuilds the object from what was saved, before it goes on.</summary>
    public static bool IsNamedForRecovering(TypeMember member) => member.Symbol is IMethodSymbol method && Recovering.Any(word => method.Name.IndexOf(word, StringComparison.Ordinal) >= 0);

    public static bool IsDisposal(TypeMember member) => member.Symbol is IMethodSymbol method && method.SourceName() is "Dispose" or "DisposeAsync" or "Close" or "Finalize" or "DisposeCore" or "DisposeAsyncCore";

    /// <summary>The object was made in this body, or at least is at hand in a variable of it.</summary>
    public static bool IsOnOwnObject(FieldAccess access)
    {
        IOperation? instance = access.Reference.Instance;

        // Of p->Field the instance is what p points to.
        if (instance is { Kind: OperationKind.None } pointed) instance = pointed.ChildOperations.FirstOrDefault();
        return instance is ILocalReferenceOperation or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver };
    }

    /// <summary>
    /// A struct that hands out a view of itself, and only the view, a type inside it, counts atomically: threads share that. What the struct's own members do to it is for the
    /// one who holds it, as with any struct.
    /// </summary>
    public static bool IsBesideOwnView(FieldAccess access, IEnumerable<FieldAccess> field)
    {
        INamedTypeSymbol holder = access.Field.ContainingType;
        return holder.IsValueType && access.Reference.Instance is IInstanceReferenceOperation && IsOf(access.Member, holder)
            && field.All(a => a.Kind != AccessKind.AtomicUpdate || !IsOf(a.Member, holder) && SymbolEqualityComparer.Default.Equals(a.Member.Symbol?.ContainingType?.ContainingType?.OriginalDefinition, holder));
    }

    private static bool IsOf(TypeMember member, INamedTypeSymbol type) => SymbolEqualityComparer.Default.Equals(member.Symbol?.ContainingType?.OriginalDefinition, type);

    /// <summary>Workers that the body starts later, or has waited for, touch the field; the body itself does so while they do not run.</summary>
    public static bool IsBesideOwnWorkers(FieldAccess access) => !IsInLambda(access.Operation) && access.Member.Operations.Any(operation =>
        operation is IAnonymousFunctionOperation or ILocalFunctionOperation
        && !operation.Syntax.Span.Contains(access.Operation.Syntax.Span)
        && operation.Descendants().Any(inner => inner is IFieldReferenceOperation { Parent: IArgumentOperation { Parameter.RefKind: RefKind.Ref } } field && SymbolEqualityComparer.Default.Equals(field.Field.OriginalDefinition, access.Field)));

    private static bool IsInLambda(IOperation operation)
    {
        for (IOperation? outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation) return true;
        }

        return false;
    }

    /// <summary>
    /// The same body has stored the field just before, and called nobody since: whoever counts beside it lost to the store already, and what follows belongs to it.
    /// </summary>
    public static bool IsAfterOwnStore(FieldAccess access, IEnumerable<FieldAccess> field)
    {
        int at = access.Operation.Syntax.SpanStart;
        foreach (FieldAccess store in field)
        {
            if (store.Member != access.Member || store.Kind != AccessKind.Write || store.IsThroughThis != access.IsThroughThis || store.Operation is not ISimpleAssignmentOperation || store.Operation.Syntax.Span.End > at) continue;
            if (store.Operation.Parent is not IExpressionStatementOperation { Parent: IBlockOperation block } || !block.Syntax.Span.Contains(access.Operation.Syntax.Span)) continue;
            if (!access.Member.Operations.Any(o => o.Syntax.SpanStart >= store.Operation.Syntax.Span.End && o.Syntax.Span.End <= at && o is IInvocationOperation or IObjectCreationOperation or IAwaitOperation or ILoopOperation)) return true;
        }

        return false;
    }

    /// <summary>Somebody was waited for before.</summary>
    public static bool IsAfterWaiting(FieldAccess access)
    {
        int at = access.Operation.Syntax.SpanStart;
        return access.Member.Operations.Any(o => o.Syntax.Span.End <= at && IsSpinning(o) || o.Syntax.SpanStart < at && o switch
        {
            IAwaitOperation { Operation: var awaited } => !IsDelay(awaited),
            IInvocationOperation { TargetMethod.Name: "Wait" or "WaitAll" or "WhenAll" or "Join" or "WaitOne" or "SignalAndWait" or "GetResult" or "For" or "ForEach" or "Invoke" } call => !IsTick(call),
            _ => false,
        });
    }

    /// <summary>Time passes; nobody was waited for.</summary>
    private static bool IsDelay(IOperation awaited)
    {
        while (awaited is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } inner }) awaited = inner;
        return awaited is IInvocationOperation { TargetMethod: { Name: "Delay" or "Yield", ContainingType.SystemName: "Task" } or { Name: "WaitForNextTickAsync", ContainingType.SystemName: "PeriodicTimer" } };
    }

    /// <summary><c>while (!stop.WaitOne(interval))</c>: what is waited for has not come yet.</summary>
    private static bool IsTick(IInvocationOperation call)
    {
        if (call.TargetMethod.Name is not ("Wait" or "WaitOne") || call.Arguments.IsEmpty) return false;
        IOperation condition = call;
        while (condition.Parent is IUnaryOperation or IParenthesizedOperation or IBinaryOperation) condition = condition.Parent;
        return condition.Parent is IWhileLoopOperation { ConditionIsTop: true } loop && loop.Condition == condition;
    }

    /// <summary>A loop that does nothing but yield until somebody else is done.</summary>
    private static bool IsSpinning(IOperation operation) =>
        operation is IWhileLoopOperation { Body: var body } && body.Descendants().Any(static o => o is IInvocationOperation { TargetMethod.Name: "Yield" or "Sleep" or "SpinWait" or "SpinOnce" or "Delay" });

    /// <summary>Text for people: a number that is a moment old is as good as any.</summary>
    public static bool IsForDisplay(FieldAccess access)
    {
        string name = access.Member.Symbol is IMethodSymbol method ? method.AssociatedSymbol?.Name ?? method.Name : "";
        if (IsReport(access.Member) || name is "ToString" || name.IndexOf("Debug", StringComparison.Ordinal) >= 0 || name.IndexOf("Dump", StringComparison.Ordinal) >= 0) return true;
        for (IOperation? outer = access.Operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IInterpolatedStringOperation or IThrowOperation) return true;
            if (outer is IInvocationOperation { TargetMethod.ContainingType: { SpecialType: SpecialType.System_String } or { SystemName: "StringBuilder" } }) return true;
            if (outer is IInvocationOperation call && (call.TargetMethod.ContainingType?.Name is "Debug" or "Trace" or "Console" || call.TargetMethod.ContainingType?.Name.IndexOf("Assert", StringComparison.Ordinal) >= 0 || call.TargetMethod.Name.StartsWith("Assert", StringComparison.Ordinal) || call.TargetMethod.Name.StartsWith("Log", StringComparison.Ordinal) || call.TargetMethod.Name == "ToString")) return true;
        }

        return false;
    }

    /// <summary>Makes a text, and changes nothing on the way.</summary>
    private static bool IsReport(TypeMember member) => member.Symbol is IMethodSymbol { ReturnType.SpecialType: SpecialType.System_String } && !member.Operations.Any(static o => o switch
    {
        IAssignmentOperation { Target: IMemberReferenceOperation or IArrayElementReferenceOperation } or IIncrementOrDecrementOperation { Target: IMemberReferenceOperation } => true,
        IInvocationOperation { TargetMethod: var called } => called.ReturnsVoid || called.ContainingType?.Name == "Interlocked",
        _ => false,
    });

    /// <summary>A member whose body only reads and returns, formats or combines numbers. That something is so is a decision, and no statistics.</summary>
    public static bool IsStatisticsGetter(TypeMember member)
    {
        if (member.Symbol is not IMethodSymbol { ReturnsVoid: false, MethodKind: MethodKind.Ordinary or MethodKind.PropertyGet or MethodKind.ExplicitInterfaceImplementation } method) return false;
        if (method.ReturnType.SpecialType == SpecialType.System_Boolean) return false;
        foreach (IOperation operation in member.Operations)
        {
            switch (operation)
            {
                case IAssignmentOperation { Target: not (ILocalReferenceOperation or IPropertyReferenceOperation or IFieldReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } }) }:
                case IIncrementOrDecrementOperation { Target: not ILocalReferenceOperation }:
                case IConditionalOperation { Type: null } or ILoopOperation or IAwaitOperation or IAnonymousFunctionOperation:
                case IInvocationOperation call when !IsFormatting(call.TargetMethod):
                    return false;
            }
        }

        return true;
    }

    private static bool IsFormatting(IMethodSymbol method) =>
        method.ContainingType is { SpecialType: SpecialType.System_String } or { SystemName: "Math" or "MathF" or "Convert" or "Volatile" or "TimeSpan" or "DateTime" or "Stopwatch" }
        || method.Name is "ToString" or "TryFormat" || method is { Name: "Read", ContainingType.SystemName: "Interlocked" };

    private static bool IsDeserialization(ISymbol symbol) => symbol.Name.StartsWith("OnDeserializ", StringComparison.Ordinal) || symbol is IMethodSymbol { Name: "Deserialize" or "ReadXml" };
}
