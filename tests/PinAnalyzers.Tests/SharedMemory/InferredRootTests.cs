using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Memory that is known as shared from how it was mapped, without an annotation; and by the option.</summary>
public sealed class InferredRootTests
{
    private const string Start = """
        using System;
        using System.IO;
        using System.IO.MemoryMappedFiles;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Threading;
        using Microsoft.Win32.SafeHandles;

        [Flags] enum MapFlags { Shared = 1, Private = 2, Anonymous = 0x20, Populate = 0x8000 }

        static unsafe class Native
        {
            public const int MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20, MAP_POPULATE = 0x8000;
            [DllImport("libc")] public static extern void* mmap(void* at, nuint length, int protection, int flags, int descriptor, long offset);
            [DllImport("libc")] public static extern nint mmap64(nint at, nuint length, int protection, int flags, SafeFileHandle descriptor, long offset);
            [DllImport("libc", EntryPoint = "mmap", SetLastError = true)] public static extern nint Map(nint at, ulong length, int protection, MapFlags flags, int descriptor, long offset);
            [DllImport("kernel32")] public static extern nint OpenFileMappingW(uint access, bool inherit, string name);
            [DllImport("kernel32")] public static extern nint CreateFileMapping(nint file, nint security, uint protection, uint high, uint low, string? name);
            [DllImport("kernel32", EntryPoint = "MapViewOfFile")] public static extern byte* View(nint section, uint access, uint high, uint low, nuint size);
        }

        unsafe struct Header { public uint Head, Tail; public long Stamp; public fixed byte Data[64]; }
        unsafe struct Slot { public int A; public long B; }

        """;

    /// <summary>Each program is a class of its own, called Ring.</summary>
    private static string InTypes(IEnumerable<string> programs) => Start + string.Concat(programs.Select(static (program, i) =>
        "unsafe class Ring { ".Replace("Ring", "Ring" + i) + "static void Use(long n) { } static void Work() { } " + program.Replace("Ring", "Ring" + i) + " }\n"));

    private static Task Only(string ids, params string[] programs) => Verify.Analyzer(InTypes(programs), Off(ids, TestSetup.Plain.Option("pin.builtin_pairs", "none")));

    private const string Tail = "uint* _tail; uint A() => Volatile.Read(ref *_tail); uint B() => {|PIN3001:*_tail|}; ";

    [Fact]
    public Task MapShared_IsARoot() => Only(
        "PIN3001",
        Tail + "Ring(int fd) { _tail = (uint*)Native.mmap(null, 4096, 3, 1, fd, 0); }",
        Tail + "Ring(int fd) { byte* p = (byte*)Native.mmap(null, 4096, 3, Native.MAP_SHARED | Native.MAP_POPULATE, fd, 0); _tail = (uint*)(p + 64); }",
        Tail + "void Open(int fd) { nint p = Native.Map(0, 4096, 3, MapFlags.Shared | MapFlags.Populate, fd, 0); if (p == -1) throw new IOException(); _tail = (uint*)(p + 8); }",
        Tail + "void Open(SafeFileHandle fd) => _tail = (uint*)Native.mmap64(0, 4096, 3, 1, fd, 0);",
        Tail + "static byte* Map(int fd) { void* p = Native.mmap(null, 4096, 3, 1, fd, 0); if (p == (void*)-1) throw new IOException(); return (byte*)p; } Ring(int fd) { _tail = (uint*)Map(fd); }",
        "uint* _tail; int _fd; uint A() => Volatile.Read(ref *_tail); uint B() { if (_tail == null) _tail = (uint*)Native.mmap(null, 64, 3, 1, _fd, 0); return {|PIN3001:*_tail|}; }",
        "byte* _base; Ring(int fd) { _base = (byte*)Native.mmap(null, 4096, 3, 1, fd, 0); } uint A() => Volatile.Read(ref *(uint*)(_base + 64)); uint B() => {|PIN3001:*(uint*)(_base + 64)|};",
        "Header* _ring; Ring(int fd) { _ring = (Header*)Native.mmap(null, 4096, 3, 1, fd, 0); } void A(uint t) => Volatile.Write(ref _ring->Tail, t); bool B() => {|PIN3001:_ring->Tail|} == 3;",
        "nint _at; Ring(int fd) { _at = Native.Map(0, 64, 3, MapFlags.Shared, fd, 0); } long A() => Interlocked.Increment(ref ((Header*)_at)->Stamp); long B() { Work(); return {|PIN3001:((Header*)_at)->Stamp|}; }",
        Tail + "static bool TryMap(int fd, out byte* p) { p = (byte*)Native.mmap(null, 4096, 3, 1, fd, 0); return p != (byte*)-1; } Ring(int fd) { if (!TryMap(fd, out byte* p)) throw new IOException(); _tail = (uint*)p; }",
        "static void M(int fd) { uint* p = (uint*)Native.mmap(null, 64, 3, 1, fd, 0); while (Volatile.Read(ref *p) == 0) Work(); Use({|PIN3001:*p|}); }");

