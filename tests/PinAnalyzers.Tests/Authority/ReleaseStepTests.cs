using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Tests.Authority;

/// <summary>Private methods that are steps of a release, by who calls them, however the call is written.</summary>
public sealed class ReleaseStepTests
{
    private static string Reported(string callers) => $$"""partial class R { long _p; void Map(long n) => _p += n; void Give(long n) { if ({|PIN2001:IsPrivilegedProcess|}) return; _p -= n; } {{callers}}""";

    private static string Silent(string callers) => Reported(callers).Replace("{|PIN2001:", "", System.StringComparison.Ordinal).Replace("|}", "", System.StringComparison.Ordinal);

    [Theory]
    [InlineData("public void Dispose() => Give(3); }")]
    [InlineData("public void Dispose() { this.Give(3); } }")]
    [InlineData("R? _next; public void Dispose() { _next?.Give(3); } }")]
    [InlineData("public static void Release(R ring) { ring.Give(3); } }")]
    [InlineData("~R() { Give(3); } }")]
    [InlineData("public void Dispose() { Action<long> give = n => Give(n); give(3); } }")]
    [InlineData("public void Dispose() { Inner(); void Inner() => Give(3); } }")]
    // Three steps away, and no more.
    [InlineData("public void Dispose() => First(); void First() => Second(); void Second() => Third(); void Third() => Give(3); }")]
    [InlineData("public void Dispose() { First(3); } void First(long n) { if (n > 0) First(n - 1); Second(n); } void Second(long n) { if (n > 5) First(n); Give(n); } }")]
    // The caller is in another part of the type.
    [InlineData("} partial class R { public void Dispose() => Give(3); }")]
    [InlineData("partial void Step(long n); public void Dispose() => Step(3); } partial class R { partial void Step(long n) => Give(n); }")]
    // Named once more, by a member that is no release, before.
    [InlineData("public void Run() { Give(1); Give(2); } public void Dispose() { Run(); Give(3); } }")]
    public Task StepOfRelease_IsReported(string callers) => AuthorityTypes.Verify(Reported(callers));

    [Theory]
    [InlineData("public void Run() => Give(3); }")]
    [InlineData("public void Run() => First(); void First() => Second(); void Second() => Give(3); public void Dispose() => Map(-3); }")]
    [InlineData("public void Dispose() => Run(); public void Run() => Give(3); }")]
    [InlineData("public void Dispose() => Other.Give(3); static class Other { public static void Give(long n) { } } }")]
    [InlineData("public void Dispose() { Give(\"3\"); } void Give(string text) { } }")]
    [InlineData("public void Dispose() => First(); void First() => Second(); void Second() => Third(); void Third() => Fourth(); void Fourth() => Fifth(); void Fifth() => Give(3); }")]
    [InlineData("void First() => Second(); void Second() => First(); void Third() => Give(3); }")]
    public Task StepOfNoRelease_IsSilent(string callers) => AuthorityTypes.Verify(Silent(callers));
}
