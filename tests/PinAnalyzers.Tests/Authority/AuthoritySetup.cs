using System.Linq;
using PinAnalyzers.Tests.Verification;

namespace PinAnalyzers.Tests.Authority;

/// <summary>The rules of this category among themselves: short examples count and limit without the care that others ask for.</summary>
internal static class AuthoritySetup
{
    public static TestSetup Alone { get; } = new[] { "PIN1008", "PIN1009", "PIN1010", "PIN1011", "PIN1012", "PIN1015", "PIN1016", "PIN1018", "PIN1020", "PIN3016" }
        .Aggregate(TestSetup.Annotated, static (setup, id) => setup.Option($"dotnet_diagnostic.{id}.severity", "none"));
}
