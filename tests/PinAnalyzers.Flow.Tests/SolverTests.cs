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
    public void CorrelatedConditions_MakeNoImpossiblePaths(string body, string ends) => Assert.Equal(ends, CallTrail.Of(body));

    // Paths that did the same are joined, and what they disagree on is lost: B alone is impossible. A without B is still known to be.
    [Theory]
    [InlineData("if (p && q) A(); if (p && q) B();", "return, return AB, return B")]
    [InlineData("if (p == q) A(); if (p == q) B();", "return, return AB")]
    public void JoinedPaths_LoseOnlyWhatTheyDisagreeOn(string body, string ends) => Assert.Equal(ends, CallTrail.Of(body));

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
