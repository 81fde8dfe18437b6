using System;
using System.Collections.Generic;
using System.Linq;

namespace PinAnalyzers.Tests.Balance.Plain;

/// <summary>Bodies drawn by chance from the ways in which charges are taken and given back: most are nearly right, and some are.</summary>
internal sealed class PlainPrograms(int seed)
{
    private static readonly (string Take, string Give)[] s_locks =
    [
        ("_sem.Wait();", "_sem.Release();"),
        ("_other.Wait();", "_other.Release();"),
        ("_rw.EnterReadLock();", "_rw.ExitReadLock();"),
        ("_rw.EnterWriteLock();", "_rw.ExitWriteLock();"),
        ("Monitor.Enter(_sync);", "Monitor.Exit(_sync);"),
        ("Monitor.Enter(o);", "Monitor.Exit(o);"),
        ("gate.Wait();", "gate.Release();"),
    ];

    private static readonly (string Type, string Nothing, string Take, string Give, string Live)[] s_tokens =
    [
        ("GCHandle", "default", "GCHandle.Alloc(o)", "{0}.Free();", "{0}.IsAllocated"),
        ("IntPtr", "IntPtr.Zero", "Marshal.AllocHGlobal(n)", "Marshal.FreeHGlobal({0});", "{0} != IntPtr.Zero"),
        ("byte[]", "null", "ArrayPool<byte>.Shared.Rent(n)", "ArrayPool<byte>.Shared.Return({0});", "{0} != null"),
        ("byte[]", "null", "_pool.Rent(n)", "_pool.Return({0});", "{0} is not null"),
    ];

    private readonly Random _random = new(seed);
    private readonly List<(string Type, string Name)> _locals = [];
    private int _names, _depth;
    private string _result = "void";

    public string Next(string name)
    {
        _names = _depth = 0;
        _locals.Clear();
        _result = Pick("void", "void", "int", "IntPtr", "GCHandle", "byte[]");
        string body = Statements(_random.Next(1, 3));
        return $"{_result} {name}(object o, int n, SemaphoreSlim gate) {{ {body} {(_result == "void" ? "" : "return default;")} }}";
    }

    private string Statements(int count) => string.Join(" ", Enumerable.Range(0, count).Select(_ => Statement()));

