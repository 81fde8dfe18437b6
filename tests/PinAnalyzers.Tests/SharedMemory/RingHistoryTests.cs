using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.RingSources;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>The shapes of defects that published rings had, re-created; and of their repairs.</summary>
public sealed class RingHistoryTests
{
    private const string Usings = "using System; using System.IO.MemoryMappedFiles; using System.Runtime.CompilerServices; using System.Runtime.InteropServices; using System.Threading; using PinAccounting.Annotations;\n";

    /// <summary>A ring that keeps "internal" cursors which are the kernel's own, and looks at the flags right behind a publish. No annotation.</summary>
    [Fact]
    public Task KernelRing_WithAliasedCursors() => Verify.Analyzer(
        Usings + """
        static unsafe class Sys
        {
            [DllImport("libc")] public static extern void* mmap(void* at, nuint length, int protection, int flags, int descriptor, long offset);
            public static T* Add<T>(void* start, uint offset) where T : unmanaged => (T*)((nint)start + (int)offset);
        }

        struct Offsets { public uint Head, Tail, Mask, Flags; }

        sealed unsafe class Map : SafeHandle
        {
            public Map(void* at) : base(-1, true) { SetHandle((nint)at); }
            public override bool IsInvalid => handle == -1;
            protected override bool ReleaseHandle() => true;
        }

        sealed unsafe class Ring
        {
            readonly Submissions _submissions;
            readonly Completions _completions;

            Ring(int fd, Offsets* offsets, bool isOneMap)
            {
                _submissions = MapSubmissions(fd, offsets, out Map map);
                _completions = MapCompletions(fd, offsets, map, isOneMap);
            }

            static Submissions MapSubmissions(int fd, Offsets* offsets, out Map map)
            {
                void* at = Sys.mmap(null, 4096, 3, 0x8001, fd, 0);
                map = new Map(at);
                return new Submissions(at, offsets, true);
            }

            static Completions MapCompletions(int fd, Offsets* offsets, Map map, bool isOneMap)
            {
                void* at;
                if (isOneMap) at = map.DangerousGetHandle().ToPointer();
                else at = Sys.mmap(null, 4096, 3, 0x8001, fd, 0x8000000);
                return new Completions(at, offsets);
            }
        }

        sealed unsafe class Submissions
        {
            readonly uint* _head, _tail, _flags;
            readonly bool _isPolled;
            uint _tailInternal;

            public Submissions(void* ring, Offsets* offsets, bool isPolled)
            {
                _head = Sys.Add<uint>(ring, offsets->Head);
                _tail = Sys.Add<uint>(ring, offsets->Tail);
                _flags = Sys.Add<uint>(ring, offsets->Flags);
                _isPolled = isPolled;
            }

            uint Room => unchecked(_tailInternal - Volatile.Read(ref *_head));

            uint Notify()
            {
                uint tail = *_tail;
                uint head = {|PIN3001:*_head|};
                if (head == _tailInternal) return 0;
                Volatile.Write(ref *_tail, unchecked(tail + 1));
                return tail - head;
            }

            bool ShouldEnter(out uint flags)
            {
                flags = 0;
                if (!_isPolled) return true;
                if (({|PIN3006:*_flags|} & 1) != 0)
                {
                    flags = 2;
                    return true;
                }

                return false;
            }

            public bool Submit()
            {
                uint count = Notify();
                return ShouldEnter(out _) && count > 0;
            }
        }

        sealed unsafe class Completions
        {
            readonly uint* _head, _tail, _headInternal;
            readonly uint _mask;
            uint* _tailInternal;

            public Completions(void* ring, Offsets* offsets)
            {
                _head = Sys.Add<uint>(ring, offsets->Head);
                _tail = Sys.Add<uint>(ring, offsets->Tail);
                _mask = *Sys.Add<uint>(ring, offsets->Mask);
                {|PIN3009:_headInternal = _head|};
                {|PIN3009:_tailInternal = _tail|};
            }

            bool Any(uint head)
            {
                bool any = head != Volatile.Read(ref *_tail);
                if (any) {|PIN3009:_tailInternal = _tail|};
                return any;
            }
        }
        """,
        Off("PIN3001, PIN3005, PIN3006, PIN3008, PIN3009", TestSetup.Annotated.Option("pin.builtin_pairs", "none")));

    private const string Queue = """
        struct QueueHeader
        {
            public long ReadOffset, WriteOffset;
            public bool IsEmpty() => ReadOffset == WriteOffset;
        }

        struct MessageHeader { public int State; public int BodyLength; }

        sealed unsafe class View
        {
            public View(MemoryMappedViewAccessor view) { Pointer = Acquire(view); }
            public byte* Pointer { get; }
            byte* Acquire(MemoryMappedViewAccessor view)
            {
                byte* p = null;
                view.SafeMemoryMappedViewHandle.AcquirePointer(ref p);
                if (p is null) throw new InvalidOperationException();
                return p;
            }
        }

        abstract unsafe class Queue
        {
            readonly View _view;
            protected Queue(MemoryMappedViewAccessor view, long capacity)
            {
                _view = new View(view);
                Buffer = new CircularBuffer(sizeof(QueueHeader) + _view.Pointer, capacity);
            }

            public QueueHeader* Header => (QueueHeader*)_view.Pointer;
            protected CircularBuffer Buffer { get; }
        }

        """;

