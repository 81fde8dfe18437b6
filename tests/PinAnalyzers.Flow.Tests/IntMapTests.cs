using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using PinAnalyzers.Flow.Lattices;
using Xunit;

namespace PinAnalyzers.Flow.Tests;

/// <summary><see cref="IntMap{TValue}"/> against the dictionary it stands in for.</summary>
public sealed class IntMapTests
{
    private static readonly Gen<(int Key, int Value, bool Removes)> s_step =
        from key in Gen.Choose(-8, 8) from value in Gen.Choose(0, 3) from removes in Gen.Elements(false, false, true) select (key, value, removes);

    [Fact]
    public void AnySequence_GivesWhatASortedDictionaryGives() => Prop.ForAll(s_step.ListOf().ToArbitrary(), steps =>
    {
        var (map, model) = (IntMap<int>.Empty, new SortedDictionary<int, int>());
        foreach (var (key, value, removes) in steps)
        {
            if (removes)
            {
                map = map.Remove(key);
                model.Remove(key);
            }
            else
            {
                map = map.Set(key, value);
                model[key] = value;
            }

            if (!Same(map, model))
                return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Builder_TakesAnyOrder() => Prop.ForAll(s_step.ListOf().ToArbitrary(), steps =>
    {
        var (builder, model) = (new IntMap<int>.Builder(), new SortedDictionary<int, int>());
        foreach (var (key, value, _) in steps)
        {
            builder.Add(key, value);
            model[key] = value;
        }

        return Same(builder.ToMap(), model);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void EqualContent_IsEqual() => Prop.ForAll(s_step.ListOf().ToArbitrary(), steps =>
    {
        var entries = steps.GroupBy(step => step.Key).Select(group => group.Last()).ToList();
        var (forth, back) = (IntMap<int>.Empty, IntMap<int>.Empty);
        foreach (var (key, value, _) in entries)
            forth = forth.Set(key, value);
        foreach (var (key, value, _) in Enumerable.Reverse(entries))
            back = back.Set(key, value);
        return forth.Equals(back) && forth.GetHashCode() == back.GetHashCode() && (entries.Count == 0 || !forth.Equals(forth.Remove(entries[0].Key)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Writing_LeavesTheOriginalAsItIs()
    {
        var one = IntMap<int>.Empty.Set(1, 10);
        var two = one.Set(2, 20).Set(1, 11).Remove(2);
        Assert.True(one.TryGet(1, out var value));
        Assert.Equal(10, value);
        Assert.False(one.Contains(2));
        Assert.Equal(1, two.Count);
    }

    private static bool Same(IntMap<int> map, SortedDictionary<int, int> model)
        => map.Count == model.Count
        && model.Select((entry, index) => map.KeyAt(index) == entry.Key && map.ValueAt(index) == entry.Value).All(same => same)
        && Enumerable.Range(-9, 19).All(key => map.TryGet(key, out var value) == model.TryGetValue(key, out var expected) && (!model.ContainsKey(key) || value == expected));
}
