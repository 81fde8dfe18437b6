using PinAnalyzers.Benchmarks;
using PinAnalyzers.Benchmarks.Inputs;
using PinAnalyzers.Benchmarks.Measuring;
using PinAnalyzers.Benchmarks.Triage;
using PinAnalyzers.Benchmarks.Triage.Fixes;

if (CommandLine.Parse(args) is not { } line) return 1;
var ours = Subject.Ours(line.Analyzers);
if (ours.Analyzers.IsEmpty) Console.WriteLine("no analyzers in PinAnalyzers.dll");

switch (line.Mode)
{
    case "findings":
        FindingsReport.Print(LooseCompilation.Read(line.Directory, line.Excluded, line.AsBuilt), line.Directory, ours, line.Settings, line.Context);
        return 0;
    case "fixes":
        await new FixesReport(line.Directory, ours, line.Settings).PrintAsync(LooseCompilation.Read(line.Directory, line.Excluded, line.AsBuilt)).ConfigureAwait(false);
        return 0;
    case "bugs":
        BugsReport.Print(line.Directory, ours, line.Settings);
        return 0;
    case "census":
        CensusReport.Print(LooseCompilation.Read(line.Directory, line.Excluded), line.Directory, line.Family);
        return 0;
}

List<Subject> subjects = [Subject.Binding, Subject.NoOp];
if (!ours.Analyzers.IsEmpty) subjects.Add(ours);
if (line.Peers.Contains("ca2000")) subjects.Add(Subject.Ca2000);
if (line.Peers.Contains("idisposable")) subjects.Add(Subject.DisposableAnalyzers);

var benchmark = new Benchmark(subjects, line.Repetitions, line.Limit);
benchmark.WarmUp(GeneratedSources.PairRich(lines: 2_000));
if (line.Inputs.Contains("own")) Measure(LooseCompilation.OwnSources());
if (line.Inputs.Contains("rich")) Measure(GeneratedSources.PairRich());
if (line.Inputs.Contains("free")) Measure(GeneratedSources.PairFree());
if (line.Inputs.Contains("branches"))
{
    foreach (var size in new[] { 10, 100, 1_000, 10_000 }) Measure(GeneratedSources.Branches(size));
}

foreach (var corpus in line.Corpora) Measure(LooseCompilation.Read(corpus, line.Excluded));
return 0;

void Measure(SourceSet input) => BenchmarkTable.Print(input, benchmark.Measure(input));