    [Fact]
    public Task WrappedInAHandle_IsStillARoot() => Only(
        "PIN3001",
        "sealed class Mapped : SafeHandle { public Mapped(void* p) : base(-1, true) { SetHandle((nint)p); } public override bool IsInvalid => handle == -1; protected override bool ReleaseHandle() => true; } "
            + Tail + "Ring(int fd, bool one) { void* p = Native.mmap(null, 64, 3, 1, fd, 0); var map = new Mapped(p); void* q; if (one) q = map.DangerousGetHandle().ToPointer(); else q = Native.mmap(null, 64, 3, 1, fd, 64); _tail = (uint*)q; }");

    [Fact]
    public Task WritesAndUpdates_AreJudgedToo() => Only(
        "PIN3002, PIN3003",
        "uint* _tail; Ring(int fd) { _tail = (uint*)Native.mmap(null, 4096, 3, 1, fd, 0); } uint A() => Volatile.Read(ref *_tail); void B() { {|PIN3002:*_tail|} = 3; } void C() { {|PIN3003:(*_tail)++|}; }",
        "uint* _tail; Ring(int fd) { _tail = (uint*)Native.mmap(null, 4096, 3, 1, fd, 0); } uint A() => Volatile.Read(ref *_tail); void B() { {|PIN3003:Volatile.Write(ref *_tail, *_tail + 1)|}; } void C() { {|PIN3002:*_tail|} = 0; Work(); }",
        "uint* _dropped; Ring(int fd) { _dropped = (uint*)Native.mmap(null, 4096, 3, 1, fd, 0); } uint A() => Volatile.Read(ref *_dropped); void B() { {|PIN3003:Volatile.Write(ref *_dropped, Volatile.Read(ref *_dropped) + 1)|}; }");

    /// <summary>One end of a ring is moved by one side alone.</summary>
    [Fact]
    public Task StepOfAnOwnIndex_IsSilent() => Only(
        "PIN3001, PIN3002, PIN3003",
        "uint* _head; Ring(int fd) { _head = (uint*)Native.mmap(null, 4096, 3, 1, fd, 0); } void B() { Volatile.Write(ref *_head, *_head + 1); }",
        "uint* _kTail; Ring(int fd) { _kTail = (uint*)Native.mmap(null, 4096, 3, 1, fd, 0); } void B(uint n) => Volatile.Write(ref *_kTail, Volatile.Read(ref *_kTail) + n);");

    /// <summary>A header that holds the cells by which both sides agree: copied whole it is torn, however it was mapped.</summary>
    [Fact]
    public Task HeaderWithControlCells_CopiedWhole() => Only(
        "PIN3008",
        Mapped + "Header B() => {|PIN3008:*_ring|}; void C(Header h) { {|PIN3008:*_ring|} = h; }",
        "Slot* _slots; Ring(int fd) { _slots = (Slot*)Native.mmap(null, 4096, 3, 1, fd, 0); } int A(int i) => Volatile.Read(ref _slots[i].A); Slot B(int i) => _slots[i];");

