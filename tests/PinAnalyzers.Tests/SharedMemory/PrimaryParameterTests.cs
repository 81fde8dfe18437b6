using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CSharp;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Pointers that are handed to the parameters of types themselves: a record's positional properties, and what the members of a class or struct capture.</summary>
public sealed class PrimaryParameterTests
{
    private const string Usings = "using System; using System.IO.MemoryMappedFiles; using System.Runtime.InteropServices; using System.Threading;\n";

    private const string Native = "static unsafe class Native { [DllImport(\"libc\")] public static extern void* mmap(void* at, nuint length, int protection, int flags, int descriptor, long offset); public static nint Map(int fd) => (nint)mmap(null, 4096, 3, 1, fd, 0); }\n";

    private static readonly TestSetup s_setup = Off("PIN3001, PIN3002", TestSetup.Plain.Option("pin.builtin_pairs", "none"));

    private static Task Judge(string types) => Judge(types, s_setup);

    private static Task Judge(string types, TestSetup setup) => Verify.Analyzer(Usings + Native + types, setup);

    /// <summary>C# 12 gave such parameters to all types.</summary>
    private static Task JudgeNew(string types) => System.Enum.TryParse("CSharp12", out LanguageVersion version) ? Judge(types, s_setup.Language(version)) : Task.CompletedTask;

    [Theory]
    [InlineData("unsafe record Ends(nint Head, nint Tail) { public uint A() => Volatile.Read(ref *(uint*)Head); public uint B() => {|PIN3001:*(uint*)Head|}; public void C(uint t) => Volatile.Write(ref *(uint*)Tail, t); public void D(uint t) { {|PIN3002:*(uint*)Tail|} = t; } } class Ring { Ends Open(int fd) => new(Native.Map(fd), Native.Map(fd) + 64); }")]
    [InlineData("unsafe readonly record struct Ends(nint Head) { public uint A() => Volatile.Read(ref *(uint*)Head); public uint B() => {|PIN3001:*(uint*)Head|}; } class Ring { Ends Open(int fd) => new Ends(Native.Map(fd)); }")]
    [InlineData("record Ends(nint Head); unsafe class Ring { Ends _ends; Ring(int fd) { _ends = new(Native.Map(fd)); } uint A() => Volatile.Read(ref *(uint*)_ends.Head); uint B() => {|PIN3001:*(uint*)_ends.Head|}; }")]
    [InlineData("record struct Ends(nint Head); unsafe class Ring { static Ends Map(int fd) { return new Ends(Native.Map(fd)); } uint* _head; Ring(int fd) { var ends = Map(fd); _head = (uint*)ends.Head; } uint A() => Volatile.Read(ref *_head); uint B() => {|PIN3001:*_head|}; }")]
    [InlineData("unsafe record Ends(nint Head) { public nint Head { get; init; } = Head; public uint A() => Volatile.Read(ref *(uint*)Head); public uint B() => {|PIN3001:*(uint*)Head|}; } class Ring { Ends Open(int fd) => new(Native.Map(fd)); }")]
    [InlineData("unsafe record Ends(nint Head) { public uint A() => Volatile.Read(ref *(uint*)Head); public uint B() => {|PIN3001:*(uint*)Head|}; } record More(nint Start, int Size) : Ends(Start); class Ring { More Open(int fd) => new(Native.Map(fd), 3); }")]
    [InlineData("record Region(MemoryMappedFile File); unsafe class Ring { byte* _at; Ring(string name) { var region = new Region(MemoryMappedFile.OpenExisting(name)); region.File.CreateViewAccessor().SafeMemoryMappedViewHandle.AcquirePointer(ref _at); } int A() => Volatile.Read(ref *(int*)_at); int B() => {|PIN3001:*(int*)_at|}; }")]
    public Task RecordOfPointers_IsFollowed(string types) => Judge(types);

    [Theory]
    [InlineData("unsafe record Ends(nint Head) { public uint A() => Volatile.Read(ref *(uint*)Head); public uint B() => *(uint*)Head; } unsafe class Ring { Ends Open(int fd) => new(Native.Map(fd)); Ends Own() => new((nint)NativeMemory.Alloc(64)); }")]
    [InlineData("unsafe record Ends(nint Head) { public uint A() => Volatile.Read(ref *(uint*)Head); public uint B() => *(uint*)Head; } unsafe class Ring { Ends Open(int fd) => new(Native.Map(fd)); Ends Own(Ends ends) => ends with { Head = (nint)NativeMemory.Alloc(64) }; }")]
    [InlineData("unsafe record Ends(nint Head) { public uint A() => Volatile.Read(ref *(uint*)Head); public uint B() => *(uint*)Head; } class Ring { nint _other; Ring(int fd) { _other = Native.Map(fd); } }")]
    public Task RecordThatMayHoldOurs_IsSilent(string types) => Judge(types);

