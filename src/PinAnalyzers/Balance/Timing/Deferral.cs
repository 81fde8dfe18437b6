using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>A delegate that runs later: what is given it, and by which call.</summary>
internal sealed record Deferral(IOperation Body, IOperation Call, string Name)
{
    public const string Attribute = "Deferred";

    /// <summary>It is the end of some other work, and not work that is queued.</summary>
    public bool FollowsWork => Call is IInvocationOperation { TargetMethod.Name: "ContinueWith" or "ContinueWhenAll" or "ContinueWhenAny" or "RegisterWaitForSingleObject" or "UnsafeRegisterWaitForSingleObject" };

    public bool IsOfTimer => Call is IObjectCreationOperation { Type.SystemName: "Timer" };

    private static readonly ImmutableHashSet<(string Type, string Method)> s_calls = ImmutableHashSet.Create(
        ("Task", "Run"), ("Task", "ContinueWith"), ("TaskFactory", "StartNew"), ("TaskFactory", "ContinueWhenAll"), ("TaskFactory", "ContinueWhenAny"),
        ("ThreadPool", "QueueUserWorkItem"), ("ThreadPool", "UnsafeQueueUserWorkItem"), ("ThreadPool", "RegisterWaitForSingleObject"), ("ThreadPool", "UnsafeRegisterWaitForSingleObject"),
        ("SynchronizationContext", "Post"), ("Dispatcher", "BeginInvoke"), ("Dispatcher", "InvokeAsync"), ("Control", "BeginInvoke"));

    private static readonly ImmutableHashSet<string> s_creations = ImmutableHashSet.Create("Thread", "Timer", "Task");

    /// <summary>The deferral that a delegate is given to; null where it runs at once, or the declaration gives a reason for it.</summary>
    public static Deferral? Of(IDelegateCreationOperation creation, IOperation root)
    {
        IOperation? operation = creation.Parent;
        while (operation is IConversionOperation or IParenthesizedOperation) operation = operation.Parent;
        if (operation is not IArgumentOperation { Parameter: { } parameter, Parent: { } call } || BodyOf(creation.Target, root) is not { } body) return null;
        if (Annotations.Find(parameter.OriginalDefinition.GetAttributes(), Attribute) is { } attribute)
            return Annotations.Named<string>(attribute, "Reason") is null ? new Deferral(body, call, NameOf(call)) : null;
        return IsKnown(call) ? new Deferral(body, call, NameOf(call)) : null;
    }

    /// <summary>Somebody in this body waits for it, or it is handed to somebody who may.</summary>
    public static bool IsAwaited(IOperation call, IOperation root) => IsAwaited(call, root, new HashSet<ISymbol>(SymbolEqualityComparer.Default));

    private static bool IsAwaited(IOperation call, IOperation root, HashSet<ISymbol> followed)
    {
        // Nobody waits for a timer, whoever has it.
        if (call is IObjectCreationOperation { Type.SystemName: "Timer" }) return false;

        // That it could be queued is no promise that it has run.
        if (call.Type?.SpecialType is SpecialType.System_Boolean or SpecialType.System_Void) return false;
        IOperation value = call;
        while (true)
        {
            switch (value.Parent)
            {
                case IConversionOperation or IParenthesizedOperation or IConditionalOperation or ICoalesceOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation or IArrayInitializerOperation or IArrayCreationOperation:
                    value = value.Parent;
                    continue;

                // Newer than the compiler this is built against: known by name only.
                case { } newer when newer.Kind.ToString() is "CollectionExpression" or "Spread":
                    value = newer;
                    continue;
                case IAwaitOperation or IReturnOperation or IArgumentOperation or IPropertyReferenceOperation:
                    return true;
                case IInvocationOperation use when ReferenceEquals(use.Instance, value):
                    if (use.TargetMethod.Name is "Wait" or "GetAwaiter" or "Join" or "WaitAsync") return true;
                    if (use.TargetMethod.Name is not ("ConfigureAwait" or "Unwrap" or "ContinueWith" or "AsTask")) return false;
                    value = use;
                    continue;
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                    return IsWaitedFor(local, root, followed);
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } }:
                    return IsWaitedFor(local, root, followed);
                default:
                    return false;
            }
        }
    }

    /// <summary>A variable may be given what was made from itself, as in <c>task = task.ContinueWith(…)</c>: each is followed once.</summary>
    private static bool IsWaitedFor(ILocalSymbol local, IOperation root, HashSet<ISymbol> followed) => followed.Add(local) && root.Descendants().OfType<ILocalReferenceOperation>()
        .Where(r => SymbolEqualityComparer.Default.Equals(r.Local, local) && r.Parent is not ISimpleAssignmentOperation { Target: ILocalReferenceOperation })
        .Any(r => IsAwaited(r, root, followed) || r.Parent is ISimpleAssignmentOperation);

    private static IOperation? BodyOf(IOperation target, IOperation root) => target switch
    {
        IAnonymousFunctionOperation lambda => lambda.Body,
        IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } method } =>
            root.Descendants().OfType<ILocalFunctionOperation>().FirstOrDefault(f => SymbolEqualityComparer.Default.Equals(f.Symbol, method.OriginalDefinition))?.Body,
        _ => null,
    };

    private static bool IsKnown(IOperation call) => call switch
    {
        IInvocationOperation { TargetMethod: { ContainingType: var type, Name: var name } } => s_calls.Contains((type.Name, name)) && IsSystem(type),
        IObjectCreationOperation { Type: INamedTypeSymbol type } => s_creations.Contains(type.Name) && IsSystem(type),
        _ => false,
    };

    private static bool IsSystem(INamedTypeSymbol type) => type.ContainingNamespace.ToDisplayString() is var name && (name.StartsWith("System.Threading", StringComparison.Ordinal) || name.StartsWith("System.Windows", StringComparison.Ordinal));

    private static string NameOf(IOperation call) => call switch
    {
        IInvocationOperation invocation => invocation.TargetMethod.ContainingType.Name + "." + invocation.TargetMethod.Name,
        IObjectCreationOperation creation => "new " + creation.Type?.Name,
        _ => "it",
    };
}
