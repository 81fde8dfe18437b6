using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Lattices;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>One disjunct: values of locations, facts about values, what the client holds, and how control goes on. The maps are persistent, so a copy is cheap.</summary>
public sealed partial class Frame<TDomain>
    where TDomain : IFlowDomain<TDomain>
{
    public Frame(ValueTable values, LocationTable locations, TDomain domain)
    {
        Values = values;
        Locations = locations;
        Domain = domain;
    }

    private Frame(Frame<TDomain> other)
    {
        Values = other.Values;
        Locations = other.Locations;
        Domain = other.Domain;
        Environment = other.Environment;
        Facts = other.Facts;
        Continuation = other.Continuation;
        Caught = other.Caught;
        Trace = other.Trace;
    }

    public ValueTable Values { get; }

    public LocationTable Locations { get; }

    public TDomain Domain { get; set; }

    /// <summary>Location to value. Negative keys are members that this body has written: minus the member's symbolic value.</summary>
    public IntMap<int> Environment { get; internal set; }

    /// <summary>Value to what is known of it; a value without an entry is unconstrained.</summary>
    public IntMap<Fact> Facts { get; internal set; }

    public Continuation? Continuation { get; internal set; }

    /// <summary>The exception last caught, for <c>throw;</c>.</summary>
    public ThrowInfo? Caught { get; internal set; }

    public Trace? Trace { get; internal set; }

    /// <summary>True when control cannot be here (a contradiction, or a call that never returns).</summary>
    public bool IsDead { get; set; }

    internal bool IsDirty { get; set; }

    public Frame<TDomain> Copy() => new(this);

    public void Mark(IOperation operation) => Trace = new Trace(Trace, TraceKind.Mark, operation);

    public int Read(int location) => Environment.TryGet(location, out int value) ? value : ValueTable.Unknown;

    public void Write(int location, int value) =>
        Environment = value == ValueTable.Unknown ? Environment.Remove(location) : Environment.Set(location, value);

    /// <summary>The value returned so far on this path; unknown if none.</summary>
    public int ReturnValue => Read(LocationTable.Return);

    /// <summary>
    /// The defining point of <paramref name="value"/> is passed again (in a loop): what is left of the earlier round is renamed, and facts about it are joined with
    /// those of the rounds before.
    /// </summary>
    public void Age(int value)
    {
        if (value == ValueTable.Unknown) return;
        if (!Holds(value))
        {
            // Of the rounds before, the last one left nothing behind: what is known of the others stays known.
            ForgetFacts(value);
            return;
        }

        int aged = Values.Aged(value);
        int Rename(int v) => Values.Substitute(v, value, aged);

        IntMap<int>.Builder environment = new();
        for (int i = 0; i < Environment.Count; i++)
        {
            int key = Environment.KeyAt(i);
            if (key < 0) key = -Rename(-key);
            else if (Locations.VersionedValue(key) is var owner and not ValueTable.Unknown && Values.Mentions(owner, value)) continue;
            if (key != ValueTable.Unknown) environment.Add(key, Rename(Environment.ValueAt(i)));
        }

        IntMap<Fact> facts = IntMap<Fact>.Empty;
        for (int i = 0; i < Facts.Count; i++)
        {
            int old = Facts.KeyAt(i);
            int key = Rename(old);
            if (key == ValueTable.Unknown) continue;

            // An element picked in the last round and left behind takes away nothing known of those that the rounds before still hold.
            if (key != old && Values.PickedBy(old, value) is var picked and not ValueTable.Unknown && !Holds(picked)) continue;

            // The aged value stands for all rounds: what was known of one round is not known of all.
            if (key != old && facts.TryGet(key, out Fact other)) facts = facts.Set(key, FactLattice.Instance.Join(other, Facts.ValueAt(i)));
            else if (key == old && facts.TryGet(key, out other)) facts = facts.Set(key, FactLattice.Instance.Join(other, Facts.ValueAt(i)));
            else facts = facts.Set(key, Facts.ValueAt(i));
        }

        Environment = environment.ToMap();
        Facts = facts;
        Domain = Domain.Rename(Rename, aged);
    }

    /// <summary>
    /// Drops facts about values that nothing holds any more: what was made on the way and is in no variable cannot come up again. Only when they have
    /// become many, as in a long body of straight code.
    /// </summary>
    internal void ForgetUnreachableFacts()
    {
        if (Facts.Count < ManyFacts) return;
        HashSet<int> held = [];
        for (int i = 0; i < Environment.Count; i++) held.Add(Environment.ValueAt(i));
        IntMap<Fact>.Builder kept = new();
        for (int i = 0; i < Facts.Count; i++)
        {
            int value = Facts.KeyAt(i);
            if (!Values.IsVariable(value) || held.Contains(value) || Values.PartsAreIn(value, held) || Domain.Mentions(v => v == value)) kept.Add(value, Facts.ValueAt(i));
        }

        Facts = kept.ToMap();
    }

    private void ForgetFacts(int value)
    {
        for (int i = Facts.Count - 1; i >= 0; i--)
        {
            if (Values.Mentions(Facts.KeyAt(i), value)) Facts = Facts.Remove(Facts.KeyAt(i));
        }
    }

    private const int ManyFacts = 24;

    /// <summary>Some variable, or what the rules know, has to do with the value; facts alone do not.</summary>
    private bool Holds(int value)
    {
        for (int i = 0; i < Environment.Count; i++)
        {
            int key = Environment.KeyAt(i);
            if (Values.Mentions(Environment.ValueAt(i), value) || (key < 0 && Values.Mentions(-key, value))) return true;
        }

        return Domain.Mentions(v => Values.Mentions(v, value));
    }
}

