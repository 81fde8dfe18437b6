using System;
using System.IO;
using Ledger;

switch (args)
{
    case []:
        Console.WriteLine(Row.Header);
        foreach (Scenario scenario in Scenarios.All()) Console.WriteLine(scenario.Run());
        Console.WriteLine();
        foreach (Count count in Counts.All()) Console.WriteLine(count.Run());
        return 0;
    case [var directory] when Directory.Exists(directory):
        Reading.Run(directory, Console.Out, TextWriter.Null);
        return 0;
    case [var directory, var file] when Directory.Exists(directory):
        using (StreamWriter journal = File.CreateText(file)) Reading.Run(directory, Console.Out, journal);
        return 0;
    default:
        Console.Error.WriteLine("usage: Ledger [DIRECTORY [JOURNAL]]");
        return 2;
}
