using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Tests.Verification;
using Xunit;

namespace PinAnalyzers.Tests.Balance.Types;

/// <summary>PIN1009: what a field receives and no member gives back.</summary>
public sealed class StoredChargeTests
{
    [Fact]
    public Task NoReleasePath_IsReportedAtTheField() => TypeVerifier.File("""
        class Pinned
        {
            private GCHandle {|PIN1009:_handle|};
            public Pinned(byte[] data) => _handle = GCHandle.Alloc(data, GCHandleType.Pinned);
            public nint Address => _handle.AddrOfPinnedObject();
        }
        """);

    // Each of these runs in a process of its own.
    [Fact]
    public Task BenchmarksLast_AsLongAsTheirProcess() => TypeVerifier.File("""
        sealed class BenchmarkAttribute : Attribute { }
        sealed class MeasuredAttribute : Attribute { }

        unsafe class Copying
        {
            private readonly void* _memory = NativeMemory.Alloc((nuint)64);
            [Benchmark] public byte First() => *(byte*)_memory;
        }

        unsafe class Measuring
        {
            private readonly void* {|PIN1009:_memory|} = NativeMemory.Alloc((nuint)64);
            [Measured] public byte First() => *(byte*)_memory;
        }

        class Typed
        {
            private readonly GCHandle _handle = GCHandle.Alloc(new object());
            [{|CS0246:Unknown|}.Benchmark] public bool Is() => _handle.IsAllocated;
        }
        """);

    [Fact]
    public Task DisposeReleasesSomethingElse_IsReported() => TypeVerifier.File("""
        sealed class Blocks : IDisposable
        {
            private readonly nint _first = Marshal.AllocHGlobal(16);
            private readonly nint {|PIN1009:_second|} = Marshal.AllocHGlobal(16);
            public void Dispose() => Marshal.FreeHGlobal(_first);
        }
        """);

    [Fact]
    public Task ThroughALocal_IsReported() => TypeVerifier.File("""
        sealed unsafe class Native : IDisposable
        {
            private byte* {|PIN1009:_memory|};
            public void Open(int size)
            {
                byte* memory = (byte*)NativeMemory.Alloc((nuint)size);
                memory[0] = 1;
                _memory = memory;
            }
            public void Dispose() { }
        }
        """);

    [Fact]
    public Task AutoProperty_IsReported() => TypeVerifier.File("""
        sealed class Holder : IDisposable
        {
            private IntPtr {|PIN1009:Block|} { get; set; }
            public void Open() => Block = Marshal.StringToHGlobalUni("x");
            public void Dispose() { }
        }
        """);

    [Fact]
    public Task ShownAutoPropertyOfADisposable_IsReported() => TypeVerifier.File("""
        public sealed class Holder : IDisposable
        {
            public nint {|PIN1009:Block|} { get; } = Marshal.AllocHGlobal(64);
            public void Dispose() { }
        }
        """);

    [Theory]
    [InlineData("List<GCHandle>", "_held.Add(GCHandle.Alloc(o))")]
    [InlineData("Stack<GCHandle>", "_held.Push(GCHandle.Alloc(o))")]
    [InlineData("Queue<GCHandle>", "_held.Enqueue(GCHandle.Alloc(o))")]
    [InlineData("ConcurrentBag<GCHandle>", "_held.Add(GCHandle.Alloc(o))")]
    [InlineData("Dictionary<object, GCHandle>", "_held[o] = GCHandle.Alloc(o)")]
    [InlineData("Dictionary<object, GCHandle>", "_held.Add(o, GCHandle.Alloc(o))")]
    public Task Collection_IsReported(string type, string add) => TypeVerifier.File($$"""
        sealed class Held
        {
            private readonly {{type}} {|PIN1009:_held|} = new();
            public void Add(object o) => {{add}};
            public int Count => _held.Count;
        }
        """);

    [Fact]
    public Task ArrayElement_IsReported() => TypeVerifier.File("""
        sealed class Held
        {
            private readonly GCHandle[] {|PIN1009:_held|} = new GCHandle[4];
            public void Set(int i, object o)
            {
                var handle = GCHandle.Alloc(o);
                _held[i] = handle;
            }
        }
        """);

    [Fact]
    public Task OutArgument_IsReported() => TypeVerifier.File("""
        sealed class Holder
        {
            private Lease? {|PIN1009:_lease|};
            public bool Open(Account account) => account.TryLease(4, out _lease);
        }
        """);

