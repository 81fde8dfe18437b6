using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.RingSources;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Whole libraries in small: a mapping wrapped by one type, laid out by another, driven by a third. Nothing is annotated.</summary>
public sealed class RingLibraryTests
{
    private const string Usings = "using System; using System.IO; using System.IO.MemoryMappedFiles; using System.Runtime.CompilerServices; using System.Runtime.InteropServices; using System.Threading; using Microsoft.Win32.SafeHandles;\n";

    private static Task AllRules(string source) =>
        Verify.Analyzer(Usings + source, Off("PIN3001, PIN3002, PIN3003, PIN3004, PIN3005, PIN3006, PIN3007, PIN3008, PIN3009, PIN3016", TestSetup.Plain.Option("pin.builtin_pairs", "none")));

    /// <summary>The protection and the flags come through a wrapper, the address through a handle; the kernel's ends are compared plainly with the own ones.</summary>
    [Fact]
    public Task MappedThroughAHandle_FarEndReadPlainly() => AllRules(
        """
        [Flags] enum Share { Shared = 1, Private = 2, Populate = 0x8000 }
        struct Offsets { public uint Head, Tail; }
        struct Entry { public ulong Data; public int Result; }

        sealed class MapHandle : SafeHandleMinusOneIsInvalid
        {
            public MapHandle(nint at, ulong size) : base(true) { Size = size; SetHandle(at); }
            public ulong Size { get; }
            public nint Address => handle;
            protected override bool ReleaseHandle() => true;
        }

        static class Native
        {
            [DllImport("libc", EntryPoint = "mmap", SetLastError = true)] static extern nint Map(nint at, ulong length, int protection, int flags, int descriptor, long offset);
            public static MapHandle Map(ulong length, Share share, int descriptor, long offset)
            {
                var at = Map(0, length, 3, (int)share, descriptor, offset);
                return new MapHandle(at, length);
            }
        }

        sealed class Ring
        {
            readonly MapHandle _map, _other;
            readonly Completions _completions;
            readonly Submissions _submissions;
            public Ring(int fd, bool isOne, in Offsets offsets)
            {
                _map = Native.Map(4096, Share.Shared | Share.Populate, fd, 0);
                _completions = Open(fd, isOne, in offsets, out _other);
                _submissions = new Submissions(_map, isOne);
            }

            Completions Open(int fd, bool isOne, in Offsets offsets, out MapHandle handle)
            {
                if (isOne) handle = _map;
                else handle = Native.Map(4096, Share.Shared | Share.Populate, fd, 0x8000000);
                return new Completions(handle, in offsets);
            }
        }

        sealed unsafe class Completions
        {
            readonly uint* _kHead, _kTail;
            readonly uint _mask;
            readonly Entry* _entries;
            public Completions(MapHandle map, in Offsets offsets)
            {
                _kHead = (uint*)(map.Address + offsets.Head);
                _kTail = (uint*)(map.Address + offsets.Tail);
                _mask = *(uint*)(map.Address + 192);
                _entries = (Entry*)(map.Address + 256);
            }

            public bool TryTake(out Entry entry)
            {
                var head = Volatile.Read(ref *_kHead);
                if (head == {|PIN3001:*_kTail|}) { entry = default; return false; }
                entry = _entries[head & _mask];
                Volatile.Write(ref *_kHead, head + 1);
                return true;
            }

            uint Ready() => Volatile.Read(ref *_kHead) - {|PIN3001:*_kTail|};
            public uint Batch() { if (Ready() == 0) return 0; var head = *_kHead; return head; }
        }

        sealed unsafe class Submissions
        {
            readonly uint* _kHead, _kTail, _kFlags;
            readonly bool _isPolled;
            uint _head, _tail;
            public Submissions(MapHandle map, bool isPolled)
            {
                _isPolled = isPolled;
                _kHead = (uint*)(map.Address + 512);
                _kTail = (uint*)(map.Address + 576);
                _kFlags = (uint*)(map.Address + 640);
            }

            public bool HasRoom()
            {
                uint head;
                if (!_isPolled) head = *_kHead;
                else head = Volatile.Read(ref *_kHead);
                return _tail - head < 8;
            }

            public uint Room() => 8 - (_tail - (_isPolled ? Volatile.Read(ref *_kHead) : *_kHead));

            public uint Flush()
            {
                if (_head == _tail) return 0;
                var tail = Volatile.Read(ref *_kTail);
                while (_head != _tail) { tail++; _head++; }
                if (!_isPolled)
                    *_kTail = tail;
                else
                    Volatile.Write(ref *_kTail, tail);
                return tail - {|PIN3001:*_kHead|};
            }

            public bool NeedsEnter()
            {
                if (!_isPolled) return true;
                Thread.MemoryBarrier();
                return (*_kFlags & 1) != 0;
            }
        }
        """);

