using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace PinAnalyzers.Pairs.BuiltIn;

/// <summary>All built-in rows, indexed once per process. Rows are data about names; they meet a compilation only in <see cref="BuiltInPairs"/>.</summary>
internal static class BuiltInTable
{
    public static readonly ImmutableDictionary<string, ImmutableArray<KnownMember>> ByType =
        HandlePairs.All().Concat(MemoryPairs.All()).Concat(LockPairs.All()).Concat(CounterPairs.All())
            .GroupBy(member => member.Type)
            .ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray());

    public static readonly ImmutableDictionary<string, ImmutableArray<NativeMember>> ByEntryPoint =
        NativePairs.All()
            .GroupBy(member => member.EntryPoint)
            .ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray());

    public static IEnumerable<Pair> Pairs =>
        ByType.Values.SelectMany(rows => rows).Select(row => (row.Charge?.Pair ?? row.Release?.Pair)!)
            .Concat(ByEntryPoint.Values.SelectMany(rows => rows).Select(row => (row.Charge?.Pair ?? row.Release?.Pair)!))
            .Distinct();
}
