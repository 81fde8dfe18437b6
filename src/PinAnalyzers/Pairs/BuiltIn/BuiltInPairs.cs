using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs.BuiltIn;

/// <summary>
/// The built-in rows as they apply to one compilation. A type is matched by its metadata name when one of its methods is first asked about,
/// so nothing is bound that the code does not use, and a polyfill of a newer type counts as that type.
/// </summary>
internal sealed class BuiltInPairs
{
    private readonly ConcurrentDictionary<INamedTypeSymbol, ImmutableArray<KnownMember>> _rows = new(SymbolEqualityComparer.Default);

    /// <summary>
    /// The source names of all rows that this compilation may use. The framework's types are not looked up: a name that is none of theirs costs a bound name where it
    /// stands, the look-up of every type in every reference costs all compilations more. The runtime's names are common words, so its types must be there: in an assembly that
    /// carries the annotations, since it is annotated itself, or in source.
    /// </summary>
    public static void CollectNames(Compilation compilation, ImmutableArray<IAssemblySymbol> carriers, ImmutableHashSet<string>.Builder charges, ImmutableHashSet<string>.Builder releases, CancellationToken cancellationToken)
    {
        var runtime = carriers.Add(compilation.Assembly).RemoveAll(static assembly => assembly.GetTypeByMetadataName(Runtime + "PinAccount") is null);
        foreach (var entry in BuiltInTable.ByType)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Key.StartsWith(Runtime, StringComparison.Ordinal)
                && !runtime.Any(assembly => assembly.GetTypeByMetadataName(entry.Key) is not null))
                continue;
            foreach (var row in entry.Value)
            {
                if (row.Charge is not null)
                    charges.Add(row.SourceName);
                if (row.Release is not null)
                    releases.Add(row.SourceName);
            }
        }
    }

    private const string Runtime = "PinAccounting.";

    /// <summary>What the table says about calling <paramref name="method"/> (an original definition) on a receiver of the given type.</summary>
    public MethodSpecs Of(IMethodSymbol method, ITypeSymbol? receiverType)
    {
        var rows = RowsOf(method.ContainingType);
        if (rows.IsEmpty)
            return MethodSpecs.None;

        var charges = ImmutableArray<ChargeSpec>.Empty;
        var releases = ImmutableArray<ReleaseSpec>.Empty;
        foreach (var row in rows)
        {
            if (!Matches(row, method, receiverType))
                continue;
            if (row.Charge is not null)
                charges = charges.Add(row.Exact ? row.Charge : SignatureReader.Refine(row.Charge, method));
            if (row.Release is not null)
                releases = releases.Add(SignatureReader.Refine(row.Release, method));
        }
        return new MethodSpecs(charges, releases);
    }

    public static bool TryGetPassThrough(IMethodSymbol method, out int ordinal)
    {
        ordinal = 0;
        if (!PassThroughs.MayBe(method.Name) || method.ContainingType is not { } type || !PassThroughs.TryGet(type.OriginalDefinition.FullMetadataName(), method.Name, out ordinal))
            return false;
        return ordinal < method.Parameters.Length;
    }

    /// <summary>True when the answer for this method depends on who receives the call.</summary>
    public bool DependsOnReceiver(IMethodSymbol method)
    {
        foreach (var row in RowsOf(method.ContainingType))
        {
            if (row.Receiver is not null && row.Name == method.Name)
                return true;
        }
        return false;
    }

    private ImmutableArray<KnownMember> RowsOf(INamedTypeSymbol? type)
    {
        if (type is null)
            return ImmutableArray<KnownMember>.Empty;
        return _rows.GetOrAdd(
            type.OriginalDefinition,
            static definition => BuiltInTable.ByType.TryGetValue(definition.FullMetadataName(), out var rows) ? rows : ImmutableArray<KnownMember>.Empty);
    }

    private static bool Matches(KnownMember row, IMethodSymbol method, ITypeSymbol? receiverType)
    {
        if (row.Name != method.Name || (row.Parameters >= 0 && row.Parameters != method.Parameters.Length))
            return false;
        // The parameterless constructor of a struct makes its default, which holds nothing.
        if (method.MethodKind == MethodKind.Constructor && method.IsImplicitlyDeclared)
            return false;
        return row.Receiver is null || (receiverType is not null && receiverType.IsOrInherits(row.Receiver));
    }
}
