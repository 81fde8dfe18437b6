using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.Contract;
using Xunit;

namespace PinAnalyzers.Tests.Contract;

/// <summary>PIN4004 and its fix.</summary>
public sealed class HandleMustBeZeroTests
{
    [Theory]
    // Catalogue E3, as it was seen.
    [InlineData("void Twice() { nint ctx = 0; Native.Setup(128, ref ctx); Native.Setup(128, ref {|PIN4004:ctx|}); }")]
    [InlineData("void M() { nint ctx = -1; Native.Setup(128, ref {|PIN4004:ctx|}); }")]
    [InlineData("void M() { nint ctx = 0; Native.Make(ref ctx); Native.Use(ctx); Native.Make(ref {|PIN4004:ctx|}); }")]
    [InlineData("void M() { nint ctx = 0; for (int i = 0; i < 4; i++) Native.Make(ref {|PIN4004:ctx|}); }")]
    [InlineData("void M() { nint ctx = 0; if (Native.Setup(128, ref ctx) == 0) Native.Setup(128, ref {|PIN4004:ctx|}); }")]
    [InlineData("void M() { nint ctx = 0; if (!Native.TrySetup(128, ref ctx)) return; Native.TrySetup(1, ref {|PIN4004:ctx|}); }")]
    [InlineData("static nint Find() => 5; void M() { nint ctx = Find(); Native.Make(ref {|PIN4004:ctx|}); }")]
    [InlineData("void M(nint ctx) { Native.Make(ref {|PIN4004:ctx|}); }")]
    [InlineData("void Open() { Native.Make(ref {|PIN4004:_handle|}); }")]
    [InlineData("static nint s_handle; static void Open() { Native.Make(ref {|PIN4004:s_handle|}); }")]
    [InlineData("void M() { object? o = new object(); Native.Open(ref {|PIN4004:o|}); }")]
    [InlineData("void M() { Native.Adopt({|PIN4004:5|}); }")]
    [InlineData("void M(SafeHandle h) { bool ok = true; h.DangerousAddRef(ref {|PIN4004:ok|}); h.DangerousRelease(); }")]
    [InlineData("unsafe void M(SafeBuffer b) { byte* p = (byte*)8; b.AcquirePointer(ref {|PIN4004:p|}); b.ReleasePointer(); }")]
    [InlineData("void M(object o) { bool taken = true; Monitor.Enter(o, ref {|PIN4004:taken|}); Monitor.Exit(o); }")]
    public Task NotZero_IsReported(string members) => ContractVerifier.Members(members);

    [Fact]
    public Task FlagOfAnEarlierRound_IsReported() => ContractVerifier.Members("""
        void M(SafeHandle[] all)
        {
            bool ok = false;
            foreach (SafeHandle h in all)
            {
                h.DangerousAddRef(ref {|PIN4004:ok|});
                try { Native.Use(h.DangerousGetHandle()); }
                finally { h.DangerousRelease(); }
            }
        }
        """);

    [Theory]
    [InlineData("void M(object o) { bool taken = false; taken = true; Monitor.Enter(o, ref {|PIN4004:taken|}); }")]
    [InlineData("void M(object o, object p) { bool taken = false; Monitor.Enter(o, ref taken); Monitor.Enter(p, ref {|PIN4004:taken|}); }")]
    [InlineData("void M(object[] all) { bool taken = false; foreach (object o in all) Monitor.Enter(o, ref {|PIN4004:taken|}); }")]
    [InlineData("void M(object o, int n) { bool taken = false; again: Monitor.Enter(o, ref {|PIN4004:taken|}); if (n-- > 0) goto again; }")]
    [InlineData("void M(object o) { bool taken = false; { taken = !taken; } Monitor.Enter(o, ref {|PIN4004:taken|}); }")]
    [InlineData("void M(object o) { bool taken = true; if (o != null) { Monitor.Enter(o, ref {|PIN4004:taken|}); } }")]
    public Task FlagThatIsSet_IsReported(string members) => ContractVerifier.Members(members);