    [Fact]
    public Task NamedViews_AreRoots() => Only(
        "PIN3001",
        Tail + "Ring() { nint section = Native.OpenFileMappingW(4, false, \"ring\"); _tail = (uint*)Native.View(section, 2, 0, 0, 64); }",
        Tail + "Ring() { nint section = Native.CreateFileMapping(-1, 0, 4, 0, 64, \"ring\"); _tail = (uint*)(Native.View(section, 2, 0, 0, 64) + 8); }",
        Tail + "Ring(nint inherited) { _tail = (uint*)Native.View(inherited, 2, 0, 0, 64); }",
        Tail + "Ring() { var file = MemoryMappedFile.OpenExisting(\"ring\"); var view = file.CreateViewAccessor(); byte* p = null; view.SafeMemoryMappedViewHandle.AcquirePointer(ref p); _tail = (uint*)p; }",
        Tail + "readonly MemoryMappedFile _file; readonly MemoryMappedViewAccessor _view; Ring(string name) { _file = MemoryMappedFile.CreateOrOpen(name, 64); _view = _file.CreateViewAccessor(); byte* p = null; _view.SafeMemoryMappedViewHandle.AcquirePointer(ref p); _tail = (uint*)(p + 16); }",
        Tail + "readonly MemoryMappedViewAccessor _view = MemoryMappedFile.CreateNew(\"ring\", 64).CreateViewAccessor(); void Open() { byte* p = null; _view.SafeMemoryMappedViewHandle.AcquirePointer(ref p); _tail = (uint*)p; }",
        Tail + "Ring(string path) { var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, \"ring\"); byte* p = null; file.CreateViewAccessor().SafeMemoryMappedViewHandle.AcquirePointer(ref p); _tail = (uint*)p; }",
        Tail + "Ring(MemoryMappedViewAccessor view) { byte* p = null; view.SafeMemoryMappedViewHandle.AcquirePointer(ref p); _tail = (uint*)p; } static Ring Open() => new Ring(MemoryMappedFile.OpenExisting(\"ring\").CreateViewAccessor());");

    /// <summary>The file was opened so that others may write it, and the cells are accessed as ones that others write.</summary>
    [Fact]
    public Task ViewsOfFilesForWriters_AreRoots() => Only(
        "PIN3001, PIN3002",
        Tail + "Ring(string path) { var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite); var file = MemoryMappedFile.CreateFromFile(stream, null, 64, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, false); byte* p = null; file.CreateViewAccessor().SafeMemoryMappedViewHandle.AcquirePointer(ref p); _tail = (uint*)p; }",
        Tail + "const FileShare Share = FileShare.ReadWrite | FileShare.Delete; Ring(string path, bool isNew) { FileStream stream; if (isNew) stream = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, Share); else stream = File.Open(path, FileMode.Open, FileAccess.ReadWrite, Share); var file = MemoryMappedFile.CreateFromFile(stream, null, 64, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, false); byte* p = null; file.CreateViewAccessor().SafeMemoryMappedViewHandle.AcquirePointer(ref p); _tail = (uint*)p; }",
        // The pointer is volatile, which nobody needs; the cell was meant.
        "volatile uint* _count; Ring(int fd) { _count = (uint*)Native.mmap(null, 64, 3, 1, fd, 0); } uint A() => {|PIN3001:*_count|}; void B(uint n) { {|PIN3002:*_count|} = n; }");

    /// <summary>Before anybody else looks.</summary>
    [Fact]
    public Task SetUp_IsSilent() => Only(
        "PIN3001, PIN3002, PIN3008",
        "static Header* Open(int fd) { var p = (Header*)Native.mmap(null, 64, 3, 1, fd, 0); Initialize(p); return p; } static void Initialize(Header* p) { *p = default; p->Tail = 0; } uint A() => Volatile.Read(ref Open(3)->Tail); static void B(Header* p) { Volatile.Write(ref p->Tail, 3); }",
        "Header* _ring; void CreateRing(int fd) { _ring = (Header*)Native.mmap(null, 64, 3, 1, fd, 0); *_ring = default; _ring->Tail = 3; } uint A() => Volatile.Read(ref _ring->Tail);",
        // Laid out and looked at once, before it is worked with.
        "uint* _tail; uint _cachedTail; void Start(int fd) { byte* p = (byte*)Native.mmap(null, 64, 3, 1, fd, 0); _tail = (uint*)(p + 8); _cachedTail = *_tail; *_tail = 0; } uint A() => Volatile.Read(ref *_tail);",
        "struct Ends { public uint* Tail; public uint Seen; } static void Start(Ends* ends, int fd) { ends->Tail = (uint*)Native.mmap(null, 64, 3, 1, fd, 0); ends->Seen = *ends->Tail; } static uint A(Ends* ends) => Volatile.Read(ref *ends->Tail);",
        // Here the pointer itself changes, and what is behind it does not.
        "volatile uint* _current; void Swap(int fd) { _current = (uint*)Native.mmap(null, 64, 3, 1, fd, 0); } uint A() => *_current;");

