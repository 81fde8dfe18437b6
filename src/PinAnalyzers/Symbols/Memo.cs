using System;
using System.Collections.Concurrent;

namespace PinAnalyzers.Symbols;

/// <summary>Answers that are kept for the life of a compilation.</summary>
internal static class Memo
{
    /// <summary>As <c>GetOrAdd</c>, but nothing is allocated where the answer is known: these are asked for every member and every call. Two threads may both find an answer; one of the two is kept.</summary>
    public static TValue GetOrFind<TKey, TValue, TFinder>(this ConcurrentDictionary<TKey, TValue> known, TKey key, TFinder finder, Func<TFinder, TKey, TValue> find)
        where TKey : notnull => known.TryGetValue(key, out TValue? answer) ? answer : known.GetOrAdd(key, find(finder, key));
}
