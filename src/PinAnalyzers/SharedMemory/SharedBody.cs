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
    private readonly MemberBody _body;
    private ImmutableArray<BodyFlow> _flows;

    public SharedBody(SharedContext context, MemberBody body, SemanticModel model)
    {
        Context = context;
        _body = body;
        Model = model;
        Reader = context.ReaderOf(body.Syntax, model);
        Accesses = context.AccessesIn(body.Syntax, model);
    }

    public SharedContext Context { get; }

    public SemanticModel Model { get; }

    public PlaceReader Reader { get; }

    public SyntaxNode Syntax => _body.Syntax;

    public ISymbol Owner => _body.Owner;

    /// <summary>Every access in the member, lambdas and local functions included.</summary>
    public ImmutableArray<CellAccess> Accesses { get; }

    /// <summary>Only this thread sees the object yet.</summary>
    public bool IsConstruction => Owner is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } or IFieldSymbol or IPropertySymbol && !IsLater;

    /// <summary>Built when a rule first asks: only rules about order need the graphs.</summary>
    public ImmutableArray<BodyFlow> Flows
    {
        get
        {
            if (_flows.IsDefault)
            {
                ILookup<SyntaxNode, CellAccess> bySite = Accesses.ToLookup(static access => (SyntaxNode)access.Site);
                _flows = ImmutableArray.Create(_body.Graph).AddRange(BodyGraphs.Nested(_body.Graph, _body.Cancellation).Select(static nested => nested.Graph))
                    .Select(graph => new BodyFlow(graph, bySite)).ToImmutableArray();
            }

            return _flows;
        }
    }

    /// <summary>Some root is in sight, so that pointers may be handed on that are never dereferenced here.</summary>
    public bool MayHoldPointers => Context.MayHoldPointers;

    private bool IsLater => Owner is IPropertySymbol && Syntax is ArrowExpressionClauseSyntax;

    /// <summary>Accesses of shared cells that the rules about plain accesses judge: certain roots, and control cells of inferred ones.</summary>
    public IEnumerable<CellAccess> Shared => Accesses.Where(IsShared);

    public bool IsShared(CellAccess access) => access.Place.Shared is { } traits && !traits.IsStable && (traits.IsCertain || IsControlCell(access));

    /// <summary>A cell at a fixed offset that this type elsewhere accesses as one that others write.</summary>
    private bool IsControlCell(CellAccess access)
    {
        if (!access.Place.Indexes.IsEmpty || AccessCollector.IsStruct(Reader.TypeOf(access.Expression))) return false;
        IEnumerable<CellAccess> all = access.Place.Root is IFieldSymbol or IPropertySymbol ? Context.Uses.Of(access.Place).Select(static use => use.Access) : Accesses.Where(other => other.Place.IsSameCell(access.Place));
        return all.Any(static other => other.Kind is AccessKind.VolatileRead or AccessKind.VolatileWrite or AccessKind.Interlocked);
    }
}
