using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Xunit;

namespace PinAnalyzers.Tests.Robustness;

/// <summary>Every analyzer that ships, on code that no one would write and on code that is being written.</summary>
public sealed class ShippedAnalyzersTests
{
    private const int PrefixesPerFile = 12;

    private const int PrefixFiles = 24;

    // Code that pins, locks and shares: what the rules look at most closely.
    private static readonly string[] s_files =
    [
        .. RepositoryFiles.Sources("tests", "Corpus.Valid"),
        .. RepositoryFiles.Sources("samples"),
        .. RepositoryFiles.Sources("src", "PinAccounting"),
    ];

    [Fact]
    public async Task IncompleteSource_ThrowsNothing()
    {
        var step = Math.Max(1, s_files.Length / PrefixFiles);
        foreach (var file in s_files.Where((_, index) => index % step == 0))
            await RobustnessChecks.SurvivesPrefixesAsync(await File.ReadAllTextAsync(file), PrefixesPerFile, Shipped.Analyzers);
    }

    [Fact]
    public async Task ReferencedSources_SayTheSameAsReferencedAssemblies()
    {
        // A sample's twins declare the same types, each beside what they share.
        var twins = Directory.EnumerateDirectories(RepositoryFiles.PathOf("samples")).SelectMany(Directory.EnumerateDirectories).Where(folder => Path.GetFileName(folder) != "Shared")
            .Select(twin => RepositoryFiles.Sources(twin).Concat(RepositoryFiles.Sources(twin, "..", "Shared")));
        IEnumerable<string>[] projects = [RepositoryFiles.Sources("tests", "Corpus.Valid"), .. twins];
        foreach (var project in projects)
            await RobustnessChecks.SaysTheSameAsBuiltAsync([.. project.Select(file => (file, WithoutGenerator(File.ReadAllText(file))))], Shipped.Analyzers);

        // Imports as they were before a generator wrote their bodies.
        static string WithoutGenerator(string source) => source.Replace("[LibraryImport(", "[DllImport(").Replace("private static partial ", "private static extern ");
    }

    /// <summary>What rules follow into a body, they must not follow into another project's.</summary>
    [Theory]
    [InlineData("public static class Session { public static string GetCurrent() => System.Diagnostics.Process.GetCurrentProcess().MachineName; }", "class User { string Name() => Session.GetCurrent(); }")]
    [InlineData("public class Base { protected int _fd; public void Release() { Close(_fd); } private void Close(int fd) { _fd = -1; } }", "class Derived : Base { void M() { _fd = 1; Release(); Release(); } }")]
    [InlineData(
        "public class Gate { private readonly object _lock = new(); public void Enter() => System.Threading.Monitor.Enter(_lock); public void Exit() => System.Threading.Monitor.Exit(_lock); }",
        "class User { int _n; readonly Gate _gate = new(); void M(int n) { _gate.Enter(); if (_n + n > 10) return; _n += n; _gate.Exit(); } }")]
    [InlineData(
        "public static class Buffers { public static byte[] Take(int n) => System.Buffers.ArrayPool<byte>.Shared.Rent(n); public static void Give(byte[] b) => System.Buffers.ArrayPool<byte>.Shared.Return(b); }",
        "class User { void M(int n) { var b = Buffers.Take(n); if (n > 3) return; Buffers.Give(b); } void N(int n) { var b = System.Buffers.ArrayPool<byte>.Shared.Rent(n); if (n > 3) return; Buffers.Give(b); } }")]
    [InlineData(
        "public class Owner { public int Number { get; set; } public Owner? Parent { get; init; } public static Owner Root { get; } = new(); public void Fail() => throw new System.Exception(); }",
        "class User { void M(Owner o, System.Threading.SemaphoreSlim s) { s.Wait(); if (o.Number > 0) { o.Fail(); } if (o.Number > 0) return; s.Release(); } void N(Owner o, System.Threading.SemaphoreSlim s) { s.Wait(); o.Number = 3; o.Parent?.Fail(); s.Release(); } }")]
    [InlineData(
        "public readonly struct Status { private readonly int _code; public Status(int code) => _code = code; public bool IsOk => _code == 0; public static readonly nint Failed = -1; }",
        "class User { Status M(System.Threading.SemaphoreSlim s, int n) { if (!s.Wait(0)) return new Status(1); if (n > 3) return new Status(2); s.Release(); return new Status(0); } }")]
    [InlineData(
        "public sealed class AppUser { public bool IsElevated { get; } public AppUser(bool e) => IsElevated = e; }",
        "class R { long _p; readonly AppUser _user; R(AppUser u) => _user = u; void Map(long n) { if (_user.IsElevated) return; _p += n; } void Unmap(long n) { if (_user.IsElevated) return; _p -= n; } }")]
    [InlineData(
        "namespace PinAccounting.Annotations { public class ChargeAttribute : System.Attribute { public ChargeAttribute(string key) { } } public class ReleaseAttribute : System.Attribute { public ReleaseAttribute(string key) { } } public class ChargeAmountAttribute : System.Attribute { } } "
            + "public class Account { [PinAccounting.Annotations.Charge(\"a\")] public void Charge([PinAccounting.Annotations.ChargeAmount] long n) { } [PinAccounting.Annotations.Release(\"a\")] public void Uncharge([PinAccounting.Annotations.ChargeAmount] long n) { } } "
            + "public class Connection { public Account Later { get; private set; } = new(); public void Renew() => Later = new(); }",
        "class R { readonly Connection _c = new(); public void Map(long n) { _c.Later.Charge(n); } public void Unmap(long n) { _c.Later.Uncharge(n); } }")]
    public async Task AnotherProject_SaysTheSameAsItsAssembly(string library, string source)
        => await RobustnessChecks.SaysTheSameAsBuiltAsync([("/0/Library.cs", library), ("/0/User.cs", source)], Shipped.Analyzers);