/// <summary>Numbers the places that hold values: locals, parameters, flow captures, and the version of what hangs off a value.</summary>
public sealed class LocationTable
{
    /// <summary>The value being returned.</summary>
    public const int Return = 1;

    /// <summary>The version of the members of <c>this</c> and of statics; it changes when code that may write them has run.</summary>
    public const int ThisVersion = 2;

    private readonly Dictionary<object, int> _numbers = new(LocationComparer.Instance);
    private readonly Dictionary<int, int> _versions = [];
    private readonly Dictionary<int, int> _owners = [];
    private readonly List<object?> _keys = [null, "return", "this version"];
    private readonly HashSet<int> _booleanCaptures = [];

    public int Of(object key)
    {
        if (_numbers.TryGetValue(key, out int number)) return number;
        number = _keys.Count;
        _keys.Add(key);
        _numbers.Add(key, number);
        return number;
    }

    public int VersionOf(int value)
    {
        if (_versions.TryGetValue(value, out int number)) return number;
        number = _keys.Count;
        _keys.Add(null);
        _versions.Add(value, number);
        _owners.Add(number, value);
        return number;
    }

    /// <summary>The value whose version the location holds; unknown for other locations.</summary>
    public int VersionedValue(int location) => _owners.TryGetValue(location, out int value) ? value : ValueTable.Unknown;

    /// <summary>Captures have no type of their own; the one who writes them knows.</summary>
    public void NoteBoolean(object capture) => _booleanCaptures.Add(Of(capture));

    public bool IsBoolean(int location) => KeyOf(location) switch
    {
        ILocalSymbol local => local.Type.SpecialType == SpecialType.System_Boolean,
        IParameterSymbol parameter => parameter.Type.SpecialType == SpecialType.System_Boolean,
        _ => _booleanCaptures.Contains(location),
    };

    /// <summary>The symbol or capture at a location; null for the others.</summary>
    public object? KeyOf(int location) => location > 0 && location < _keys.Count ? _keys[location] : null;

    private sealed class LocationComparer : IEqualityComparer<object>
    {
        public static readonly LocationComparer Instance = new();

        bool IEqualityComparer<object>.Equals(object? x, object? y) =>
            x is ISymbol a && y is ISymbol b ? SymbolEqualityComparer.Default.Equals(a, b) : Equals(x, y);

        public int GetHashCode(object key) => key is ISymbol symbol ? SymbolEqualityComparer.Default.GetHashCode(symbol) : key.GetHashCode();
    }
}