    /// <summary>A queue between processes over a file: which view is shared must be said; here by the option.</summary>
    [Fact]
    public Task QueueBetweenProcesses_WithUncheckedLengths() => Verify.Analyzer(
        Usings + CircularBuffer + Queue + """
        sealed unsafe class Subscriber : Queue
        {
            public Subscriber(MemoryMappedViewAccessor view) : base(view, 4096) { }

            public byte[]? Take()
            {
                QueueHeader header = {|PIN3008:*Header|};
                if (header.IsEmpty()) return null;
                long at = {|PIN3001:Header->ReadOffset|};
                var message = (MessageHeader*)Buffer.At(at);
                while (Interlocked.CompareExchange(ref message->State, 2, 1) != 1) Thread.Yield();
                int length = message->BodyLength;
                byte[] body = Buffer.Read(at + sizeof(MessageHeader), {|PIN3005:length|});
                Interlocked.Exchange(ref Header->ReadOffset, at + length);
                return body;
            }
        }
        """,
        Off("PIN3001, PIN3005, PIN3008", TestSetup.Annotated.Option("pin.shared_memory_apis", "M:View.Acquire(System.IO.MemoryMappedFiles.MemoryMappedViewAccessor)")));

    [Fact]
    public Task QueueBetweenProcesses_Repaired() => Verify.Analyzer(
        Usings + CircularBuffer + Queue + """
        sealed unsafe class Subscriber : Queue
        {
            public Subscriber(MemoryMappedViewAccessor view) : base(view, 4096) { }

            public byte[]? Take()
            {
                long at = Volatile.Read(ref Header->ReadOffset);
                if (at == Volatile.Read(ref Header->WriteOffset)) return null;
                var message = (MessageHeader*)Buffer.At(at);
                while (Interlocked.CompareExchange(ref message->State, 2, 1) != 1) Thread.Yield();
                int length = Volatile.Read(ref message->BodyLength);
                if ((uint)length > (ulong)Buffer.Capacity) throw new InvalidOperationException();
                byte[] body = Buffer.Read(at + sizeof(MessageHeader), length);
                Interlocked.Exchange(ref Header->ReadOffset, at + length);
                return body;
            }
        }
        """,
        Off("PIN3001, PIN3002, PIN3003, PIN3004, PIN3005, PIN3007, PIN3008", TestSetup.Annotated.Option("pin.shared_memory_apis", "M:View.Acquire(System.IO.MemoryMappedFiles.MemoryMappedViewAccessor)")));

    /// <summary>A network card's ring: the struct is annotated, and whoever gets a reference to it by way of a cast sees it shared.</summary>
    [Fact]
    public Task CardsRing_ReadPlainlyInItsEmptinessCheck() => Verify.Analyzer(
        Usings + """
        [SharedMemory] struct CardRing { public int Slots; [SharedIndex(RingSide.Local)] public int Cursor; [SharedMemory] public int Head; public int Tail; }

        unsafe class NetRing
        {
            byte* _region;
            long _offset;
            ref CardRing Info => ref Unsafe.AsRef<CardRing>(_region + _offset);
            bool IsEmpty() { ref var ring = ref Info; return {|PIN3001:ring.Head|} == {|PIN3001:ring.Tail|}; }
            bool IsEmptyNow() { ref var ring = ref Info; return Volatile.Read(ref ring.Head) == Volatile.Read(ref ring.Tail); }
        }
        """,
        Off("PIN3001"));

    /// <summary>A shadow index that most readers read as volatile is written plainly; and an availability flag behind a pointer. No annotation.</summary>
    [Fact]
    public Task ShadowIndex_WithHalfADiscipline() => Verify.Analyzer(
        Usings + """
        unsafe class Submissions
        {
            uint _headInternal, _tailInternal;
            int* _available;
            readonly object _gate = new();
            bool TryNext() { uint head; do { head = Volatile.Read(ref _headInternal); if (_tailInternal - head > 8) return false; } while (Interlocked.CompareExchange(ref _tailInternal, head + 1, head) != head); return true; }
            void Update(uint submitted) { uint head = _headInternal; while (submitted-- != 0) head++; {|PIN3016:_headInternal|} = head; }
            void SetAvailable(int index, int flag) { {|PIN3016:_available[index]|} = flag; }
            bool IsAvailable(int index, int flag) => Volatile.Read(ref _available[index]) == flag;
        }

        unsafe class Repaired
        {
            uint _headInternal, _tailInternal;
            int* _available;
            bool TryNext() { uint head; do { head = Volatile.Read(ref _headInternal); if (_tailInternal - head > 8) return false; } while (Interlocked.CompareExchange(ref _tailInternal, head + 1, head) != head); return true; }
            void Update(uint submitted) { uint head = _headInternal; while (submitted-- != 0) head++; Volatile.Write(ref _headInternal, head); }
            void SetAvailable(int index, int flag) { Volatile.Write(ref _available[index], flag); }
            bool IsAvailable(int index, int flag) => Volatile.Read(ref _available[index]) == flag;
        }
        """,
        Off("PIN3016"));
}