    /// <summary>An index of this side that one step publishes and another reads back.</summary>
    [Fact]
    public Task OwnIndexInSeveralSteps_IsSilent() => AllRules(
        """
        static unsafe class Native { [DllImport("libc")] public static extern void* mmap(void* at, nuint length, int protection, int flags, int descriptor, long offset); }

        sealed unsafe class Completions
        {
            readonly uint* _head, _tail;
            uint _next;
            public Completions(int fd) { byte* at = (byte*)Native.mmap(null, 4096, 3, 1, fd, 0); _head = (uint*)at; _tail = (uint*)(at + 64); }
            public bool TryTake(out uint at) { bool any = TryTakeFast(out at) || TryTakeSlow(out at); Publish(); return any; }
            bool TryTakeFast(out uint at) { at = *_head; return at != _next; }
            bool TryTakeSlow(out uint at) { at = *_head; return at != Volatile.Read(ref *_tail); }
            void Publish() => Volatile.Write(ref *_head, ++_next);
        }

        sealed unsafe class BothEnds
        {
            readonly uint* _head, _tail;
            public BothEnds(int fd) { byte* at = (byte*)Native.mmap(null, 4096, 3, 1, fd, 0); _head = (uint*)at; _tail = (uint*)(at + 64); }
            public bool Put() { uint t = *_tail; if (t - {|PIN3001:*_head|} == 8) return false; Volatile.Write(ref *_tail, t + 1); return true; }
            public bool Take() { uint h = Volatile.Read(ref *_head); if (h == {|PIN3001:*_tail|}) return false; Volatile.Write(ref *_head, h + 1); return true; }
            public uint Far() => Volatile.Read(ref *_tail);
        }

        // The pointers are kept by one type, and the ring is driven by another.
        unsafe struct Ends { public uint Seen; public uint* Producer; public uint* Consumer; }

        static unsafe class Sender
        {
            public static void Open(Ends* ends, int fd) { byte* at = (byte*)Native.mmap(null, 4096, 3, 1, fd, 0); ends->Producer = (uint*)at; ends->Consumer = (uint*)(at + 64); ends->Seen = *ends->Consumer; }
            public static void Submit(Ends* ends, uint count) => Volatile.Write(ref *ends->Producer, *ends->Producer + count);
            public static bool HasRoom(Ends* ends) => *ends->Producer - Volatile.Read(ref *ends->Consumer) < 8;
        }
        """);

    /// <summary>The base maps and reads the ring right, what is derived from it writes it plainly.</summary>
    [Fact]
    public Task RingOfABase_WrittenPlainlyBelow() => AllRules(
        """
        [Flags] enum Flags { MAP_SHARED = 1, MAP_PRIVATE = 2 }
        struct Slot { public uint Buffer; public ushort Length; }
        struct Card { public long Offset; public int Count; public int Head, Cursor, Tail; }
        struct Descriptor { int _number; }

        static class Libc { [DllImport("libc", EntryPoint = "mmap")] public static extern IntPtr MMap(IntPtr at, ulong length, int protection, Flags flags, Descriptor fd, ulong offset); }

        sealed class Port
        {
            IntPtr _region;
            Descriptor _fd;
            Ring[]? _rings;
            public unsafe void Open()
            {
                var at = Libc.MMap(IntPtr.Zero, 65536, 3, Flags.MAP_SHARED, _fd, 0);
                if ((long)at < 0) throw new InvalidOperationException();
                _region = at;
                _rings = new Ring[] { new Receiver<int>((byte*)_region.ToPointer(), 64), new Sender((byte*)_region.ToPointer(), 4096) };
            }

            public void Close() { if (_region != IntPtr.Zero) _region = IntPtr.Zero; }
        }

        abstract unsafe class Ring
        {
            readonly byte* _memory;
            readonly long _offset;
            readonly int _slots;
            readonly Slot* _row;
            protected Ring(byte* memory, long offset) { _memory = memory; _offset = offset; var info = Info; _slots = info.Count; _row = (Slot*)(memory + offset + 256); }
            protected ref Card Info => ref Unsafe.AsRef<Card>(_memory + _offset);
            protected ref Slot At(int index) => ref _row[index];
            protected int Next(int i) => i + 1 == _slots ? 0 : i + 1;
            protected bool IsEmpty() { ref var card = ref Info; return Volatile.Read(ref card.Cursor) == Volatile.Read(ref card.Tail); }
            protected int Space(int cursor) { ref var card = ref Info; return {|PIN3001:card.Tail|} - cursor; }
            public abstract void Start();
        }

        sealed class Receiver<T> : Ring
        {
            public unsafe Receiver(byte* memory, long offset) : base(memory, offset) { }
            public override void Start()
            {
                ref var card = ref Info;
                while (!IsEmpty())
                {
                    int i = Volatile.Read(ref card.Cursor);
                    ref var slot = ref At(i);
                    Console.WriteLine(slot.Length + slot.Buffer);
                    {|PIN3002:card.Cursor|} = Next(i);
                }
            }
        }

        sealed class Sender : Ring
        {
            public unsafe Sender(byte* memory, long offset) : base(memory, offset) { }
            public override void Start() { ref var card = ref Info; Volatile.Write(ref card.Cursor, Next(Volatile.Read(ref card.Cursor))); }
        }
        """);