    [Theory]
    [InlineData("unsafe class Ends(uint* head) { public uint A() => Volatile.Read(ref *head); public uint B() => {|PIN3001:*head|}; public void C(uint n) { {|PIN3002:*head|} = n; } } unsafe class Ring { Ends Open(int fd) => new((uint*)Native.Map(fd)); }")]
    [InlineData("unsafe readonly struct Ends(uint* head) { public uint A() => Volatile.Read(ref *head); public uint B() => {|PIN3001:*head|}; } unsafe class Ring { Ends Open(int fd) => new((uint*)Native.Map(fd)); }")]
    [InlineData("unsafe class Ends(nint head) { public uint* Head { get; } = (uint*)head; public uint A() => Volatile.Read(ref *Head); public uint B() => {|PIN3001:*Head|}; } class Ring { Ends Open(int fd) => new(Native.Map(fd)); }")]
    [InlineData("unsafe class Start(uint* head) { protected uint* At = head; public uint A() => Volatile.Read(ref *At); public uint B() => {|PIN3001:*At|}; } unsafe class Ends(uint* head, int n) : Start(head + n); unsafe class Ring { Ends Open(int fd) => new((uint*)Native.Map(fd), 3); }")]
    [InlineData("unsafe class Ends(uint* head) { public Ends(byte* start, int offset) : this((uint*)(start + offset)) { } public uint A() => Volatile.Read(ref *head); public uint B() => {|PIN3001:*head|}; } unsafe class Ring { Ends Open(int fd) => new((byte*)Native.Map(fd), 8); }")]
    [InlineData("unsafe partial class Ends(uint* head) { public uint A() => Volatile.Read(ref *head); } unsafe partial class Ends { public uint B() => {|PIN3001:*head|}; } unsafe class Ring { Ends Open(int fd) => new((uint*)Native.Map(fd)); }")]
    [InlineData("unsafe class Ends(uint* head, uint* tail) { public bool A() { uint t = Volatile.Read(ref *tail); if (t - {|PIN3001:*head|} == 8) return false; Volatile.Write(ref *tail, t + 1); return true; } } unsafe class Ring { Ends Open(int fd) { uint* p = (uint*)Native.Map(fd); return new(p, p + 16); } }")]
    [InlineData("unsafe class Outer(byte* at) { sealed class Inner(byte* cell) { public uint A() => Volatile.Read(ref *(uint*)cell); public uint B() => {|PIN3001:*(uint*)cell|}; } readonly Inner _inner = new(at + 8); } unsafe class Ring { Outer Open(int fd) => new((byte*)Native.Map(fd)); }")]
    public Task ParameterOfATypeThatIsHandedPointers_IsFollowed(string types) => JudgeNew(types);

    [Theory]
    [InlineData("unsafe class Ends(uint* head) { public uint A() => Volatile.Read(ref *head); public uint B() => *head; } unsafe class Ring { Ends Open(int fd) => new((uint*)Native.Map(fd)); Ends Own() => new((uint*)NativeMemory.Alloc(64)); }")]
    [InlineData("unsafe class Ends(uint* head) { public uint A() => Volatile.Read(ref *head); public uint B() => *head; public void Move(uint* other) { head = other; } } unsafe class Ring { Ends Open(int fd) => new((uint*)Native.Map(fd)); }")]
    [InlineData("unsafe class Ends(uint* tail) { public void A() { uint t = *tail; Volatile.Write(ref *tail, t + 1); } public bool B() => *tail == 3; } unsafe class Ring { Ends Open(int fd) => new((uint*)Native.Map(fd)); }")]
    [InlineData("unsafe class Ends(uint* head) { public uint A() => Volatile.Read(ref *head); public uint B(uint* own) { uint* head = own; return *head; } public uint C(uint* head) => *head; } unsafe class Ring { Ends Open(int fd) => new((uint*)Native.Map(fd)); }")]
    public Task ParameterOfATypeThatMayBeOurs_IsSilent(string types) => JudgeNew(types);

    /// <summary>The parameter of a block of extensions is of no type that somebody makes, whatever it is called.</summary>
    [Fact]
    public Task BlockOfExtensions_IsNoSuchType() => System.Enum.TryParse("CSharp14", out LanguageVersion version)
        ? Judge("static unsafe class Cells { extension(nint at) { public uint A() => Volatile.Read(ref *(uint*)at); public uint B() => *(uint*)at; } } unsafe record Ends(nint at) { public uint A() => Volatile.Read(ref *(uint*)at); public uint B() => {|PIN3001:*(uint*)at|} + at.B(); } class Ring { Ends Open(int fd) => new(Native.Map(fd)); }", s_setup.Language(version))
        : Task.CompletedTask;
}
