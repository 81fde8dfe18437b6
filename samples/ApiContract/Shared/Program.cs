using System;
using ApiContract;
using PinAccounting;

switch (args)
{
    case ["--json"]:
        Console.Out.Write(ApiSpecification.For(typeof(AsyncIo)).ToJson());
        Console.Out.Write('\n');
        return 0;
    case ["--markdown"]:
        Console.Out.Write(ApiSpecification.For(typeof(AsyncIo)).ToMarkdown());
        return 0;
    case []:
        break;
    default:
        Console.Error.WriteLine("usage: ApiContract [--json | --markdown]");
        return 2;
}

Scenario[] scenarios =
[
    new("two contexts", Callers.TwoContexts),
    new("raise the size", Callers.RaiseSize),
    new("set up and submit", Callers.SetUpAndSubmit),
    new("set up two, undo on failure", Callers.SetUpTwo),
    new("may go on when refused", Callers.MayGoOn),
    new("child policy", Callers.ChildPolicy),
];
Console.WriteLine($"{"scenario",-28} {"says",6} {"contexts left",14} {"events charged",15}");
foreach (Scenario scenario in scenarios)
{
    using var io = new AsyncIo(1024);
    int status = scenario.Run(io);
    Console.WriteLine($"{scenario.Name,-28} {status,6} {io.Contexts,14} {io.Charged,15}");
}

return 0;

internal sealed record Scenario(string Name, Func<AsyncIo, int> Run);
