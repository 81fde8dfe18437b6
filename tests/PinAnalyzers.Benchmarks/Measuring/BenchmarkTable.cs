using PinAnalyzers.Benchmarks.Inputs;

namespace PinAnalyzers.Benchmarks.Measuring;

/// <summary>Prints what was measured; docs/benchmarks.md says how to read it.</summary>
internal static class BenchmarkTable
{
    private const double Mega = 1024 * 1024;

    public static void Print(SourceSet input, SubjectSeries[] all)
    {
        var binding = all.Single(series => series.Subject.Role == SubjectRole.Binding);
        var floor = all.Single(series => series.Subject.Role == SubjectRole.Floor);
        Line();
        Line($"{input.Name}: {input.LineCount:N0} lines in {input.Projects.Count} projects");
        Line($"{"",-22}{"CPU ms",10}{"± ms",8}{"over no-op",12}{"of binding",12}{"at best",9}{"callbacks",11}{"alloc MB",10}{"x no-op",9}{"peak MB",9}{"findings",10}");
        foreach (var series in all) Line(series.IsEmpty ? $"{series.Subject.Name,-22}{"not within the limit",30}" : Row(series, binding, floor));

        PrintRatios(all, floor);
        if (input.Branches > 0) PrintSlope(input.Branches, all, floor);
    }

    private static string Row(SubjectSeries series, SubjectSeries binding, SubjectSeries floor)
    {
        var row = $"{series.Subject.Name,-22}{Number(series.Cpu),10}{Number(series.Noise),8}";
        if (series == binding)
            return row + $"{"",12}{"100 %",12}{"",9}{"",11}{Number(series.Allocated / Mega),10}{"",9}{Number(series.Peak / Mega),9}{series.Findings,10} errors";

        // The floor's own share is what any first analyzer costs a build.
        var over = series == floor ? series.CpuOver(binding) : series.CpuOver(floor);
        var least = series.LeastCpuOver(series == floor ? binding : floor);
        row += $"{Number(over),12}{over / binding.Cpu * 100,10:N1} %{least / binding.Least * 100,7:N1} %{Number(series.Callbacks),11}{Number(series.Allocated / Mega),10}";
        row += $"{series.Allocated / floor.Allocated,9:N2}{Number(series.Peak / Mega),9}{series.Findings,10}";
        return series.Failures > 0 ? row + $"  {series.Failures} AD0001" : row;
    }

    private static void PrintRatios(SubjectSeries[] all, SubjectSeries floor)
    {
        if (all.FirstOrDefault(series => series.Subject.Role == SubjectRole.Ours) is not { IsEmpty: false } ours) return;
        foreach (var peer in all.Where(series => !series.IsEmpty && series.Subject.Role == SubjectRole.Peer))
            Line($"  PinAnalyzers costs {Ratio(ours.CpuOver(floor), peer.CpuOver(floor))} of {peer.Subject.Name} over the no-op driver, {Ratio(ours.LeastCpuOver(floor), peer.LeastCpuOver(floor))} at best, {Ratio(ours.Callbacks, peer.Callbacks)} inside callbacks");
    }

    private static void PrintSlope(int branches, SubjectSeries[] all, SubjectSeries floor)
    {
        foreach (var series in all.Where(series => !series.IsEmpty && series.Subject.Role is (SubjectRole.Ours or SubjectRole.Peer)))
            Line($"  {series.Subject.Name}: {series.CpuOver(floor) * 1e6 / branches:N0} ns a branch over the no-op driver, {series.Callbacks * 1e6 / branches:N0} inside callbacks");
    }

    // Below what can be told apart from nothing there is no ratio to print.
    private static string Ratio(double ours, double theirs) => (ours, theirs) switch
    {
        ( <= 0, _) => "less than the noise",
        (_, <= 0) => "more than the noise",
        _ when theirs >= ours => $"1/{theirs / ours:N1}",
        _ => $"{ours / theirs:N1} times",
    };

    private static string Number(double value) => value.ToString(Math.Abs(value) < 100 ? "N1" : "N0");

    private static void Line(string text = "") => Console.WriteLine(text);
}
