using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>A field that one body writes alone says what this body did, whatever was called in between.</summary>
public sealed class RecordedDecisionTests
{
    [Theory]
    [InlineData("Monitor.Enter(_lock); _entering = Thread.CurrentThread; try { if (ask()) return; } finally { if (Thread.CurrentThread == _entering) { _entering = null; Monitor.Exit(_lock); } }")]
    [InlineData("Monitor.Enter(_lock); _entered = true; try { if (ask()) return; Calls.Work(); } finally { if (_entered) { _entered = false; Monitor.Exit(_lock); } }")]
    [InlineData("_entered = false; try { Monitor.Enter(_lock); _entered = true; if (ask()) return; Calls.Work(); } finally { if (_entered) Monitor.Exit(_lock); }")]
    [InlineData("Monitor.Enter(_lock); this._id = Environment.CurrentManagedThreadId; try { if (ask()) return; } finally { if (_id == Environment.CurrentManagedThreadId) { _id = 0; Monitor.Exit(_lock); } }")]
    [InlineData("try { while (ask()) { Monitor.Enter(_lock); _entered = true; Calls.Work(); _entered = false; Monitor.Exit(_lock); } } finally { if (_entered) { _entered = false; Monitor.Exit(_lock); } }")]
    public Task WrittenHereAlone_IsKnown(string body) => Verify.Members(Fields + $$"""
            public C() => _entered = true;
            private void Run(Func<bool> ask) { {{body}} }
        """);

    [Theory]
    [InlineData("private void Stop() => _entered = false;")]
    [InlineData("private void Stop() => Set(out _entered); private static void Set(out bool value) => value = false;")]
    [InlineData("private Action Stopper => () => this._entered = false;")]
    [InlineData("private class Nested { public void Stop(C c) { (c._entered, _) = (false, 1); } }")]
    [InlineData("private void Stop() => \\u005fentered = false;")]
    public Task WrittenElsewhere_MayHaveChanged(string other) => Verify.Members(Fields + $$"""
            {{other}}
            private void Run(Func<bool> ask) { {|PIN1001:Monitor.Enter(_lock)|}; _entered = true; try { if (ask()) return; Calls.Work(); } finally { if (_entered) { _entered = false; Monitor.Exit(_lock); } } }
        """);

    // What is handed to somebody runs when he wants it to.
    [Theory]
    [InlineData("{|PIN1001:Monitor.Enter(_lock)|}; _entered = true; start(() => _entered = false); try { Calls.Work(); } finally { if (_entered) { _entered = false; Monitor.Exit(_lock); } }")]
    [InlineData("Monitor.Enter(_lock); _entered = true; try { start(() => _entered = false); } finally { if (!_entered) Monitor.Exit(_lock); else Monitor.Exit(_lock); }")]
    [InlineData("{|PIN1001:Monitor.Enter(_lock)|}; _entered = true; start(Reset); try { Calls.Work(); } finally { if (_entered) { _entered = false; Monitor.Exit(_lock); } } void Reset() { _entered = false; }")]
    public Task WrittenInAFunction_MayHaveChanged(string body) => Verify.Members(Fields + $$"""
            private void Run(Action<Action> start) { {{body}} }
        """);

    [Theory]
    [InlineData("Monitor.Enter(_lock); _entered = true; try { Calls.Work(); } finally { if (_entered) { _entered = false; Monitor.Exit(_lock); } }")]
    public Task WrittenInOneFunctionAlone_IsKnown(string body) => Verify.Members(Fields + $$"""
            private void Run(Action<Action> start) => start(() => { {{body}} });
        """);

    [Fact]
    public Task Volatile_MayHaveChanged() => Verify.Members("""
            private readonly object _lock = new();
            private volatile bool _on;
            private void Run(Func<bool> ask) { {|PIN1001:Monitor.Enter(_lock)|}; _on = true; try { if (ask()) return; Calls.Work(); } finally { if (_on) Monitor.Exit(_lock); } }
        """);

    private const string Fields = """
            private readonly object _lock = new();
            private Thread? _entering;
            private bool _entered;
            private int _id;

        """;
}
