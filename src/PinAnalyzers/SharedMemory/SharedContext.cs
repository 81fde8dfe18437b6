using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>What every body of one compilation shares.</summary>
internal sealed class SharedContext
{
    private readonly ConcurrentDictionary<SyntaxNode, ImmutableArray<CellAccess>> _accesses = new();
    private readonly ThreadLocal<OpenQuestions> _open = new(static () => new OpenQuestions());

    public SharedContext(Compilation compilation, PinOptionsProvider options, SharedSites sites, CancellationToken cancellation)
    {
        Compilation = compilation;
        Options = options;
        Sites = sites;
        Cancellation = cancellation;
        MayHoldPointers = sites.HasRoots || !Annotations.Carriers(compilation).IsEmpty;
        Fields = new SharedFields(this);
        Parameters = new SharedParameters(this);
        Handles = new SharedHandles(this);
        Sinks = new SinkParameters(this);
        WakeUps = new WakeUpCalls(this);
        Calls = new SharedCalls(this);
        Implementations = new Implementations(this);
        Peers = new PeerIndexes(this);
        Uses = new CellUses(this);
        Accessors = new CellAccessors(this);
        Creations = new ImplicitCreations(compilation, cancellation);
    }

    public Compilation Compilation { get; }

    public PinOptionsProvider Options { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>What this thread is computing at the moment.</summary>
    public OpenQuestions Open => _open.Value!;

    public bool MayHoldPointers { get; }

    /// <summary>Which fields hold pointers into shared memory because of what is assigned to them.</summary>
    public SharedFields Fields { get; }

    /// <summary>Which parameters are always handed pointers into shared memory.</summary>
    public SharedParameters Parameters { get; }

    /// <summary>Which handle types wrap pointers into shared memory.</summary>
    public SharedHandles Handles { get; }

    /// <summary>Which parameters select memory unchecked.</summary>
    public SinkParameters Sinks { get; }

    /// <summary>Which methods are called right behind a publish.</summary>
    public WakeUpCalls WakeUps { get; }

    /// <summary>Where the source hands pointers on, by name.</summary>
    public SharedSites Sites { get; }

    /// <summary>Where the source creates objects without saying of what type.</summary>
    public ImplicitCreations Creations { get; }

    /// <summary>Which methods return pointers into shared memory.</summary>
    public SharedCalls Calls { get; }

    /// <summary>Which methods and properties are accesses of one cell.</summary>
    public CellAccessors Accessors { get; }

    /// <summary>Which bodies a call of a virtual member may run.</summary>
    public Implementations Implementations { get; }

    /// <summary>Which cells are the far ends of rings whose near ends are known.</summary>
    public PeerIndexes Peers { get; }

    /// <summary>All accesses of cells in a member or body.</summary>
    public ImmutableArray<CellAccess> AccessesIn(SyntaxNode member, SemanticModel model) => _accesses.GetOrAdd(member, node =>
    {
        AccessCollector collector = new(ReaderOf(node, model), this);
        collector.Collect(node);
        return collector.Accesses.ToImmutableArray();
    });

    /// <summary>Reads places in a member or body. Never kept: it remembers what it has read, and is for one thread.</summary>
    public PlaceReader ReaderOf(SyntaxNode member, SemanticModel model) => new(this, member, model, Cancellation);

    /// <summary>How the members of a type access its cells.</summary>
    public CellUses Uses { get; }
}