    [Fact]
    public Task NobodysPeer_IsSilent() => Only(
        "PIN3001, PIN3002, PIN3003, PIN3004, PIN3005, PIN3006, PIN3008, PIN3009",
        Plain("_tail = (uint*)Native.mmap(null, 4096, 3, Native.MAP_PRIVATE, fd, 0);"),
        Plain("_tail = (uint*)Native.mmap(null, 4096, 3, Native.MAP_SHARED | Native.MAP_ANONYMOUS, -1, 0);"),
        Plain("_tail = (uint*)Native.mmap(null, 4096, 3, 1, -1, 0);"),
        Plain("_tail = (uint*)Native.mmap(null, 4096, 3, fd * 2, fd, 0);"),
        Plain("_tail = (uint*)Native.Map(0, 4096, 3, MapFlags.Private, fd, 0);"),
        Plain("nint section = Native.CreateFileMapping(fd, 0, 4, 0, 64, null); _tail = (uint*)Native.View(section, 2, 0, 0, 64);"),
        Plain("_tail = (uint*)Native.View(Native.OpenFileMappingW(4, false, \"ring\"), 1, 0, 0, 64);"),
        Plain("var file = MemoryMappedFile.CreateFromFile(\"data\"); byte* p = null; file.CreateViewAccessor().SafeMemoryMappedViewHandle.AcquirePointer(ref p); _tail = (uint*)p;"),
        Plain("var file = MemoryMappedFile.CreateNew(null, 64); byte* p = null; file.CreateViewAccessor().SafeMemoryMappedViewHandle.AcquirePointer(ref p); _tail = (uint*)p;"),
        Plain("using var stream = File.OpenRead(\"data\"); var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, false); byte* p = null; file.CreateViewAccessor().SafeMemoryMappedViewHandle.AcquirePointer(ref p); _tail = (uint*)p;"),
        Plain("_tail = (uint*)NativeMemory.Alloc(64);"),
        Plain("_tail = fd > 3 ? (uint*)Native.mmap(null, 64, 3, 1, fd, 0) : (uint*)NativeMemory.Alloc(64);"),
        Plain("_tail = (uint*)Native.mmap(null, 64, 3, 1, fd, 0); if (fd > 3) _tail = (uint*)NativeMemory.Alloc(64);"),
        Plain("Open(MemoryMappedFile.CreateFromFile(\"data\").CreateViewAccessor());") + "void Open(MemoryMappedViewAccessor view) { byte* p = null; view.SafeMemoryMappedViewHandle.AcquirePointer(ref p); _tail = (uint*)p; }");

    /// <summary>All that the rules know, on memory that is mapped so.</summary>
    private static string Plain(string map) =>
        "uint* _tail, _cachedTail; int[] _data = new int[8]; Ring(int fd) { " + map + " _cachedTail = _tail; } uint A() => Volatile.Read(ref *_tail); void B(uint t) { *_tail = t; (*_tail)++; if (*_tail < 8) Use(_data[*_tail]); Volatile.Write(ref *_tail, t); if (*_cachedTail == 3) Work(); } ";

    [Fact]
    public Task BulkData_IsSilent() => Only(
        "PIN3001, PIN3002, PIN3003, PIN3004, PIN3005, PIN3008",
        Mapped + "byte B(int i) => _data[i]; void C(int i, byte b) { _data[i] = b; _data[i] += 3; }",
        Mapped + "int B(int i) => Volatile.Read(ref *(int*)(_data + i)); void C(int i) { *(int*)(_data + i) = 3; }",
        Mapped + "uint B() => _ring->Head; void C() { _ring->Head = 3; }",
        Mapped + "Slot B() => *(Slot*)(_data + 8); long C() => ((Slot*)_data)->B;",
        Mapped + "void B(Span<byte> to) => new Span<byte>(_data, 64).CopyTo(to); void C(byte[] to) => Marshal.Copy((nint)_data, to, 0, 8);",
        Mapped + "void B(byte* to) { Buffer.MemoryCopy(_data, to, 64, 64); Unsafe.CopyBlock(to, _ring, (uint)sizeof(Header)); }",
        Mapped + "long B() { long sum = 0; for (int i = 0; i < 64; i++) sum += _data[i]; return sum; }");

