using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>Named mutexes that a process holds as long as it runs.</summary>
public sealed class SingleInstanceTests
{
    [Theory]
    [InlineData("var mutex = new Mutex(false, \"one\"); if (!mutex.WaitOne(0, false)) { Console.WriteLine(\"runs already\"); return; } Calls.Work();")]
    [InlineData("using var mutex = new Mutex(false, \"one\"); if (!mutex.WaitOne(TimeSpan.Zero)) return; Calls.Work();")]
    [InlineData("using (Mutex mutex = new(true, nameof(C))) { if (mutex.WaitOne(0) == false) return; Calls.Work(); }")]
    public Task NameOfTheProcess_IsHeldForItsLife(string body) => Verify.Members("void Run() { " + body + " }");

    [Theory]
    // Without a name nobody else finds it, who waits means to give it back, and so does whoever gives it back somewhere.
    [InlineData("using var mutex = new Mutex(false); if (!{|PIN1001:mutex.WaitOne(0)|}) return; if (n > 3) return; Calls.Work();")]
    [InlineData("using var mutex = new Mutex(false, \"one\"); if (!{|PIN1001:mutex.WaitOne(10)|}) return; Calls.Work();")]
    [InlineData("using var mutex = new Mutex(false, \"one\"); {|PIN1001:mutex.WaitOne()|}; Calls.Work();")]
    [InlineData("using var mutex = new Mutex(false, \"one\"); if (!{|PIN1001:mutex.WaitOne(0)|}) return; if (n > 3) return; mutex.ReleaseMutex();")]
    public Task AnyOtherMutex_IsReported(string body) => Verify.Members("void Run(int n) { " + body + " }");
}
