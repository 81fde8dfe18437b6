using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Flow.Lattices;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>What an argument was where a method returned, where it threw, and where it said yes or no.</summary>
internal sealed record ArgumentGuard(Fact WhenReturning, Fact WhenThrowing, Fact? WhenTrue = null, Fact? WhenFalse = null)
{
    /// <summary>What it returns is the argument itself.</summary>
    public bool IsReturned { get; init; }

    /// <summary>It has a way out by an exception.</summary>
    public bool MayThrow { get; init; }

    /// <summary>What it returns is worked out of its arguments and nothing else: the value, in the table of its body; unknown where it is not.</summary>
    public (ValueTable Values, int Value) WorkedOut { get; init; }

    /// <summary>The question that the answer is one to, put to <paramref name="argument"/>; unknown where it is none of the plain ones.</summary>
    public int Condition(ValueTable values, int argument)
    {
        if (WhenTrue is not { } yes || WhenFalse is not { } no) return ValueTable.Unknown;
        if (yes.High < no.Low && yes.High + 1 == no.Low) return values.Binary(BinaryValue.Less, argument, values.Number(no.Low));
        if (no.High < yes.Low && no.High + 1 == yes.Low) return values.Not(values.Binary(BinaryValue.Less, argument, values.Number(yes.Low)));
        if (yes.IsConstant && no.Excludes(yes.Low)) return values.Binary(BinaryValue.Equal, argument, values.Number(yes.Low));
        return no.IsConstant && yes.Excludes(no.Low) ? values.Not(values.Binary(BinaryValue.Equal, argument, values.Number(no.Low))) : ValueTable.Unknown;
    }
}

/// <summary>An argument that is written out at the call.</summary>
internal readonly record struct KnownArgument(int Ordinal, long Value);

/// <summary>Methods that look at a result for their caller: <c>Check(r)</c>, which throws, <c>IsError(r)</c>, which tells, and those that hand it on.</summary>
internal sealed partial class CalleeSummaries
{
    private readonly ConcurrentDictionary<(SymbolKey Method, int Ordinal, KnownArgument? Given), ArgumentGuard?> _guards = new();

    /// <summary>What the method's ways out say of an argument, or of the receiver where <paramref name="ordinal"/> is negative; where <paramref name="given"/> is written out at the call, of a call with that. Null where nothing is known.</summary>
    public ArgumentGuard? GuardOn(IMethodSymbol method, int ordinal, Pair pair, ControlFlowGraph caller, SummaryScope scope, KnownArgument? given = null)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        (SymbolKey, int, KnownArgument?) key = (new SymbolKey(definition), ordinal, given);
        if (_guards.TryGetValue(key, out ArgumentGuard? known)) return known;
        if (method.IsVirtual || method.IsOverride || method.IsAsync || !scope.MayEnter(definition)) return null;
        SummaryScope inner = scope.Enter(definition);
        ArgumentGuard? guard = ComputeGuard(definition, ordinal, given, pair, caller, inner);
        if (!inner.IsCut) _guards.TryAdd(key, guard);
        return guard;
    }

    private ArgumentGuard? ComputeGuard(IMethodSymbol method, int ordinal, KnownArgument? given, Pair pair, ControlFlowGraph caller, SummaryScope scope)
    {
        if (GraphOf(method, caller) is not { } graph || BodyGraphs.IsIterator(graph)) return null;
        ValueTable values = new();
        int argument = ordinal < 0 ? ReceiverIn(values, method.ContainingType) : values.Parameter(method.Parameters[ordinal]);
        BalanceFlow flow = new(context, graph, method, values, scope) { Subject = argument };

        // Something has to be owed, or nobody would ask how exceptions leave.
        ChargeSite ghost = flow.SiteOf(graph.OriginalOperation, new ChargeSpec(pair), isGhost: true);
        BalanceState entry = BalanceState.Empty.Add(new Obligation(ghost, values.Opaque(ghost), ValueTable.Unknown, ValueTable.Unknown));
        if (Solve(flow, graph, values, entry, given: given is { } known ? (values.Parameter(method.Parameters[known.Ordinal]), Fact.Constant(known.Value)) : null) is not { } solved) return null;
        solved.Report();

        Fact? returning = null, throwing = null, yes = null, no = null;
        bool isReturned = true;
        int? workedOut = null;
        foreach (BalanceExit exit in flow.Exits)
        {
            Add(ref (exit.Kind == ExitKind.Return ? ref returning : ref throwing), exit.Frame.FactOf(argument));
            isReturned &= exit.Kind != ExitKind.Return || exit.Frame.ReturnValue == argument;
            if (exit.Kind == ExitKind.Return) workedOut = workedOut is { } other && other != exit.Frame.ReturnValue ? ValueTable.Unknown : exit.Frame.ReturnValue;
            if (exit.Kind != ExitKind.Return || method.ReturnType.SpecialType != SpecialType.System_Boolean) continue;
            foreach (bool answer in Answers)
            {
                Frame<BalanceState> told = exit.Frame.Copy();
                if (told.ReturnValue != ValueTable.Unknown && !told.Assume(told.ReturnValue, answer)) continue;
                Add(ref (answer ? ref yes : ref no), told.FactOf(argument));
            }
        }

        // What never returns, or never throws, rules nothing out that way.
        return returning is { } facts ? new ArgumentGuard(facts, throwing ?? Fact.Top, yes, no) { IsReturned = isReturned, MayThrow = throwing is not null, WorkedOut = (values, workedOut ?? ValueTable.Unknown) } : null;

        static void Add(ref Fact? sum, Fact fact) => sum = sum is { } before ? FactLattice.Instance.Join(before, fact) : fact;
    }

    /// <summary>Of a struct that holds one number that number, by the name that its members have for it.</summary>
    private static int ReceiverIn(ValueTable values, INamedTypeSymbol type) =>
        WrappedNumbers.FieldOf(type) is { } field ? values.Member(values.This, field.AssociatedSymbol ?? field, ValueTable.Unknown) : values.This;

    private static readonly bool[] Answers = [true, false];
}
