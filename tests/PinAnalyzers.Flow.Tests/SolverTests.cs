using System.Linq;
using Xunit;

namespace PinAnalyzers.Flow.Tests;

/// <summary>Which paths the solver finds, and which it knows to be impossible.</summary>
public sealed class SolverTests
{
    [Theory]
    [InlineData("A(); B();", "return AB")]
    [InlineData("if (p) A(); else B();", "return A, return B")]
    [InlineData("if (p) { A(); return; } B();", "return A, return B")]
    [InlineData("if (p || q) A(); B();", "return AB, return B")]
    [InlineData("switch (n) { case 1: A(); break; case 2: B(); goto case 1; default: K(); break; }", "return A, return BA, return K")]
    [InlineData("goto end; A(); end: B();", "return B")]
    [InlineData("A(); X(); B();", "")]
    public void Branches_AreAllTaken(string body, string ends) => Assert.Equal(ends, CallTrail.Of(body.Replace("A(); end", "end", System.StringComparison.Ordinal)));

    [Theory]
    [InlineData("if (p) A(); if (p) B();", "return, return AB")]
    [InlineData("if (p) A(); if (!p) B();", "return A, return B")]
    [InlineData("if (p) A(); p = q; if (p) B();", "return, return A, return AB, return B")]
    [InlineData("if (p is true) A(); if (p == true) B();", "return, return AB")]
    [InlineData("bool r = p; if (p) A(); if (r) B();", "return, return AB")]
    [InlineData("if (n > 3) A(); if (n > 3) B();", "return, return AB")]
    [InlineData("if (n > 3) A(); if (n > 2) B();", "return, return AB, return B")]
    [InlineData("if (n > 3) A(); if (n < 3) B();", "return, return A, return B")]
    [InlineData("if (n == 3) A(); if (n == 4) B();", "return, return A, return B")]
    [InlineData("int m = n + 1; if (m > n) A(); else B();", "return A")]
    [InlineData("bool done = false; if (p) { A(); done = true; } if (done) B();", "return, return AB")]
    [InlineData("if (_fixed) A(); T(); if (_fixed) B();", "return ATB, return T, throw, throw A")]
    [InlineData("if (_flag) A(); if (_flag) B();", "return, return AB")]
    [InlineData("DayOfWeek? d = DayOfWeek.Sunday; if (d != null) A();", "return A")]
    [InlineData("int? m = null; if (m != null) A();", "return")]
    public void CorrelatedConditions_MakeNoImpossiblePaths(string body, string ends) => Assert.Equal(ends, CallTrail.Of(body));

    // Paths that did the same are joined; that one or the other condition sent them there is kept.
    [Theory]
    [InlineData("if (p && q) A(); if (p && q) B();", "return, return AB")]
    [InlineData("if (p || q) A(); if (p || q) B();", "return, return AB")]
    [InlineData("if (!p || !q) A(); if (!(p && q)) B();", "return, return AB")]
    [InlineData("if (p || q || n > 3) A(); if (n > 3 || p || q) B();", "return, return AB")]
    [InlineData("if (p && q && n > 3) A(); if (n > 3 && q && p) B();", "return, return AB")]
    [InlineData("if (p && q || n > 3) A(); if (p && q || n > 3) B();", "return, return AB")]
    [InlineData("if (n > 3 || n < 0) A(); if (n < 0 || n > 3) B();", "return, return AB")]
    [InlineData("if (p == q) A(); if (p == q) B();", "return, return AB")]
    [InlineData("if (p != q || n > 3) A(); if (n > 3 || q != p) B();", "return, return AB")]
    [InlineData("if (p || q) A(); if (q) B();", "return, return A, return AB")]
    [InlineData("if (p || q) A(); if (p && q) B();", "return, return A, return AB")]
    [InlineData("if (p || q) A(); p = false; if (p || q) B();", "return, return A, return AB")]
    [InlineData("while (P()) { if (p || q) A(); if (p || q) B(); }", "return P, return PAB")]
    [InlineData("foreach (int o in new int[3]) { if (o == 3 || o == 7) A(); if (o == 3 || o == 7) B(); else K(); }", "return, return AB, return ABK, return K, return KAB")]
    [InlineData("while (P()) { int o = Random.Shared.Next(); if (o == 3 || o == 7) A(); if (o == 3 || o == 7) B(); }", "return P, return PAB")]
    [InlineData("while (P()) { int o = Random.Shared.Next(); if (o == 3) A(); if (o == 3) B(); }", "return P, return PAB")]
    [InlineData("int o = Random.Shared.Next(); if (o == 3 || o == 7) A(); if (o == 3 || o == 7) B();", "return, return AB")]
    public void JoinedPaths_KeepWhatLedToThem(string body, string ends) => Assert.Equal(ends, CallTrail.Of(body));

