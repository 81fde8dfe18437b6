using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace PinAnalyzers.Authority;

/// <summary>PIN2003: whose account is released is asked of whoever happens to run the release.</summary>
internal static class AmbientOwners
{
    public static IEnumerable<AuthorityFinding> Find(AuthorityContext context, ControlFlowGraph graph, ISymbol owner)
    {
        ImmutableArray<AccountingEvent> own = context.Events.In(graph);
        Origins? origins = null;
        bool? isDeferred = null;
        foreach (AccountingEvent release in own.Concat(context.Events.ThroughHelpers(graph, receiver => context.Ambients.In(receiver, origins ??= new Origins(graph), graph) is not null)))
        {
            if (release is not { IsRelease: true, IsAccount: true, Owner: { } whose, Pair: not { HasToken: true } }) continue;
            if (context.Ambients.In(whose, origins ??= new Origins(graph), graph) is not { } ambient) continue;

            // What hangs on a thread may be a cache, which counts too; only what is declared to be an account is one for certain.
            if (release.Pair is null && ambient.Kind != Ambience.Identity) continue;
            if (own.Any(e => !e.IsRelease && e.IsOfSameAccount(release))) continue;
            isDeferred ??= Deferral.IsDeferred(graph, owner);
            if (isDeferred == false && !context.ReleasePaths.IsReleasePath(owner, graph)) continue;
            if (release.Counter is not null && !context.Types.IsCounter(release, owner)) continue;
            yield return new AuthorityFinding(
                Descriptors.PIN2003_OwnerMustNotBeAmbient, release.Operation, ImmutableArray.Create(whose, release.Operation), ambient.Member.Name, release.Display)
            {
                Sites = AccountSites.Of(context, graph, owner, release),
            };
        }
    }
}
