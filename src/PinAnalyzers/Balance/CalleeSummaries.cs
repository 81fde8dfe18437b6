using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>What a callee does with a charge that it can reach.</summary>
internal enum CalleeEffect : byte
{
    Uses,
    Releases,
    ReleasesIfTrue,
    ReleasesIfFalse,

    /// <summary>Stores it, hands it on, or something that differs from path to path.</summary>
    Keeps,
}

/// <summary>What a callee does with a charge, and what its answer is wherever it has done it: a method that rolls back often says no each time.</summary>
internal readonly record struct CalleeDeed(CalleeEffect Effect, Fact Answer)
{
    public static readonly CalleeDeed Keeps = new(CalleeEffect.Keeps, Fact.Top);
}

/// <summary>A charge that a source method takes for its caller: known by its result, or by a place the caller can name.</summary>
internal sealed record DerivedCharge(ChargeSpec Spec, PlaceKey? Place)
{
    /// <summary>An <c>out</c> argument besides the token that tells, too, and whether it is null or zero where the charge was taken: <c>out error</c>. Null if none does.</summary>
    public (int Ordinal, bool IsZeroWhenTaken)? Telling { get; init; }

    /// <summary>What is returned where the charge was taken, if something else tells: a method that had nothing to take says yes as well.</summary>
    public Fact? WhenTaken { get; init; }
}

/// <summary>A symbol as a key, by symbol equality.</summary>
internal readonly struct SymbolKey(ISymbol symbol) : System.IEquatable<SymbolKey>
{
    private readonly ISymbol _symbol = symbol;

    public bool Equals(SymbolKey other) => SymbolEqualityComparer.Default.Equals(_symbol, other._symbol);

    public override bool Equals(object? obj) => obj is SymbolKey other && Equals(other);

    public override int GetHashCode() => SymbolEqualityComparer.Default.GetHashCode(_symbol);
}

/// <summary>Summaries of source methods, computed when asked for by the same flow that judges bodies, kept for the life of the compilation.</summary>
internal sealed partial class CalleeSummaries(BalanceContext context)
{
    /// <summary>How far a release may be from the call that leads to it.</summary>
    private const int MaxHelpers = 2;

    private readonly ConcurrentDictionary<(IMethodSymbol Method, Pair Pair, PlaceKey Place), CalleeDeed> _effects = new(EffectKeyComparer.Instance);
    private readonly ConcurrentDictionary<IMethodSymbol, ImmutableArray<DerivedCharge>> _charges = new(SymbolEqualityComparer.Default);
    private readonly ImmutableArray<ConcurrentDictionary<IMethodSymbol, bool>> _releasing = Enumerable.Range(0, MaxHelpers + 1).Select(static _ => new ConcurrentDictionary<IMethodSymbol, bool>(SymbolEqualityComparer.Default)).ToImmutableArray();

    /// <summary>Whether the method's body can be looked into: source of this assembly, and no override can replace it.</summary>
    public bool HasBody(IMethodSymbol method) =>
        !method.IsAbstract && !method.IsExtern && method.OriginalDefinition.IsWrittenIn(context.Compilation) && !method.IsMadeOfExtensionMember();

    /// <summary>Whether the body names anything that may release.</summary>
    public bool MayRelease(IMethodSymbol method) => HasBody(method) && NamesRelease(method.OriginalDefinition, 0);

    /// <summary>Whether the body names anything that may release, or calls a method of its own type that does: no summary is worth computing otherwise.</summary>
    public bool MayLeadToRelease(IMethodSymbol method) => HasBody(method) && NamesRelease(method.OriginalDefinition, MaxHelpers);

    private bool NamesRelease(IMethodSymbol method, int helpers) => _releasing[helpers].GetOrFind(method, (this, helpers), static (search, method) => search.Item1.FindRelease(method, search.helpers));

