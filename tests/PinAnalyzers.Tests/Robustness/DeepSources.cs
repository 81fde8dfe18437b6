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
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "no such shape"),
    };

    public static string LeftNestedBinary(int depth) => Method($"return {string.Join(" + ", Enumerable.Repeat("n", depth))};");

    public static string RightNestedBinary(int depth) => Method($"return {string.Concat(Enumerable.Repeat("n + (", depth))}n{new string(')', depth)};");

    public static string Blocks(int depth) => Method($"{new string('{', depth)} n++; {new string('}', depth)} return n;");

    public static string ElseIfs(int depth) => Method($"{string.Concat(Enumerable.Range(0, depth).Select(i => $"if (n == {i}) n++; else "))} n--; return n;");

    public static string Calls(int depth) => Method($"return {string.Concat(Enumerable.Repeat("M(o, ", depth))}n{new string(')', depth)};");

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
