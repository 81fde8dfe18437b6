using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Authority;

/// <summary>How an owner is reached: from a variable or the object itself through its members. Two reads of one path may still find two owners.</summary>
internal static class OwnerPath
{
    /// <summary>A local may be reached through itself, as when it walks a list.</summary>
    private const int MaxHops = 16;

    /// <summary>The members on the way, the root first; empty where the way leads through anything else.</summary>
    public static ImmutableArray<ISymbol> Of(IOperation? owner, Origins origins)
    {
        ImmutableArray<ISymbol>.Builder path = ImmutableArray.CreateBuilder<ISymbol>();
        IOperation? hop = owner;
        for (int hops = 0; hop is not null; hops++)
        {
            if (hops > MaxHops) return ImmutableArray<ISymbol>.Empty;
            hop = origins.Single(hop);
            switch (hop)
            {
                case IFieldReferenceOperation field:
                    path.Insert(0, field.Field.OriginalDefinition);
                    hop = field.Instance;
                    break;
                case IPropertyReferenceOperation { Property.IsIndexer: false } property:
                    path.Insert(0, property.Property.OriginalDefinition);
                    hop = property.Instance;
                    break;
                case IParameterReferenceOperation parameter:
                    path.Insert(0, parameter.Parameter);
                    return path.ToImmutable();
                case ILocalReferenceOperation local:
                    path.Insert(0, local.Local);
                    return path.ToImmutable();
                case IInstanceReferenceOperation:
                    return path.ToImmutable();
                default:
                    return ImmutableArray<ISymbol>.Empty;
            }
        }

        return path.ToImmutable();
    }

    /// <summary>
    /// The members that lead to the owner from something that each body is given or looks up, the nearest to the owner first, and the type of that. Empty where the way starts at the object itself or at a static.
    /// </summary>
    public static (ITypeSymbol? Root, ImmutableArray<IMemberReferenceOperation> Members) FromFound(IOperation? owner, Origins origins)
    {
        ImmutableArray<IMemberReferenceOperation>.Builder members = ImmutableArray.CreateBuilder<IMemberReferenceOperation>();
        IOperation? hop = owner is null ? null : origins.Single(owner);
        for (; members.Count < MaxHops && hop is IMemberReferenceOperation { Instance: { } instance } member and not IPropertyReferenceOperation { Property.IsIndexer: true }; hop = origins.Single(instance)) members.Add(member);
        return hop is null or IInstanceReferenceOperation or IMemberReferenceOperation { Instance: null } ? (null, ImmutableArray<IMemberReferenceOperation>.Empty) : (hop.Type, members.ToImmutable());
    }

    public static bool AreSame(ImmutableArray<ISymbol> left, ImmutableArray<ISymbol> right) => !left.IsEmpty && left.SequenceEqual(right, SymbolEqualityComparer.Default);

    /// <summary>The reads on the way that go through a member of another object, the nearest to the owner first.</summary>
    public static IEnumerable<IMemberReferenceOperation> Hops(IOperation owner, Origins origins)
    {
        IOperation hop = origins.Single(owner);
        for (int hops = 0; hops < MaxHops && hop is IMemberReferenceOperation { Instance: { } instance } member; hops++)
        {
            IOperation from = origins.Single(instance);
            if (from is IInstanceReferenceOperation) yield break;

            // What lies in a structure is set only where the structure is.
            if (instance.Type is not { IsValueType: true }) yield return member;
            hop = from;
        }
    }
}
