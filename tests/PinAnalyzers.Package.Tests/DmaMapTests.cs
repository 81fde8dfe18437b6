using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace PinAnalyzers.Package.Tests;

/// <summary>What <see cref="SampleTests"/> cannot ask for: figures that differ from run to run.</summary>
public sealed class DmaMapTests(ITestOutputHelper log)
{
    private static readonly Regex Most = new(@"most pages locked at once (?<most>\d+) of (?<limit>\d+); charged at the end (?<charged>-?\d+)", RegexOptions.CultureInvariant);

    // Not asked of Bad: nothing promises that it loses the race in a given run. Its table stages the race.
    [Fact]
    public async Task GoodRace_StaysWithinTheLimit()
    {
        string output = await new Sample("DmaMap").RunAsync("Good", "--race");
        if (output.StartsWith("skipped: ", System.StringComparison.Ordinal))
        {
            log.WriteLine(output);
            return;
        }

        Match said = Most.Match(output);
        Assert.True(said.Success, output);
        Assert.InRange(Number("most"), 1, Number("limit"));
        Assert.Equal(0, Number("charged"));

        long Number(string name) => long.Parse(said.Groups[name].Value, null);
    }
}