    private string Statement()
    {
        if (_depth > 2) return Small();
        _depth++;
        int names = _locals.Count;
        string text = _random.Next(16) switch
        {
            0 or 1 or 2 => LockShape(),
            3 or 4 or 5 or 6 or 7 => TokenShape(),
            8 => $"if (n > {_random.Next(5)}) {{ {Statements(_random.Next(1, 3))} }}",
            9 => $"{Pick("while (n-- > 0)", "foreach (char c" + _names++ + " in \"abc\")", "for (int i" + _names + " = 0; i" + _names + " < n; i" + _names++ + "++)")} {{ {Statements(_random.Next(1, 3))} }}",
            10 => $"try {{ {Statements(_random.Next(1, 3))} }} {Pick("finally { Work(); }", "catch (IOException) { Work(); }", "catch { Work(); throw; }", "catch (Exception e) when (e.HResult > n) { }")}",
            11 => Departure(),
            _ => Small(),
        };
        _depth--;
        _locals.RemoveRange(names, _locals.Count - names);
        return text;
    }

    private string LockShape()
    {
        (string take, string give) = Pick(s_locks);
        if (Rarely(12)) give = Pick(s_locks).Give;
        string gap = Rarely(5) ? Small() : "", flag = "f" + _names++;
        return _random.Next(8) switch
        {
            0 => $"{take} {Statements(_random.Next(1, 3))} {give}",
            1 => $"bool {flag} = false; try {{ Monitor.TryEnter(_sync, n, ref {flag}); {Statements(1)} }} finally {{ if ({flag}) Monitor.Exit(_sync); }}",
            2 => $"if ({Pick("!", "!", "!", "")}_sem.Wait(n)) {{ {Pick("return" + Value() + ";", "throw new IOException();", "Work();")} }} try {{ {Statements(1)} }} finally {{ _sem.Release(); }}",
            3 => $"try {{ {take} {Statements(1)} }} finally {{ {give} }}",
            4 => $"{take} {gap} try {{ {Statements(_random.Next(1, 3))} }} catch {{ {give} throw; }} {(Rarely(3) ? "" : give)}",
            _ => $"{take} {gap} try {{ {Statements(_random.Next(1, 3))} {(Rarely(8) ? give : "")} }} finally {{ {(Rarely(10) ? "if (n > 2) " : "")}{give} {(Rarely(6) ? Staying() : "")} }}",
        };
    }

    private string TokenShape()
    {
        var (type, nothing, take, release, alive) = Pick(s_tokens);
        string name = "t" + _names++;
        string Give(string of) => string.Format(null, release, of);
        if (Rarely(14)) release = Pick(s_tokens.Where(other => other.Type == type).ToArray()).Give;
        string give = Give(name), live = string.Format(null, alive, name), gap = Rarely(5) ? Small() : "";
        _locals.Add((type, name));
        string inside = Statements(_random.Next(1, 3));
        if (Rarely(8)) inside += " " + Use(name, type, Give);
        string end = Rarely(10) ? $"if (n > 1) {give}" : Rarely(2) ? give : $"if ({live}) {give}";
        if (Rarely(6)) end = $"{end} {Staying()}";
        return _random.Next(9) switch
        {
            0 => $"{type} {name} = {take}; {inside} {give}",
            1 => $"{type} {name} = {nothing}; try {{ {name} = {take}; {inside} }} finally {{ {end} }}",
            2 => $"{type} {name} = {nothing}; {gap} try {{ if (n > 3) {name} = {take}; {inside} }} finally {{ {end} }}",
            3 => $"{type} {name} = {nothing}; if (n > 3) {{ {name} = {take}; }} {gap} try {{ {inside} }} finally {{ {end} }}",
            4 => $"{type} {name} = {take}; {gap} try {{ {inside} {(type == _result ? "return " + name + ";" : "")} }} catch {{ {give} throw; }} {(Rarely(3) ? give : "")}",
            5 => $"{type} {name} = {nothing}; try {{ {name} = {take}; {inside} {(type == _result ? "return " + name + ";" : give)} }} catch {(Rarely(4) ? "(IOException) " : "")}{{ {give} {(Rarely(6) ? "" : "throw;")} }}",
            _ => $"{type} {name} = {take}; {gap} try {{ {inside} }} finally {{ {end} }}",
        };
    }

    /// <summary>Something that may spoil a shape, or not.</summary>
    private string Use(string name, string type, Func<string, string> give) => _random.Next(9) switch
    {
        0 => $"{type} c{_names} = {name}; {give("c" + _names++)}",
        1 => $"{name} = default;",
        2 => $"Pass({name});",
        3 => $"Action a{_names} = () => {{ {give(name)} }}; a{_names++}();",
        4 => $"if (n > 2) {{ {give(name)} }}",
        5 => $"({name}, n) = (default, 3);",
        6 => $"Keep(ref {name});",
        7 => $"ref {type} r{_names} = ref {name}; r{_names++} = default;",
        _ => give(name),
    };

    private string Departure() => _random.Next(7) switch
    {
        0 => "_pin = GCHandle.Alloc(o);",
        1 => "_pin.Free(); _pin = GCHandle.Alloc(o);",
        2 => "this._block = Marshal.AllocHGlobal(n);",
        3 => "_rented ??= ArrayPool<byte>.Shared.Rent(n);",
        4 => _result switch { "IntPtr" => "return Marshal.AllocHGlobal(n);", "GCHandle" => "return GCHandle.Alloc(o);", "byte[]" => "return _rented = ArrayPool<byte>.Shared.Rent(n);", _ => "_rw.EnterReadLock();" },
        5 => "GCHandle.Alloc(o);",
        _ => "_sem.Wait();",
    };

    private string Small() => _random.Next(28) switch
    {
        0 => $"if (n > {_random.Next(4)}) return{Value()};",
        1 => $"if (n < {_random.Next(4)}) throw new IOException();",
        2 => "GiveBack();",
        3 => "_sem.Release();",
        4 => "gate = _other;",
        5 => "_other = gate;",
        6 => "o = null;",
        7 => $"{{ void F{_names}() {{ _sem.Release(); }} F{_names++}(); }}",
        8 => "n++;",
        9 => _locals.Count > 0 ? $"{Pick(_locals.ToArray()).Name} = default;" : "Work();",
        10 => _locals.Count > 0 ? $"Pass({Pick(_locals.ToArray()).Name});" : "Work();",
        11 => $"if (n == {_random.Next(4)}) return{(_locals.FirstOrDefault(local => local.Type == _result).Name is { } own ? " " + own : Value())};",
        _ => "Work();",
    };

    /// <summary>One that may stand in a <c>finally</c>.</summary>
    private string Staying()
    {
        string text = Small();
        return text.Contains("return", StringComparison.Ordinal) ? "Work();" : text;
    }

    private string Value() => _result == "void" ? "" : " default";

    private bool Rarely(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>(params T[] all) => all[_random.Next(all.Length)];
}
