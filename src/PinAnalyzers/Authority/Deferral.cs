using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>Code that runs later, on another thread or for somebody else.</summary>
internal static class Deferral
{
    public static bool IsDeferred(ControlFlowGraph graph, ISymbol owner)
    {
        for (ISymbol? current = owner; current is IMethodSymbol method; current = method.ContainingSymbol)
        {
            if (Annotations.Has(method, Annotations.Deferred)) return true;
        }

        if (owner is not IMethodSymbol { MethodKind: MethodKind.AnonymousFunction }) return false;
        for (IOperation? operation = graph.OriginalOperation.Parent; operation is not null; operation = operation.Parent)
        {
            switch (operation)
            {
                case IArgumentOperation { Parameter: { } parameter } when Annotations.Has(parameter.OriginalDefinition, Annotations.Deferred):
                    return true;
                case IInvocationOperation call:
                    return IsDeferring(call.TargetMethod) && !IsAwaited(call);
                case IObjectCreationOperation { Type.SystemName: "Timer" or "Thread" }:
                    return true;
                case IDelegateCreationOperation or IArgumentOperation or IConversionOperation or IParenthesizedOperation:
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool IsDeferring(IMethodSymbol method) => (method.Name, method.ContainingType?.SystemName) switch
    {
        ("Run" or "ContinueWith", "Task") or ("StartNew", "TaskFactory") => true,
        ("QueueUserWorkItem" or "UnsafeQueueUserWorkItem" or "RegisterWaitForSingleObject" or "UnsafeRegisterWaitForSingleObject", "ThreadPool") => true,
        ("Post", "SynchronizationContext") or ("BeginInvoke" or "InvokeAsync", "Dispatcher" or "Control") => true,
        _ => false,
    };

    /// <summary>Whoever awaits it is still there when it runs.</summary>
    private static bool IsAwaited(IOperation call)
    {
        IOperation? outer = call.Parent;
        while (outer is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } or IConversionOperation or IParenthesizedOperation) outer = outer.Parent;
        return outer is IAwaitOperation;
    }
}
