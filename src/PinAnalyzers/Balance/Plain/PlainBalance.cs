using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Plain;

/// <summary>What the shape of a body says of the charges that it takes.</summary>
internal enum PlainVerdict : byte
{
    /// <summary>Nothing: the flow decides.</summary>
    Unknown,

    /// <summary>None outlives the body, unless the caller gets it as the result.</summary>
    NothingKept,

    /// <summary>The body itself owes nothing; what it took is left in a field, or to whoever called.</summary>
    LeftBehind,
}

/// <summary>
/// Bodies that need no flow: every charge in them stands in a <see cref="PlainShape"/> with its release, or leaves at once for where it stays, and nothing else in them can touch it. Most
/// members that charge are written so, and an operation tree and a graph cost more than all the rest. Says no wherever it is not certain: then the flow decides.
/// </summary>
internal sealed class PlainBalance(BalanceContext context)
{
    private readonly ConcurrentDictionary<SyntaxNode, PlainVerdict> _known = new();

    /// <param name="body">A code block that nests no deeper than may be bound.</param>
    /// <param name="model">Of its file.</param>
    public PlainVerdict Of(SyntaxNode body, SemanticModel model) => _known.GetOrFind(body, (Balance: this, Model: model), static (asked, known) => asked.Balance.Judge(known, asked.Model));

    private PlainVerdict Judge(SyntaxNode body, SemanticModel model)
    {
        if (context.Calls.PairCallsIn(body) is not { IsDefault: false } calls || context.Wrappers.AreNamedIn(body)) return PlainVerdict.Unknown;
        PlainUses uses = new(body, model, context);
        if (uses.MayMiss) return PlainVerdict.Unknown;
        List<PairCall> releases = calls.Where(static call => !call.Releases.IsEmpty).ToList();
        List<ExpressionSyntax?> taken = [];
        int returned = 0, left = 0;
        foreach (PairCall charge in calls)
        {
            if (charge.Charges.IsEmpty) continue;
            if (!charge.Releases.IsEmpty || charge.Charges.Length != 1 || charge.Charges[0] is not { Pair.IsBuiltIn: true, Condition: null, IsMove: false, TakenThoughThrown: null } spec) return PlainVerdict.Unknown;
            switch (PlainDeparture.Of(charge, spec, uses))
            {
                case Departure.Returned:
                    returned++;
                    continue;
                case Departure.Stored:
                    left++;
                    continue;
                case Departure.LeftToOwner when releases.Count == 0 && uses.CallsNothingThatTouchesCharges(PlainUses.IsRepeated(charge.Call, body) ? 0 : charge.Call.Span.End):
                    left++;
                    continue;
            }

            if (spec.Amount.Place != ValuePlace.None || ReleasedPlainly(charge, spec, releases, uses) is not { } shape || (shape.Release is { } end && taken.Contains(end))) return PlainVerdict.Unknown;
            taken.Add(shape.Release);
        }

        // No two charges share a release: one is left over where a shape found another's. Where nothing is held, one release alone can be neither a second nor another charge's.
        int over = releases.Count - taken.Count(static end => end is not null);
        if (taken.Count + returned + left == 0 || over > 1 || (over == 1 && (taken.Count > 0 || PlainUses.IsRepeated(releases[0].Call, body) || PlainDeparture.IsDoubtful(releases[0])))) return PlainVerdict.Unknown;
        if ((taken.Count > 0 || releases.Count > 0) && !uses.CallsNothingThatTouchesCharges()) return PlainVerdict.Unknown;
        return left > 0 ? PlainVerdict.LeftBehind : PlainVerdict.NothingKept;
    }

    /// <summary>The shape of a charge whose release is certain.</summary>
    private PlainShape? ReleasedPlainly(PairCall charge, ChargeSpec spec, List<PairCall> releases, PlainUses uses)
    {
        if (PlainShape.Of(charge, spec) is not { } shape) return null;
        if (shape.Release is null) return IsReleasedByUsing(charge, spec) && uses.AreHarmless(shape, null) ? shape : null;
        foreach (PairCall release in releases)
        {
            if (release.Call == shape.Release) return Matches(charge, spec, release, shape, uses) && uses.AreHarmless(shape, charge.At(spec.Identity)) ? shape : null;
        }

        return null;
    }

    private bool IsReleasedByUsing(PairCall charge, ChargeSpec spec)
    {
        ITypeSymbol type = charge.Method.MethodKind == MethodKind.Constructor ? charge.Method.ContainingType : charge.Method.ReturnType;
        IMethodSymbol? dispose = type.GetMembers("Dispose").OfType<IMethodSymbol>().FirstOrDefault(static m => m.Parameters.IsEmpty)
            ?? context.Compilation.GetSpecialType(SpecialType.System_IDisposable).GetMembers("Dispose").OfType<IMethodSymbol>().FirstOrDefault();
        return dispose is not null && context.Catalog.ReleasesOf(dispose, type).Any(release => ReferenceEquals(release.Pair, spec.Pair));
    }

    /// <summary>The same pair, the same token or owner, and nothing said about how much.</summary>
    private static bool Matches(PairCall charge, ChargeSpec spec, PairCall release, PlainShape shape, PlainUses uses)
    {
        if (!release.Charges.IsEmpty || release.Releases.FirstOrDefault(end => ReferenceEquals(end.Pair, spec.Pair)) is not { Condition: null, IsMove: false, Implied: false } end) return false;
        if ((end.Amount.Place != ValuePlace.None && release.HasArguments) || !shape.Allows(end, spec.Pair) || release.At(end.Identity) is not { } released) return false;
        if (spec.Pair.HasToken ? !PlainShape.IsName(released, shape.Token) : !AreOneOwner(charge.At(spec.Identity), released, uses)) return false;
        return end.Owner.Place == ValuePlace.None || AreOneOwner(charge.At(spec.Owner), release.At(end.Owner), uses);
    }

    private static bool AreOneOwner(ExpressionSyntax? charged, ExpressionSyntax? released, PlainUses uses) =>
        charged is not null && released is not null && SyntaxFactory.AreEquivalent(charged, released) && uses.IsStable(charged);
}
