using System.Xml;
using System.Xml.Linq;

namespace PinAnalyzers.Benchmarks.Inputs;

/// <summary>The few facts of a project file that decide whether its sources bind. MSBuild is not asked: a checkout need not restore.</summary>
internal sealed class ProjectFile
{
    private static readonly string[] s_defaultUsings =
        ["System", "System.IO", "System.Linq", "System.Collections.Generic", "System.Threading", "System.Threading.Tasks", "System.Net.Http"];

    private readonly List<XElement> _elements = [];

    private ProjectFile(string path, IEnumerable<string> files)
    {
        Path = path;
        foreach (var file in files)
        {
            try
            {
                _elements.AddRange(XDocument.Load(file).Descendants());
            }
            catch (XmlException error)
            {
                Console.Error.WriteLine($"{file}: {error.Message}");
            }
        }
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool Nullable => Is("Nullable", "enable");

    public IEnumerable<string> References =>
        Includes("ProjectReference").Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')));

    public IEnumerable<string> Constants =>
        Named("DefineConstants").Where(element => element.Attribute("Condition") is null && element.Parent?.Attribute("Condition") is null)
            .SelectMany(element => element.Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(constant => !constant.StartsWith('$'));

    /// <summary>The file that the SDK would generate: global usings, and friends named in the project.</summary>
    public string ImplicitSource
    {
        get
        {
            var usings = Named("Using").Where(element => element.Attribute("Include") is not null).Select(UsingText);
            if (Is("ImplicitUsings", "enable")) usings = usings.Concat(s_defaultUsings);
            var friends = Includes("InternalsVisibleTo").Select(name => name.Split(',')[0]).Where(name => !name.Contains('$')).Distinct();
            return string.Concat(usings.Distinct().Select(name => $"global using {name};\n"))
                + string.Concat(friends.Select(name => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{name}\")]\n"));
        }
    }

    /// <summary>What is assumed of sources that no project file claims.</summary>
    public static string DefaultImplicitSource => string.Concat(s_defaultUsings.Select(name => $"global using {name};\n"));

    /// <summary>Reads the project and the Directory.Build.* files above it, up to the root of the checkout.</summary>
    public static ProjectFile Load(string path, string root)
    {
        List<string> files = [path];
        for (var directory = System.IO.Path.GetDirectoryName(path); directory is not null && directory.Length >= root.Length; directory = System.IO.Path.GetDirectoryName(directory))
            files.AddRange(Directory.EnumerateFiles(directory, "Directory.Build.*"));
        return new ProjectFile(path, files);
    }

    private static string UsingText(XElement element) => (element.Attribute("Alias"), element.Attribute("Static")) switch
    {
        ({ } alias, _) => $"{alias.Value} = {element.Attribute("Include")!.Value}",
        (_, { }) => $"static {element.Attribute("Include")!.Value}",
        _ => element.Attribute("Include")!.Value,
    };

    private IEnumerable<XElement> Named(string name) => _elements.Where(element => element.Name.LocalName == name);

    private IEnumerable<string> Includes(string name) => Named(name).Select(element => element.Attribute("Include")?.Value).OfType<string>();

    // The nearest file speaks first: it was read first.
    private bool Is(string property, string value) =>
        Named(property).FirstOrDefault() is { } element
        && (element.Value.Trim().Equals(value, StringComparison.OrdinalIgnoreCase) || element.Value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase));
}