    [Theory]
    [InlineData("void Twice() { nint a = 0, b = 0; if (Native.Setup(128, ref a) == 0) Native.Setup(128, ref b); }")]
    [InlineData("void M() { nint ctx = default; Native.Make(ref ctx); }")]
    [InlineData("void M() { nint ctx = IntPtr.Zero; Native.Make(ref ctx); }")]
    [InlineData("void M() { for (int i = 0; i < 4; i++) { nint ctx = 0; Native.Make(ref ctx); } }")]
    [InlineData("void M() { nint ctx = 0; Native.Make(ref ctx); Native.Destroy(ref ctx); Native.Make(ref ctx); }")]
    [InlineData("void M() { nint ctx = 0; Native.Make(ref ctx); Native.io_destroy(ctx); Native.Make(ref ctx); }")]
    [InlineData("void M() { nint ctx = 0; Native.Make(ref ctx); Native.Use(ctx); ctx = 0; Native.Make(ref ctx); }")]
    [InlineData("void M() { nint ctx = 0; uint n = 128; while (Native.Setup(n, ref ctx) != 0) n /= 2; }")]
    [InlineData("void M() { nint ctx = 0; if (!Native.TrySetup(128, ref ctx)) Native.TrySetup(1, ref ctx); }")]
    [InlineData("void M() { nint ctx = 0; int r = Native.Setup(128, ref ctx); if (r != 0) r = Native.Setup(64, ref ctx); }")]
    [InlineData("bool Open(ref nint c) => Native.Setup(1, ref c) == 0;")]
    [InlineData("void M([MustBeZero] ref nint c) => Native.Make(ref c);")]
    [InlineData("void M([MustBeZero] nint c) => Native.Make(ref c);")]
    [InlineData("C() { Native.Make(ref _handle); }")]
    [InlineData("void M() { if (_handle != 0) throw new InvalidOperationException(); Native.Make(ref _handle); }")]
    [InlineData("void M() { _handle = 0; Native.Make(ref _handle); }")]
    [InlineData("void M(nint c) { if (c == 0) Native.Make(ref c); }")]
    [InlineData("void M() { nint[] all = new nint[4]; for (int i = 0; i < 4; i++) Native.Make(ref all[i]); }")]
    [InlineData("void M() { object? o = null; Native.Open(ref o); }")]
    [InlineData("void M(SafeHandle h) { bool ok = false; try { h.DangerousAddRef(ref ok); } finally { if (ok) h.DangerousRelease(); } }")]
    [InlineData("void M(SafeHandle[] all) { foreach (SafeHandle h in all) { bool ok = false; try { h.DangerousAddRef(ref ok); } finally { if (ok) h.DangerousRelease(); } } }")]
    [InlineData("unsafe void M(SafeBuffer b) { byte* p = null; try { b.AcquirePointer(ref p); } finally { if (p != null) b.ReleasePointer(); } }")]
    [InlineData("void M(object o) { bool taken = false; try { Monitor.Enter(o, ref taken); } finally { if (taken) Monitor.Exit(o); } }")]
    [InlineData("void M(object o) { bool taken = false; try { while (!taken) Monitor.TryEnter(o, 10, ref taken); } finally { if (taken) Monitor.Exit(o); } }")]
    [InlineData("void M() { Native.Adopt(0); }")]
    [InlineData("void M(object o) { lock (o) { Native.Adopt(0); } lock (_account) { Native.Adopt(0); } }")]
    public Task ZeroOrOthersDuty_IsSilent(string members) => ContractVerifier.Members(members);

    [Fact]
    public Task Fix_ClearsFirst() => ContractVerifier.Fix<ClearFirstFixer>(
        """
            void A()
            {
                nint ctx = -1; // none yet
                Native.Make(ref {|PIN4004:ctx|});
            }

            void B(SafeHandle h)
            {
                bool ok = true;
                // keeps it alive
                h.DangerousAddRef(ref {|PIN4004:ok|});
                h.DangerousRelease();
            }
        """,
        """
            void A()
            {
                nint ctx = -1; // none yet
                ctx = default;
                Native.Make(ref ctx);
            }

            void B(SafeHandle h)
            {
                bool ok = true;
                // keeps it alive
                ok = default;
                h.DangerousAddRef(ref ok);
                h.DangerousRelease();
            }
        """);

    [Theory]
    // A live handle would be lost, not saved.
    [InlineData("void M() { nint ctx = 0; Native.Make(ref ctx); Native.Make(ref {|PIN4004:ctx|}); }")]
    [InlineData("void M() { Native.Make(ref {|PIN4004:_handle|}); }")]
    [InlineData("void M(bool b) { nint ctx = 5; if (b) Native.Make(ref {|PIN4004:ctx|}); }")]
    // What the call before has taken is released where the flag is asked.
    [InlineData("void M(SafeHandle a, SafeHandle b) { bool ok = false; try { a.DangerousAddRef(ref ok); b.DangerousAddRef(ref {|PIN4004:ok|}); } finally { if (ok) { b.DangerousRelease(); a.DangerousRelease(); } } }")]
    [InlineData("void M(SafeHandle[] all) { bool ok = false; try { foreach (SafeHandle h in all) h.DangerousAddRef(ref {|PIN4004:ok|}); } finally { if (ok) foreach (SafeHandle h in all) h.DangerousRelease(); } }")]
    public Task NoFix_WhereSomethingIsLost(string members) => ContractVerifier.NoFix<ClearFirstFixer>(members);
}