    private bool FindRelease(IMethodSymbol method, int helpers)
    {
        if (BodyGraphs.BodyOf(method, context.Compilation, context.Cancellation) is not { } body) return false;
        if (context.Calls.MayRelease(body)) return true;
        if (helpers == 0 || method.ContainingType is not { } type) return false;
        return body.DescendantNodes(static n => n is not AnonymousFunctionExpressionSyntax).OfType<InvocationExpressionSyntax>().Any(call => HelperName(call) is { } name
            && type.GetMembers(name).OfType<IMethodSymbol>().Any(helper => HasBody(helper) && !SymbolEqualityComparer.Default.Equals(helper, method) && NamesRelease(helper, helpers - 1)));
    }

    private static string? HelperName(InvocationExpressionSyntax call) => call.Expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var name } => name,
        _ => null,
    };

    public bool MayCharge(IMethodSymbol method) => HasBody(method) && !method.IsVirtual && !method.IsOverride && method.MethodKind != MethodKind.PropertyGet && context.Wrappers.MayHandOut(method);

    public IEnumerable<IOperation> OperationsOf(IMethodSymbol method) =>
        BodyGraphs.Create(method.OriginalDefinition, context.Compilation, context.Cancellation)?.OriginalOperation.Descendants() ?? [];

    /// <summary>The locals and parameters of enclosing bodies that a local function refers to.</summary>
    public IEnumerable<ISymbol> CapturedBy(IMethodSymbol local, ControlFlowGraph scope)
    {
        HashSet<ISymbol> captured = new(SymbolEqualityComparer.Default);
        foreach (IOperation operation in context.NestedGraphOf(scope, local)?.OriginalOperation.Descendants() ?? [])
        {
            ISymbol? variable = operation switch
            {
                ILocalReferenceOperation reference => reference.Local,
                IParameterReferenceOperation reference => reference.Parameter,
                _ => null,
            };
            if (variable is not null && !SymbolEqualityComparer.Default.Equals(variable.ContainingSymbol, local)) captured.Add(variable);
        }

        return captured;
    }

    public CalleeEffect EffectOn(IMethodSymbol method, Pair pair, PlaceKey place, ControlFlowGraph caller, SummaryScope scope) => DeedOn(method, pair, place, caller, scope).Effect;

    public CalleeDeed DeedOn(IMethodSymbol method, Pair pair, PlaceKey place, ControlFlowGraph caller, SummaryScope scope)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        if (_effects.TryGetValue((definition, pair, place), out CalleeDeed known)) return known;
        object cutKey = (new SymbolKey(definition), pair, place);
        if (scope.TryGetCut(cutKey, out CalleeDeed? cut)) return cut.Value;
        if (!scope.MayEnter(definition)) return CalleeDeed.Keeps;
        SummaryScope inner = scope.Enter(definition);
        CalleeDeed deed = Compute(definition, pair, place, caller, inner);
        if (inner.IsCut) scope.KeepCut(cutKey, deed);
        else _effects.TryAdd((definition, pair, place), deed);
        return deed;
    }

    public ImmutableArray<DerivedCharge> ChargesOf(IMethodSymbol method, ControlFlowGraph? caller, SummaryScope scope)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        if (_charges.TryGetValue(definition, out ImmutableArray<DerivedCharge> known)) return known;
        object cutKey = new SymbolKey(definition);
        if (scope.TryGetCut(cutKey, out ImmutableArray<DerivedCharge>? cut)) return cut.Value;
        if (!scope.MayEnter(definition)) return ImmutableArray<DerivedCharge>.Empty;
        SummaryScope inner = scope.Enter(definition);
        ImmutableArray<DerivedCharge> charges = ComputeCharges(definition, caller, inner);
        if (inner.IsCut) scope.KeepCut(cutKey, charges);
        else _charges.TryAdd(definition, charges);
        return charges;
    }

    private ControlFlowGraph? GraphOf(IMethodSymbol method, ControlFlowGraph? caller) => method.MethodKind == MethodKind.LocalFunction
        ? caller is null ? null : context.NestedGraphOf(caller, method)
        : BodyGraphs.Create(method, context.Compilation, context.Cancellation);

    private CalleeDeed Compute(IMethodSymbol method, Pair pair, PlaceKey place, ControlFlowGraph caller, SummaryScope scope)
    {
        if ((method.IsVirtual && !method.ContainingType.IsSealed) || GraphOf(method, caller) is not { } graph || BodyGraphs.IsIterator(graph)) return CalleeDeed.Keeps;
        ValueTable values = new();
        BalanceFlow flow = new(context, graph, method, values, scope);
        ChargeSite ghost = flow.SiteOf(graph.OriginalOperation, new ChargeSpec(pair), isGhost: true);
        int identity = place.ToValue(values, values.This, values.Parameter);
        if (identity == ValueTable.Unknown) return CalleeDeed.Keeps;
        BalanceState entry = BalanceState.Empty.Add(new Obligation(ghost, identity, ValueTable.Unknown, ValueTable.Unknown));
        if (Solve(flow, graph, values, entry, pair.HasToken ? identity : ValueTable.Unknown) is not { } solved || flow.IsHandedOver(ghost)) return CalleeDeed.Keeps;
        solved.Report();

        List<Fact> held = [], given = [];
        foreach (BalanceExit exit in flow.Exits)
        {
            if (exit.Kind != ExitKind.Return) continue;
            bool isHeld = exit.Obligations.Any(o => ReferenceEquals(o.Site, ghost) && o.Status is not ObligationStatus.Released);
            (isHeld ? held : given).Add(exit.Returned);
        }

        if (given.Count == 0) return new CalleeDeed(CalleeEffect.Uses, Fact.Top);
        if (held.Count == 0) return new CalleeDeed(CalleeEffect.Releases, method.IsAsync ? Fact.Top : given.Aggregate(FactLattice.Instance.Join));
        if (method.ReturnType.SpecialType != SpecialType.System_Boolean) return CalleeDeed.Keeps;
        CalleeEffect effect = Signals.Separating(method.ReturnType, given, held) == SuccessSignal.True ? CalleeEffect.ReleasesIfTrue
            : Signals.Separating(method.ReturnType, held, given) == SuccessSignal.True ? CalleeEffect.ReleasesIfFalse
            : CalleeEffect.Keeps;
        return new CalleeDeed(effect, Fact.Top);
    }

    private ImmutableArray<DerivedCharge> ComputeCharges(IMethodSymbol method, ControlFlowGraph? caller, SummaryScope scope)
    {
        if (GraphOf(method, caller) is not { } graph || BodyGraphs.IsIterator(graph)) return ImmutableArray<DerivedCharge>.Empty;
        ValueTable values = new();
        BalanceFlow flow = new(context, graph, method, values, scope);
        // Nearly always it gives back what it took: then its ways out need not be looked at once more.
        if (Solve(flow, graph, values, BalanceState.Empty) is not { } solved || !flow.MayHandOut) return ImmutableArray<DerivedCharge>.Empty;
        solved.Report();

        ImmutableArray<DerivedCharge>.Builder charges = ImmutableArray.CreateBuilder<DerivedCharge>();
        List<BalanceExit> exits = flow.Exits.Where(static e => e.Kind == ExitKind.Return).ToList();
        foreach (ChargeSite site in exits.SelectMany(static e => e.Obligations).Select(static o => o.Site).Where(static s => !s.IsGhost).Distinct().OrderBy(static s => s.Number))
        {
            if (Derive(method, values, exits, site) is { } derived) charges.Add(derived);
        }

        return charges.ToImmutable();
    }

    private static DerivedCharge? Derive(IMethodSymbol method, ValueTable values, List<BalanceExit> exits, ChargeSite site)
    {
        if (site.Pair.HasToken) return DeriveToken(method, values, exits, site);
        List<BalanceExit> held = [], others = [];
        PlaceKey? place = null;
        foreach (BalanceExit exit in exits)
        {
            Obligation? obligation = exit.Obligations.FirstOrDefault(o => ReferenceEquals(o.Site, site) && o.Status == ObligationStatus.Held);
            (obligation is null ? others : held).Add(exit);
            if (obligation is null) continue;
            PlaceKey? here = PlaceKey.Of(values, obligation.Identity);
            if (here is null || here.Root == PlaceRoot.Captured || place is not null && !place.Equals(here)) return null;
            place = here;
        }

        if (ForwardedFlag(method, site) is >= 0 and var taken && others.Count == 0)
            return new DerivedCharge(site.Spec with { Identity = ValueSource.None, TakenOrdinal = taken }, place);
        if (SuccessOf(method, ReturnedBy(held), ReturnedBy(others)) is not { } success) return null;
        bool isAlways = success == SuccessSignal.Always;
        if (isAlways && !method.ReturnsVoid) success = NeverFailing(method, held);
        return new DerivedCharge(new ChargeSpec(site.Pair) { Identity = ValueSource.None, Success = success, AlwaysTakenOnReturn = isAlways }, place) { Telling = TellingOf(method, held, others, -1) };
    }

    /// <summary>One that never fails may be asked all the same: what it never returns is no path of the caller.</summary>
    private static SuccessSignal NeverFailing(IMethodSymbol method, List<BalanceExit> held) => Signals.Separating(method.ReturnType, ReturnedBy(held), []) ?? SuccessSignal.Always;

    /// <summary>The <c>ref bool</c> parameter that is handed on to the charge, to say there whether it was taken; -1 where there is none.</summary>
    private static int ForwardedFlag(IMethodSymbol method, ChargeSite site) => site.Spec is { Success: SuccessSignal.Taken, TakenOrdinal: >= 0 and var ordinal } && site.Operation is IInvocationOperation call
        && call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == ordinal)?.Value is IParameterReferenceOperation { Parameter: { RefKind: RefKind.Ref or RefKind.Out } flag }
        && SymbolEqualityComparer.Default.Equals(flag.ContainingSymbol, method) ? flag.Ordinal : -1;

    /// <summary>A token reaches the caller as the result or through one <c>out</c> parameter. One that takes either way has no one name there.</summary>
    private static DerivedCharge? DeriveToken(IMethodSymbol method, ValueTable values, List<BalanceExit> exits, ChargeSite site)
    {
        ValueSource? source = null;
        List<BalanceExit> held = [], others = [];
        foreach (BalanceExit exit in exits)
        {
            ValueSource here = TokenAt(method, values, exit, site);
            (here == ValueSource.None ? others : held).Add(exit);
            if (here == ValueSource.None) continue;
            if (source is { } earlier && earlier != here) return null;
            source = here;
        }

        if (source is not { } place) return null;
        bool isToldByToken = place.Place == ValuePlace.Argument && others.All(exit => exit.Frame.FactOf(OutValue(exit, method.Parameters[place.Ordinal])).IsZero);
        if (SuccessOf(method, ReturnedBy(held), ReturnedBy(others)) is { } success)
        {
            bool isAlways = success == SuccessSignal.Always;
            if (isAlways && place.Place == ValuePlace.Argument && !method.ReturnsVoid) success = NeverFailing(method, held);
            return new DerivedCharge(new ChargeSpec(site.Pair) { Identity = place, Success = success, AlwaysTakenOnReturn = isAlways, IsToldByToken = isToldByToken }, null) { Telling = TellingOf(method, held, others, place.Ordinal) };
        }

        // What is returned does not tell by any convention, but the argument may: unless there are several numbers, which may tell in a way of their own.
        return isToldByToken && !(IsNumber(method.AwaitedReturnType()) && exits.Any(exit => !exit.Returned.IsConstant || exit.Returned != exits[0].Returned))
            ? new DerivedCharge(new ChargeSpec(site.Pair) { Identity = place, Success = SuccessSignal.TakenPointer, TakenOrdinal = place.Ordinal }, null)
            {
                Telling = TellingOf(method, held, others, place.Ordinal),
                WhenTaken = method.ReturnsVoid || method.IsAsync ? null : ReturnedBy(held).Aggregate(FactLattice.Instance.Join),
            }
            : null;
    }

    private static bool IsNumber(ITypeSymbol type) => type.IsIntegral() || type.TypeKind == TypeKind.Enum;

    private static ValueSource TokenAt(IMethodSymbol method, ValueTable values, BalanceExit exit, ChargeSite site)
    {
        foreach (Obligation obligation in exit.Obligations)
        {
            if (!ReferenceEquals(obligation.Site, site)) continue;
            if (obligation.Status == ObligationStatus.Returned) return ValueSource.Result;
            if (obligation.Status != ObligationStatus.HandedOut) continue;

            // It may have been overwritten since: then nobody has it by that name.
            foreach (IParameterSymbol parameter in method.Parameters)
            {
                if (parameter.RefKind == RefKind.Out && OutValue(exit, parameter) is var value && value != ValueTable.Unknown && values.Canonical(value) == values.Canonical(obligation.Identity))
                    return ValueSource.Argument(parameter.Ordinal);
            }
        }

        return ValueSource.None;
    }

    /// <summary>The <c>out</c> parameter that is null or zero on all ways out with the charge and on none without, or the other way round.</summary>
    private static (int Ordinal, bool IsZeroWhenTaken)? TellingOf(IMethodSymbol method, List<BalanceExit> held, List<BalanceExit> others, int token)
    {
        if (held.Count == 0 || others.Count == 0) return null;
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.RefKind != RefKind.Out || parameter.Ordinal == token) continue;
            if (held.All(IsZero) && others.All(IsNotZero)) return (parameter.Ordinal, true);
            if (held.All(IsNotZero) && others.All(IsZero)) return (parameter.Ordinal, false);

            bool IsZero(BalanceExit exit) => exit.Frame.FactOf(OutValue(exit, parameter)).IsZero;
            bool IsNotZero(BalanceExit exit) => exit.Frame.FactOf(OutValue(exit, parameter)).NotZero;
        }

        return null;
    }

    private static int OutValue(BalanceExit exit, IParameterSymbol parameter) => exit.Frame.Read(exit.Frame.Locations.Of(parameter));

    private static List<Fact> ReturnedBy(List<BalanceExit> exits) => exits.ConvertAll(static exit => exit.Returned);

    /// <summary>How the result tells the ways out with the charge from those without; null where it does not.</summary>
    private static SuccessSignal? SuccessOf(IMethodSymbol method, List<Fact> held, List<Fact> others)
    {
        if (held.Count == 0) return null;
        if (others.Count == 0) return SuccessSignal.Always;
        return method.ReturnsVoid ? null : Signals.Separating(method.ReturnType, held, others);
    }

    /// <summary>Null when it takes too many paths.</summary>
    private FlowSolver<BalanceState>? Solve(BalanceFlow flow, ControlFlowGraph graph, ValueTable values, BalanceState entry, int token = ValueTable.Unknown, (int Value, Fact Fact)? given = null)
    {
        LocationTable locations = new();
        FlowSolver<BalanceState> solver = new(new ExceptionalGraph(graph), flow, values, locations, context.Budget, context.Cancellation);
        Frame<BalanceState> start = new(values, locations, entry);

        // A token that is held is not null: a callee that tests for null before it frees, frees.
        start.Restrict(token, Fact.NonZero);
        if (given is { } known) start.Restrict(known.Value, known.Fact);
        return solver.Solve(start) ? solver : null;
    }

    private sealed class EffectKeyComparer : IEqualityComparer<(IMethodSymbol Method, Pair Pair, PlaceKey Place)>
    {
        public static readonly EffectKeyComparer Instance = new();

        public bool Equals((IMethodSymbol Method, Pair Pair, PlaceKey Place) x, (IMethodSymbol Method, Pair Pair, PlaceKey Place) y) =>
            SymbolEqualityComparer.Default.Equals(x.Method, y.Method) && ReferenceEquals(x.Pair, y.Pair) && x.Place.Equals(y.Place);

        public int GetHashCode((IMethodSymbol Method, Pair Pair, PlaceKey Place) key) =>
            unchecked((SymbolEqualityComparer.Default.GetHashCode(key.Method) * 31) + key.Place.GetHashCode());
    }
}
