using System;
using DmaMap;

if (args is not ([] or ["--race"]))
{
    Console.Error.WriteLine("usage: DmaMap [--race]");
    return 2;
}

if (Machine.WhyNot(pages: 128) is { } reason)
{
    Console.WriteLine("skipped: " + reason);
    return 0;
}

if (args is ["--race"])
{
    Race.Run(Console.Out);
    return 0;
}

Console.WriteLine(Row.Header);
foreach (Scenario scenario in Scenarios.All()) Console.WriteLine(scenario.Run());
if (ReservedPages.First(2) is null) Console.WriteLine("skipped: reserved pages (this process has none)");
return 0;