    [Fact]
    public Task TokenOfAWrapper_IsReported() => TypeVerifier.File("""
        sealed class Holder
        {
            private GCHandle {|PIN1009:_handle|};
            public void Open(object o) => _handle = Pin(o);
            private static GCHandle Pin(object o) => GCHandle.Alloc(o, GCHandleType.Pinned);
        }
        """);

    [Fact]
    public Task PartsOfOneType_AreOne() => TypeVerifier.File("""
        partial class Parts
        {
            private GCHandle _released;
            private GCHandle {|PIN1009:_kept|};
        }
        partial class Parts
        {
            public void Open(object o) { _released = GCHandle.Alloc(o); _kept = GCHandle.Alloc(o); }
        }
        partial class Parts : IDisposable
        {
            public void Dispose() => _released.Free();
        }
        """);

    /// <summary>The token's own release is no release path of the type that declares the token.</summary>
    [Fact]
    public Task NestedTokenReleasedByAnyMember_IsSilent() => TypeVerifier.File("""
        using PinAccounting.Annotations;

        sealed class Desks
        {
            private readonly Dictionary<string, Desk> _taken = new();
            public void Seat(string reader) => _taken.Add(reader, Take());
            public void Unseat(string reader) { if (_taken.Remove(reader, out Desk desk)) desk.Dispose(); }
            [Charge("desk", ReleasedBy = nameof(Desk.Dispose))]
            private static Desk Take() => new();
            private readonly struct Desk : IDisposable
            {
                [Release("desk")] public void Dispose() { }
            }
        }

        sealed class Cellar
        {
            private readonly Dictionary<string, Key> {|PIN1009:_taken|} = new();
            public void Add(string name) => _taken.Add(name, Take());
            public bool Has(string name) => _taken.ContainsKey(name);
            [Charge("key", ReleasedBy = nameof(Key.Dispose))]
            private static Key Take() => new();
            private readonly struct Key : IDisposable
            {
                [Release("key")] public void Dispose() { }
            }
        }
        """);

    [Fact]
    public Task FieldOfANestedType_IsJudgedInTheOuter() => TypeVerifier.File("""
        class Outer
        {
            private sealed class Node { public nint {|PIN1009:Leaks|}; public nint Freed; }
            private readonly List<Node> _nodes = new();
            public void Add() => _nodes.Add(new Node { Leaks = Marshal.AllocHGlobal(1), Freed = Marshal.AllocHGlobal(1) });
            public void Close() { foreach (var node in _nodes) Marshal.FreeHGlobal(node.Freed); }
        }
        """);

    [Fact]
    public Task OnlyReplaced_IsReported() => TypeVerifier.File("""
        sealed class Replaces : IDisposable
        {
            private GCHandle {|PIN1009:_handle|};
            public object Target
            {
                set
                {
                    if (_handle.IsAllocated) _handle.Free();
                    _handle = GCHandle.Alloc(value);
                }
            }
            public void Dispose() { }
        }
        """);

    [Fact]
    public Task OnlyOutsideTheReleasePath_IsReported() => TypeVerifier.File("""
        sealed class Holder : IDisposable
        {
            private nint {|PIN1009:_block|} = Marshal.AllocHGlobal(8);
            public void Reset() { Marshal.FreeHGlobal(_block); _block = 0; }
            public void Dispose() => GC.KeepAlive(this);
        }
        """);

    [Fact]
    public Task ReceiverNobodyReleases_IsReported() => TypeVerifier.File("""
        sealed class View
        {
            private readonly SafeHandle {|PIN1009:_handle|};
            public View(SafeHandle handle)
            {
                bool taken = false;
                handle.DangerousAddRef(ref taken);
                _handle = handle;
            }
        }
        sealed class Gate
        {
            private readonly object {|PIN1009:_gate|} = new();
            public void Enter() => Monitor.Enter(_gate);
        }
        sealed class Uses
        {
            private readonly Account {|PIN1009:_account|} = new();
            public bool Take(long n) => _account.TryCharge(n);
        }
        """);

    [Fact]
    public Task OtherReceiverIsReleased_IsReported() => TypeVerifier.File("""
        sealed class Two
        {
            private readonly Account _used = new(), {|PIN1009:_lost|} = new();
            public void Take(long n) { _used.Charge(n); _lost.Charge(n); }
            public void Give(long n) => _used.Uncharge(n);
        }
        """);