    /// <summary>A queue over a file that has a name on one system: its header copied whole, lengths from the peer used unchecked.</summary>
    [Fact]
    public Task QueueBetweenProcesses_NothingAnnotated() => AllRules(
        CircularBuffer + """
        interface IMapped { MemoryMappedFile File { get; } }
        sealed class MappedByPath : IMapped { public MappedByPath(FileStream stream) { File = MemoryMappedFile.CreateFromFile(stream, null, 4096, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, false); } public MemoryMappedFile File { get; } }
        sealed class MappedByName : IMapped { public MappedByName(string name) { File = MemoryMappedFile.CreateOrOpen("queue_" + name, 4096); } public MemoryMappedFile File { get; } }

        struct Header { public long ReadOffset, WriteOffset, LockedAt; public readonly bool IsEmpty() => ReadOffset == WriteOffset; }
        struct Message { public int State; public int Length; }

        sealed unsafe class View
        {
            readonly IMapped _file;
            readonly MemoryMappedViewAccessor _view;
            public View(string name, FileStream? stream)
            {
                _file = stream is null ? new MappedByName(name) : new MappedByPath(stream);
                _view = _file.File.CreateViewAccessor(0, 0, MemoryMappedFileAccess.ReadWrite);
                Pointer = Acquire();
            }

            public byte* Pointer { get; }
            byte* Acquire()
            {
                byte* p = null;
                _view.SafeMemoryMappedViewHandle.AcquirePointer(ref p);
                if (p is null) throw new InvalidOperationException();
                return p;
            }
        }

        abstract unsafe class Queue
        {
            readonly View _view;
            protected Queue(string name) { _view = new View(name, null); Bytes = new CircularBuffer(sizeof(Header) + _view.Pointer, 4096); }
            public Header* Head => (Header*)_view.Pointer;
            protected CircularBuffer Bytes { get; }
        }

        sealed unsafe class Publisher : Queue
        {
            public Publisher(string name) : base(name) { }
            public bool TryPut(long length)
            {
                while (true)
                {
                    var header = {|PIN3008:*Head|};
                    if (header.IsEmpty()) return false;
                    if (Interlocked.CompareExchange(ref Head->WriteOffset, header.WriteOffset + length, header.WriteOffset) == header.WriteOffset) return true;
                }
            }
        }

        sealed unsafe class Subscriber : Queue
        {
            public Subscriber(string name) : base(name) { }
            public byte[]? TryTake()
            {
                var at = Volatile.Read(ref Head->ReadOffset);
                var message = (Message*)Bytes.At(at);
                while (Interlocked.CompareExchange(ref message->State, 1, 2) != 2) Thread.Yield();
                var length = message->Length;
                var body = Bytes.Read(at + sizeof(Message), {|PIN3005:length|});
                Interlocked.Exchange(ref Head->ReadOffset, at + length);
                return body;
            }

            public byte[]? TryTakeChecked()
            {
                var at = Volatile.Read(ref Head->ReadOffset);
                var message = (Message*)Bytes.At(at);
                while (Interlocked.CompareExchange(ref message->State, 1, 2) != 2) Thread.Yield();
                var length = message->Length;
                if ((uint)length > Bytes.Capacity) throw new InvalidOperationException();
                var body = Bytes.Read(at + sizeof(Message), length);
                Interlocked.Exchange(ref Head->ReadOffset, at + length);
                return body;
            }
        }
        """);
}
