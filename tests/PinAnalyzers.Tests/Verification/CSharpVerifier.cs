using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace PinAnalyzers.Tests.Verification;

#pragma warning disable CA1000 // static members of generic types: read as `using Verify = CSharpVerifier<SomeAnalyzer>;`
/// <summary>Tests one analyzer: <c>await Verify.Analyzer(source);</c>.</summary>
public class CSharpVerifier<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    public static DiagnosticResult Diagnostic() => new(new TAnalyzer().SupportedDiagnostics.Single());

    public static DiagnosticResult Diagnostic(string id) => new(new TAnalyzer().SupportedDiagnostics.Single(descriptor => descriptor.Id == id));

    public static DiagnosticResult Diagnostic(DiagnosticDescriptor descriptor) => new(descriptor);

    /// <summary>Exactly what the markup and <paramref name="expected"/> say is reported.</summary>
    public static Task Analyzer(string source, params DiagnosticResult[] expected) => Analyzer(source, TestSetup.Plain, expected);

    public static Task Analyzer(string source, TestSetup setup, params DiagnosticResult[] expected)
        => new PinTest<TAnalyzer, EmptyCodeFixProvider>(source, setup, expected).RunAsync(CancellationToken.None);
}