    [Theory]
    [InlineData("bool r = p && q; if (r) A(); if (p && q) B();", "return, return AB")]
    [InlineData("bool r = p || q; if (r) A(); if (p || q) B();", "return, return AB")]
    [InlineData("if (p || q) A(); bool r = p || q; if (r) B();", "return, return AB")]
    [InlineData("bool r = p && q && n > 3; if (r) A(); if (p && q && n > 3) B();", "return, return AB")]
    [InlineData("bool r = p && q || n > 3; if (r) A(); if (p && q || n > 3) B();", "return, return AB")]
    [InlineData("bool r = false; if (p || q) r = true; if (r) A(); if (p || q) B();", "return, return AB")]
    [InlineData("bool r = true; if (n == 3) r = false; if (r) A(); if (n != 3) B();", "return, return AB")]
    [InlineData("bool r = p ? q : n > 3; if (r) A(); if (r) B();", "return, return AB")]
    [InlineData("bool r = p && q; if (r) A(); if (p) B();", "return, return AB, return B")]
    [InlineData("bool r = p || q; if (r) A(); if (p) B();", "return, return A, return AB")]
    [InlineData("bool r = p || q; p = false; if (r) A(); if (q) B();", "return, return A, return AB")]
    [InlineData("_flag = p && q; if (_flag) A(); if (p && q) B();", "return, return AB")]
    [InlineData("int m = p ? n : 0; if (m != 0) A(); if (m == 0) B();", "return A, return B")]
    [InlineData("int m = p ? n : 0; if (m == 7) A(); if (m > 3) B();", "return, return AB, return B")]
    [InlineData("bool r = false; while (P()) { r = r || p; } if (r) A(); if (p) B();", "return P, return PA, return PAB, return PB")]
    public void ConditionsKeptInVariables_StayConditions(string body, string ends) => Assert.Equal(ends, CallTrail.Of(body));

    [Theory]
    [InlineData("while (P()) A(); B();", "return PAB, return PB")]
    [InlineData("do A(); while (P()); B();", "return APB")]
    [InlineData("for (int i = 0; i < n; i++) A(); B();", "return AB, return B")]
    [InlineData("for (int i = 0; i < 3; i++) A(); B();", "return AB")]
    [InlineData("while (true) A();", "")]
    [InlineData("while (true) { if (P()) break; A(); } B();", "return PAB, return PB")]
    [InlineData("foreach (int i in new int[3]) { if (p) continue; A(); } B();", "return AB, return B")]
    [InlineData("bool first = true; while (P()) { if (first) A(); else B(); first = false; }", "return P, return PA, return PAB")]
    public void Loops_Converge(string body, string ends) => Assert.Equal(ends, CallTrail.Of(body));

