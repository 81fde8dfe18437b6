using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.ReleaseBeforeQueueingFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class ReleaseBeforeQueueingFixerTests
{
    private const string Account = """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using PinAccounting.Annotations;

        class Account
        {
            [Charge("pages", ReleasedBy = nameof(Uncharge))]
            public void Charge([ChargeAmount] long n) { }

            [Release("pages")]
            public void Uncharge([ChargeAmount] long n) { }
        }

        class Handle
        {
            public long Pages => 4;
            public void Free() { }
        }

        """;

    [Fact]
    public Task Release_MovesBeforeTheQueueingCall() => Verify.CodeFix(
        Account + """
        class C
        {
            private readonly Account _owner = new();

            void Close(Handle h)
            {
                // physically later
                _ = Task.Run(() => { h.Free(); {|#0:_owner.Uncharge(h.Pages)|}; });
            }

            void Queue(Handle h)
            {
                ThreadPool.QueueUserWorkItem(_ =>
                {
                    {|#1:_owner.Uncharge(h.Pages)|};
                    h.Free();
                });
            }
        }
        """,
        Account + """
        class C
        {
            private readonly Account _owner = new();

            void Close(Handle h)
            {
                // physically later
                _owner.Uncharge(h.Pages);
                _ = Task.Run(() => { h.Free(); });
            }

            void Queue(Handle h)
            {
                _owner.Uncharge(h.Pages);
                ThreadPool.QueueUserWorkItem(_ =>
                {
                    h.Free();
                });
            }
        }
        """,
        TestSetup.Annotated, null, Info(0), Info(1));

    [Fact]
    public Task WhatOnlyTheDelegateKnows_StaysThere() => Verify.NoFix(
        Account + """
        class C
        {
            private readonly Account _owner = new();

            void Own(Handle h) => Task.Run(() =>
            {
                long pages = h.Pages;
                {|#0:_owner.Uncharge(pages)|};
            });

            void Computed(Handle h)
            {
                Task.Run(() => { h.Free(); {|#1:_owner.Uncharge(Size(h))|}; });
            }

            void Charged(Handle h)
            {
                Task.Run(() => { h.Free(); {|PIN1010:_owner.Charge(4)|}; });
            }

            static long Size(Handle h) => h.Pages;
        }
        """,
        TestSetup.Annotated, Info(0), Info(1));

    /// <summary>Moved, it would run where it did not, or before what still needs it.</summary>
    [Fact]
    public Task WhatTheDelegateDecidesOrStillUses_StaysThere() => Verify.NoFix(
        Account + """
        static class Pages
        {
            [Charge("page", ReleasedBy = nameof(Unpin))]
            [return: ChargeToken]
            public static nint Pin(nint address) => address;

            [Release("page")]
            public static void Unpin([ChargeToken] nint page) { }
        }

        class C
        {
            private readonly Account _owner = new();
            private bool _isKept;
            private long _size;

            void Decided(Handle h)
            {
                Task.Run(() => { if (_isKept) return; h.Free(); {|#0:_owner.Uncharge(4)|}; });
            }

            void Used(nint page)
            {
                Task.Run(() => { System.Runtime.InteropServices.Marshal.WriteByte(page, 0); {|#1:Pages.Unpin(page)|}; });
            }

            void Known(Handle h)
            {
                Task.Run(() => { _size = h.Pages; {|#2:_owner.Uncharge(this._size)|}; });
            }
        }
        """,
        TestSetup.Annotated, Info(0), Info(1), Info(2));

    private static DiagnosticResult Info(int location) => new DiagnosticResult("PIN1010", DiagnosticSeverity.Info).WithLocation(location).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations);

    [Fact]
    public Task NothingElseQueued_IsNotQueued() => Verify.CodeFix(
        Account + """
        class C
        {
            private readonly Account _owner = new();

            void Close(long n)
            {
                // physically later
                _ = Task.Run(() => {|#0:_owner.Uncharge(n)|}); // sometime
            }

            void Queue(long n) => ThreadPool.QueueUserWorkItem(_ => {|#1:_owner.Uncharge(n)|});
        }
        """,
        Account + """
        class C
        {
            private readonly Account _owner = new();

            void Close(long n)
            {
                // physically later
                _owner.Uncharge(n); // sometime
            }

            void Queue(long n) => _owner.Uncharge(n);
        }
        """,
        TestSetup.Annotated, null, Info(0), Info(1));

    [Fact]
    public Task QueueingThatDoesMore_StaysThere() => Verify.NoFix(
        Account + """
        class C
        {
            private readonly Account _owner = new();
            private Timer? _timer;

            void After(Func<Task> start, long n) => start().ContinueWith(_ => {|#0:_owner.Uncharge(n)|});

            void Timed(long n) => _timer = new Timer(_ => {|#1:_owner.Uncharge(n)|}, null, 1, 1);

            bool Answered(long n) => ThreadPool.QueueUserWorkItem(_ => {|#2:_owner.Uncharge(n)|});
        }
        """,
        TestSetup.Annotated, Info(0), Info(1), Info(2));
}
