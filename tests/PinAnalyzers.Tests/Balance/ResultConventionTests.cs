using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>One signal, several ways of asking for it: what zero on success leaves open the test settles.</summary>
public sealed class ResultConventionTests
{
    private const string Pairs = """
            [DllImport("libc", SetLastError = true)] static extern int mlock(nint address, nuint length);
            [DllImport("libc")] static extern int munlock(nint address, nuint length);
            [DllImport("libc")] static extern nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);
            [DllImport("libc")] static extern int munmap(nint address, nuint length);

            [Charge("slot", SucceedsWhen = SucceedsWhen.Zero, ReleasedBy = nameof(Put))] static int Get() => 0;
            [Release("slot")] static void Put() { }
            [Charge("count", SucceedsWhen = SucceedsWhen.NonNegative, ReleasedBy = nameof(PutCount))] static int GetCount() => 0;
            [Release("count")] static void PutCount() { }
            [Charge("id", SucceedsWhen = SucceedsWhen.NotMinusOne, ReleasedBy = nameof(PutId))] static int GetId() => 0;
            [Release("id")] static void PutId() { }
            static readonly int[] s_slots = new int[4];
        """;

    [Theory]
    [InlineData("if (mlock(p, n) < 0) return; munlock(p, n);")]
    [InlineData("if (0 > mlock(p, n)) return; munlock(p, n);")]
    [InlineData("if (mlock(p, n) == -1) throw new IOException(); munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (r == -1) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (r != -1) munlock(p, n);")]
    [InlineData("if (mlock(p, n) >= 0) munlock(p, n);")]
    [InlineData("if (mlock(p, n) > -1) munlock(p, n);")]
    [InlineData("if (mlock(p, n) is -1) return; munlock(p, n);")]
    [InlineData("if (mlock(p, n) is not < 0) munlock(p, n);")]
    [InlineData("if (mlock(p, n) != 0) return; munlock(p, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if (a == -1) return; munmap(a, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if (a < 0) return; munmap(a, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if ({|PIN4012:a == 0|}) return; munmap(a, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if ({|PIN4012:a != IntPtr.Zero|}) munmap(a, n);")]
    [InlineData("if (Get() < 0) return; Put();")]
    [InlineData("int r; if ((r = Get()) < 0) return; Put();")]
    [InlineData("int r = Get(); if (r > 0) return; Put();")]
    [InlineData("int r = Get(); if (r is -1) return; Put();")]
    [InlineData("if (GetCount() == -1) return; PutCount();")]
    [InlineData("if (GetCount() < 0) return; PutCount();")]
    [InlineData("if (GetId() < 0) return; PutId();")]
    [InlineData("if (GetId() >= 0) PutId();")]
    [InlineData("int r = GetCount(); if ((uint)r > int.MaxValue) return; PutCount();")]
    [InlineData("int r = GetCount(); if ((uint)r <= int.MaxValue) PutCount();")]
    [InlineData("if ((uint)GetCount() >= 0x8000_0000) return; PutCount();")]
    [InlineData("int r = GetCount(); if ((uint)r >= 0xFFFF_F001u) return; if (r < 0) return; PutCount();")]
    [InlineData("int r = GetCount(); if ((ulong)r > long.MaxValue) return; PutCount();")]
    [InlineData("int r = GetId(); if ((uint)r == uint.MaxValue) return; PutId();")]
    [InlineData("int r = GetCount(); if ((uint)r is > int.MaxValue) return; PutCount();")]
    [InlineData("if ((uint)GetCount() is <= int.MaxValue) PutCount();")]
    [InlineData("int r = GetId(); if ((uint)r is uint.MaxValue) return; PutId();")]
    [InlineData("uint r = (uint)GetCount(); if (r > int.MaxValue) return; PutCount();")]
    [InlineData("uint r = (uint)GetCount(); if (r is > int.MaxValue) return; PutCount();")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if ((nuint)a >= nuint.MaxValue) return; munmap(a, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if ((ulong)a > unchecked((ulong)-4096L)) return; munmap(a, n);")]
    public Task FailureThatIsAskedFor_IsTheOnlyOne(string body) => Verify.File($$"""
        using PinAccounting.Annotations;

        class C
        {
        {{Pairs}}
            void M(nint p, nuint n) { {{body}} }
        }
        """);

    [Theory]
    [InlineData("if (mlock(p, n) < 0) {|PIN1004:munlock(p, n)|};")]
    [InlineData("int r = mlock(p, n); if (r == -1) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("int r = {|PIN1001:mlock(p, n)|}; if (r < 0 || p == 3) return; munlock(p, n);")]
    [InlineData("int r = {|PIN1001:Get()|}; if (r == -1) return; if (p == 3) return; Put();")]
    [InlineData("int r = Get(); Calls.Quiet(); {|PIN1004:Put()|};")]
    [InlineData("if ({|PIN1001:GetId()|} == 0) return; {|PIN1004:PutId()|};")]
    [InlineData("int r = {|PIN1001:GetCount()|}; if ((uint)r >= (uint)s_slots.Length) return; PutCount();")]
    [InlineData("int r = {|PIN1001:GetCount()|}; if ((uint)r > 1000) return; PutCount();")]
    [InlineData("uint r = (uint){|PIN1001:GetCount()|}; if (r is > 1000) return; PutCount();")]
    [InlineData("uint r = (uint){|PIN1001:GetCount()|}; if (r > int.MaxValue || p == 3) return; PutCount();")]
    public Task FailureThatIsAskedFor_IsStillOne(string body) => Verify.File($$"""
        using PinAccounting.Annotations;

        class C
        {
        {{Pairs}}
            void M(nint p, nuint n) { {{body}} }
        }
        """);

    /// <summary>How the question is written, and through how many hands the result goes before, makes no difference.</summary>
    [Theory]
    [InlineData("int r = mlock(p, n); int e = r; if (e < 0) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); int e; e = r; int f = e; if (f != -1) munlock(p, n);")]
    [InlineData("const int Failed = -1; int r = mlock(p, n); if (r == Failed) return; munlock(p, n);")]
    [InlineData("if (mlock(p, n) == Bad) return; munlock(p, n);")]
    [InlineData("if (mlock(p, n) == (int)Answer.Refused) return; munlock(p, n);")]
    [InlineData("var r = (Answer)mlock(p, n); if (r == Answer.Refused) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (r.Equals(-1)) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if ((-1).Equals(r)) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (r.CompareTo(0) < 0) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); switch (r) { case -1: return; } munlock(p, n);")]
    [InlineData("switch (mlock(p, n)) { case < 0: throw new IOException(); default: munlock(p, n); break; }")]
    [InlineData("int r = mlock(p, n); bool ok = r switch { -1 => false, _ => true }; if (ok) munlock(p, n);")]
    [InlineData("int r = mlock(p, n); bool ok = r switch { < 0 => false, _ => true }; if (!ok) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); bool ok = r >= 0; if (!ok) return; munlock(p, n);")]
    [InlineData("bool failed = mlock(p, n) < 0; if (failed) return; munlock(p, n);")]
    [InlineData("bool ok = !(mlock(p, n) is -1); if (ok) munlock(p, n);")]
    [InlineData("_last = mlock(p, n); if (_last < 0) return; munlock(p, n);")]
    [InlineData("s_last = mlock(p, n); if (s_last == -1) return; munlock(p, n);")]
    [InlineData("var t = (mlock(p, n), 3); if (t.Item1 < 0) return; munlock(p, n);")]
    [InlineData("var t = (result: mlock(p, n), code: 3); if (t.result == -1) return; munlock(p, n);")]
    [InlineData("(int r, int x) = (mlock(p, n), 3); if (r < 0) return; munlock(p, n);")]
    [InlineData("if (Math.Sign(mlock(p, n)) < 0) return; munlock(p, n);")]
    [InlineData("if (Math.Sign(mlock(p, n)) == -1) return; munlock(p, n);")]
    [InlineData("if (mlock(p, n) is var r && r < 0) return; munlock(p, n);")]
    [InlineData("if (mlock(p, n) is var r and not -1) munlock(p, n);")]
    [InlineData("if (mlock(p, n) is int r and >= 0) munlock(p, n);")]
    [InlineData("if ((long)mlock(p, n) < 0L) return; munlock(p, n);")]
    [InlineData("int error = -mlock(p, n); if (error > 0) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (r < 0 | r == -7) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); int e = r < 0 ? Marshal.GetLastWin32Error() : 0; if (e != 0) return; munlock(p, n);")]
    [InlineData("int r; while ((r = mlock(p, n)) < 0) { if (n == 0) return; } munlock(p, n);")]
    [InlineData("int r; do { r = mlock(p, n); } while (r == -1); munlock(p, n);")]
    [InlineData("int r = mlock(p, n); try { if (r < 0) return; } finally { if (r >= 0) munlock(p, n); }")]
    [InlineData("int r = mlock(p, n); Check(r); munlock(p, n);")]
    [InlineData("Check(mlock(p, n)); munlock(p, n);")]
    [InlineData("int r = Same(mlock(p, n)); if (r < 0) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); int e = Same(Logged(r)); if (e != 0) return; munlock(p, n);")]
    [InlineData("if (Same(GetCount()) == -1) return; PutCount();")]
    [InlineData("int r = Checked(mlock(p, n)); Calls.Quiet(); munlock(p, n);")]
    [InlineData("if (IsError(mlock(p, n))) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (!Succeeded(r)) return; munlock(p, n);")]
    [InlineData("Marshal.ThrowExceptionForHR(mlock(p, n)); munlock(p, n);")]
    [InlineData("int r = mlock(p, n); ArgumentOutOfRangeException.ThrowIfNegative(r); munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (r + 1 == 0) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (Math.Abs(r) == 1) return; munlock(p, n);")]
    [InlineData("short r = (short)mlock(p, n); if (r < 0) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); Ensure(r >= 0); munlock(p, n); static void Ensure(bool holds) { if (!holds) throw new IOException(); }")]
    [InlineData("Ensure(mlock(p, n) >= 0); munlock(p, n); static void Ensure([DoesNotReturnIf(false)] bool holds) { if (!holds) throw new IOException(); }")]
    [InlineData("int r = Right(mlock(p, n), \"no\"); munlock(p, n); static int Right(int r, string what) => r < 0 ? throw new IOException(what) : r;")]
    [InlineData("int r = mlock(p, n); bool? ok = r < 0 ? false : true; if (ok != true) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); int? e = r; if (e < 0) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); string? error = r < 0 ? \"no\" : null; if (error != null) throw new IOException(error); munlock(p, n);")]
    [InlineData("int r; int tries = 0; do { r = mlock(p, n); } while (r < 0 && tries++ < 3); if (r < 0) return; munlock(p, n);")]
    [InlineData("for (int i = 0; i < 3; i++) { int r = mlock(p, n); if (r == -1) continue; Calls.Quiet(); munlock(p, n); }")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if (a == MapFailed) return; munmap(a, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if (a == new IntPtr(-1)) return; munmap(a, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); nint b = a; if (b == (nint)(-1)) return; munmap(b, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); nint b = a; if ({|PIN4012:b == 0|}) return; munmap(a, n);")]
    [InlineData("int got = GetCount(); int all = got; if (all == -1) return; PutCount();")]
    [InlineData("int id = GetId(); int same = id; if (same < 0) return; PutId();")]
    [InlineData("bool ok = GetId() >= 0; if (ok) PutId();")]
    [InlineData("int r = mlock(p, n); if (~r == 0) return; munlock(p, n);")]
    [InlineData("if (unchecked((uint)mlock(p, n)) == uint.MaxValue) return; munlock(p, n);")]
    [InlineData("uint r = unchecked((uint)mlock(p, n)); if (r != uint.MaxValue) munlock(p, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if ((ulong)a == ulong.MaxValue) return; munmap(a, n);")]
    [InlineData("int r = mlock(p, n); if (Is(r, Bad)) return; munlock(p, n);")]
    [InlineData("if (!Is(mlock(p, n), 0)) return; munlock(p, n);")]
    [InlineData("var a = new { Code = mlock(p, n), Tries = 3 }; if (a.Code < 0) return; munlock(p, n);")]
    [InlineData("var t = (Code: mlock(p, n), Tries: 3); if (t is (-1, _)) return; munlock(p, n);")]
    [InlineData("if ((mlock(p, n), 3) is ( < 0, _)) return; munlock(p, n);")]
    [InlineData("if (IsLost(mlock(p, n))) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (!IsFine(r)) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); Demand(r); munlock(p, n);")]
    [InlineData("int r = mlock(p, n); Demand(r == 0); munlock(p, n);")]
    [InlineData("int r = mlock(p, n); Refuse(r); munlock(p, n);")]
    [InlineData("int r = Noted(mlock(p, n)); if (r < 0) return; munlock(p, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if ((nuint)a == nuint.MaxValue) return; munmap(a, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if ((UIntPtr)a == UIntPtr.MaxValue) return; munmap(a, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if (a == NotMapped) return; munmap(a, n);")]
    public Task FailureThatIsAskedForInOtherWords_IsTheOnlyOne(string body) => Verify.File(Program(body));

    [Theory]
    [InlineData("int r = mlock(p, n); int e = r; if (e < 0) {|PIN1004:munlock(p, n)|};")]
    [InlineData("int r = mlock(p, n); bool ok = r >= 0; if (!ok) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("int r = {|PIN1001:mlock(p, n)|}; switch (r) { case -1: return; } if (p == 3) return; munlock(p, n);")]
    [InlineData("int r = {|PIN1001:mlock(p, n)|}; if (r.Equals(-1) || p == 3) return; munlock(p, n);")]
    [InlineData("_last = mlock(p, n); if (_last == -1) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("var t = (mlock(p, n), 3); if (t.Item1 < 0) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("if (Math.Sign(mlock(p, n)) < 0) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("int r = {|PIN1001:mlock(p, n)|}; Check(r); if (p == 3) return; munlock(p, n);")]
    [InlineData("if (IsError(mlock(p, n))) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("int r = Same(mlock(p, n)); if (r < 0) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("int r = {|PIN1001:mlock(p, n)|}; if (Logged(r) < 0 || p == 3) return; munlock(p, n);")]
    [InlineData("int other = (int)p; int r = mlock(p, n); if (other < 0) Calls.Quiet(); {|PIN1004:munlock(p, n)|};")]
    [InlineData("int r = Get(); if (r == 11) Calls.Quiet(); {|PIN1004:Put()|};")]
    [InlineData("int r = Get(); Log(r); {|PIN1004:Put()|};")]
    [InlineData("int r = Get(); if (r > 0) {|PIN1004:Put()|}; else Put();")]
    [InlineData("int r = mlock(p, n); if (~r == 0) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("int r = {|PIN1001:mlock(p, n)|}; if (Is(r, Bad) || p == 3) return; munlock(p, n);")]
    [InlineData("var a = new { Code = mlock(p, n), Tries = 3 }; if (a.Code < 0) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("var t = (Code: mlock(p, n), Tries: 3); if (t is (-1, _)) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("if (IsLost(mlock(p, n))) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("int r = {|PIN1001:mlock(p, n)|}; Demand(r); if (p == 3) return; munlock(p, n);")]
    [InlineData("nint a = {|PIN1001:mmap(0, n, 1, 2, 3, 0)|}; if ((nuint)a == nuint.MaxValue || n == 3) return; munmap(a, n);")]
    [InlineData("int r = {|PIN1002i:mlock(p, n)|}; Console.WriteLine(\"{0} {1}\", r, n); {|PIN1004:munlock(p, n)|};")]
    public Task QuestionAboutSomethingElse_SettlesNothing(string body) => Verify.File(Program(body));

    /// <summary>What is put where nobody can follow it may be asked for there.</summary>
    [Theory]
    [InlineData("int[] a = new int[1]; a[0] = mlock(p, n); if (a[0] < 0) return; munlock(p, n);")]
    [InlineData("int[] a = { mlock(p, n) }; if (a[0] < 0) return; munlock(p, n);")]
    [InlineData("Span<int> a = stackalloc int[1]; a[0] = mlock(p, n); if (a[0] < 0) return; munlock(p, n);")]
    [InlineData("List<int> a = new() { mlock(p, n) }; if (a[0] < 0) return; munlock(p, n);")]
    [InlineData("var t = Tuple.Create(mlock(p, n), 3); if (t.Item1 < 0) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (new[] { -1, -2 }.Contains(r)) return; munlock(p, n);")]
    public Task ResultThatIsOutOfSight_IsNotJudged(string body) => Verify.File(Program(body));

    /// <summary>What a source method makes of the result may tell, and what it tells only its author knows.</summary>
    [Theory]
    [InlineData("if (Describe(mlock(p, n)) is { } text) throw new IOException(text); munlock(p, n); static string? Describe(int r) => r < 0 ? \"no\" : null;")]
    [InlineData("if (To(mlock(p, n)) != Answer.Fine) return; munlock(p, n); static Answer To(int r) => r < 0 ? Answer.Refused : Answer.Fine;")]
    [InlineData("int r = mlock(p, n); Explain(r, out var text); if (text != null) return; munlock(p, n); static bool Explain(int r, out string? text) { text = r < 0 ? \"no\" : null; return r >= 0; }")]
    [InlineData("int r = mlock(p, n); if (!Tolerates(r)) return; munlock(p, n); bool Tolerates(int r) => r >= 0 || r == _last;")]
    [InlineData("int r = mlock(p, n); bool Ok() => r >= 0; if (!Ok()) return; munlock(p, n);")]
    [InlineData("_last = mlock(p, n); if (LastFailed()) return; munlock(p, n);")]
    [InlineData("int r = GetId(); if (int.IsNegative(r)) return; PutId();")]
    [InlineData("int r = GetId(); if (r >> 31 != 0) return; PutId();")]
    [InlineData("int r = GetId(); if (Math.Min(r, 0) != 0) return; PutId();")]
    [InlineData("short r = (short)GetId(); if (r < 0) return; PutId();")]
    [InlineData("var r = new Box(GetId()); if (r.Bad) return; PutId();")]
    [InlineData("int r = GetId(); string text = r.ToString(); if (text.Length > 3) return; PutId();")]
    public Task ResultThatACalleeTranslates_IsNotJudged(string body) => Verify.File(Program(body));

    /// <summary>A yes or no is looked at by others, too.</summary>
    [Theory]
    [InlineData("bool ok = _owner.TryCharge(n); if (!Logged(ok, \"x\")) return; _owner.Uncharge(n);")]
    [InlineData("bool ok = _owner.TryCharge(n); if (Failed(ok)) return; _owner.Uncharge(n);")]
    [InlineData("bool ok = _owner.TryCharge(n); if (!All(ok)) return; _owner.Uncharge(n);")]
    [InlineData("bool ok = _owner.TryCharge(n); if (!IsSet(&ok)) return; _owner.Uncharge(n);")]
    [InlineData("bool ok = _owner.TryCharge(n); if (ok.Equals(false)) return; _owner.Uncharge(n);")]
    [InlineData("int ok = Convert.ToInt32(_owner.TryCharge(n)); if (ok == 0) return; _owner.Uncharge(n);")]
    [InlineData("var all = new List<bool> { _owner.TryCharge(n) }; if (!all[0]) return; _owner.Uncharge(n);")]
    [InlineData("bool[] all = { _owner.TryCharge(n) }; if (all.Contains(false)) return; _owner.Uncharge(n);")]
    [InlineData("var answer = new Answer(_owner.TryCharge(n), \"\"); if (!answer.Ok) return; _owner.Uncharge(n);")]
    public Task TruthThatIsLookedAtElsewhere_IsNotJudged(string body) => Verify.Members(Truths(body));

    [Theory]
    [InlineData("bool ok = {|PIN1001:_owner.TryCharge(n)|}; Console.WriteLine(\"{0} {1}\", ok, n); if (!ok || n == 3) return; _owner.Uncharge(n);")]
    [InlineData("bool ok = {|PIN1001:_owner.TryCharge(n)|}; Console.WriteLine($\"{ok}\"); if (!ok || n == 3) return; _owner.Uncharge(n);")]
    [InlineData("bool ok = {|PIN1001:_owner.TryCharge(n)|}; if (Failed(ok) || n == 3) return; _owner.Uncharge(n);")]
    [InlineData("bool ok = _owner.TryCharge(n); if (Failed(ok)) {|PIN1004:_owner.Uncharge(n)|}; else _owner.Uncharge(n);")]
    public Task TruthThatIsShown_IsStillOne(string body) => Verify.Members(Truths(body));

    private static string Truths(string body) => $$"""
            sealed record Answer(bool Ok, string Text);
            static bool Logged(bool ok, string text) { if (!ok) Calls.Quiet(); return ok; }
            static bool Failed(bool ok) => !ok;
            static bool All(params bool[] all) { foreach (bool one in all) if (!one) return false; return true; }
            static unsafe bool IsSet(bool* ok) => *ok;
            unsafe void M(long n) { {{body}} }
        """;

    /// <summary>As interop generators declare them: a struct of one number is that number, and its members ask about it.</summary>
    [Theory]
    [InlineData("if (!VirtualLock(p, n)) throw new IOException(); VirtualUnlock(p, n);")]
    [InlineData("Bool ok = VirtualLock(p, n); if (!ok) return; VirtualUnlock(p, n);")]
    [InlineData("bool ok = VirtualLock(p, n); try { Calls.Work(); } finally { if (ok) VirtualUnlock(p, n); }")]
    [InlineData("if (VirtualLock(p, n).Value == 0) return; VirtualUnlock(p, n);")]
    [InlineData("Bool ok = VirtualLock(p, n); if (ok == 0) return; VirtualUnlock(p, n);")]
    [InlineData("Bool ok = VirtualLock(p, n); if (ok == (Bool)false) return; VirtualUnlock(p, n);")]
    [InlineData("Bool ok = VirtualLock(p, n); if (ok == Bool.False) return; VirtualUnlock(p, n);")]
    [InlineData("if (!{|PIN1001:VirtualLock(p, n)|} || p == 3) return; VirtualUnlock(p, n);")]
    [InlineData("Bool ok = VirtualLock(p, n); if (!ok) {|PIN1004:VirtualUnlock(p, n)|}; else VirtualUnlock(p, n);")]
    [InlineData("if (Take(p).Failed) return; Give(p);")]
    [InlineData("Result r = Take(p); if (!r.Succeeded) return; Give(p);")]
    [InlineData("Take(p).ThrowOnFailure(); Give(p);")]
    [InlineData("Result r = Take(p); r.ThrowOnFailure(); Give(p);")]
    [InlineData("if (Take(p) < 0) return; Give(p);")]
    [InlineData("if (Take(p).Failed) {|PIN1004:Give(p)|}; else Give(p);")]
    [InlineData("Result r = {|PIN1001:Take(p)|}; r.ThrowOnFailure(); if (n == 3) return; Give(p);")]
    [InlineData("Code c = new(TakeRaw(p)); if (c.IsError) return; GiveRaw(p);")]
    [InlineData("Code c = TakeRaw(p); if (c == new Code(-1)) return; GiveRaw(p);")]
    [InlineData("int r = TakeRaw(p); Code.ThrowIf(r); GiveRaw(p);")]
    [InlineData("Code c = {|PIN1001:TakeRaw(p)|}; if (c.IsError || p == 3) return; GiveRaw(p);")]
    public Task StructOfOneNumber_IsTheNumber(string body) => Verify.File(Program(body, """
        readonly struct Bool
        {
            public readonly int Value;
            public static readonly Bool False = default;
            public Bool(int value) => Value = value;
            public override bool Equals(object? other) => other is Bool same && same.Value == Value;
            public override int GetHashCode() => Value;
            public static bool operator ==(Bool left, Bool right) => left.Value == right.Value;
            public static bool operator !=(Bool left, Bool right) => left.Value != right.Value;
            public static implicit operator bool(Bool value) => value.Value != 0;
            public static implicit operator int(Bool value) => value.Value;
            public static implicit operator Bool(bool value) => new(value ? 1 : 0);
        }

        readonly struct Result
        {
            public int Value { get; }
            public Result(int value) => Value = value;
            public bool Succeeded => Value >= 0;
            public bool Failed => Value < 0;
            public static implicit operator int(Result value) => value.Value;
            public Result ThrowOnFailure(nint info = default) { Marshal.ThrowExceptionForHR(Value, info); return this; }
        }

        readonly record struct Code(int Value)
        {
            public bool IsError => Value < 0;
            public static implicit operator Code(int value) => new(value);
            public static void ThrowIf(Code code) { if (code.IsError) throw new IOException(); }
        }

        [Charge("raw", SucceedsWhen = SucceedsWhen.NonNegative, ReleasedBy = nameof(GiveRaw))] static int TakeRaw(nint p) => p == 0 ? -1 : 0;
        [Release("raw")] static void GiveRaw(nint p) { }
        [DllImport("kernel32")] static extern Bool VirtualLock(nint p, nuint n);
        [DllImport("kernel32")] static extern Bool VirtualUnlock(nint p, nuint n);
        [Charge("taken", SucceedsWhen = SucceedsWhen.NonNegative, ReleasedBy = nameof(Give))] static Result Take(nint p) => new(p == 0 ? -1 : 0);
        [Release("taken")] static void Give(nint p) { }
        """));

    /// <summary>What a wrapper returns is judged by the question that it asked.</summary>
    [Theory]
    [InlineData("bool Lock(nint p, nuint n) => mlock(p, n) >= 0;")]
    [InlineData("bool Lock(nint p, nuint n) => mlock(p, n) != -1;")]
    [InlineData("bool Lock(nint p, nuint n) { int r = mlock(p, n); int e = r; return e >= 0; }")]
    [InlineData("bool Lock(nint p, nuint n) { bool failed = mlock(p, n) < 0; return !failed; }")]
    [InlineData("bool Lock(nint p, nuint n) => !IsError(mlock(p, n));")]
    public Task Wrapper_IsJudgedByItsQuestion(string wrapper) => Verify.File(Program("if (!Lock(p, n)) return; munlock(p, n);", wrapper)
        .Replace("/* more */", "void Leak(nint p, nuint n) { if (!{|PIN1001:Lock(p, n)|}) return; if (p == 3) return; munlock(p, n); }"));

    [Theory]
    [InlineData("nint Map(nuint n) => mmap(0, n, 1, 2, 3, 0);", "a == -1")]
    [InlineData("nint Map(nuint n) { nint a = mmap(0, n, 1, 2, 3, 0); return a == -1 ? 0 : a; }", "a == 0")]
    [InlineData("nint Map(nuint n) { nint a = mmap(0, n, 1, 2, 3, 0); if (a < 0) throw new IOException(); return a; }", "a == 5")]
    public Task MappingThatIsHandedOn_IsTheCallersWhereItSucceeded(string wrapper, string failed) => Verify.File(Program($"nint a = Map(n); if ({failed}) return; munmap(a, n);".Replace("if (a == 5) return; ", ""), wrapper)
        .Replace("/* more */", $"void Leak(nuint n) {{ nint a = {{|PIN1001:Map(n)|}}; if ({failed} || n == 3) return; munmap(a, n); }}".Replace("a == 5 || ", "")));

    private static string Program(string body, string members = "") => $$"""
        using PinAccounting.Annotations;

        class C
        {
        {{Pairs}}
            enum Answer { Fine = 0, Refused = -1 }
            const int Bad = -1;
            static readonly nint MapFailed = new IntPtr(-1);
            int _last;
            bool LastFailed() => _last < 0;
            static int s_last;
            static void Check(int result) { if (result < 0) throw new IOException(); }
            static int Checked(int result) { if (result == -1) throw new IOException("no"); return result; }
            static bool IsError(int result) => result < 0;
            static bool Is(int result, int code) => result == code;
            sealed class Box { readonly int _result; public Box(int result) => _result = result; public bool Bad => _result < 0; }
            static bool IsLost(int result) => IsError(result);
            static bool IsFine(int result) => !IsLost(result) ? true : false;
            static void Demand(int result) => Check(result);
            static void Demand(bool holds) { if (!holds) Fail(); }
            static void Refuse(int result) { if (IsLost(result)) Fail(); }
            static void Fail() => throw new IOException();
            static int Noted(int result) => Logged(result);
            static nint NotMapped => new IntPtr(-1);
            static T Same<T>(T value) => value;
            static int Logged(int result) { try { if (result < 0) s_last = result; return result; } finally { s_last = 3; } }
            static bool Succeeded(int result) { if (result == -1) return false; return true; }
            static void Log(int result) { if (result < 0) s_last = result; }
            {{members}}
            void M(nint p, nuint n) { {{body}} }
            /* more */
        }
        """;
}
