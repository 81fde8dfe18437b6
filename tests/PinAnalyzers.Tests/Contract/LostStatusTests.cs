using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.Contract;
using Xunit;

namespace PinAnalyzers.Tests.Contract;

/// <summary>PIN4001 and its fix.</summary>
public sealed class LostStatusTests
{
    [Theory]
    // Catalogue E1, as it was seen.
    [InlineData("int Setup(nint a) { int ret = Native.PinPages(a, 4); {|PIN4001:ret = _account.TryCharge(4) ? 0 : -12|}; return ret; }")]
    [InlineData("int M(nint a) { int ret = Native.PinPages(a, 4); {|PIN4001:ret = Native.Undo()|}; return ret; }")]
    [InlineData("int M(nint a) { int ret; ret = Native.Lock(a); {|PIN4001:ret = 0|}; return ret; }")]
    [InlineData("int M(nint a, bool again) { int ret = Native.PinPages(a, 4); if (again) { {|PIN4001:ret = Native.PinPages(a, 2)|}; } return ret; }")]
    [InlineData("int M(nint[] all) { int ret = 0; foreach (nint a in all) {|PIN4001:ret = Native.PinPages(a, 4)|}; return ret; }")]
    [InlineData("async Task<int> M(nint a) { int ret = await Native.PinAsync(a); {|PIN4001:ret = await Native.PinAsync(a).ConfigureAwait(false)|}; return ret; }")]
    [InlineData("bool M(bool x) { bool ok = _account.TryCharge(4); {|PIN4001:ok = x|}; return ok; }")]
    [InlineData("int M(nint a) { int ret = Native.Attach(a); try { {|PIN4001:ret = Native.PinPages(a, 4)|}; } finally { Native.Use(a); } return ret; }")]
    [InlineData("int M(nint a) { int ret = Native.Attach(a); switch (a) { case 0: {|PIN4001:ret = 1|}; break; default: break; } return ret; }")]
    [InlineData("long M(nint a) { long ret = Native.PinPages(a, 4); {|PIN4001:ret = Native.Undo()|}; return ret; }")]
    [InlineData("int P { get { int ret = Native.Lock(_handle); {|PIN4001:ret = 5|}; return ret; } }")]
    [InlineData("void M(nint a) { int L() { int ret = Native.Lock(a); {|PIN4001:ret = 5|}; return ret; } L(); }")]
    public Task Overwritten_IsReported(string members) => ContractVerifier.Members(members);

    private const string Foreign = "static int Take(nint a) => 0; static void Give(nint a) { } static bool TryTake(nint a) => true; ";

    [Theory]
    [InlineData("int M(nint a) { int ret = Take(a); {|PIN4001:ret = Native.Undo()|}; return ret; }")]
    [InlineData("int M(nint a, bool again) { int ret = Take(a); if (again) {|PIN4001:ret = Take(a)|}; return ret; }")]
    [InlineData("bool M(nint a) { bool ok = TryTake(a); {|PIN4001:ok = TryTake(a)|}; return ok; }")]
    [InlineData("int M(nint a) { int ret = Take(a); if (ret != 0) return ret; return 0; }")]
    [InlineData("bool M(nint a) { bool ok = TryTake(a); ok &= TryTake(a); return ok; }")]
    public Task StatusThatAPairsFileDeclares_Counts(string members) => ContractVerifier.MembersWithPairs(
        Foreign + members,
        "M:C.Take(System.IntPtr) => M:C.Give(System.IntPtr); token=0,0; succeeds=zero\nM:C.TryTake(System.IntPtr) => M:C.Give(System.IntPtr); token=0,0; succeeds=true\n");

    [Theory]
    [InlineData("int Setup(nint a) { int n = Native.PinPages(a, 4); if (n < 0) return n; return _account.TryCharge(n) ? n : -12; }")]
    [InlineData("int M(nint a) { int ret = Native.PinPages(a, 4); ret = ret != 0 ? ret : Native.Undo(); return ret; }")]
    [InlineData("int M(nint a) { int ret = Native.PinPages(a, 4); if (ret >= 0) ret = Native.Undo(); return ret; }")]
    [InlineData("int M(nint a) { int ret = Native.PinPages(a, 4); ret |= Native.Undo(); return ret; }")]
    [InlineData("int M(nint a) { int ret = Native.PinPages(a, 4); ret = Math.Min(ret, Native.PinPages(a, 4)); return ret; }")]
    [InlineData("int M(nint a) { int ret = -1; ret = Native.PinPages(a, 4); return ret; }")]
    [InlineData("int M(nint a) { int ret = Native.Undo(); ret = Native.PinPages(a, 4); return ret; }")]
    [InlineData("int M(nint a) { int ret; do { ret = Native.PinPages(a, 4); } while (ret == -4); return ret; }")]
    [InlineData("int M(nint a) { int ret = Native.PinPages(a, 4); Console.Write(ret); ret = Native.Undo(); return ret; }")]
    [InlineData("int M(nint a) { int ret = 0; try { ret = Native.PinPages(a, 4); Console.Write(a); } catch (Exception) { ret = -5; } return ret; }")]
    [InlineData("int M(nint a) { int ret = Native.PinPages(a, 4); Action log = () => Console.Write(ret); log(); ret = 3; return ret; }")]
    [InlineData("int M(nint a) { int ret = Native.PinPages(a, 4); Fill(ref ret); ret = 3; return ret; } static void Fill(ref int x) => x = 1;")]
    [InlineData("int M(nint a, bool b) { int ret; if (b) ret = Native.PinPages(a, 4); else ret = Native.Lock(a); return ret; }")]
    [InlineData("void M(nint a) { _ = Native.PinPages(a, 4); _ = Native.PinPages(a, 4); }")]
    [InlineData("int M(nint a) { int ret = Native.PinPages(a, 4); throw new InvalidOperationException(ret.ToString()); }")]
    [InlineData("int M(nint[] all) { foreach (nint a in all) { int ret = Native.PinPages(a, 4); if (ret < 0) return ret; } return 0; }")]
    [InlineData("int _last; void M(nint a) { _last = Native.PinPages(a, 4); _last = Native.Lock(a); }")]
    public Task ReadOrCombined_IsSilent(string members) => ContractVerifier.Members(members);

