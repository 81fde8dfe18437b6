using System.Threading.Tasks;
using PinAnalyzers.Tests.Balance.Types;
using Xunit;

namespace PinAnalyzers.Tests.Balance.Races;

/// <summary>What a runner of tests or benchmarks calls before each of them runs beside nobody (PIN1016, PIN1020).</summary>
public sealed class RunnerSetupTests
{
    private static string InFixture(string members) => $$"""
        [AttributeUsage(AttributeTargets.Method)] class GlobalSetupAttribute : Attribute { }
        [AttributeUsage(AttributeTargets.Method)] class TestInitializeAttribute : Attribute { }
        [AttributeUsage(AttributeTargets.Method)] class BenchmarkAttribute : Attribute { }

        class Inserts
        {
            const int Seeded = 300;
            int _seeded = Seeded, _next;
            [Benchmark] public int Insert() => Interlocked.Increment(ref _next);
            {{members}}
        }
        """;

    [Theory]
    [InlineData("[GlobalSetup] public void Fill() => _next = _seeded + 100;")]
    [InlineData("[TestInitialize] public void Fill() { _seeded = 3; _next = _seeded + 100; }")]
    [InlineData("[GlobalSetup] public void Fill() => FillAsync().GetAwaiter().GetResult(); private async Task FillAsync() { await Task.Yield(); _next = _seeded + 100; }")]
    [InlineData("[GlobalSetup] public void Fill() => Inner(); private void Inner() { Console.WriteLine(); _next = _seeded + 100; } [TestInitialize] public void Again() => Inner();")]
    public Task SetByRunner_IsSilent(string members) => TypeVerifier.File(InFixture(members));

    [Theory]
    [InlineData("[Benchmark] public void Fill() => {|PIN1016:_next|} = _seeded + 100;")]
    [InlineData("[GlobalSetup] public void Fill() => Inner(); private void Inner() { {|PIN1016:_next|} = _seeded + 100; } [Benchmark] public void Again() => Inner();")]
    [InlineData("[GlobalSetup] public void Fill() => Inner(); public void Inner() { {|PIN1016:_next|} = _seeded + 100; }")]
    public Task SetByAnyOther_IsReported(string members) => TypeVerifier.File(InFixture(members));
}
