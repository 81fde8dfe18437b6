using System.Collections.Immutable;
using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Types;

/// <summary>PIN1008 and PIN1009: what the members of a type owe one another.</summary>
internal sealed class TypeBalanceCheck(BalanceContext context, ReleaseMembers releases, Func<ISymbol, SyntaxTree, bool> isCapability) : ITypeCheck
{
    public static ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(
        Descriptors.PIN1008_GuardsMustAgree, Descriptors.PIN1009_StoredChargeMustBeReleased);

    public bool IsCandidate(SyntaxNode part) => context.MayCharge(part);

    public void Check(TypeParts type, Action<Diagnostic> report)
    {
        foreach (StoredCharge charge in new UnreleasedFields(context, releases, type).Find()) report(Describe(charge, type));
        foreach ((GuardedCall release, GuardedCall charge) in new DifferingGuards(context, type, isCapability).Find()) report(Describe(release, charge));
    }

    private Diagnostic Describe(StoredCharge charge, TypeParts type)
    {
        Location at = charge.Storage.Locations.First(static l => l.IsInSource);
        Pair pair = charge.Pair;
        IMethodSymbol? path = type.Members.Select(static m => m.Symbol).OfType<IMethodSymbol>()
            .FirstOrDefault(m => SymbolEqualityComparer.Default.Equals(m.ContainingType, charge.Storage.ContainingType) && releases.Contains(m));
        string reason = path is null ? $"'{charge.Storage.ContainingType.Name}' has no release path" : $"'{NameOf(path)}' does not";
        return Diagnostic.Create(
            Descriptors.PIN1009_StoredChargeMustBeReleased,
            at,
            pair.Loss == LossKind.Performance ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning,
            [charge.Charge.Syntax.GetLocation()],
            TypeProperties.Of(charge).ToDictionary(),
            pair.Key,
            charge.Storage.Name,
            pair.ReleaseDisplay,
            reason);
    }

    private static Diagnostic Describe(GuardedCall release, GuardedCall charge)
    {
        bool isNear = charge.Operation.Syntax.SyntaxTree == release.Operation.Syntax.SyntaxTree;
        return Diagnostic.Create(
            Descriptors.PIN1008_GuardsMustAgree,
            release.Operation.Syntax.GetLocation(),
            [charge.Operation.Syntax.GetLocation()],
            new BalanceProperties(release.Pair.Key, release.Pair.ReleaseDisplay, HasToken: false, isNear ? 1 : 0, SiteCount: 0, EndCount: 0).ToDictionary(),
            release.Pair.Key,
            TextOf(release),
            TextOf(charge),
            charge.Operation.Syntax.GetLocation().GetLineSpan().StartLinePosition.Line + 1);
    }

    private static string TextOf(GuardedCall call) => call.Guards.IsEmpty ? "nothing" : "'" + string.Join(" && ", call.Guards.Select(static g => g.Text).OrderBy(static t => t, StringComparer.Ordinal)) + "'";

    private static string NameOf(IMethodSymbol method) => method.MethodKind == MethodKind.Destructor ? "~" + method.ContainingType.Name : method.SourceName();
}
