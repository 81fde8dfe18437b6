using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Tests.Balance.Plain;

/// <summary>Where a body's shape says that it need not be followed, following it finds nothing.</summary>
public sealed class PlainAgreementTests
{
    private static readonly int s_count = int.TryParse(Environment.GetEnvironmentVariable("PIN_PLAIN_PROGRAMS"), out int count) ? count : 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task NotFollowed_HasNothingToFind(int seed)
    {
        PlainPrograms programs = new(seed);
        string[] members = [.. Enumerable.Range(0, s_count).Select(i => programs.Next("M" + i))];
        var answers = await FollowedBodies.CompareAsync(PlainBalanceTests.Class(string.Join("\n", members)));

        Assert.Empty(answers.Missed.Select(missed => $"{missed.Finding}\n    {members.First(member => member.Contains($" {missed.Member}(", StringComparison.Ordinal))}"));
        // A generator that only makes what must be followed, or nothing wrong, would prove nothing.
        Assert.InRange(answers.NotFollowed, s_count / 10, s_count);
        Assert.InRange(answers.Found, s_count / 10, s_count * 9);
    }
}
