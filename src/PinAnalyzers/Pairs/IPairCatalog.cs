using System.Collections.Generic;
using System.Collections.Immutable;
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

    /// <summary>What calling <paramref name="method"/> charges: the original definition, what it overrides and what it implements are looked at. Empty for most.</summary>
    ImmutableArray<ChargeSpec> ChargesOf(IMethodSymbol method);

    /// <summary>What calling <paramref name="method"/> releases.</summary>
    ImmutableArray<ReleaseSpec> ReleasesOf(IMethodSymbol method);

    /// <summary>True when the parameter takes over the duty to release (<c>[TransfersObligation]</c>).</summary>
    bool TakesObligation(IParameterSymbol parameter);

    /// <summary>True when the call hands its argument's charge on unchanged as its result (<c>GCHandle.ToIntPtr</c>, <c>FromIntPtr</c>, <c>ConfigureAwait</c>); the ordinal of that argument, -1 the receiver.</summary>
    bool TryGetPassThrough(IMethodSymbol method, out int ordinal);
}
