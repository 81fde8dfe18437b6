using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Balance;

/// <summary>
/// Calls of the framework that throw for mistakes of the caller at most, or when memory runs out: neither is worth a <c>finally</c> around every charge. See
/// docs/decisions/what-counts-as-throwing.md.
/// </summary>
internal static class QuietLibrary
{
    public static bool Contains(IMethodSymbol method)
    {
        if (method.ContainingType is not { } type || type.TypeKind == TypeKind.Delegate) return false;
        string space = type.ContainingNamespace?.ToDisplayString() ?? "";
        return (space, type.Name, method.Name) switch
        {
            ("System.Threading", "Interlocked" or "Volatile" or "Monitor" or "SpinWait" or "SpinLock" or "Lock", _) => true,
            ("System.Threading", "ReaderWriterLockSlim", _) => true,
            ("System.Threading", "SemaphoreSlim", "Wait" or "WaitAsync" or "Release") => !method.Parameters.Any(static p => p.Type.Name == "CancellationToken"),
            ("System.Threading", "Thread", "MemoryBarrier" or "Yield" or "SpinWait" or "Sleep") => true,
            ("System.Threading", "ManualResetEventSlim" or "ManualResetEvent" or "AutoResetEvent" or "EventWaitHandle" or "CancellationTokenSource", "Set" or "Reset") => true,
            ("System.Threading.Tasks", "TaskCompletionSource", var name) => name == ".ctor" || name.StartsWith("Try", System.StringComparison.Ordinal),
            ("System.Threading.Tasks", "Task" or "ValueTask", "ConfigureAwait" or "AsTask" or "FromResult" or ".ctor" or "GetAwaiter" or "Delay" or "Yield") => true,
            ("System.Threading", "CancellationTokenSource", "Dispose" or ".ctor") => true,
            ("System.Diagnostics", "Debug" or "Trace" or "Stopwatch", _) => true,
            ("System", "GC", "KeepAlive" or "SuppressFinalize" or "ReRegisterForFinalize" or "AddMemoryPressure" or "RemoveMemoryPressure" or "Collect") => true,
            ("System", "Math" or "MathF" or "BitConverter" or "IntPtr" or "UIntPtr" or "HashCode" or "DateTime" or "DateTimeOffset" or "TimeSpan" or "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory" or "MemoryExtensions" or "Nullable" or "Index" or "Range", _) => true,
            ("System", "Environment", "FailFast" or "Exit") => true,
            ("System", "Guid", "NewGuid") => true,
            ("System", "Guid", "ToString") => method.Parameters.IsEmpty,
            ("System", "Buffer", "MemoryCopy") => true,
            ("System", "OperatingSystem", _) => true,
            ("System.Runtime.InteropServices", "RuntimeInformation", _) => true,
            ("System", "Object", "ReferenceEquals" or ".ctor" or "GetType") => true,
            ("System", "String", "IsNullOrEmpty" or "IsNullOrWhiteSpace" or "Equals" or "op_Equality" or "op_Inequality" or "Concat") => true,
            ("System", "ArgumentNullException" or "ArgumentException" or "ArgumentOutOfRangeException" or "ObjectDisposedException", var name) => !name.StartsWith("Throw", System.StringComparison.Ordinal),
            ("System", "Array", "Empty" or "Clear") => true,
            ("System.Runtime.ExceptionServices", "ExceptionDispatchInfo", "Capture" or "SetCurrentStackTrace") => true,
            ("System.Runtime.CompilerServices", "Unsafe" or "RuntimeHelpers", _) => true,
            ("System.Runtime.InteropServices", "MemoryMarshal" or "NativeMemory" or "CollectionsMarshal", _) => true,
            ("System.Runtime.InteropServices", "Marshal", var name) => !name.StartsWith("PtrToStructure", System.StringComparison.Ordinal) && !name.StartsWith("ThrowException", System.StringComparison.Ordinal)
                && !name.StartsWith("StructureToPtr", System.StringComparison.Ordinal) && !name.StartsWith("GetDelegate", System.StringComparison.Ordinal),
            ("System.Runtime.InteropServices", "GCHandle", _) => true,
            ("System.Runtime.InteropServices", "SafeHandle", var name) => name != "DangerousAddRef",
            ("System.Buffers", "ArrayPool", _) => true,
            ("System.Buffers.Binary", "BinaryPrimitives", _) => true,
            ("System.Numerics", _, _) => true,
            ("System.Text", "StringBuilder", ".ctor" or "Append" or "Clear") => true,
            ("System.IO", "StringWriter", ".ctor") => true,
            ("System.IO", "MemoryStream", ".ctor") => method.Parameters.Length < 2,
            ("System.Collections.Generic" or "System.Collections.Concurrent", _, ".ctor") => method.Parameters.All(static p => p.Type.SpecialType == SpecialType.System_Int32),
            ("System.Collections.Generic", "List", "Add" or "Clear" or "Contains" or "IndexOf" or "Insert" or "Remove" or "RemoveAt") => true,
            ("System.Collections.Generic", "HashSet", "Add" or "Clear" or "Contains" or "Remove" or "TryGetValue") => true,
            ("System.Collections.Generic", "Dictionary", "Clear" or "ContainsKey" or "Remove" or "TryAdd" or "TryGetValue") => true,
            ("System.Collections.Generic" or "System.Collections.Concurrent", "Queue" or "Stack" or "ConcurrentQueue" or "ConcurrentStack" or "ConcurrentBag", var name) => name is "Add" or "Clear" or "Contains" or "Enqueue" or "Push" or "TryDequeue" or "TryPeek" or "TryPop" or "TryTake",
            ("System.Collections.Concurrent", "ConcurrentDictionary", "Clear" or "ContainsKey" or "TryAdd" or "TryGetValue" or "TryRemove" or "TryUpdate") => true,
            (_, _, "Dispose" or "GetEnumerator" or "MoveNext" or "Equals" or "GetHashCode") => true,
            _ => false,
        };
    }
}
