using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance.Plain;

/// <summary>
/// Bodies that need no flow: every charge in them stands in a <see cref="PlainShape"/> with its release, and nothing else in them can touch it. Most members that charge are written so, and
/// an operation tree and a graph cost more than all the rest. Says no wherever it is not certain: then the flow decides.
/// </summary>
internal sealed class PlainBalance(BalanceContext context)
{
    public bool Holds(SyntaxNode body, SemanticModel model)
    {
        if (context.Calls.PairCallsIn(body) is not { } calls || context.Wrappers.AreNamedIn(body)) return false;
        PlainUses uses = new(body, model, context);
        List<PairCall> releases = calls.FindAll(static call => !call.Releases.IsEmpty);
        List<ExpressionSyntax?> taken = [];
        foreach (PairCall charge in calls)
        {
            if (charge.Charges.IsEmpty) continue;
            if (!charge.Releases.IsEmpty || ReleasedPlainly(charge, releases, uses) is not { } shape || (shape.Release is { } end && taken.Contains(end))) return false;
            taken.Add(shape.Release);
        }

        // No two charges share a release: one is left over where a shape found another's.
        return taken.Count > 0 && taken.Count(static end => end is not null) == releases.Count && uses.CallsNothingThatTouchesCharges();
    }

    /// <summary>The shape of a charge whose release is certain.</summary>
    private PlainShape? ReleasedPlainly(PairCall charge, List<PairCall> releases, PlainUses uses)
    {
        if (charge.Charges.Length != 1 || charge.Charges[0] is not { Pair.IsBuiltIn: true, Condition: null, IsMove: false, TakenThoughThrown: null, Amount.Place: ValuePlace.None } spec) return null;
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
