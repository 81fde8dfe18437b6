using System;
using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Testing.Tests;

internal static class Expect
{
    /// <summary>The test must fail, and say <paramref name="reason"/>.</summary>
    public static async Task FailureAsync(Func<Task> test, string reason)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(test);
#if MICROSOFT_TESTING
        // Those packages have their own words.
        Assert.NotNull(reason);
        Assert.NotNull(failure.Message);
#else
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
#endif
    }
}