    private const string Mapped =
        "byte* _data; Header* _ring; Ring(int fd) { _data = (byte*)Native.mmap(null, 4096, 3, 1, fd, 0); _ring = (Header*)_data; } uint A() => Volatile.Read(ref _ring->Tail); ";

    [Fact]
    public Task RightCode_IsSilent() => Only(
        "PIN3001, PIN3002, PIN3003, PIN3004, PIN3005, PIN3006, PIN3008, PIN3009",
        "uint* _tail; readonly uint _entries; Ring(int fd) { _tail = (uint*)Native.mmap(null, 64, 3, 1, fd, 0); _entries = *_tail; *_tail = 0; } uint A() => Volatile.Read(ref *_tail); uint B() => _entries;",
        "uint* _tail; uint _cachedTail; Ring(int fd) { _tail = (uint*)Native.mmap(null, 64, 3, 1, fd, 0); _cachedTail = *_tail; } void A() => Volatile.Write(ref *_tail, ++_cachedTail);",
        "Header* _ring; Ring(int fd) { _ring = (Header*)Native.mmap(null, 64, 3, 1, fd, 0); } bool A(uint t) { Volatile.Write(ref _ring->Tail, t); Interlocked.MemoryBarrier(); return Volatile.Read(ref _ring->Head) == t; }",
        // An index of this side: read back, moved on, published.
        "uint* _tail; Ring(int fd) { _tail = (uint*)Native.mmap(null, 64, 3, 1, fd, 0); } void A() { uint t = *_tail; Work(); Volatile.Write(ref *_tail, t + 1); } bool B() => *_tail == 3;",
        "uint* _producer; Ring(int fd) { _producer = (uint*)Native.mmap(null, 64, 3, 1, fd, 0); } void A(uint n) => Volatile.Write(ref *_producer, *_producer + n);",
        "uint* _tail; Ring(int fd) { _tail = (uint*)Native.mmap(null, 64, 3, 1, fd, 0); } uint A() => Volatile.Read(ref *_tail); uint* B() => _tail; bool C() => _tail == null; ref uint D() => ref *_tail;");

    [Fact]
    public Task AliasedCursor_OfAMappedRing() => Only(
        "PIN3009",
        "uint* _tail, _tailInternal; Ring(int fd) { _tail = (uint*)Native.mmap(null, 64, 3, 1, fd, 0); {|PIN3009:_tailInternal = _tail|}; }",
        "uint* _tail, _tailInternal; Ring(void* at) { _tail = (uint*)at; {|PIN3009:_tailInternal = _tail|}; } static Ring Open(int fd) { var p = Native.mmap(null, 64, 3, 1, fd, 0); return new Ring(p); }");

    [Fact]
    public Task ReturnedBySomebodyWhoSaysSo_IsARoot() => Verify.Analyzer(
        """
        using PinAccounting.Annotations;
        using System.Runtime.InteropServices;

        static unsafe class Native
        {
            [DllImport("ring")] [return: SharedMemory] public static extern uint* ring_tail(nint ring);
            [DllImport("ring")] [return: SharedMemory(Stable = true)] public static extern uint* ring_entries(nint ring);
            [return: SharedMemory] public static ref uint Cell(nint ring) => ref *(uint*)ring;
            [return: SharedMemory] public static nint Address(nint ring) => ring;
        }

        unsafe class Ring
        {
            readonly uint* _tail, _entries;
            Ring(nint ring) { _tail = Native.ring_tail(ring); _entries = Native.ring_entries(ring); }
            uint A() => {|PIN3001:*_tail|};
            uint B() => *_entries;
            uint C(nint ring) => {|PIN3001:Native.Cell(ring)|};
            void D(nint ring) { {|PIN3002:*(uint*)(Native.Address(ring) + 8)|} = 3; }
            uint E(nint ring) { uint* p = Native.ring_tail(ring); return {|PIN3001:*p|}; }
            uint F(nint ring) => *(uint*)ring;
        }
        """,
        TestSetup.Annotated);

