using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis.CodeActions;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A test in which one of several offered code actions is chosen and applied.</summary>
public abstract class CodeActionTest<TVerifier> : AnalyzerTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    /// <summary>Which of the offered actions to apply; the first where neither this nor a key is given.</summary>
    public int? CodeActionIndex { get; set; }

    /// <summary>The key of the action to apply.</summary>
    public string? CodeActionEquivalenceKey { get; set; }

    /// <summary>Called with the chosen action before it is applied.</summary>
    public Action<CodeAction, IVerifier>? CodeActionVerifier { get; set; }

    public CodeActionValidationMode CodeActionValidationMode { get; set; } = CodeActionValidationMode.SemanticStructure;

    private protected T? Choose<T>(ImmutableArray<T> offered, Func<T, CodeAction> action, IVerifier verifier)
        where T : class
    {
        if (offered.IsEmpty)
            return null;
        var chosen = (CodeActionIndex, CodeActionEquivalenceKey) switch
        {
            ({ } index, null) => offered.ElementAtOrDefault(index),
            (null, { } key) => offered.FirstOrDefault(one => action(one).EquivalenceKey == key),
            ({ } index, { } key) => offered.ElementAtOrDefault(index) is { } one && action(one).EquivalenceKey == key ? one : null,
            _ => offered[0],
        };
        if (CodeActionIndex is { } at && CodeActionEquivalenceKey is { } wanted && chosen is null)
            verifier.Fail($"The code action at index {at} must have the equivalence key '{wanted}'; offered: {string.Join(", ", offered.Select(one => $"'{action(one).EquivalenceKey}'"))}");
        if (chosen is not null)
            CodeActionVerifier?.Invoke(action(chosen), verifier);
        return chosen;
    }
}
