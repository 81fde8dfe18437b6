using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// Questions about symbols that lead to further ones: where a field points depends on a parameter, that on a call elsewhere, and so on. A question that comes back to
/// itself is cut short; an answer that depended on a cut is not kept, all others are. Belongs to one thread.
/// </summary>
internal sealed class OpenQuestions
{
    private const int MaxDepth = 16;
    private readonly List<ISymbol> _open = [];

    // The outermost open question that an answer since was cut at.
    private int _cut = int.MaxValue;

    public TAnswer Ask<TSymbol, TAnswer>(ConcurrentDictionary<TSymbol, TAnswer>? answers, TSymbol symbol, TAnswer whenCut, Func<TSymbol, TAnswer> read)
        where TSymbol : class, ISymbol
    {
        if (answers is not null && answers.TryGetValue(symbol, out TAnswer? known)) return known;
        int again = _open.FindIndex(open => SymbolEqualityComparer.Default.Equals(open, symbol));
        if (again >= 0 || _open.Count >= MaxDepth)
        {
            _cut = Math.Min(_cut, Math.Max(again, 0));
            return whenCut;
        }

        _open.Add(symbol);
        bool isWhole;
        TAnswer answer;
        try
        {
            answer = read(symbol);
        }
        finally
        {
            int depth = _open.Count - 1;
            _open.RemoveAt(depth);
            isWhole = _cut >= depth;
            if (isWhole) _cut = int.MaxValue;
        }

        if (isWhole) answers?.TryAdd(symbol, answer);
        return answer;
    }
}
