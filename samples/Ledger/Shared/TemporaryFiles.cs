using System;
using System.IO;
using System.Text;

namespace Ledger;

/// <summary>A directory of text files that goes when this goes.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ledger-");

    public string Root => _root.FullName;

    public string PathTo(string name) => Path.Combine(Root, name);

    /// <summary>Makes a file of lines of 50 characters.</summary>
    public string Make(string name, int length)
    {
        string path = PathTo(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var text = new StringBuilder(length);
        while (text.Length < length) text.Append('.', Math.Min(49, length - text.Length)).Append('\n');
        text.Length = length;
        File.WriteAllText(path, text.ToString());
        return path;
    }

    public void Dispose() => _root.Delete(recursive: true);
}
