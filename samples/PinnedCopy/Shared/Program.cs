using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using PinnedCopy;

if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("This sample reads VmLck and calls mlock: it needs Linux.");
    return 2;
}

if (args is ["--demo", _])
{
    DirectoryInfo scratch = Directory.CreateTempSubdirectory("pinned-copy-");
    try
    {
        string source = Path.Combine(scratch.FullName, "source");
        GeneratedFiles.Write(source, int.Parse(args[1], NumberStyles.None, CultureInfo.InvariantCulture));
        return Copy(source, Path.Combine(scratch.FullName, "target"));
    }
    finally
    {
        scratch.Delete(recursive: true);
    }
}

if (args is [_, _]) return Copy(args[0], args[1]);

Console.Error.WriteLine("usage: <source directory> <target directory> | --demo <number of files>");
return 2;

static int Copy(string source, string target)
{
    var settings = new CopySettings
    {
        BeforeCopy = static path =>
        {
            if (path.EndsWith(".skip", StringComparison.Ordinal)) throw new OperationCanceledException();
        },
    };
    Meter.Read(settings).Print("before", Console.Out);

    var outcomes = new SortedDictionary<Outcome, int>();
    foreach (string path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
    {
        string copy = Path.Combine(target, Path.GetRelativePath(source, path));
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        Outcome outcome = CopyOne(path, copy, settings);
        outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
    }

    Meter.Read(settings).Print("after", Console.Out);
    Console.WriteLine(string.Join(", ", outcomes.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key}"))));
    return 0;
}

static Outcome CopyOne(string source, string target, CopySettings settings)
{
    try
    {
        if (Probe.IsEmpty(source)) return Outcome.Empty;
        Probe.RequireText(source);
        Outcome outcome = FileCopier.Copy(source, target, settings);
        if (outcome != Outcome.Copied) return outcome;
        return Verifier.Verify(source, target, settings) ? Outcome.Copied : Outcome.Unverified;
    }
    catch (InvalidDataException)
    {
        return Outcome.Binary;
    }
    catch (OperationCanceledException)
    {
        return Outcome.Declined;
    }
}
