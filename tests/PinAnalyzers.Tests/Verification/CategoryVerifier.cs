using System.Collections.Generic;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace PinAnalyzers.Tests.Verification;

/// <summary>Whole types of users' code among the subjects that they are about; of the categories that are named, no rule has a say.</summary>
internal sealed partial class CategoryVerifier(string imports, string subjects, params string[] silenced)
{
    private const int FirstSuggestion = 100;

    private readonly TestSetup _setup = Without(TestSetup.Annotated.Source("/0/Subjects.cs", subjects), silenced);

    /// <summary>Markup knows ids only: <c>{|PIN2002i:…|}</c> is PIN2002 as a suggestion.</summary>
    public Task VerifyAsync(string types)
    {
        List<DiagnosticResult> suggestions = [];
        var key = FirstSuggestion;
        var source = Suggestion().Replace(imports + types, match =>
        {
            suggestions.Add(new DiagnosticResult(match.Groups[1].Value, DiagnosticSeverity.Info).WithLocation(key).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
            return $"{{|#{key++}:";
        });
        return new PinTest<PinFlowAnalyzer, EmptyCodeFixProvider>(source, _setup, [.. suggestions]).RunAsync(CancellationToken.None);
    }

    private static TestSetup Without(TestSetup setup, string[] categories)
    {
        foreach (var category in categories)
            setup = setup.Option($"dotnet_analyzer_diagnostic.category-{category}.severity", "none");
        return setup;
    }

    [GeneratedRegex(@"\{\|(PIN\d{4})i:")]
    private static partial Regex Suggestion();
}
