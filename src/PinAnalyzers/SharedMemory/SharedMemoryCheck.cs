using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>PIN3xxx: memory that another process or the kernel writes too. Looks only at members that mention it, and at nothing where no file does.</summary>
internal sealed class SharedMemoryCheck : IMemberCheck
{
    public static ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(
        Descriptors.PIN3001_SharedReadMustBeVolatile,
        Descriptors.PIN3002_SharedWriteMustBeVolatile,
        Descriptors.PIN3003_SharedUpdateMustBeAtomic,
        Descriptors.PIN3004_SharedValueMustBeFetchedOnce,
        Descriptors.PIN3005_SharedValueMustBeChecked,
        Descriptors.PIN3006_FenceBetweenPublishAndTest,
        Descriptors.PIN3007_PayloadMustPrecedeItsIndex,
        Descriptors.PIN3008_SharedStructMustNotBeCopiedWhole,
        Descriptors.PIN3009_PrivateCursorMustBeAValue,
        Descriptors.PIN3010_ReadOnlyMappingMustNotBeWritten,
        Descriptors.PIN3011_SharedPointerMustNotOutliveItsSlot,
        Descriptors.PIN3012_OwnIndexShouldStayPrivate,
        Descriptors.PIN3013_IndexesMustBeComparedByDistance,
        Descriptors.PIN3014_BarrierShouldPrecedePublish,
        Descriptors.PIN3016_AccessShouldKeepDiscipline);

    private readonly NameHits? _roots;
    private readonly NameHits? _origins;
    private readonly NameHits? _cellNames;
    private readonly VolatileCells _cells;
    private readonly HashSet<string> _handed;
    private readonly NameHits? _parameters;
    private readonly IReadOnlyDictionary<string, IReadOnlyCollection<string>> _made;
    private readonly SharedContext _context;

    private SharedMemoryCheck(CompilationStart start, PinOptionsProvider options, ImmutableHashSet<string> roots, VolatileCells cells, SharedSites sites)
    {
        if (!roots.IsEmpty) _roots = start.ScanFor(roots);
        if (!sites.Origins.IsEmpty) _origins = start.ScanFor(sites.Origins);
        if (!cells.IsEmpty) _cellNames = start.ScanFor(cells.Names);
        _cells = cells;
        _handed = sites.Handed;
        _made = sites.Made;
        if (_made.Count > 0) _parameters = start.ScanFor(_made.Values.SelectMany(static names => names).ToImmutableHashSet());
        _context = new SharedContext(start.Compilation, options, sites, start.Cancellation);
    }

    /// <summary>Null when nothing in the compilation reaches shared memory or accesses anything as volatile.</summary>
    public static SharedMemoryCheck? Create(CompilationStart start, PinOptionsProvider options)
    {
        SharedSites sites = new();
        (ImmutableHashSet<string> roots, VolatileCells cells) = SharedNames.Find(start.Compilation, options, sites, start.Cancellation);
        return roots.IsEmpty && cells.IsEmpty ? null : new SharedMemoryCheck(start, options, roots, cells, sites);
    }

    /// <summary>Members are not judged with their type.</summary>
    public bool IsCandidate(SyntaxNode member) => member is not BaseTypeDeclarationSyntax && (MentionsRoot(member) || MixesAccesses(member));

    /// <summary>Most of what goes by a name does not reach the memory, and most of what mentions a cell is no access of it, or right by a protocol that the accesses alone show.</summary>
    public bool Confirms(SyntaxNode member, SemanticModel model, CancellationToken cancellation) =>
        _origins?.Any(member) == true || (_roots is not null && SharedMentions.AnyReaches(member, _roots, model, _context))
        || (IsMade(member) && SharedMentions.AnyReaches(member, _parameters!, model, _context))
        || (IsHanded(member) && SharedMentions.IsHanded(model.GetDeclaredSymbol(member, cancellation), _context)) || (MixesAccesses(member) && MixedAccesses.MayBeIn(_context, member, model));

    private bool MentionsRoot(SyntaxNode member) => _roots?.Any(member) == true || IsHanded(member) || IsMade(member);

    /// <summary>Names a parameter of its own type that is handed pointers.</summary>
    private bool IsMade(SyntaxNode member) => _parameters?.Any(member) == true && PrimaryParameters.TypesAround(member).Any(_made.ContainsKey);

    private bool IsHanded(SyntaxNode member) => member is MethodDeclarationSyntax { Identifier.ValueText: var name } && _handed.Contains(name);

    private bool MixesAccesses(SyntaxNode member) => _cellNames is not null && _cells.MayBeAccessedPlainly(member, _cellNames);

    public void Check(MemberCode member)
    {
        // Lambdas and local functions are judged with the member that they are in; half-typed code is not judged.
        if (member.Syntax.ContainsDiagnostics) return;
        SharedBody shared = new(_context, member);
        List<SharedFinding> findings = Find(shared).ToList();
        if (shared.IsTooLarge)
        {
            member.NotAnalysed("it has too many branches for the shared memory rules");
            return;
        }

        HashSet<(string Id, TextSpan Span)> seen = [];
        foreach (SharedFinding finding in findings)
        {
            if (seen.Add((finding.Rule.Id, finding.At.Span))) member.Report(finding.ToDiagnostic());
        }
    }

    private static IEnumerable<SharedFinding> Find(SharedBody body)
    {
        if (!body.Accesses.Any(static access => access.Place.Shared is not null) && !body.MayHoldPointers) return MixedAccesses.Find(body);
        List<(CellAccess Store, SharedFinding Finding)> fenced = Barriers.Find(body).ToList();
        return PlainAccesses.Find(body, fenced.Select(static pair => pair.Store).ToList()).Concat(fenced.Select(static pair => pair.Finding)).Concat(MixedAccesses.Find(body))
            .Concat(FetchRules.Find(body)).Concat(OrderRules.Find(body)).Concat(ShapeRules.Find(body)).Concat(EscapingPointers.Find(body)).Concat(IndexComparisons.Find(body));
    }
}
