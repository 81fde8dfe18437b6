using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Balance.Types;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.Types.ImplementReleaseFixer>;

namespace PinAnalyzers.Tests.Fixes.Types;

/// <summary>The fix of PIN1009: <c>Dispose</c> created or completed.</summary>
public sealed class ImplementReleaseFixerTests
{
    private const string Start = "using System;\nusing System.Collections.Generic;\nusing System.Runtime.InteropServices;\n\n";

    private static Task Fix(string before, string after) => Verify.CodeFix(Start + before, Start + after, TestSetup.Annotated);

    [Fact]
    public Task EmptyDispose_IsCompleted() => Fix("""
        sealed class Holder : IDisposable
        {
            private GCHandle {|PIN1009:_handle|};

            public void Open(object o) => _handle = GCHandle.Alloc(o);

            public void Dispose()
            {
                GC.SuppressFinalize(this);
            }
        }
        """, """
        sealed class Holder : IDisposable
        {
            private GCHandle _handle;

            public void Open(object o) => _handle = GCHandle.Alloc(o);

            public void Dispose()
            {
                if (_handle.IsAllocated) _handle.Free();
                GC.SuppressFinalize(this);
            }
        }
        """);

    [Fact]
    public Task ArrowDispose_GetsABody() => Fix("""
        sealed class Holder : IDisposable
        {
            private nint _first = Marshal.AllocHGlobal(8), {|PIN1009:_second|} = Marshal.AllocHGlobal(8);

            // Ends both.
            public void Dispose() => Marshal.FreeHGlobal(_first);
        }
        """, """
        sealed class Holder : IDisposable
        {
            private nint _first = Marshal.AllocHGlobal(8), _second = Marshal.AllocHGlobal(8);

            // Ends both.
            public void Dispose()
            {
                Marshal.FreeHGlobal(_first);
                Marshal.FreeHGlobal(_second);
                _second = default;
            }
        }
        """);

    [Fact]
    public Task SealedType_BecomesDisposable() => Fix("""
        sealed class Holder
        {
            private GCHandle {|PIN1009:_handle|};

            public void Open(object o) => _handle = GCHandle.Alloc(o);
        }
        """, """
        sealed class Holder : IDisposable
        {
            private GCHandle _handle;

            public void Open(object o) => _handle = GCHandle.Alloc(o);

            public void Dispose()
            {
                if (_handle.IsAllocated) _handle.Free();
            }
        }
        """);

    [Fact]
    public Task ParametersAndConstraints_StayWhereTheyAre() => Fix("""
        sealed record Holder<T>(T Value) where T : class // keeps one
        {
            private GCHandle {|PIN1009:_handle|};

            public void Open(object o) => _handle = GCHandle.Alloc(o);
        }
        """, """
        sealed record Holder<T>(T Value) : IDisposable where T : class // keeps one
        {
            private GCHandle _handle;

            public void Open(object o) => _handle = GCHandle.Alloc(o);

            public void Dispose()
            {
                if (_handle.IsAllocated) _handle.Free();
            }
        }
        """);

    [Fact]
    public Task OpenType_GetsThePattern() => Fix("""
        class Holder
        {
            private GCHandle {|PIN1009:_handle|};

            public void Open(object o) => _handle = GCHandle.Alloc(o);
        }
        """, """
        class Holder : IDisposable
        {
            private GCHandle _handle;

            public void Open(object o) => _handle = GCHandle.Alloc(o);

            public void Dispose()
            {
                Dispose(disposing: true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (_handle.IsAllocated) _handle.Free();
            }
        }
        """);

    [Fact]
    public Task BaseDisposeBool_IsOverridden() => Fix("""
        class Base : IDisposable
        {
            public void Dispose() => Dispose(true);
            protected virtual void Dispose(bool disposing) { }
        }

        class Holder : Base
        {
            private readonly List<GCHandle> {|PIN1009:_handles|} = new();

            public void Add(object o) => _handles.Add(GCHandle.Alloc(o));
        }
        """, """
        class Base : IDisposable
        {
            public void Dispose() => Dispose(true);
            protected virtual void Dispose(bool disposing) { }
        }

        class Holder : Base
        {
            private readonly List<GCHandle> _handles = new();

            public void Add(object o) => _handles.Add(GCHandle.Alloc(o));

            protected override void Dispose(bool disposing)
            {
                if (disposing)
                {
                    foreach (var item in _handles) if (item.IsAllocated) item.Free();
                    _handles.Clear();
                }
                base.Dispose(disposing);
            }
        }
        """);

    [Fact]
    public Task OwnDisposeBool_IsCompleted() => Fix("""
        class Holder : IDisposable
        {
            private bool _disposed;
            private nint {|PIN1009:_block|};

            public void Open() => _block = Marshal.AllocHGlobal(4);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (_disposed) return;
                _disposed = true;
            }
        }
        """, """
        class Holder : IDisposable
        {
            private bool _disposed;
            private nint _block;

            public void Open() => _block = Marshal.AllocHGlobal(4);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (_disposed) return;
                _disposed = true;
                Marshal.FreeHGlobal(_block);
                _block = default;
            }
        }
        """);

    [Fact]
    public Task SeveralFields_EndInOneDispose() => Fix("""
        sealed class Holder
        {
            private GCHandle {|PIN1009:_first|}, {|PIN1009:_second|};

            public void Open(object o)
            {
                _first = GCHandle.Alloc(o);
                _second = GCHandle.Alloc(o);
            }
        }
        """, """
        sealed class Holder : IDisposable
        {
            private GCHandle _first, _second;

            public void Open(object o)
            {
                _first = GCHandle.Alloc(o);
                _second = GCHandle.Alloc(o);
            }

            public void Dispose()
            {
                if (_first.IsAllocated) _first.Free();
                if (_second.IsAllocated) _second.Free();
            }
        }
        """);

