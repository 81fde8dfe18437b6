using System;
using System.Linq;

namespace PinAnalyzers.Tests.Robustness;

/// <summary>Generated code that nests deeper than any recursion should follow. Each has a charge in it, so that no rule passes it by.</summary>
internal static class DeepSources
{
    /// <summary>The source of the shape that a member of this class is named after; tests name shapes, so that a crash says which.</summary>
    public static string Create(string shape, int depth) => shape switch
    {
        nameof(LeftNestedBinary) => LeftNestedBinary(depth),
        nameof(RightNestedBinary) => RightNestedBinary(depth),
        nameof(Blocks) => Blocks(depth),
        nameof(ElseIfs) => ElseIfs(depth),
        nameof(Calls) => Calls(depth),
        nameof(CallsAroundALocalFunction) => CallsAroundALocalFunction(depth),
        nameof(CallsWithFollowedNames) => CallsWithFollowedNames(depth),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "no such shape"),
    };

    public static string LeftNestedBinary(int depth) => Method($"return {string.Join(" + ", Enumerable.Repeat("n", depth))};");

    public static string RightNestedBinary(int depth) => Method($"return {string.Concat(Enumerable.Repeat("n + (", depth))}n{new string(')', depth)};");

    public static string Blocks(int depth) => Method($"{new string('{', depth)} n++; {new string('}', depth)} return n;");

    public static string ElseIfs(int depth) => Method($"{string.Concat(Enumerable.Range(0, depth).Select(i => $"if (n == {i}) n++; else "))} n--; return n;");

    public static string Calls(int depth) => Method($"return {string.Concat(Enumerable.Repeat("M(o, ", depth))}n{new string(')', depth)};");

    /// <summary>The local function is shallow, and is bound with the rest.</summary>
    public static string CallsAroundALocalFunction(int depth) => Method(
        $"GCHandle Take(object x) {{ return GCHandle.Alloc(x); }} var other = Take(o); return {string.Concat(Enumerable.Repeat("M(o, ", depth))}n{new string(')', depth)};");

    /// <summary>Shared memory and ambient members, which are followed by name through all files before any member is looked at.</summary>
    public static string CallsWithFollowedNames(int depth) => $$"""
        using System.Runtime.InteropServices;
        using System.Threading;
        unsafe class Deep
        {
            [DllImport("c")] static extern void* mmap(void* at, nuint length, int protection, int flags, int descriptor, long offset);
            static readonly AsyncLocal<object> s_current = new();
            static object Current => s_current.Value;
            uint* _head = (uint*)mmap(null, 4096, 3, 1, 3, 0);
            object Own { get { return {{string.Concat(Enumerable.Repeat("Of(", depth))}}Current{{new string(')', depth)}}; } }
            static object Of(object o) => o;
            static uint* At(uint* at) => at;
            uint Get() { return *{{string.Concat(Enumerable.Repeat("At(", depth))}}_head{{new string(')', depth)}}; }
            uint Local() { return Take(_head) + *{{string.Concat(Enumerable.Repeat("At(", depth))}}_head{{new string(')', depth)}}; static uint Take(uint* at) => *at; }
        }
        """;

    private static string Method(string body) => $$"""
        using System.Runtime.InteropServices;
        class Deep
        {
            int M(object o, int n)
            {
                var handle = GCHandle.Alloc(o);
                {{body}}
            }
        }
        """;
}
