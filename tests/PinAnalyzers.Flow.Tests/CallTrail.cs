using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Tests;

/// <summary>The smallest client: remembers, per path, which one-letter methods were called, each once, in order.</summary>
internal sealed class CallTrail : FlowClient<CallTrail.Trail>
{
    public SortedSet<string> Ends { get; } = new(StringComparer.Ordinal);

    /// <summary>How each path of a body ends: <c>return AB</c>, <c>throw A</c>, <c>abandon</c>. Only T throws, and not always.</summary>
    public static string Of(string body, string head = "void M(bool p, bool q, int n)")
    {
        var (client, solved, _) = Solve(body, head);
        return solved ? string.Join(", ", client.Ends) : "unsolved";
    }

    public static (CallTrail Client, bool Solved, double VisitsPerBlock) Solve(string body, string head = "void M(bool p, bool q, int n)", int maxStates = 64)
    {
        var graph = Bodies.Graph(body, head);
        var (client, values, locations) = (new CallTrail(), new ValueTable(), new LocationTable());
        var solver = new FlowSolver<Trail>(new ExceptionalGraph(graph), client, values, locations, FlowBudget.Default with { MaxStates = maxStates }, CancellationToken.None);
        var solved = solver.Solve(new Frame<Trail>(values, locations, new Trail(string.Empty)));
        if (solved)
            solver.Report();
        return (client, solved, (double)solver.Visits / graph.Blocks.Length);
    }

    public override ThrowKind? MayThrow(Frame<Trail> frame, CallSite call) => call.Method.Name == "T" ? ThrowKind.Call : null;

    public override void AfterCall(Frame<Trail> frame, CallSite call, int result)
    {
        if (call.Method.Name.Length == 1)
            frame.Domain = frame.Domain.With(call.Method.Name);
    }

    public override bool MattersAtExit(Frame<Trail> frame) => true;

    public override void OnExit(Frame<Trail> frame, ExitKind kind, ThrowInfo? thrown, IOperation? at)
    {
        var word = kind switch { ExitKind.Return => "return", ExitKind.Exception => "throw", _ => "abandon" };
        Ends.Add($"{word} {frame.Domain.Calls}".TrimEnd());
    }

    internal sealed class Trail(string calls) : IFlowDomain<Trail>
    {
        public string Calls { get; } = calls;

        public Trail With(string call) => Calls.Contains(call, StringComparison.Ordinal) ? this : new Trail(Calls + call);

        public bool SameKey(Trail other) => Calls == other.Calls;

        public Trail Join(Trail other) => this;

        public Trail JoinLossy(Trail other) => new(string.Concat(Calls.Union(other.Calls).Order().Select(call => call.ToString(CultureInfo.InvariantCulture))));

        public int Distance(Trail other) => Calls.Except(other.Calls).Count() + other.Calls.Except(Calls).Count();

        public bool Follows(int value) => false;

        public bool Mentions(Func<int, bool> isAffected) => false;

        public Trail Rename(Func<int, int> rename, int aged) => this;
    }
}
