using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using static PinAnalyzers.Tests.SharedMemory.RingSources;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Many members in one class, judged for some rules alone.</summary>
internal static class SharedVerifier
{
    /// <summary>Exactly what the markup says is reported of the rules <paramref name="ids"/>; others of this category may report too.</summary>
    public static Task Only(string ids, IEnumerable<string> members) => Verify.Analyzer(InRing(Numbered(members)), Off(ids));

    /// <summary>The setup with all other rules of the category, and their neighbour for ordinary fields, switched off.</summary>
    public static TestSetup Off(string ids) => Off(ids, TestSetup.Annotated);

    public static TestSetup Off(string ids, TestSetup setup)
    {
        // Fields that are updated atomically have a rule of their own in another category.
        setup = setup.Option("dotnet_diagnostic.PIN1016.severity", "none");
        foreach (int number in Enumerable.Range(3001, 16))
        {
            if (!Regex.IsMatch(ids, $"PIN{number}")) setup = setup.Option($"dotnet_diagnostic.PIN{number}.severity", "none");
        }

        return setup;
    }
}