    [Fact]
    public async Task DisposeInAnotherPart_IsCompletedThere()
    {
        const string Part = "using System;\n\npartial class Holder : IDisposable\n{\n    public void Dispose()\n    {\n    }\n}\n";
        const string Completed = "using System;\n\npartial class Holder : IDisposable\n{\n    public void Dispose()\n    {\n        if (_handle.IsAllocated) _handle.Free();\n    }\n}\n";
        const string Field = "partial class Holder\n{\n    private GCHandle {|PIN1009:_handle|};\n\n    public void Open(object o) => _handle = GCHandle.Alloc(o);\n}\n";
        var test = Verify.Create(Start + Field, Start + Field.Replace("{|PIN1009:_handle|}", "_handle", System.StringComparison.Ordinal));
        test.TestState.Sources.Add(("/0/Part.cs", Part));
        test.FixedState.Sources.Add(("/0/Part.cs", Completed));
        await test.RunAsync(CancellationToken.None);
    }

    [Fact]
    public Task WhatIsNotCertain_HasNoFix() => Verify.NoFix(Start + """
        sealed class ReadOnly : IDisposable
        {
            private readonly nint {|PIN1009:_block|} = Marshal.AllocHGlobal(8);
            public void Dispose() { }
        }

        // Freed would be a copy, and the next Dispose would free it again.
        sealed class ReadOnlyStruct : IDisposable
        {
            private readonly GCHandle {|PIN1009:_handle|};
            private readonly System.Buffers.MemoryHandle {|PIN1009:_memory|};
            public ReadOnlyStruct(object o, Memory<byte> memory) => (_handle, _memory) = (GCHandle.Alloc(o), memory.Pin());
            public void Dispose() { }
        }

        sealed class ReadOnlyProperty : IDisposable
        {
            private GCHandle {|PIN1009:Handle|} { get; } = GCHandle.Alloc(new object());
            private System.Buffers.MemoryHandle {|PIN1009:Pinned|} { get; set; }
            public void Open(Memory<byte> memory) => Pinned = memory.Pin();
            public void Dispose() { }
        }

        sealed class LeavesEarly : IDisposable
        {
            private GCHandle {|PIN1009:_handle|};
            private int _state;
            public void Open(object o) => _handle = GCHandle.Alloc(o);
            public void Dispose()
            {
                if (_state == 3) return;
                _state = 3;
            }
        }

        sealed class Gate
        {
            private readonly object {|PIN1009:_gate|} = new();
            public void Enter() => System.Threading.Monitor.Enter(_gate);
        }

        class Base : IDisposable { public void Dispose() { } }

        sealed class Hides : Base
        {
            private GCHandle {|PIN1009:_handle|};
            public void Open(object o) => _handle = GCHandle.Alloc(o);
        }
        """, TestSetup.Annotated);

    /// <summary>A property gives out a copy: what it still has after that would be freed twice.</summary>
    [Fact]
    public Task StructInAProperty_IsForgotten() => Fix("""
        sealed class Holder : IDisposable
        {
            private GCHandle {|PIN1009:Handle|} { get; set; }

            public void Open(object o) => Handle = GCHandle.Alloc(o);

            public void Dispose()
            {
            }
        }
        """, """
        sealed class Holder : IDisposable
        {
            private GCHandle Handle { get; set; }

            public void Open(object o) => Handle = GCHandle.Alloc(o);

            public void Dispose()
            {
                if (Handle.IsAllocated)
                {
                    Handle.Free();
                    Handle = default;
                }
            }
        }
        """);

    /// <summary>What is forgotten first cannot be released after.</summary>
    [Fact]
    public Task FieldsThatDisposeClears_AreReleasedBefore() => Fix("""
        sealed class Holder : IDisposable
        {
            private readonly List<GCHandle> {|PIN1009:_held|} = new();
            private readonly nint[] {|PIN1009:_pages|} = new nint[4];
            private nint {|PIN1009:_block|};

            public void Open(object o)
            {
                _held.Add(GCHandle.Alloc(o));
                _pages[0] = Marshal.AllocHGlobal(8);
                _block = Marshal.AllocHGlobal(8);
            }

            public void Dispose()
            {
                // Nothing is held any more.
                _held.Clear();

                Array.Clear(_pages, 0, 4);
                if (_block != 0) this._block = 0;
                GC.SuppressFinalize(this);
            }
        }
        """, """
        sealed class Holder : IDisposable
        {
            private readonly List<GCHandle> _held = new();
            private readonly nint[] _pages = new nint[4];
            private nint _block;

            public void Open(object o)
            {
                _held.Add(GCHandle.Alloc(o));
                _pages[0] = Marshal.AllocHGlobal(8);
                _block = Marshal.AllocHGlobal(8);
            }

            public void Dispose()
            {
                foreach (var item in _held) if (item.IsAllocated) item.Free();
                // Nothing is held any more.
                _held.Clear();

                foreach (var item in _pages) Marshal.FreeHGlobal(item);
                Array.Clear(_pages, 0, 4);
                Marshal.FreeHGlobal(_block);
                _block = default;
                if (_block != 0) this._block = 0;
                GC.SuppressFinalize(this);
            }
        }
        """);
}
