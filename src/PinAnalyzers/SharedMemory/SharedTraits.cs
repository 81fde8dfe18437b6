using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.SharedMemory;

/// <summary>What is known of memory that somebody else writes too.</summary>
/// <param name="IsCertain">Annotated or configured; otherwise inferred from how it was mapped, which says nothing of bulk data in it.</param>
/// <param name="PeerTrusted">The other side follows the protocol.</param>
/// <param name="IsReadOnly">This side has mapped it for reading only.</param>
/// <param name="IsStable">Written once, before it was shared.</param>
internal sealed record SharedTraits(bool IsCertain, bool PeerTrusted, bool IsReadOnly, bool IsStable)
{
    public static readonly SharedTraits Certain = new(true, false, false, false);
    public static readonly SharedTraits Inferred = Certain with { IsCertain = false };

    /// <summary>What can be said of a pointer that is one time this, one time the other.</summary>
    public SharedTraits And(SharedTraits other) => new(IsCertain && other.IsCertain, PeerTrusted || other.PeerTrusted, IsReadOnly && other.IsReadOnly, IsStable && other.IsStable);
}

/// <summary>Who writes an index of a ring.</summary>
internal enum IndexWriter
{
    Local,
    Peer,
    Both,
}

/// <summary>An index of a ring, and the name of the member that holds what it publishes.</summary>
internal sealed record IndexRole(IndexWriter Writer, string? Payload);

/// <summary>
/// A place in memory: the symbol from which it is reached and the way from there. Two places with the same root and path are the same cell as long as
/// none of <see cref="Indexes"/> has changed.
/// </summary>
/// <param name="Root">A field, property, parameter, local or method.</param>
/// <param name="Path">Members, elements and dereferences after the root; empty for the root itself.</param>
/// <param name="Shared">Null where nothing says that somebody else sees it.</param>
/// <param name="Member">The last member on the way, or the root if that is a field.</param>
/// <param name="Indexes">Variables that the path depends on.</param>
internal sealed record Place(ISymbol Root, string Path, SharedTraits? Shared, IFieldSymbol? Member, ImmutableArray<ISymbol> Indexes)
{
    public IndexRole? Role { get; init; }

    /// <summary>One of many structs in a row, chosen by a variable.</summary>
    public bool IsSlot { get; init; }

    /// <summary>Always the same place for one object: nothing on the way changes after construction.</summary>
    public bool IsFixed => Indexes.All(static index => index is IFieldSymbol { IsReadOnly: true });

    /// <summary>Written once before it was shared.</summary>
    public bool IsStable => Shared is { IsStable: true };

    public bool IsElement => Path.IndexOf('[') >= 0;

    /// <summary>The path with every element standing for all.</summary>
    public string Shape
    {
        get
        {
            if (!IsElement) return Path;
            System.Text.StringBuilder shape = new();
            int depth = 0;
            foreach (char c in Path)
            {
                if (c == ']') depth--;
                if (depth == 0) shape.Append(c);
                if (c == '[') depth++;
            }

            return shape.ToString();
        }
    }

    public bool IsSameCell(Place other) => SymbolEqualityComparer.Default.Equals(Root, other.Root) && Path == other.Path;

    /// <summary>The same cell, or elements of one array that may be. Fixed offsets that differ are different cells.</summary>
    public bool IsSameShape(Place other) => SymbolEqualityComparer.Default.Equals(Root.OriginalDefinition, other.Root.OriginalDefinition)
        && (Path == other.Path || (Shape == other.Shape && !(HasFixedElements && other.HasFixedElements)));

    private bool HasFixedElements
    {
        get
        {
            int depth = 0;
            foreach (char c in Path)
            {
                if (c == ']') depth--;
                else if (depth > 0 && c is not (>= '0' and <= '9')) return false;
                if (c == '[') depth++;
            }

            return true;
        }
    }
}
