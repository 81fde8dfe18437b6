using Microsoft.CodeAnalysis;
using PinAnalyzers.Benchmarks.Inputs;
using PinAnalyzers.Benchmarks.Measuring;

namespace PinAnalyzers.Benchmarks.Triage;

/// <summary>Every finding in a checkout with its path and source, for somebody who will judge each of them.</summary>
internal static class FindingsReport
{
    public static void Print(SourceSet sources, string root, Subject subject, AnalyzerSettings settings, int context)
    {
        var (findings, callbacks) = Finding.In(sources, subject, settings);

        foreach (var finding in findings.Where(finding => !finding.IsFailure)
            .OrderBy(finding => finding.Diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal)
            .ThenBy(finding => finding.Diagnostic.Location.SourceSpan.Start).ThenBy(finding => finding.Id, StringComparer.Ordinal))
        {
            Print(finding, root, context);
        }

        PrintTotals(sources, findings, callbacks);
    }

    private static void Print(Finding finding, string root, int context)
    {
        var diagnostic = finding.Diagnostic;
        Console.WriteLine($"{Finding.Place(diagnostic.Location, root)}: {finding.Id} {diagnostic.Severity}: {diagnostic.GetMessage()} [{finding.Member}]");
        PrintSource(diagnostic.Location, context, "    ");
        for (var step = 0; step < diagnostic.AdditionalLocations.Count; step++)
        {
            Console.WriteLine($"  {step + 1}. {Finding.Place(diagnostic.AdditionalLocations[step], root)}: {LineAt(diagnostic.AdditionalLocations[step])}");
        }

        if (context > 0) Console.WriteLine();
    }

    private static void PrintSource(Location location, int context, string indent)
    {
        if (context == 0 || location.SourceTree is not { } tree) return;
        var lines = tree.GetText().Lines;
        var line = location.GetLineSpan().StartLinePosition.Line;
        for (var at = Math.Max(0, line - context); at <= Math.Min(lines.Count - 1, line + context); at++)
            Console.WriteLine($"{indent}{at + 1,5}{(at == line ? '>' : ' ')} {lines[at]}");
    }

    private static string LineAt(Location location) =>
        location.SourceTree?.GetText().Lines[location.GetLineSpan().StartLinePosition.Line].ToString().Trim() ?? "";

    private static void PrintTotals(SourceSet sources, List<Finding> findings, TimeSpan callbacks)
    {
        Console.WriteLine();
        foreach (var group in findings.Where(finding => !finding.IsFailure).GroupBy(finding => (finding.Id, finding.Diagnostic.Severity)).OrderBy(group => group.Key.Id, StringComparer.Ordinal))
            Console.WriteLine($"{group.Key.Id} {group.Key.Severity}: {group.Count()}");

        var kilolines = sources.LineCount / 1000.0;
        Console.WriteLine($"{sources.LineCount:N0} lines in {sources.Projects.Count} projects; {findings.Count(finding => !finding.IsFailure)} findings; "
            + $"{callbacks.TotalMilliseconds / kilolines:N1} ms per 1,000 lines inside callbacks, the JIT included");
        Console.WriteLine($"members not analysed (PIN0001): {findings.Count(finding => finding.Id == "PIN0001")}");
        Console.WriteLine($"analyzer exceptions (AD0001): {findings.Count(finding => finding.IsFailure)}");
        foreach (var group in findings.Where(finding => finding.IsFailure).GroupBy(finding => finding.Diagnostic.GetMessage()))
            Console.WriteLine($"  {group.Count()} times: {group.Key}");
    }
}
