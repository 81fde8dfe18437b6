using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>A member as the rules of this category see it: its accesses, and for each body in it what can follow what.</summary>
internal sealed class SharedBody
{
    private static readonly string[] s_setups = ["Init", "Reset", "Create", "Setup", "Open", "Attach", "Map", "Format"];
    private const int MaxBlocks = 4000;
    private readonly MemberCode _member;
    private ImmutableArray<BodyFlow> _flows;

    public SharedBody(SharedContext context, MemberCode member)
    {
        Context = context;
        _member = member;
        Reader = context.ReaderOf(member.Syntax, Model);
        Accesses = context.AccessesIn(member.Syntax, Model);
    }

    public SharedContext Context { get; }

    public SemanticModel Model => _member.Model;

    public PlaceReader Reader { get; }

    public SyntaxNode Syntax => _member.Syntax;

    public ISymbol Owner => _member.Owner;

    /// <summary>Every access in the member, lambdas and local functions included.</summary>
    public ImmutableArray<CellAccess> Accesses { get; }

    /// <summary>Only this thread sees the object yet.</summary>
    public bool IsConstruction => Owner is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } or IFieldSymbol or IPropertySymbol && !IsLater;

    /// <summary>Some rule asked for the graphs, and there is too much of them.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Built when a rule first asks: only rules about order need the graphs. Empty when they are too large.</summary>
    public ImmutableArray<BodyFlow> Flows
    {
        get
        {
            if (_flows.IsDefault)
            {
                IsTooLarge = _member.Graph?.Blocks.Length > MaxBlocks;
                ILookup<SyntaxNode, CellAccess> bySite = Accesses.ToLookup(static access => (SyntaxNode)access.Site);
                _flows = IsTooLarge ? ImmutableArray<BodyFlow>.Empty : _member.Bodies.Select(body => new BodyFlow(body.Graph, bySite)).ToImmutableArray();
            }

            return _flows;
        }
    }

    /// <summary>Sets memory up before anybody else looks, by its name; for memory that is only seen to be mapped, where nothing says since when it is shared.</summary>
    public bool IsSetup => s_setups.Any(start => Owner.Name.StartsWith(start, System.StringComparison.Ordinal));

    /// <summary>The body has itself just laid out where the cell is, so that this side does not work with it yet; for memory that is only seen to be mapped.</summary>
    public bool IsLaidOutHere(CellAccess access) => access.Place is { Shared.IsCertain: false, Root: IFieldSymbol root } && Syntax.DescendantNodes().OfType<SimpleNameSyntax>().Any(name =>
        name.Identifier.ValueText == root.Name && name.Span.End < access.Expression.SpanStart && FieldWrite.Through(name) is { Value: { } value } && !PlaceReader.IsNull(value)
        && name.FirstAncestorOrSelf<StatementSyntax>() is { Parent: BlockSyntax block } && block.Span.Contains(access.Expression.Span) && SymbolEqualityComparer.Default.Equals(Reader.SymbolOf(name)?.OriginalDefinition, root.OriginalDefinition));

    /// <summary>Some root is in sight, so that pointers may be handed on that are never dereferenced here.</summary>
    public bool MayHoldPointers => Context.MayHoldPointers;

    private bool IsLater => Owner is IPropertySymbol && Syntax is ArrowExpressionClauseSyntax;

    /// <summary>Accesses of shared cells that the rules about plain accesses judge: certain roots, and control cells of inferred ones.</summary>
    public IEnumerable<CellAccess> Shared => Accesses.Where(IsShared);

    public bool IsShared(CellAccess access) => access.Place.Shared is { } traits && !traits.IsStable && (traits.IsCertain || IsControlCell(access));

    /// <summary>A cell at a fixed offset that this type elsewhere accesses as one that others write, or the other end of a ring of such a one.</summary>
    private bool IsControlCell(CellAccess access) =>
        access.Place.IsFixed && !AccessCollector.IsStruct(Reader.TypeOf(access.Expression)) && (UsesOf(access.Place).Any(static use => use.IsVolatile) || IsBehindVolatilePointer(access.Place) || Context.Peers.IsPeerIndex(this, access.Place));

    /// <summary>A pointer that never changes is only volatile where somebody took that for the cell behind it.</summary>
    private bool IsBehindVolatilePointer(Place place) => place is { Root: IFieldSymbol { IsVolatile: true, Type.TypeKind: TypeKind.Pointer } pointer, Path: "*" } && Context.Fields.IsOnlyConstructed(pointer);

    /// <summary>The accesses of cells of this shape that are in sight of the member.</summary>
    public IEnumerable<CellAccess> UsesOf(Place place) => place.Root is IFieldSymbol or IPropertySymbol or INamedTypeSymbol || PrimaryParameters.Is(place.Root)
        ? Context.Uses.Of(place).Concat(Context.Uses.Near(Owner, place)).Select(static use => use.Access)
        : Accesses.Where(other => other.Place.IsSameCell(place)).Concat(Context.Uses.Near(Owner, place).Select(static use => use.Access));

    /// <summary>A member of a record whose state or sequence, beside it, is accessed as one that others write: the record came from there too.</summary>
    public bool IsBesideControlCell(CellAccess access)
    {
        if (access is not { Kind: AccessKind.PlainRead, Place: { Shared: { IsStable: false }, Member: not null } place } || place.Path.LastIndexOf('.') is not (> 0 and var end)) return false;
        string record = place.Path.Substring(0, end + 1);
        return Accesses.Any(other => other.IsVolatile && SymbolEqualityComparer.Default.Equals(other.Place.Root, place.Root) && other.Place.Path != place.Path && other.Place.Path.StartsWith(record, System.StringComparison.Ordinal));
    }

    /// <summary>Some member of the struct at a place is accessed as one that others write.</summary>
    public bool HasControlCells(Place place) => Accesses.Concat(Context.Uses.Of(place.Root).Select(static use => use.Access)).Concat(Context.Uses.Near(Owner).Select(static use => use.Access))
        .Any(use => use.IsVolatile && SymbolEqualityComparer.Default.Equals(use.Place.Root.OriginalDefinition, place.Root.OriginalDefinition) && use.Place.Path.StartsWith(place.Path + ".", System.StringComparison.Ordinal));
}
