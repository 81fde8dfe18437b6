using System;
using System.Collections.Immutable;

namespace PinAnalyzers.Tests.Robustness;

/// <summary>What a statement may stand in, or beside: a fix has to be right there as well.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Put">The statement, put there.</param>
/// <param name="KeepsDeclarations">What a declaration declares can still be used behind it.</param>
internal sealed record Surroundings(string Name, Func<string, string> Put, bool KeepsDeclarations = false)
{
    public static ImmutableArray<Surroundings> All { get; } =
    [
        new("if", s => $"if (Environment.TickCount > 0) {{ {s} }}"),
        new("if without braces", s => $"if (Environment.TickCount > 0) {s}"),
        new("else without braces", s => $"if (Environment.TickCount > 0) {{ }} else {s}"),
        new("try", s => $"try {{ {s} }} finally {{ Console.WriteLine(); }}"),
        new("nested try", s => $"try {{ try {{ {s} }} finally {{ Console.Write(1); }} }} finally {{ Console.Write(2); }}"),
        new("catch with a filter", s => $"try {{ {s} }} catch (InvalidOperationException) when (Environment.TickCount > 3) {{ throw; }}"),
        new("using", s => $"using (new MemoryStream()) {{ {s} }}"),
        new("lock", s => $"lock (new object()) {{ {s} }}"),
        new("for", s => $"for (int round = 0; round < 2; round++) {{ {s} }}"),
        new("foreach", s => $"foreach (var each in new List<int> {{ 1 }}) {{ {s} }}"),
        new("while without braces", s => $"while (Environment.TickCount > 7) {s}"),
        new("do", s => $"do {{ {s} }} while (Environment.TickCount < 3);"),
        new("switch section", s => $"switch (Environment.TickCount) {{ case 3: Console.WriteLine(); break; default: {s} break; }}"),
        new("checked", s => $"checked {{ {s} }}"),
        new("label", s => $"{{ if (Environment.TickCount == 5) goto there; there: {s} }}"),
        new("block", s => $"{{ {s} }}"),
        new("local function", s => $"void Inner() {{ {s} }} Inner();"),
        new("lambda", s => $"Action inner = () => {{ {s} }}; inner();"),
        new("twice", s => $"{s} {s}", true),
        new("gone", _ => ";", true),
        new("behind an empty statement", s => $"; {s}", true),
        new("behind a throw", s => $"if (Environment.TickCount == 9) throw new InvalidOperationException(); {s}", true),
        new("comments", s => $"/* before */ {s} // after\n", true),
        new("directives", s => $"\n#if true\n{s}\n#else\nnothing();\n#endif\n", true),
        new("region", s => $"\n#region one\n{s}\n#endregion\n", true),
        new("pragmas", s => $"\n#pragma warning disable CS0168\n{s}\n#pragma warning restore CS0168\n", true),
    ];
}
