using PinAnalyzers.Benchmarks.Measuring;

namespace PinAnalyzers.Benchmarks;

/// <summary>The arguments, read once. Every option is listed in docs/benchmarks.md.</summary>
internal sealed class CommandLine
{
    private readonly List<string> _corpora = [];
    private readonly List<string> _excluded = [];
    private readonly Dictionary<string, string> _options = [];
    private readonly HashSet<string> _ids = [];

    /// <summary>Benchmark, or one of the modes that look at findings.</summary>
    public string Mode { get; private set; } = "benchmark";

    public string Directory { get; private set; } = "";

    public IReadOnlyList<string> Corpora => _corpora;

    /// <summary>Parts of paths; a file whose path has one is left out.</summary>
    public IReadOnlyList<string> Excluded => _excluded;

    public IReadOnlyCollection<string> Inputs { get; private set; } = ["own", "rich", "free", "branches"];

    public IReadOnlyCollection<string> Peers { get; private set; } = ["ca2000", "idisposable"];

    public int Repetitions { get; private set; } = 5;

    public TimeSpan Limit { get; private set; } = TimeSpan.FromSeconds(60);

    public int Context { get; private set; }

    public string? Family { get; private set; }

    /// <summary>Another build of the analyzers than the one beside this program.</summary>
    public string? Analyzers { get; private set; }

    /// <summary>Projects see one another as a build would have them.</summary>
    public bool AsBuilt { get; private set; }

    private bool AllRules { get; set; }

    public AnalyzerSettings Settings => new(_options, _ids, AllRules);

    /// <summary>Null, with the reason on the error stream, when an argument is not understood.</summary>
    public static CommandLine? Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine();
        var queue = new Queue<string>(arguments);
        while (queue.TryDequeue(out var argument))
        {
            if (argument == "--all") line.AllRules = true;
            else if (argument == "--as-built") line.AsBuilt = true;
            else if (!queue.TryDequeue(out var value)) return Refuse($"{argument} needs a value");
            else if (!line.Take(argument, value)) return Refuse($"{argument} {value} is not understood");
        }

        return line;
    }

    private static CommandLine? Refuse(string reason)
    {
        Console.Error.WriteLine($"{reason}; see docs/benchmarks.md");
        return null;
    }

    private bool Take(string argument, string value)
    {
        switch (argument)
        {
            case "--findings" or "--fixes" or "--bugs" or "--census":
                (Mode, Directory) = (argument[2..], value);
                return System.IO.Directory.Exists(value);
            case "--corpus":
                _corpora.Add(value);
                return System.IO.Directory.Exists(value);
            case "--exclude":
                _excluded.AddRange(List(value));
                return true;
            case "--inputs":
                Inputs = List(value);
                return true;
            case "--peers":
                Peers = List(value);
                return true;
            case "--ids":
                _ids.UnionWith(List(value));
                return true;
            case "--option":
                var parts = value.Split('=', 2);
                _options[parts[0].Trim()] = parts[^1].Trim();
                return parts.Length == 2;
            case "--analyzers":
                Analyzers = value;
                return File.Exists(value);
            case "--family":
                Family = value;
                return true;
            case "--repetitions" when int.TryParse(value, out var count) && count > 0:
                Repetitions = count;
                return true;
            case "--limit" when int.TryParse(value, out var seconds) && seconds > 0:
                Limit = TimeSpan.FromSeconds(seconds);
                return true;
            case "--context" when int.TryParse(value, out var lines) && lines >= 0:
                Context = lines;
                return true;
            default:
                return false;
        }
    }

    private static string[] List(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
