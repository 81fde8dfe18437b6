using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Balance;

/// <summary>The methods being summarised, innermost last: recursion is cut here, and results that a cut may have coloured are not kept.</summary>
internal sealed class SummaryScope
{
    private readonly SummaryScope? _outer;
    private readonly Dictionary<object, object> _cutResults;
    private readonly ISymbol? _method;

    private SummaryScope(SummaryScope? outer, ISymbol? method)
    {
        _outer = outer;
        _method = method;
        _cutResults = outer?._cutResults ?? [];
        Depth = outer is null ? 0 : outer.Depth + 1;
    }

    /// <summary>A scope for one body that is judged. Results that a cut coloured are kept as long as that: a callee is looked into once a body, however it is reached.</summary>
    public static SummaryScope ForBody() => new(null, null);

    public int Depth { get; }

    /// <summary>Set when something below could not be looked into.</summary>
    public bool IsCut { get; private set; }

    public SummaryScope Enter(ISymbol method) => new(this, method);

    public bool MayEnter(ISymbol method)
    {
        bool may = Depth < MaxDepth;
        for (SummaryScope? scope = this; scope is not null && may; scope = scope._outer) may = !SymbolEqualityComparer.Default.Equals(scope._method, method);
        if (!may) MarkCut();
        return may;
    }

    public void KeepCut(object key, object result) => _cutResults[key] = result;

    public bool TryGetCut<TResult>(object key, [NotNullWhen(true)] out TResult? result)
    {
        result = default;
        if (!_cutResults.TryGetValue(key, out object? kept) || kept is not TResult typed) return false;
        result = typed;
        MarkCut();
        return true;
    }

    private void MarkCut()
    {
        for (SummaryScope? scope = this; scope is { _outer: not null }; scope = scope._outer) scope.IsCut = true;
    }

    private const int MaxDepth = 5;
}