    // Roslyn's own operation trees overflow the stack at about 700 levels, and nothing can catch that. Its binder follows parentheses
    // without a guard too, so that shape is kept where the compiler itself survives; chains of else are slow to bind for everybody.
    [Theory]
    [InlineData(nameof(DeepSources.LeftNestedBinary), 5_000)]
    [InlineData(nameof(DeepSources.RightNestedBinary), 500)]
    [InlineData(nameof(DeepSources.Blocks), 5_000)]
    [InlineData(nameof(DeepSources.ElseIfs), 1_000)]
    [InlineData(nameof(DeepSources.Calls), 5_000)]
    [InlineData(nameof(DeepSources.CallsAroundALocalFunction), 1_000)]
    [InlineData(nameof(DeepSources.CallsWithFollowedNames), 1_000)]
    public async Task DeepNesting_DoesNotOverflowTheStack(string shape, int depth)
    {
        await AnalyzerRun.RunAsync(await AnalyzerRun.CompileAsync(AnalyzerRun.Parse(DeepSources.Create(shape, depth))), Shipped.Analyzers);
    }

    /// <summary>Each takes a second or two; before it was bounded it overflowed the stack, or took minutes or for ever.</summary>
    [Theory]
    [InlineData(nameof(CircularSources.TaskMadeFromItself))]
    [InlineData(nameof(CircularSources.TasksMadeFromEachOther))]
    [InlineData(nameof(CircularSources.WaitMadeFromItself))]
    [InlineData(nameof(CircularSources.WaitsThatFork))]
    [InlineData(nameof(CircularSources.BoundsThatContradict))]
    [InlineData(nameof(CircularSources.StructsInsideEachOther))]
    [InlineData(nameof(CircularSources.StructOfItself))]
    [InlineData(nameof(CircularSources.StructsInStructs))]
    [InlineData(nameof(CircularSources.LockHelpersThatCallEachOther))]
    [InlineData(nameof(CircularSources.LocalFunctionsThatCallEachOther))]
    [InlineData(nameof(CircularSources.AnswersThatAskEachOther))]
    [InlineData(nameof(CircularSources.HelpersThatCallEachOther))]
    public async Task Circles_AreNotFollowedForEver(string shape)
    {
        var compilation = await AnalyzerRun.CompileAsync(AnalyzerRun.Parse(CircularSources.Create(shape)));
        await Task.Run(() => AnalyzerRun.RunAsync(compilation, Shipped.Analyzers)).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task ShuffledConcurrentRuns_ReportTheSame()
    {
        SyntaxTree[] trees = [.. s_files.Select(file => AnalyzerRun.Parse(File.ReadAllText(file), file))];
        await RobustnessChecks.IsDeterministicAsync(trees, 20, Shipped.Analyzers);
    }
}
