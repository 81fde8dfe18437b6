using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;
using Verifier = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.Balance;

/// <summary>Messages, and the path in the additional locations: the charge, the decisions, the end, then the releases on other paths.</summary>
public sealed class PathTests
{
    [Fact]
    public Task Lost_NamesDecisionAndReturn() => Verify.Members("""
            int Account(int n)
            {
                if (!{|#0:_owner.TryCharge(n)|}) return -3;
                if ({|#1:n == 7|}) {|#2:return -4;|}
                {|#3:_owner.Uncharge(n)|};
                return 0;
            }
        """, At("PIN1001", 0, "pages", "Owner.Uncharge", "'_owner.TryCharge(n)' is true and 'n == 7' is true and it returns at line 22", 0, 0, 1, 2, 3));

    [Fact]
    public Task Lost_AtTheEndOfTheMethod() => Verify.Members("""
            void Pins(object target)
            {
                GCHandle handle = {|#0:GCHandle.Alloc(target)|};
            }
        """, At("PIN1001", 0, "GCHandle", "GCHandle.Free", "the method ends", 0));

    [Fact]
    public Task LostOnException_NamesWhatThrows() => Verify.Members("""
            void Pins(object target)
            {
                GCHandle handle = {|#0:GCHandle.Alloc(target)|};
                {|#1:Calls.Work()|};
                {|#2:handle.Free()|};
            }
        """, At("PIN1002", 0, "GCHandle", "GCHandle.Free", "Calls.Work()", 0, 1, 2).WithSeverity(DiagnosticSeverity.Info));

    [Fact]
    public Task LostOnException_PrefersAwaitToCall() => Verify.Members("""
            async Task Waits()
            {
                await {|#0:_sem.WaitAsync()|};
                Calls.Work();
                {|#1:await Calls.WorkAsync()|};
                {|#2:_sem.Release()|};
            }
        """, At("PIN1002", 0, "SemaphoreSlim", "SemaphoreSlim.Release", "await Calls.WorkAsync()", 0, 1, 2));

    // What is disposed of at the end is named at the beginning; the mistake is what throws before that.
    [Fact]
    public Task LostOnException_PrefersWhatIsInsideToTheDisposalAround() => Verify.Members("""
            async Task Waits(IAsyncDisposable scope)
            {
                await using (scope.ConfigureAwait(false))
                {
                    await {|#0:_sem.WaitAsync()|};
                    {|#1:await Calls.WorkAsync()|};
                    {|#2:_sem.Release()|};
                }
            }
        """, At("PIN1002", 0, "SemaphoreSlim", "SemaphoreSlim.Release", "await Calls.WorkAsync()", 0, 1, 2));

    [Fact]
    public Task LostOnException_PrefersWhatFollowsToTheDisposalOfADeclaration() => Verify.Members("""
            async Task Waits(IAsyncDisposable scope)
            {
                await using var configured = scope.ConfigureAwait(false);
                await {|#0:_sem.WaitAsync()|};
                {|#1:await Calls.WorkAsync()|};
                {|#2:_sem.Release()|};
            }
        """, At("PIN1002", 0, "SemaphoreSlim", "SemaphoreSlim.Release", "await Calls.WorkAsync()", 0, 1, 2));

    [Fact]
    public Task ReleasedTwice_NamesTheFirst() => Verify.Members("""
            void Frees(int n)
            {
                nint memory = {|#0:Marshal.AllocHGlobal(n)|};
                {|#1:Marshal.FreeHGlobal(memory)|};
                {|#2:Marshal.FreeHGlobal(memory)|};
            }
        """, Reported("PIN1003", 2, "HGlobal", "22"));

    [Fact]
    public Task ReleasedUncharged_NamesTheCharge() => Verify.Members("""
            void Gives(int n)
            {
                bool ok = {|#0:_owner.TryCharge(n)|};
                {|#1:_owner.Uncharge(n)|};
            }
        """, Reported("PIN1004", 1, "pages", "21"));

    [Fact]
    public Task ResultDropped_SaysWhatIsMissing() => Verify.Members("""
            void Drops(int n)
            {
                {|#0:_owner.TryCharge(n)|};
                {|#1:Marshal.AllocHGlobal(n)|};
            }
        """,
        Reported("PIN1005", 0, "_owner.TryCharge(n)", "whether it was taken is not known"),
        Reported("PIN1005", 1, "Marshal.AllocHGlobal(n)", "nothing is left to release the HGlobal with"));

    [Fact]
    public Task LongText_IsCut() => Verify.Members("""
            void Drops()
            {
                {|#0:Marshal.StringToHGlobalUni("a text that is so long that nobody wants to see all of it")|};
            }
        """, Reported("PIN1005", 0, "Marshal.StringToHGlobalUni(\"a text that is so long that nobo…", "nothing is left to release the HGlobal with"));

    private static DiagnosticResult Reported(string id, int at, params object[] arguments)
        => Verifier.Diagnostic(id).WithLocation(at).WithArguments(arguments).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations);

    private static DiagnosticResult At(string id, int at, string pair, string release, string words, params int[] path)
    {
        var result = Verifier.Diagnostic(id).WithLocation(at).WithArguments(pair, release, words);
        foreach (var location in path)
            result = result.WithLocation(location);
        return result;
    }
}
