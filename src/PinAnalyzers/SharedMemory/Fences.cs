using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>What orders a store before a later load, and what waits.</summary>
internal static class Fences
{
    /// <summary>A call that is a full fence by itself.</summary>
    public static bool IsBarrier(IMethodSymbol? method) => method is
        { ContainingType.SystemName: "Interlocked", Name: "MemoryBarrier" or "MemoryBarrierProcessWide" } or
        { ContainingType.SystemName: "Thread", Name: "MemoryBarrier" or "VolatileRead" or "VolatileWrite" };

    /// <summary>Lets another thread go on, which then sees what was written before: the end of a lock, a signal, a start.</summary>
    public static bool HandsOn(IMethodSymbol method) => method.Name.StartsWith("Exit", System.StringComparison.Ordinal) || method.Name.StartsWith("Release", System.StringComparison.Ordinal)
        || method is { ContainingType.SystemName: "Thread", Name: "Start" } or { ContainingType.SystemName: "Task" or "TaskFactory", Name: "Run" or "StartNew" or "Start" } or { ContainingType.SystemName: "ThreadPool" }
        || method.Name is "Set" or "Signal" or "Pulse" or "PulseAll" or "SetResult" or "TrySetResult";

    /// <summary>Anything that a store cannot pass: fences, and whatever calls out to code that may hold one.</summary>
    public static bool Orders(FlowEvent happening) =>
        happening.Access is { Kind: AccessKind.Interlocked } || happening.Operation is IAwaitOperation or IObjectCreationOperation
        || happening.Access is null && happening.Called is { } method && !IsPure(method);

    /// <summary>After it memory may have changed by agreement: a compare-exchange, a wait, a pause.</summary>
    public static bool Waits(FlowEvent happening) =>
        happening.Access is { Kind: AccessKind.Interlocked } || happening.Operation is IAwaitOperation
        || happening.Access is null && happening.Called is { } method && IsWait(method);

    public static bool IsWait(IMethodSymbol method) =>
        method.ContainingType is { SystemName: "SpinWait" or "Interlocked" } || IsBarrier(method)
        || method.Name.StartsWith("Wait", System.StringComparison.Ordinal) || method.Name is "Sleep" or "Yield" or "SpinWait" or "SpinOnce" or "Join" or "Park" or "Pause" or "Enter" or "futex" or "Delay";

    /// <summary>Runs no code that could order memory.</summary>
    private static bool IsPure(IMethodSymbol method) =>
        method.ContainingType is { SystemName: "Volatile" or "Unsafe" or "Math" or "MathF" or "BitOperations" or "Debug" or "MemoryMarshal" or "Span" or "ReadOnlySpan" } && !IsBarrier(method)
        || method.ContainingType.SpecialType != SpecialType.None || method.MethodKind is MethodKind.PropertyGet;
}