    [Theory]
    [InlineData("""
        int M(nint a)
        {
            int ret = Native.PinPages(a, 4);
            if (ret < 0) goto out_;
            if (!_account.TryCharge(4)) {|PIN4001:goto out_;|}
            return 0;
        out_:
            Native.Undo();
            return ret;
        }
        """)]
    [InlineData("""
        int M(nint a)
        {
            int ret = Native.PinPages(a, 4);
            if (ret < 0) return ret;
            if (!_account.TryCharge(4)) return {|PIN4001:ret|};
            return 4;
        }
        """)]
    [InlineData("""
        int M(nint a)
        {
            int ret = Native.Attach(a);
            if (ret != 0) goto fail;
            bool charged = _account.TryCharge(4);
            if (!charged)
            {
                Native.Use(a);
                {|PIN4001:goto fail;|}
            }
            return 0;
        fail:
            return ret;
        }
        """)]
    [InlineData("""
        int M(nint a)
        {
            int ret = 0;
            if (a == 0) { ret = -22; goto done; }
            if (Native.PinPages(a, 4) < 0) {|PIN4001:goto done;|}
        done:
            return ret;
        }
        """)]
    public Task ErrorExitWithSuccess_IsReported(string members) => ContractVerifier.Members(members);

    [Theory]
    [InlineData("""
        int M(nint a)
        {
            int ret = Native.PinPages(a, 4);
            if (ret < 0) goto out_;
            if (!_account.TryCharge(4)) { ret = -12; goto out_; }
            return 0;
        out_:
            Native.Undo();
            return ret;
        }
        """)]
    [InlineData("""
        int M(nint a)
        {
            int ret = Native.PinPages(a, 4);
            if (ret < 0) return ret;
            if (!_account.TryCharge(4)) return -12;
            return ret;
        }
        """)]
    [InlineData("""
        int M(nint[] all)
        {
            int count = 0;
            foreach (nint a in all)
            {
                if (Native.PinPages(a, 4) < 0) return count;
                count++;
            }
            return count;
        }
        """)]
    [InlineData("""
        int M(nint a)
        {
            int ret = Native.PinPages(a, 4);
            if (ret < 0) goto out_;
            if (a == 5) goto out_;
            ret = Native.Lock(a);
        out_:
            return ret;
        }
        """)]
    [InlineData("""
        int M(nint a)
        {
            int ret = Native.PinPages(a, 4);
            if (ret < 0) ret = Native.PinPages(a, 2);
            return ret;
        }
        """)]
    public Task ErrorExitWithError_IsSilent(string members) => ContractVerifier.Members(members);

    [Fact]
    public Task Fix_ReturnsEarly() => ContractVerifier.Fix<ReturnEarlyFixer>(
        """
            int A(nint a)
            {
                int ret = Native.PinPages(a, 4);
                // try harder
                {|PIN4001:ret = Native.Undo()|};
                return ret;
            }

            int B(nint a)
            {
                int ret = Native.Lock(a);
                {|PIN4001:ret = Native.Attach(a)|};
                {|PIN4001:ret = 3|};
                return ret;
            }
        """,
        """
            int A(nint a)
            {
                int ret = Native.PinPages(a, 4);
                // try harder
                if (ret < 0) return ret;
                ret = Native.Undo();
                return ret;
            }

            int B(nint a)
            {
                int ret = Native.Lock(a);
                if (ret == -1) return ret;
                ret = Native.Attach(a);
                if (ret != 0) return ret;
                ret = 3;
                return ret;
            }
        """);

    [Theory]
    [InlineData("void M(nint a) { int ret = Native.PinPages(a, 4); {|PIN4001:ret = Native.Undo()|}; Console.Write(ret); }")]
    [InlineData("int M(nint a, bool b) { int ret = Native.PinPages(a, 4); if (b) {|PIN4001:ret = Native.Undo()|}; return ret; }")]
    [InlineData("IEnumerable<int> M(nint a) { int ret = Native.PinPages(a, 4); {|PIN4001:ret = Native.Undo()|}; yield return ret; }")]
    // What the method holds would be lost on the new way out.
    [InlineData("int M(nint a) { if (!_account.TryCharge(4)) return -1; int ret = Native.PinPages(a, 4); {|PIN4001:ret = Native.Undo()|}; _account.Uncharge(4); return ret; }")]
    public Task NoFix_WhereNothingCanBeReturned(string members) => ContractVerifier.NoFix<ReturnEarlyFixer>(members);
}