    [Fact]
    public Task PooledArray_IsASuggestion() => TypeVerifier.File("""
        sealed class Buffer : IDisposable
        {
            private byte[] {|#0:_bytes|} = ArrayPool<byte>.Shared.Rent(64);
            public void Dispose() => _bytes = Array.Empty<byte>();
        }
        """, new DiagnosticResult("PIN1009", DiagnosticSeverity.Info).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));

    [Fact]
    public Task ReleaseNameTakenAway_IsReported() => TypeVerifier.File("""
        sealed class Holder : IDisposable
        {
            private GCHandle {|PIN1009:_handle|};
            public void Open(object o) => _handle = GCHandle.Alloc(o);
            public void Close() => _handle.Free();
            public void Dispose() { }
        }
        """, TypeVerifier.Setup.Option("pin.release_names", "-Close"));

    [Theory]
    [InlineData("public void Dispose() => _handle.Free();")]
    [InlineData("public void Close() { if (_handle.IsAllocated) _handle.Free(); }")]
    [InlineData("~Holder() => _handle.Free();")]
    [InlineData("public void Dispose() { Stop(); } private void Stop() => _handle.Free();")]
    [InlineData("public void Dispose() { Dispose(true); } private void Dispose(bool disposing) { if (disposing) _handle.Free(); }")]
    [InlineData("[ReleasePath] public void Finish() => _handle.Free(); public void Dispose() { }")]
    [InlineData("public void Stop() => _handle.Free();")]
    [InlineData("public void Dispose() { var handle = _handle; _handle = default; if (handle.IsAllocated) handle.Free(); }")]
    [InlineData("public void Dispose() => Free(ref _handle); private static void Free(ref GCHandle handle) => handle.Free();")]
    [InlineData("public void Dispose() => FreeIt(_handle); private static void FreeIt(GCHandle handle) => handle.Free();")]
    [InlineData("public GCHandle Detach() { var handle = _handle; _handle = default; return handle; }")]
    [InlineData("public void Start() => new Thread(Run).Start(GCHandle.ToIntPtr(_handle)); static void Run(object? p) => GCHandle.FromIntPtr((nint)p!).Free();")]
    [InlineData("public IDisposable Owner() => new Releaser(_handle); private sealed class Releaser : IDisposable { private GCHandle _h; public Releaser(GCHandle h) => _h = h; public void Dispose() => _h.Free(); }")]
    [InlineData("public void Bind(CancellationToken token) => token.Register(() => _handle.Free());")]
    [InlineData("[DllImport(\"x\")] static extern void start(nint state); public void Start() => start(GCHandle.ToIntPtr(_handle));")]
    public Task Released_IsSilent(string member) => TypeVerifier.File($$"""
        class Holder
        {
            private GCHandle _handle;
            public void Open(object o) => _handle = GCHandle.Alloc(o);
            {{member}}
        }
        """);

    [Theory]
    [InlineData("List<GCHandle>", "Add(GCHandle.Alloc(o))", "foreach (var handle in _held) handle.Free();")]
    [InlineData("List<GCHandle>", "Add(GCHandle.Alloc(o))", "_held.ForEach(h => h.Free());")]
    [InlineData("List<GCHandle>", "Add(GCHandle.Alloc(o))", "for (int i = 0; i < _held.Count; i++) _held[i].Free();")]
    [InlineData("Queue<GCHandle>", "Enqueue(GCHandle.Alloc(o))", "while (_held.TryDequeue(out var handle)) handle.Free();")]
    [InlineData("Stack<GCHandle>", "Push(GCHandle.Alloc(o))", "while (_held.Count > 0) { GCHandle handle = _held.Pop(); handle.Free(); }")]
    [InlineData("Dictionary<object, GCHandle>", "Add(o, GCHandle.Alloc(o))", "foreach (var (_, handle) in _held) handle.Free();")]
    [InlineData("Dictionary<object, GCHandle>", "Add(o, GCHandle.Alloc(o))", "foreach (var handle in _held.Values.ToArray()) handle.Free();")]
    [InlineData("Dictionary<object, GCHandle>", "Add(o, GCHandle.Alloc(o))", "foreach (var pair in _held) pair.Value.Free();")]
    [InlineData("List<nint>", "Add(Marshal.AllocHGlobal(4))", "_held.ForEach(Marshal.FreeHGlobal);")]
    public Task ReleasedFromCollection_IsSilent(string type, string add, string release) => TypeVerifier.File($$"""
        class Holder : IDisposable
        {
            private readonly {{type}} _held = new();
            public void Open(object o) => _held.{{add}};
            public void Dispose() { {{release}} }
        }
        """);

    [Fact]
    public Task ClassToken_IsReleasedByWhateverDisposes() => TypeVerifier.File("""
        class Holder : IAsyncDisposable
        {
            private Lease? _exchanged, _listed, _passed, _using, _pattern;
            private readonly List<IDisposable> _all = new();
            private readonly Dictionary<nint, Lease> _leases = new();
            public Holder(Account account)
            {
                _exchanged = account.Lease(1);
                _listed = account.Lease(1);
                _all.Add(_listed);
                _passed = account.Lease(1);
                _using = account.Lease(1);
                _pattern = account.Lease(1);
            }
            public void Pin(Account account, nint page) => _leases[page] = account.Lease(1);
            public void Unpin(nint page) { if (_leases.Remove(page, out var lease)) lease.Dispose(); }
            public ValueTask DisposeAsync()
            {
                Interlocked.Exchange(ref _exchanged, null)?.Dispose();
                foreach (var each in _all) each.Dispose();
                Clean(_passed);
                using (_using) { }
                if (_pattern is { } lease) lease.Dispose();
                return default;
            }
            private static void Clean(IDisposable? what) => what?.Dispose();
        }
        """);

    [Fact]
    public Task NotOurs_IsSilent() => TypeVerifier.File("""
        static class Statics { private static GCHandle s_handle = GCHandle.Alloc(new object()); public static nint Address => s_handle.AddrOfPinnedObject(); }
        class Open { internal GCHandle Handle = GCHandle.Alloc(new object()); }
        class Base { protected nint Block = Marshal.AllocHGlobal(1); }
        struct Token { private nint _block; public static Token Create() => new Token { _block = Marshal.AllocHGlobal(1) }; public nint Block => _block; }
        sealed class Single { public static readonly Single Instance = new(); private readonly nint _block = Marshal.AllocHGlobal(1); private Single() { } public nint Block => _block; }
        class Shown { public nint Block { get; private set; } = Marshal.AllocHGlobal(1); }
        class Signals { private readonly SemaphoreSlim _ready = new(0); public Task Wait() => _ready.WaitAsync(); }
        """);

    [Fact]
    public Task OneChargeUnderTwoNames_IsOneDebt() => TypeVerifier.File("""
        ref struct Writer
        {
            private byte[] _array;
            private Span<byte> _span;
            public void Open() => _span = _array = ArrayPool<byte>.Shared.Rent(10);
            public void Dispose() => ArrayPool<byte>.Shared.Return(_array);
        }
        class Aliased
        {
            private nint _block, _start;
            public void Open() => _start = _block = Marshal.AllocHGlobal(1);
            public void Close() => Marshal.FreeHGlobal(_block);
        }
        class Tracks
        {
            private readonly HashSet<byte[]> _rented = new();
            public byte[] Rent() { byte[] array = ArrayPool<byte>.Shared.Rent(10); _rented.Add(array); return array; }
        }
        """);

    [Fact]
    public Task UsedWithinOneMember_IsSilent() => TypeVerifier.File("""
        class Scoped
        {
            private GCHandle _current;
            public void Run(object o, Action work)
            {
                _current = GCHandle.Alloc(o);
                try { work(); } finally { _current.Free(); }
            }
        }
        """);

    [Fact]
    public Task WrapperOfALock_IsSilent() => TypeVerifier.File("""
        sealed class Gate
        {
            private readonly object _gate = new();
            private readonly Account _account = new();
            public void Enter() => Monitor.Enter(_gate);
            public void Exit() => Monitor.Exit(_gate);
            public bool Take(long n) => _account.TryCharge(n);
            public void Give(long n) => _account.Uncharge(n);
        }
        sealed class Shown
        {
            private IntPtr _self;
            public bool IsShown => _self != IntPtr.Zero;
            public void Show()
            {
                var handle = GCHandle.Alloc(this);
                try { _self = (IntPtr)handle; Console.Out.Flush(); }
                finally { _self = IntPtr.Zero; handle.Free(); }
            }
            public void Close() { }
        }
        // As many are taken away as are added then.
        sealed class Rounds
        {
            private readonly Barrier _barrier = new(3);
            public void Await() => _barrier.SignalAndWait();
            public void Again() { _barrier.RemoveParticipants(3); _barrier.AddParticipants(3); }
        }
        sealed class Scopes
        {
            private readonly object _gate = new();
            public Scope Enter() { Monitor.Enter(_gate); return new Scope(_gate); }
            public readonly struct Scope : IDisposable
            {
                private readonly object _gate;
                public Scope(object gate) => _gate = gate;
                public void Dispose() => Monitor.Exit(_gate);
            }
        }
        """);

    [Fact]
    public Task HeldByAServiceThatNeverReturns_IsSilent() => TypeVerifier.File("""
        sealed class Service
        {
            private readonly object _gate = new();
            private readonly ReaderWriterLockSlim _lock = new();
            public void Run() { Monitor.Enter(_gate); while (true) Thread.Yield(); }
            public async Task RunAsync() { _lock.EnterWriteLock(); for (;;) await Task.Yield(); }
        }
        sealed class Stoppable
        {
            private readonly object {|PIN1009:_gate|} = new();
            public void Run(CancellationToken stop) { Monitor.Enter(_gate); while (!stop.IsCancellationRequested) Thread.Yield(); }
        }
        """);

    [Fact]
    public Task ReleasedByTheBase_IsSilent() => TypeVerifier.File("""
        abstract class Base : IDisposable { public void Dispose() => Clean(); protected abstract void Clean(); }
        sealed class Derived : Base
        {
            private nint _block = Marshal.AllocHGlobal(8);
            protected override void Clean() { Marshal.FreeHGlobal(_block); _block = 0; }
        }
        """);

    [Fact]
    public Task GeneratedPart_IsEvidence() => TypeVerifier.File("""
        partial class Form : IDisposable
        {
            private GCHandle _handle;
            public void Load(object o) => _handle = GCHandle.Alloc(o);
        }
        """, TypeVerifier.Setup.Source("/0/Form.Designer.g.cs", "// <auto-generated/>\npartial class Form { public void Dispose() { _handle.Free(); } }"));

    [Fact]
    public Task ReleaseNotYetWritten_IsSilent() => TypeVerifier.File("""
        class Holder
        {
            private GCHandle _handle;
            public void Open(object o) => _handle = GCHandle.Alloc(o);
            public void Dispose() { if (_handle.IsAllocated { } }
        }
        """, DiagnosticResult.CompilerError("CS1026").WithSpan(16, 53, 16, 54));

    [Fact]
    public Task ReleasedByAFunctionOverTheElements_IsSilent() => TypeVerifier.File("""
        sealed class Blocks : IDisposable
        {
            private readonly nint[] _slots = new nint[4];
            private readonly List<nint> _more = new();

            public void Open()
            {
                _slots[0] = Marshal.AllocHGlobal(16);
                _more.Add(Marshal.AllocHGlobal(16));
            }

            public void Dispose()
            {
                Array.ForEach(_slots, slot => { if (slot != 0) Marshal.FreeHGlobal(slot); });
                Parallel.ForEach(_more, block => Marshal.FreeHGlobal(block));
            }
        }
        """);

    [Fact]
    public Task Deconstructed_IsReportedWhereNobodyReleases() => TypeVerifier.File("""
        sealed class Two : IDisposable
        {
            private nint _first, {|PIN1009:_second|};
            public void Open() => (_first, _second) = (Marshal.AllocHGlobal(1), Marshal.AllocHGlobal(2));
            public void Dispose() => Marshal.FreeHGlobal(_first);
        }
        """);

    /// <summary>What was there before is given back; what is put in its place stays.</summary>
    [Theory]
    [InlineData("Lease?", "var old = _kept; _kept = account.Lease(1); old?.Dispose();")]
    [InlineData("Lease?", "var next = account.Lease(1); _kept?.Dispose(); _kept = next;")]
    [InlineData("Lease?", "Interlocked.Exchange(ref _kept, account.Lease(1))?.Dispose();")]
    [InlineData("nint", "var next = Marshal.AllocHGlobal(8); Marshal.FreeHGlobal(_kept); _kept = next;")]
    [InlineData("nint", "(nint old, _kept) = (_kept, Marshal.AllocHGlobal(8)); Marshal.FreeHGlobal(old);")]
    public Task OnlyTheOneBeforeIsReleased_IsReported(string type, string renew) => TypeVerifier.File($$"""
        sealed class Holder : IDisposable
        {
            private {{type}} {|PIN1009:_kept|};
            public void Renew(Account account) { {{renew}} }
            public void Dispose() => GC.SuppressFinalize(this);
        }
        """);

    [Theory]
    [InlineData("_kept = account.Lease(1); var taken = _kept; Work(); taken.Dispose();")]
    [InlineData("using (_kept = account.Lease(1)) Work();")]
    [InlineData("foreach (int i in new[] { 1, 2 }) { var next = account.Lease(i); _kept?.Dispose(); _kept = next; }")]
    [InlineData("Register(() => _kept?.Dispose()); _kept = account.Lease(1);")]
    public Task ReleasedInTheSameBody_IsSilent(string body) => TypeVerifier.File($$"""
        sealed class Holder
        {
            private Lease? _kept;
            public void Work() { }
            private void Register(Action later) { }
            public void Run(Account account) { {{body}} }
        }
        """);

    [Fact]
    public Task GrownByReallocation_IsReportedWhereNobodyFrees() => TypeVerifier.File("""
        sealed unsafe class Grows : IDisposable
        {
            private byte* {|PIN1009:_memory|}, _freed;
            private byte[] _rented = ArrayPool<byte>.Shared.Rent(4);
            public void Ensure(nuint size) => _memory = (byte*)NativeMemory.Realloc(_memory, size);
            public void EnsureFreed(nuint size)
            {
                void* grown = NativeMemory.Realloc(_freed, size);
                _freed = (byte*)grown;
            }
            public void Dispose() { NativeMemory.Free(_freed); ArrayPool<byte>.Shared.Return(_rented); }
        }
        """);

    /// <summary>A span of it cannot be released.</summary>
    [Fact]
    public Task OnlyASpanIsCleared_IsASuggestion() => TypeVerifier.File("""
        ref struct Scratch
        {
            private byte[] {|#0:_rented|};
            private Span<byte> _span;
            public Scratch(int size) { _rented = ArrayPool<byte>.Shared.Rent(size); _span = _rented; }
            public void Dispose() => _span = default;
        }
        """, new DiagnosticResult("PIN1009", DiagnosticSeverity.Info).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));

    [Theory]
    [InlineData("private nint Block { get => _block; set => _block = value; } public void Dispose() { Marshal.FreeHGlobal(Block); Block = 0; }")]
    [InlineData("public nint Block => _block; public void Dispose() => Marshal.FreeHGlobal(Block);")]
    [InlineData("nint IBlock.Address => _block; public void Dispose() => Marshal.FreeHGlobal(((IBlock)this).Address);")]
    [InlineData("private nint GetBlock() { return _block; } public void Dispose() => Marshal.FreeHGlobal(GetBlock());")]
    [InlineData("public nint Block => Volatile.Read(ref _block); public void Dispose() { nint block = Block; Marshal.FreeHGlobal(block); }")]
    public Task ReleasedThroughWhatReadsIt_IsSilent(string members) => TypeVerifier.File($$"""
        interface IBlock { nint Address => 0; }
        sealed class Holder : IBlock, IDisposable
        {
            private nint _block = Marshal.AllocHGlobal(4);
            {{members}}
        }
        """);

    [Fact]
    public Task ReleasedElementByElementThroughAMethodGroup_IsSilent() => TypeVerifier.File("""
        sealed class Pages : IDisposable
        {
            private readonly nint[] _pages = new nint[4];
            public void Open(int i) => _pages[i] = Marshal.AllocHGlobal(4096);
            public void Dispose() => Array.ForEach(_pages, Marshal.FreeHGlobal);
        }
        """);

    /// <summary>Whoever has the collection has the array.</summary>
    [Fact]
    public Task PutIntoACollection_IsSilent() => TypeVerifier.File("""
        struct Buffer<T>
        {
            private T[]? _items;
            public void Grow()
            {
                var bigger = ArrayPool<T>.Shared.Rent(_items!.Length * 2);
                ArrayPool<T>.Shared.Return(_items);
                _items = bigger;
            }
            public void Release(Stack<T[]> pool) { if (_items is not null) pool.Push(_items); _items = null; }
        }
        """);

    /// <summary>Called with nothing to keep, it gives back the last.</summary>
    [Theory]
    [InlineData("var old = _kept; _kept = size == 0 ? Array.Empty<byte>() : ArrayPool<byte>.Shared.Rent(size); ArrayPool<byte>.Shared.Return(old);")]
    [InlineData("ArrayPool<byte>.Shared.Return(_kept); _kept = Array.Empty<byte>(); if (size > 0) _kept = ArrayPool<byte>.Shared.Rent(size);")]
    public Task ReplacedByNothing_IsSilent(string body) => TypeVerifier.File($$"""
        sealed class Holder
        {
            private byte[] _kept = Array.Empty<byte>();
            public void Resize(int size) { {{body}} }
        }
        """);

    /// <summary>The block of another type only tells where it is; who took it asks his own variable and gives it back.</summary>
    [Theory]
    [InlineData("Block", "if (p != IntPtr.Zero) { Marshal.FreeCoTaskMem(p); }")]
    [InlineData("Block", "if (IntPtr.Zero == p) Console.WriteLine(); else Marshal.FreeCoTaskMem(p);")]
    [InlineData("{|PIN1009:Block|}", "if (p != IntPtr.Zero) Console.WriteLine();")]
    public Task HandedOverInABlock_IsReleasedByWhoTookIt(string field, string release) => TypeVerifier.File($$"""
        class Caller
        {
            private static class Native { public class Data { public int Kind; public IntPtr {{field}}; } }
            [DllImport("native")] private static extern int verify(IntPtr data);

            int Verify()
            {
                IntPtr p = default;
                try
                {
                    p = Marshal.AllocCoTaskMem(8);
                    Native.Data data = new() { Kind = 1, Block = p };
                    return verify(p);
                }
                finally
                {
                    {{release}}
                }
            }
        }
        """);

    /// <summary>The field only shows it for a while.</summary>
    [Fact]
    public Task ReleasedByTheNameItHadBefore_IsSilent() => TypeVerifier.File("""
        sealed class Shows
        {
            private GCHandle _shown, {|PIN1009:_kept|};
            private Lease? _lent;
            public void Run(object o, Action work, Account account)
            {
                var handle = GCHandle.Alloc(o);
                _shown = handle;
                try { work(); } finally { _shown = default; handle.Free(); }
                using var lease = account.Lease(1);
                _lent = lease;
                work();
                _lent = null;
            }
            public bool Keep(object o)
            {
                var handle = GCHandle.Alloc(o);
                _kept = handle;
                if (o is string) { handle.Free(); return false; }
                return true;
            }
        }
        """);

    /// <summary>Who gets what a handle leads to has not got the handle.</summary>
    [Fact]
    public Task TargetThatIsHandedOut_IsNotTheHandle() => TypeVerifier.File("""
        sealed class Holder<T> : IDisposable where T : class
        {
            private GCHandle {|PIN1009:_handle|};
            public Holder(T target) => _handle = GCHandle.Alloc(target);
            public T? Get() => _handle.Target as T;
            public object? Find(bool any) { if (!any) return null; return _handle.Target; }
            public void Dispose() { }
        }
        """);

    /// <summary>What somebody else calls when an operation is over gives back what that has taken.</summary>
    [Fact]
    public Task ReleasedByACallback_IsSilent() => TypeVerifier.File("""
        sealed class Reader : IDisposable
        {
            private readonly System.IO.Stream _stream;
            private GCHandle _pinned, {|PIN1009:_kept|};
            public Reader(System.IO.Stream stream) => _stream = stream;
            public void Begin(byte[] data)
            {
                _kept = GCHandle.Alloc(data);
                _pinned = GCHandle.Alloc(data, GCHandleType.Pinned);
                _stream.BeginRead(data, 0, data.Length, OnRead, null);
            }
            private void OnRead(IAsyncResult result)
            {
                _stream.EndRead(result);
                _pinned.Free();
            }
            public void End() => _kept.Free();
            public void Dispose() => _stream.Dispose();
        }

        sealed class Watcher : IDisposable
        {
            private readonly Process _process;
            private GCHandle _state;
            public Watcher(Process process)
            {
                _process = process;
                process.Exited += (_, _) => _state.Free();
            }
            public void Begin(object o) => _state = GCHandle.Alloc(o);
            public void Dispose() => _process.Dispose();
        }
        """);

    /// <summary>An account is given back piece by piece.</summary>
    [Fact]
    public Task AccountReleasedAsItsUsersEnd_IsSilent() => TypeVerifier.File("""
        sealed class Cache : IDisposable
        {
            private readonly System.IO.Stream _stream;
            private readonly Account _account, {|PIN1009:_other|};
            private readonly Dictionary<int, long> _sizes = new();
            public Cache(Account account, System.IO.Stream stream)
            {
                _account = _other = account;
                _stream = stream;
            }
            public void Add(int key, long n)
            {
                _account.Charge(n);
                _other.Charge(1);
                _sizes[key] = n;
            }
            public void Evict(int key) { if (_sizes.Remove(key, out long n)) _account.Uncharge(n); }
            public void Dispose() => _stream.Dispose();
        }
        """);

    [CSharp14Fact]
    public Task ReleasedByAnExtensionBlock_IsToldByItsBody() => TypeVerifier.File("""
        static class Pointers
        {
            private static nint s_kept;

            extension(nint pointer)
            {
                public void Give() { if (pointer == 0) return; Marshal.FreeHGlobal(pointer); }
                public void Put() => s_kept = pointer;
                public void Look() => Console.WriteLine(pointer);
            }
        }

        class Gives : IDisposable { nint _p; void A(int n) { _p = Marshal.AllocHGlobal(n); } public void Dispose() { _p.Give(); } }
        class Puts : IDisposable { nint _p; void A(int n) { _p = Marshal.AllocHGlobal(n); } public void Dispose() { _p.Put(); } }
        class Looks : IDisposable { nint {|PIN1009:_p|}; void A(int n) { _p = Marshal.AllocHGlobal(n); } public void Dispose() { _p.Look(); } }
        """, TypeVerifier.Setup.NewestLanguage());

    /// <summary>Native code that gets the whole object gets what its fields hold.</summary>
    [Theory]
    [InlineData("[StructLayout(LayoutKind.Explicit)]", "class", "clear(this)")]
    [InlineData("[StructLayout(LayoutKind.Sequential)]", "class", "clear(this)")]
    [InlineData("", "struct", "clear(this)")]
    public Task WholeObjectGoesToNativeCode_IsSilent(string layout, string kind, string call) => TypeVerifier.File($$"""
        {{layout}}
        {{kind}} Variant : IDisposable
        {
            {{(layout.Contains("Explicit") ? "[FieldOffset(8)]" : "")}} private readonly nint _text;
            public Variant(string text) => _text = Marshal.StringToCoTaskMemUni(text);
            public void Dispose() => {{call}};
            [DllImport("x")] static extern void clear(Variant variant);
        }
        """);

    [Theory]
    [InlineData("", "clear(this)")]
    [InlineData("[StructLayout(LayoutKind.Sequential)]", "clear(new Variant(\"\"))")]
    [InlineData("[StructLayout(LayoutKind.Sequential)]", "GC.KeepAlive(this)")]
    [InlineData("[StructLayout(LayoutKind.Auto)]", "clear(this)")]
    public Task SomethingElseGoesToNativeCode_IsReported(string layout, string call) => TypeVerifier.File($$"""
        {{layout}}
        class Variant : IDisposable
        {
            private readonly nint {|PIN1009:_text|};
            public Variant(string text) => _text = Marshal.StringToCoTaskMemUni(text);
            public void Dispose() => {{call}};
            [DllImport("x")] static extern void clear(Variant variant);
        }
        """);

    /// <summary>A handle that was made invalid is not closed by the runtime any more: no reference to it holds anything back.</summary>
    [Theory]
    [InlineData("_file.SetHandleAsInvalid();", "_file")]
    [InlineData("Console.WriteLine(_file.IsClosed);", "{|PIN1009:_file|}")]
    public Task ReferenceToAHandleThatIsMadeInvalid(string statement, string field) => TypeVerifier.File($$"""
        class Capture : IDisposable
        {
            private readonly SafeHandle {{field}};
            public Capture(SafeHandle file) { bool taken = false; file.DangerousAddRef(ref taken); _file = file; }
            public void Dispose() { {{statement}} }
        }
        """);
}
