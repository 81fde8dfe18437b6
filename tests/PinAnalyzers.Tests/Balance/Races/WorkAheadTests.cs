using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Tests.Balance.Types;
using Xunit;

namespace PinAnalyzers.Tests.Balance.Races;

/// <summary>What a body sets before it starts those who count (PIN1016, PIN1020).</summary>
public sealed class WorkAheadTests
{
    [Theory]
    [InlineData("_done = 0; source.Subscribe(this);")]
    [InlineData("_done = 0; foreach (var one in _all) one.Subscribe(new Inner(this));")]
    [InlineData("var worker = new Worker(); worker.Target = this; _done = 0; worker.Go();")]
    [InlineData("var worker = new Worker(); worker.Take((object)this); _done = 0; worker.Go();")]
    [InlineData("_done = 0; for (int i = 0; i < 2; i++) new Thread(OnDone).Start();")]
    [InlineData("_done = 0; new Thread(() => OnDone()).Start();")]
    [InlineData("_done = 0; new Thread(Main).Start();")]
    [InlineData("_all = new List<Source>(); _done = 0; var hub = new Hub(this); hub.Go();")]
    public Task SetBeforeWorkStarts_IsSilent(string body) => TypeVerifier.File(Around(body));

    [Theory]
    [InlineData("{|PIN1020:_done|} = 0;")]
    [InlineData("source.Subscribe(this); {|PIN1020:_done|} = 0;")]
    [InlineData("{|PIN1020:_done|} = 0; Cleared?.Invoke(this);")]
    [InlineData("{|PIN1020:_done|} = 0; _all.Clear();")]
    [InlineData("{|PIN1020:_done|}--; source.Subscribe(this);")]
    [InlineData("var worker = new Worker(); worker.Target = this; worker.Go(); {|PIN1020:_done|} = 0;")]
    [InlineData("var worker = new Worker(); var other = new Worker(); worker.Target = this; {|PIN1020:_done|} = 0; other.Go();")]
    [InlineData("var worker = new Worker(); worker.Target = null; {|PIN1020:_done|} = 0; worker.Go();")]
    public Task SetWhileOthersCount_IsReported(string body) => TypeVerifier.File(Around(body));

    // The lock is new as well: nobody can hold it.
    [Fact]
    public Task SetWithANewLock_IsSilent() => TypeVerifier.File("""
        class C
        {
            List<int> _left = new();
            readonly object _gate = new();
            int _twice, _seen;
            public void Begin() { _twice = 0; _left = new List<int>(); }
            public void Again() { {|PIN1020:_seen|} = 0; _left = new List<int>(); }
            public void Take(int id) { lock (_left) { if (!_left.Remove(id)) _twice++; } }
            public void See() { lock (_gate) _seen++; }
        }
        """);

    [Theory]
    [InlineData("readonly Action _work; public C() => _work = () => Interlocked.Increment(ref _n);", "_n = 0; _work();")]
    [InlineData("readonly Thread _thread; public C() => _thread = new Thread(() => Interlocked.Increment(ref _n));", "_n = 0; _thread.Start();")]
    [InlineData("Source _source = new(); public void OnDone() => Interlocked.Increment(ref _n);", "_n = 0; _source.Subscribe(this);")]
    public Task AtomicCounterSetBeforeWorkStarts_IsSilent(string members, string body) => TypeVerifier.File(Atomic(members, body));

    [Theory]
    [InlineData("readonly Action _work, _other; public C() { _other = () => { }; _work = () => Interlocked.Increment(ref _n); }", "{|#0:_n|} = 5; _other();")]
    [InlineData("readonly Thread _thread; public C() => _thread = new Thread(() => Interlocked.Increment(ref _n));", "_thread.Start(); {|#0:_n|} = 5;")]
    [InlineData("Source _source = new(); public void OnDone() => Interlocked.Increment(ref _n);", "_source.Subscribe(this); {|#0:_n|} = 5;")]
    [InlineData("public event Action<object> Reset; public void OnDone() => Interlocked.Increment(ref _n);", "{|#0:_n|} = 5; Reset?.Invoke(this);")]
    public Task AtomicCounterSetWhileOthersCount_IsASuggestion(string members, string body) => TypeVerifier.File(
        Atomic(members, body), new DiagnosticResult("PIN1016", DiagnosticSeverity.Info).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));

    private static string Around(string body) => $$"""
        interface ISink { void OnDone(); }
        class Source { public void Subscribe(ISink sink) { } }
        class Worker { public object Target; public void Take(object o) { } public void Go() { } }
        class Hub { public Hub(C c) { } public void Go() { } }
        class Inner : ISink { readonly C _c; public Inner(C c) => _c = c; public void OnDone() => _c.OnDone(); }
        class C : ISink
        {
            readonly object _gate = new();
            List<Source> _all = new();
            public Action<object> Cleared;
            int _done;
            public void OnDone() { lock (_gate) _done++; }
            void Main() { OnDone(); }
            public void Run(Source source) { {{body}} }
        }
        """;

    private static string Atomic(string members, string body) => $$"""
        interface ISink { void OnDone(); }
        class Source { public void Subscribe(object sink) { } }
        class C
        {
            int _n;
            {{members}}
            public int Count => Volatile.Read(ref _n);
            public void Run() { {{body}} }
        }
        """;
}
