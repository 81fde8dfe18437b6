using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Pairs;

/// <summary>Everything known about charges and releases in one compilation. Immutable after creation; every member is thread-safe.</summary>
internal interface IPairCatalog
{
    /// <summary>False when nothing resolves in this compilation: then no action is registered at all.</summary>
    bool IsEmpty { get; }

    /// <summary>Simple names (methods, and types whose construction charges) that may take a charge.</summary>
    ImmutableHashSet<string> ChargeNames { get; }

    /// <summary>Simple names of methods that may release a charge.</summary>
    ImmutableHashSet<string> ReleaseNames { get; }

    /// <summary>
    /// What calling <paramref name="method"/> charges: the original definition, what it overrides and what it implements are looked at. Empty for most.
    /// <paramref name="receiverType"/> is the static type of the receiver before any implicit conversion; some pairs are declared on a base class
    /// that has other uses (<c>WaitHandle.WaitOne</c> charges a <c>Mutex</c> but not an event) and answer only when it is given.
    /// </summary>
    ImmutableArray<ChargeSpec> ChargesOf(IMethodSymbol method, ITypeSymbol? receiverType = null);

    /// <summary>What calling <paramref name="method"/> releases; for <paramref name="receiverType"/> see <see cref="ChargesOf"/>.</summary>
    ImmutableArray<ReleaseSpec> ReleasesOf(IMethodSymbol method, ITypeSymbol? receiverType = null);

    /// <summary>False when the options of the charge's file switch the family of a built-in pair off.</summary>
    bool IsTracked(Pair pair, SyntaxTree tree);

    /// <summary>True when the parameter takes over the duty to release (<c>[TransfersObligation]</c>), whatever the pair.</summary>
    bool TakesObligation(IParameterSymbol parameter);

    /// <summary>True when storing into the field or property hands the duty to the declaring type.</summary>
    bool TakesObligation(ISymbol fieldOrProperty);

    /// <summary>True when the call hands its argument's charge on unchanged as its result (<c>GCHandle.ToIntPtr</c>, <c>FromIntPtr</c>, <c>ConfigureAwait</c>); the ordinal of that argument, -1 the receiver.</summary>
    bool TryGetPassThrough(IMethodSymbol method, out int ordinal);

    /// <summary>The accounting counter that a <c>[Counter]</c> field declares.</summary>
    bool TryGetCounter(IFieldSymbol field, [NotNullWhen(true)] out CounterSpec? counter);
}