    [Fact]
    public Task NamedByTheOption_IsARoot() => Verify.Analyzer(
        """
        using System.Threading;

        unsafe class Region
        {
            public byte* Map(int size) => null;
            public static uint* Cell() => null;
            public byte* Base { get; }
            public byte* Other(int size) => null;
        }

        unsafe class Ring
        {
            readonly byte* _base;
            uint* _tail;
            Ring(Region region) { _base = region.Map(64); _tail = Region.Cell(); }
            byte A() => {|PIN3001:_base[3]|};
            uint B() => {|PIN3001:*(uint*)(_base + 8)|} + Volatile.Read(ref *_tail);
            void C() { {|PIN3002:*_tail|} = 3; }
            byte D(Region region) => {|PIN3001:*region.Base|};
            byte E(Region region) => *region.Other(3);
        }
        """,
        Off("PIN3001, PIN3002", TestSetup.Plain.Option("pin.shared_memory_apis", "M:Region.Map(System.Int32) | M:Region.Cell | P:Region.Base")));

    [Fact]
    public Task LibrarysOwnMmap_IsKnownByItsFlags() => Verify.Analyzer(
        """
        using System.Threading;
        using static Lib.LibC;

        unsafe class Ring
        {
            readonly uint* _tail, _other;
            Ring(int fd) { _tail = (uint*)mmap(null, 64, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0); _other = (uint*)mmap(null, 64, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0); }
            uint A() => Volatile.Read(ref *_tail) + Volatile.Read(ref *_other);
            uint B() => {|PIN3001:*_tail|};
            uint C() => *_other;
        }
        """,
        Off("PIN3001", TestSetup.Plain.Library("Lib", "namespace Lib { public static unsafe class LibC { public static void* mmap(void* a, ulong l, int p, int f, int d, long o) => throw null; public static int MAP_SHARED => 1; public static int MAP_PRIVATE => 2; public static int MAP_POPULATE => 0x8000; public static int PROT_READ => 1; public static int PROT_WRITE => 2; } }")));

    [Fact]
    public Task CellsThatAMethodHandsOut_AreToldByTheirOffset() => Only(
        "PIN3001, PIN3002",
        "byte* _base; Ring(int fd) { _base = (byte*)Native.mmap(null, 4096, 3, 1, fd, 0); } ref uint Cell(int offset) => ref *(uint*)(_base + offset); uint A() => Volatile.Read(ref Cell(0)); uint B() => {|PIN3001:Cell(0)|} + Cell(128); void C(uint n) { {|PIN3002:Cell(0)|} = n; Cell(192) = n; }",
        "const int End = 64; byte* _base; Ring(int fd) { _base = (byte*)Native.mmap(null, 4096, 3, 1, fd, 0); } T* At<T>(int offset) where T : unmanaged { return (T*)(_base + offset); } uint A() => Volatile.Read(ref *At<uint>(End)); uint B() => {|PIN3001:*At<uint>(64)|} + *At<uint>(0); uint C(int i) => *At<uint>(i);",
        "byte* _base; Ring(int fd) { _base = (byte*)Native.mmap(null, 4096, 3, 1, fd, 0); } Header* At(int slot) => (Header*)(_base + 64 * slot); uint A() => Volatile.Read(ref At(1)->Tail); uint B() => At(2)->Tail;");

    [Fact]
    public Task CellsAtOtherOffsets_AreOtherCells() => Verify.Analyzer(
        Start + """
        unsafe class Ring
        {
            readonly byte* _base;
            Ring(string name)
            {
                MemoryMappedViewAccessor view = MemoryMappedFile.CreateOrOpen(name, 4096).CreateViewAccessor();
                byte* at = null;
                view.SafeMemoryMappedViewHandle.AcquirePointer(ref at);
                _base = at;
            }
            int Head() => Volatile.Read(ref *(int*)(_base + 8));
            void Advance(int head) => Volatile.Write(ref *(int*)(_base + 8), head);
            void Store(int value) => *(int*)(_base + 16) = value;
            void Wrong(int head) => {|PIN3002:*(int*)(_base + 8)|} = head;
        }
        """,
        Off("PIN3001, PIN3002", TestSetup.Plain));
}
