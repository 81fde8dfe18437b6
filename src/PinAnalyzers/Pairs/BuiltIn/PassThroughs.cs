using System.Collections.Immutable;
using System.Linq;

namespace PinAnalyzers.Pairs.BuiltIn;

/// <summary>
/// Calls whose result stands for the same charge as one of their operands. Reading an address out of a handle is none of these
/// (<c>AddrOfPinnedObject</c>, <c>DangerousGetHandle</c>): what it returns cannot be released.
/// </summary>
internal static class PassThroughs
{
    private const int Receiver = -1;
    private const string Explicit = "op_Explicit";

    private static readonly ImmutableDictionary<(string Type, string Name), int> s_ordinals = Build();

    private static readonly ImmutableHashSet<string> s_names = s_ordinals.Keys.Select(static key => key.Name).ToImmutableHashSet();

    /// <summary>Spelling out a type's full name costs something; hardly any method has one of these names.</summary>
    public static bool MayBe(string name) => s_names.Contains(name);

    public static bool TryGet(string type, string name, out int ordinal) => s_ordinals.TryGetValue((type, name), out ordinal);

    private static ImmutableDictionary<(string, string), int> Build()
    {
        var rows = ImmutableDictionary.CreateBuilder<(string, string), int>();

        foreach (var handle in new[] { "GCHandle", "GCHandle`1", "PinnedGCHandle`1", "WeakGCHandle`1" })
        {
            foreach (var name in new[] { "ToIntPtr", "FromIntPtr", Explicit })
                rows[("System.Runtime.InteropServices." + handle, name)] = 0;
        }

        foreach (var pointer in new[] { "System.IntPtr", "System.UIntPtr" })
        {
            rows[(pointer, KnownMember.Constructor)] = 0;
            rows[(pointer, Explicit)] = 0;
            foreach (var name in new[] { "ToPointer", "ToInt32", "ToInt64", "ToUInt32", "ToUInt64" })
                rows[(pointer, name)] = Receiver;
        }

        const string Tasks = "System.Threading.Tasks.";
        const string Services = "System.Runtime.CompilerServices.";
        foreach (var task in new[] { "Task", "Task`1", "ValueTask", "ValueTask`1" })
        {
            foreach (var name in new[] { "ConfigureAwait", "AsTask", "Preserve", "GetAwaiter", "get_Result" })
                rows[(Tasks + task, name)] = Receiver;
        }
        foreach (var awaitable in new[] { "ConfiguredTaskAwaitable", "ConfiguredTaskAwaitable`1", "ConfiguredValueTaskAwaitable", "ConfiguredValueTaskAwaitable`1" })
            rows[(Services + awaitable, "GetAwaiter")] = Receiver;
        foreach (var awaiter in new[]
        {
            "TaskAwaiter", "TaskAwaiter`1", "ValueTaskAwaiter", "ValueTaskAwaiter`1",
            "ConfiguredTaskAwaitable+ConfiguredTaskAwaiter", "ConfiguredTaskAwaitable`1+ConfiguredTaskAwaiter",
            "ConfiguredValueTaskAwaitable+ConfiguredValueTaskAwaiter", "ConfiguredValueTaskAwaitable`1+ConfiguredValueTaskAwaiter",
        })
        {
            rows[(Services + awaiter, "GetResult")] = Receiver;
        }

        foreach (var name in new[] { "As", "AsRef", "BitCast" })
            rows[(Services + "Unsafe", name)] = 0;
        rows[("System.Runtime.InteropServices.MemoryMarshal", "AsMemory")] = 0;
        return rows.ToImmutable();
    }
}
