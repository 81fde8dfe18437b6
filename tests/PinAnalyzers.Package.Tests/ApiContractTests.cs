using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Package.Tests;

/// <summary>The checked-in specification is what the program prints, so it cannot drift from the code.</summary>
public sealed class ApiContractTests
{
    private static readonly Sample ApiContract = new("ApiContract");

    [Theory]
    [InlineData("--markdown", "specification.md")]
    [InlineData("--json", "specification.json")]
    public async Task Specification_IsWhatTheProgramPrints(string option, string file) =>
        Assert.Equal(File.ReadAllText(ApiContract.PathTo(file)).ReplaceLineEndings("\n").Trim(), (await ApiContract.RunAsync("Good", option)).Trim());
}
