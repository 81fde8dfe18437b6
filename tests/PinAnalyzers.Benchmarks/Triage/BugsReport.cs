using PinAnalyzers.Benchmarks.Inputs;
using PinAnalyzers.Benchmarks.Measuring;

namespace PinAnalyzers.Benchmarks.Triage;

/// <summary>For folders <c>N/before</c> and <c>N/after</c> of a fixed defect: which findings did the fix take away?</summary>
internal static class BugsReport
{
    public static void Print(string directory, Subject subject, AnalyzerSettings settings)
    {
        var found = 0;
        var cases = Directory.EnumerateDirectories(directory)
            .Where(folder => Directory.Exists(Path.Combine(folder, "before")) && Directory.Exists(Path.Combine(folder, "after")))
            .OrderBy(folder => int.TryParse(Path.GetFileName(folder), out var number) ? number : int.MaxValue).ToList();
        Console.WriteLine("| n | before | after | gone with the fix |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach (var folder in cases)
        {
            var before = Findings(Path.Combine(folder, "before"), subject, settings);
            var after = Findings(Path.Combine(folder, "after"), subject, settings);
            var gone = Gone(before, after);
            found += gone.Count > 0 ? 1 : 0;
            Console.WriteLine($"| {Path.GetFileName(folder)} | {before.Count} | {after.Count} | {(gone.Count == 0 ? "-" : string.Join("<br>", gone))} |");
        }

        Console.WriteLine();
        Console.WriteLine($"{found} of {cases.Count} cases have findings that the fix took away");
    }

    private static List<(string Key, string Text)> Findings(string root, Subject subject, AnalyzerSettings settings) =>
    [
        .. Finding.In(LooseCompilation.Read(root, []), subject, settings).Findings
            .Select(finding => (Key(finding), $"{Finding.Place(finding.Diagnostic.Location, root)} {finding.Id} {finding.Member}: {finding.Diagnostic.GetMessage()}")),
    ];

    // Not by line, which every fix moves, nor by message, which may name lines.
    private static string Key(Finding finding) =>
        $"{finding.Id} {Path.GetFileName(finding.Diagnostic.Location.GetLineSpan().Path)} {finding.Member}";

    private static List<string> Gone(List<(string Key, string Text)> before, List<(string Key, string Text)> after)
    {
        var left = after.CountBy(finding => finding.Key).ToDictionary();
        List<string> gone = [];
        foreach (var (key, text) in before)
        {
            if (left.GetValueOrDefault(key) is > 0 and var count) left[key] = count - 1;
            else gone.Add(text);
        }

        return gone;
    }
}
