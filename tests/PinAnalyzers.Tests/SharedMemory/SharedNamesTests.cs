using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Pairs;
using PinAnalyzers.SharedMemory;
using PinAnalyzers.Tests.Pairs;
using Xunit;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Which names are followed from the roots of shared memory: whatever mentions one of them is bound, so one too many costs every user.</summary>
public sealed class SharedNamesTests
{
    [Theory]
    [InlineData("[System.Obsolete(\"native allocator (mmap/VirtualAlloc)\")] class C { public int Size; void M() { Size = 3; } }")]
    [InlineData("class C { string M() => \"MemoryMappedFile\"; }")]
    [InlineData("class C { /* mmap */ int mmap; int M() => mmap; }")]
    public void NoRoot_HasNoNames(string source) => Assert.Empty(NamesIn(source).Roots);

    [Theory]
    [InlineData("byte* _a; void M() { _a = mmap(); }", "_a")]
    [InlineData("nint _a; void M() { byte* p = mmap(); nint n = (nint)p; _a = n + 4; }", "_a")]
    [InlineData("byte* _a; void M() { byte* p; if ((p = mmap()) != null) { _a = p; } }", "_a")]
    [InlineData("byte* _a, _b; void M() { (_a, _b) = (mmap(), null); byte* p = _b; _a = p; }", "_a")]
    [InlineData("nint _a; void M() { if ((nint)mmap() is nint p and > 0) _a = p; }", "_a")]
    [InlineData("nint _a; void M() { foreach (var p in new nint[] { (nint)mmap() }) _a = p; }", "_a")]
    [InlineData("byte* A() { byte* p = mmap(); return p; }", "A")]
    [InlineData("byte* A() => mmap();", "A")]
    [InlineData("bool A(out byte* p) { p = mmap(); return p != null; }", "A")]
    [InlineData("byte* _a; void M() { Get(out byte* p); _a = p; } static void Get(out byte* p) => p = mmap();", "_a", "Get")]
    [InlineData("byte* _a; void M() { byte* Get() { return mmap(); } _a = Get(); }", "_a")]
    [InlineData("byte* _a; void M() { void Keep(byte* p) { _a = p; } Keep(mmap()); }", "_a")]
    [InlineData("nint _a; void M() { Run((nint)mmap(), p => _a = p); _a++; } static void Run(nint n, System.Action<nint> a) { a(n); a(0); }", "_a")]
    [InlineData("struct Ends { public byte* Head; } Ends _a; void M() { _a = new Ends { Head = mmap() }; }", "_a", "Head")]
    [InlineData("byte* _a = mmap();", "_a")]
    [InlineData("byte* _a; C() { Set(mmap()); } void Set(byte* p) { _a = p; }", "_a")]
    [InlineData("byte* _a, _b; void M(byte* p) { _a = mmap(); } void N() { _b = _a + 8; }", "_a", "_b")]
    [InlineData("sealed class Ends { public byte* Head; public Ends(byte* head) { Head = head; } } Ends _a; void M() { _a = new(mmap()); }", "Head")]
    [InlineData("sealed class Ends { public byte* Head; public Ends(byte* head) { Head = head; } } Ends M() { return new(mmap()); }", "Head")]
    [InlineData("record Ends(nint Head, int Size); void M() { var a = new Ends((nint)mmap(), 3); }", "Head")]
    [InlineData("record Ends(nint Head) { public nint At { get; } = Head + 8; } record More(nint Start) : Ends(Start); More M() => new((nint)mmap());", "Start", "Head", "At")]
    [InlineData("nint _b; nint A { get => _b; set => _b = value; } void M() { A = (nint)mmap(); }", "A", "_b")]
    public void WhatGetsASharedPointer_IsFollowed(string members, params string[] followed) => Assert.Equal(followed.Append("mmap").Order(), NamesIn(Class(members)).Roots.Order());

    [Theory]
    [InlineData("int _size; void M() { mmap(); _size = 3 + N(); } int N() => 3;")]
    [InlineData("object _a; void M(object o) { mmap(); _a = o; }")]
    [InlineData("byte* _own; void M(byte* own) { mmap(); _own = own; }")]
    [InlineData("System.Action _a; void M() { mmap(); _a = M; }")]
    [InlineData("record Ends(nint Head); void M(nint own) { mmap(); var a = new Ends(own); }")]
    [InlineData("byte* M(byte* own) { mmap(); return own; }")]
    [InlineData("bool M(out byte* own) { mmap(); own = null; return true; }")]
    public void WhatStandsBesideIt_IsNot(string members) => Assert.Equal(["mmap"], NamesIn(Class(members)).Roots);

    [Fact]
    public void WhoIsHandedAPointer_IsLookedAtAlone()
    {
        var (roots, handed) = NamesIn(Class("void M(byte* own) { Take(mmap()); Keep(own); } void Take(byte* p) { *p = 3; } void Keep(byte* p) { } void Others(byte* p) => Take(p);"));

        Assert.Equal(["mmap"], roots);
        Assert.Equal(["Take"], handed);
    }

    private static string Class(string members) => $"unsafe class C {{ {members} [System.Runtime.InteropServices.DllImport(\"c\")] static extern byte* mmap(); }}";

    private static (ImmutableHashSet<string> Roots, string[] Handed) NamesIn(string source)
    {
        var compilation = PairProbe.Compile("Names", [source]);
        var catalog = PairCatalog.Create(compilation, new AnalyzerOptions([]), CancellationToken.None);
        SharedSites sites = new();
        return (SharedNames.Find(compilation, catalog.Options, sites, CancellationToken.None).Roots, [.. sites.Handed.Order()]);
    }
}
