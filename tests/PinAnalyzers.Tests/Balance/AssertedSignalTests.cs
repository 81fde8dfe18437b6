using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.Balance;

/// <summary>A test asserts that a charge went through, or did not: what it does after that it does only then.</summary>
public sealed class AssertedSignalTests
{
    /// <summary>Assertion libraries as source, and one that says nothing of what it does with what it is given.</summary>
    private const string Library = """
        namespace Checks
        {
            public static class Assertions
            {
                public static void AssertTrue(this bool value) => Fail(!value);
                public static void AssertFalse(this bool value, string? message = null) { if (value) throw new System.InvalidOperationException(message); }
                public static void ShouldBe<T>(this T value, T expected) { if (!System.Collections.Generic.EqualityComparer<T>.Default.Equals(value, expected)) throw new System.InvalidOperationException(); }
                public static BoolSubject Should(this bool value) => new BoolSubject(value);
                static void Fail(bool fails) { if (fails) throw new System.InvalidOperationException(); }
            }

            public sealed class BoolSubject
            {
                readonly bool _value;
                public BoolSubject(bool value) { _value = value; }
                public void BeTrue(string because = "") { if (!_value) throw new System.InvalidOperationException(because); }
                public void BeFalse(string because = "") { if (_value) throw new System.InvalidOperationException(because); }
            }
        }
        """;

    /// <summary>What the loose code of a test calls without a library at hand.</summary>
    private const string Usings = "using System; using System.Threading; using Checks;\n";

    private static string InTest(string body) => $$"""class Test { static void Work() => Console.Out.Flush(); void Run(object gate) { {{body}} } }""";

    [Theory]
    [InlineData("Monitor.TryEnter(gate).AssertTrue(); Monitor.Exit(gate);")]
    [InlineData("bool taken = Monitor.TryEnter(gate, 100); taken.AssertTrue(); Monitor.Exit(gate);")]
    [InlineData("bool taken = Monitor.TryEnter(gate, 100); taken.AssertFalse(); taken = Monitor.TryEnter(gate, 200); taken.AssertTrue(); Monitor.Exit(gate);")]
    [InlineData("bool failed = !Monitor.TryEnter(gate, 100); failed.AssertTrue();")]
    [InlineData("Monitor.TryEnter(gate).Should().BeTrue(); Monitor.Exit(gate);")]
    [InlineData("Monitor.TryEnter(gate).Should().BeTrue(\"it is free\"); Monitor.Exit(gate);")]
    [InlineData("bool taken = Monitor.TryEnter(gate); taken.Should().BeFalse();")]
    [InlineData("bool taken = Monitor.TryEnter(gate); taken.ShouldBe(true); Monitor.Exit(gate);")]
    [InlineData("Monitor.TryEnter(gate).ShouldBe(false);")]
    public async Task AssertedResult_IsSilent(string body)
    {
        await Verify.Analyzer(Usings + InTest(body), TestSetup.Plain.Library("Checks", Library));
        await Verify.Analyzer(Usings + Library + InTest(body), TestSetup.Plain);
    }

    [Theory]
    // It is asserted that it is held, and it stays held.
    [InlineData("{|PIN1001:Monitor.TryEnter(gate)|}.AssertTrue(); if (DateTime.Now.Ticks > 5) return; Monitor.Exit(gate);")]
    [InlineData("bool taken = {|PIN1001:Monitor.TryEnter(gate)|}; taken.AssertTrue(); if (DateTime.Now.Ticks > 5) return; Monitor.Exit(gate);")]
    // That it is not.
    [InlineData("bool taken = Monitor.TryEnter(gate); taken.AssertFalse(); {|PIN1004:Monitor.Exit(gate)|};")]
    // Of something else.
    [InlineData("bool taken = Monitor.TryEnter(gate); (DateTime.Now.Ticks > 5).AssertTrue(); {|PIN1004:Monitor.Exit(gate)|};")]
    [InlineData("bool taken = Monitor.TryEnter(gate); Console.WriteLine(taken); {|PIN1004:Monitor.Exit(gate)|};")]
    public Task WrongTest_IsReported(string body) =>
        Verify.Analyzer(Usings + InTest(body), TestSetup.Plain.Library("Checks", Library).Option("dotnet_diagnostic.PIN1002.severity", "none"));

    // A test that fails ends, and so does what it holds.
    [Fact]
    public Task AssertionOfTestLibrary_DoesNotLoseTheCharge() => Verify.Analyzer(
        Usings.Replace("Checks", "Xunit", System.StringComparison.Ordinal) + InTest("Monitor.Enter(gate); Assert.Equal(3, DateTime.Now.Ticks); Monitor.Exit(gate);"),
        TestSetup.Plain.Library("Xunit", "namespace Xunit { public static class Assert { public static void Equal<T>(T expected, T found) { } } }"));

    [Fact]
    public Task AwaitedAssertion_DoesNotLoseTheCharge() => Verify.Analyzer(
        "using System.Threading; using System.Threading.Tasks; using TUnit; class Test { async Task Run(SemaphoreSlim gate, long n) { gate.Wait(); await Assert.That(n).IsTrue(); gate.Release(); } }",
        TestSetup.Plain.Library("TUnit", "namespace TUnit { public static class Assert { public static Subject That<T>(T found) => new Subject(); } public sealed class Subject { public System.Threading.Tasks.Task IsTrue() => System.Threading.Tasks.Task.CompletedTask; } }"));

    [Fact]
    public Task OwnCheck_LosesTheCharge() => Verify.Analyzer(
        Usings + InTest("{|PIN1002:Monitor.Enter(gate)|}; Assert.Equal(3, DateTime.Now.Ticks); Monitor.Exit(gate);"),
        TestSetup.Plain.Library("Checks", "namespace Checks { public static class Assert { public static void Equal<T>(T expected, T found) { } } }").Option("dotnet_diagnostic.PIN1002.severity", "warning"));
}