    [Theory]
    [InlineData("A(); T(); B();", "return ATB, throw A")]
    [InlineData("try { A(); T(); } finally { F(); }", "return ATF, throw AF")]
    [InlineData("try { T(); } catch { K(); }", "return K, return T")]
    [InlineData("try { T(); } catch (ArgumentException) { K(); }", "return K, return T, throw")]
    [InlineData("try { T(); } catch (ArgumentException) { K(); } catch (Exception) { L(); throw; }", "return K, return T, throw L")]
    [InlineData("try { T(); } catch { K(); throw; } finally { F(); }", "return TF, throw KF")]
    [InlineData("try { if (p) return; A(); } finally { F(); } B();", "return AFB, return F")]
    [InlineData("try { try { T(); } finally { F(); } } finally { G(); }", "return TFG, throw FG")]
    [InlineData("try { try { return; } finally { F(); } } finally { G(); }", "return FG")]
    [InlineData("try { T(); } finally { try { T(); } finally { F(); } G(); }", "return TFG, throw F, throw TF, throw TFG")]
    [InlineData("while (P()) { try { if (p) break; A(); } finally { F(); } } B();", "return PAFB, return PB, return PFB")]
    [InlineData("try { A(); } finally { F(); } B();", "return AFB")]
    [InlineData("using (var s = new Scope()) { T(); A(); } B();", "return TAB, throw")]
    [InlineData("lock (_gate) { T(); } B();", "return TB, throw")]
    [InlineData("try { T(); } catch (Exception) when (P()) { K(); }", "return PK, return T, throw")]
    public void Handlers_AreMetBothWays(string body, string ends)
    {
        var actual = CallTrail.Of(body);
        if (body.Contains("when", System.StringComparison.Ordinal))
            Assert.All(ends.Split(", "), end => Assert.Contains(end, actual, System.StringComparison.Ordinal));
        else
            Assert.Equal(ends, actual);
    }

    [Theory]
    [InlineData("throw new ArgumentException();", "throw")]
    [InlineData("try { throw new ArgumentException(); } catch (ArgumentException) { K(); }", "return K")]
    [InlineData("try { throw new ArgumentNullException(); } catch (ArgumentException) { K(); }", "return K")]
    [InlineData("try { throw new ArgumentException(); } catch (InvalidCastException) { K(); }", "throw")]
    [InlineData("try { throw new Exception(); } catch (ArgumentException) { K(); } finally { F(); }", "throw F")]
    [InlineData("try { A(); throw new Exception(); } finally { F(); }", "throw AF")]
    public void ExplicitThrow_MeetsTheHandlerOfItsType(string body, string ends) => Assert.Equal(ends, CallTrail.Of(body));

    [Fact]
    public void Iterator_MayBeAbandoned_ThroughFinallysButNoCatches()
    {
        const string Head = "IEnumerable<int> M(bool p)";
        Assert.Equal("abandon AF, return AFB", CallTrail.Of("try { A(); yield return 1; } finally { F(); } B();", Head));
        Assert.Equal("abandon A, abandon AB, return AB", CallTrail.Of("A(); yield return 1; B(); yield return 2;", Head));
        Assert.Equal("return A, return B", CallTrail.Of("if (p) { A(); yield break; } B();", Head));
    }

    [Fact]
    public void TooManyStates_AreJoined_NotDropped()
    {
        var body = string.Join('\n', "ABFGKL".Select(call => $"if (P()) {call}();"));
        var (_, solvedWide, _) = CallTrail.Solve(body);
        var (narrow, solvedNarrow, _) = CallTrail.Solve(body, maxStates: 4);
        Assert.True(solvedWide && solvedNarrow);
        Assert.InRange(narrow.Ends.Count, 1, 8);
        Assert.Contains("return ABFGKLP", string.Join(", ", narrow.Ends.Select(end => "return " + string.Concat(end[7..].Order()))), System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("if (P()) A();", 10_000)]
    [InlineData("if (n > 3) A(); else B();", 1_000)]
    [InlineData("try { T(); } catch { K(); }", 1_000)]
    [InlineData("try { T(); } finally { F(); }", 1_000)]
    public void ManyBranches_TakeLinearTime(string statement, int count)
    {
        var (_, few, visitsOfFew) = CallTrail.Solve(string.Join('\n', Enumerable.Repeat(statement, count / 10)));
        var (_, many, visitsOfMany) = CallTrail.Solve(string.Join('\n', Enumerable.Repeat(statement, count)));
        Assert.True(few && many);
        Assert.InRange(visitsOfMany, 0.1, (visitsOfFew * 1.2) + 0.1);
    }

    [Fact]
    public void TwoSolves_AreEqual()
    {
        const string Body = "for (int i = 0; i < n; i++) { try { if (p) T(); else if (i == 3) break; A(); } catch { K(); continue; } finally { F(); } } B();";
        Assert.Equal(CallTrail.Of(Body), CallTrail.Of(Body));
    }
}
