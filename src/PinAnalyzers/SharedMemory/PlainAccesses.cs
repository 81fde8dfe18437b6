using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>PIN3001, PIN3002, PIN3003: shared cells that are read, written or updated as if they were ours alone.</summary>
internal static class PlainAccesses
{
    /// <param name="body">The member.</param>
    /// <param name="reported">Stores that another rule reports in the place of PIN3002.</param>
    public static IEnumerable<SharedFinding> Find(SharedBody body, List<CellAccess> reported)
    {
        if (body.IsConstruction) yield break;
        List<CellAccess> shared = body.Shared.Where(access => !body.IsLaidOutHere(access)).ToList();
        List<CellAccess> updates = shared.Where(access => IsUpdate(access, shared) && !IsStepOfOwnIndex(access, body)).ToList();
        foreach (CellAccess update in updates)
        {
            yield return new SharedFinding(Descriptors.PIN3003_SharedUpdateMustBeAtomic, update.Site, update.Expression.WithoutTrivia().ToString());
        }

        foreach (CellAccess access in shared)
        {
            if (access.Kind is not (AccessKind.PlainRead or AccessKind.PlainWrite) || access.Accessor is not null || access.IsVolatileField || reported.Contains(access) || Alternatives.HasVolatileTwin(access, shared) || updates.Any(update => update.Site.Span.Contains(access.Expression.Span) && update.Place.IsSameCell(access.Place))) continue;
            if (AccessCollector.IsStruct(body.Reader.TypeOf(access.Expression)) || IsLargerThanCell(body.Reader.TypeOf(access.Expression)) || SlotCopies.IsBetweenAcquireAndHandBack(body, access)
                || body.Reader.TypeOf(access.Expression) is ITypeParameterSymbol && SlotCopies.IsOwned(body, access) || SlotCopies.IsConfirmedBySequence(body, access)) continue;
            if (access.Kind == AccessKind.PlainRead)
            {
                if (access.Place is { Role.Writer: IndexWriter.Local, Shared.PeerTrusted: true } || access.Place.Shared is { IsCertain: false } && body.Context.Uses.IsOwnIndex(access.Place, body.Owner, access.Expression.FirstAncestorOrSelf<MemberDeclarationSyntax>())) continue;
                if (access.Place.Shared is { IsCertain: false } && IsSeed(access, body)) continue;
                yield return new SharedFinding(Descriptors.PIN3001_SharedReadMustBeVolatile, access.Expression, access.Expression.WithoutTrivia().ToString());
            }
            else
            {
                if (body.IsSetup && access.Place.Shared is { IsCertain: false }) continue;
                DiagnosticSeverity severity = IsPublishedLater(body, access) ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning;
                yield return new SharedFinding(Descriptors.PIN3002_SharedWriteMustBeVolatile, access.Expression, access.Expression.WithoutTrivia().ToString()) { Severity = severity };
            }
        }
    }

    /// <summary>An index that only this side moves, one step after the other, in memory that is only seen to be mapped.</summary>
    private static bool IsStepOfOwnIndex(CellAccess access, SharedBody body) =>
        access is { Kind: AccessKind.VolatileWrite, Place.Shared.IsCertain: false } && PeerIndexes.IsNamedAsIndex(access.Place) && body.Context.Uses.IsOwnIndex(access.Place, body.Owner);

    /// <summary>A first guess that a compare-exchange of the same cell confirms before anything comes of it.</summary>
    private static bool IsSeed(CellAccess access, SharedBody body) => body.Accesses.Any(exchange => exchange is { Kind: AccessKind.Interlocked, Method: "CompareExchange", Site: InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 3 } arguments } }
        && exchange.Place.IsSameCell(access.Place) && body.Reader.SymbolOf(Bindings.Uncast(arguments[2].Expression)) is ILocalSymbol seed
        && body.Reader.Bindings.ValuesOf(seed).Any(value => Bindings.Uncast(value) == access.Expression));

    /// <summary>What is written depends on what was read there just before, and the two are not one operation.</summary>
    private static bool IsUpdate(CellAccess access, List<CellAccess> all) => access.Kind switch
    {
        AccessKind.PlainUpdate => true,
        AccessKind.PlainWrite or AccessKind.VolatileWrite => access.Value is { } value
            && all.Any(other => other.Kind is AccessKind.PlainRead or AccessKind.VolatileRead && value.Span.Contains(other.Expression.Span) && other.Place.IsSameCell(access.Place)),
        _ => false,
    };

    /// <summary>A release store to a shared cell follows: it makes this write visible, and nobody may look before.</summary>
    private static bool IsPublishedLater(SharedBody body, CellAccess write)
    {
        foreach (BodyFlow flow in body.Flows)
        {
            if (flow.All.FirstOrDefault(happening => happening.Access == write) is not { } start) continue;
            if (flow.After(start, static _ => false).Any(later => later.Access is { IsRelease: true, Place.Shared: not null } release && !release.Place.IsSameCell(write.Place))) return true;
        }

        return false;
    }

    /// <summary>References and arrays do not lie in shared memory; what has no fixed size is not one cell.</summary>
    private static bool IsLargerThanCell(ITypeSymbol? type) => type is null or { IsReferenceType: true } or { TypeKind: TypeKind.Error } or { SpecialType: SpecialType.System_Decimal };
}
