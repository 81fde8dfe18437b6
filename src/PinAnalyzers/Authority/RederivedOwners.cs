using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;

namespace PinAnalyzers.Authority;

/// <summary>PIN2006: the release finds the owner again, by a way that may lead elsewhere by then.</summary>
internal static class RederivedOwners
{
    public static IEnumerable<AuthorityFinding> Find(AuthorityContext context, ControlFlowGraph graph, ISymbol owner)
    {
        if (!context.ReleasePaths.IsReleasePath(owner, graph)) yield break;
        ImmutableArray<AccountingEvent> own = context.Events.In(graph);
        Origins? origins = null;
        foreach (AccountingEvent release in own.Concat(context.Events.ThroughHelpers(graph, receiver => OwnerPath.Hops(receiver, origins ??= new Origins(graph)).Any(hop => IsSettable(hop, context.Compilation)))))
        {
            if (release is not { IsRelease: true, IsAccount: true, Owner: { } whose, Pair: not { HasToken: true } }) continue;
            origins ??= new Origins(graph);
            if (OwnerPath.Hops(whose, origins).FirstOrDefault(hop => IsSettable(hop, context.Compilation)) is not { } read || context.Ambients.In(whose, origins, graph) is not null) continue;
            if (own.Any(e => !e.IsRelease && e.IsOfSameAccount(release))) continue;
            ImmutableArray<ISymbol> way = OwnerPath.Of(whose, origins);
            List<(AccountingEvent Event, ControlFlowGraph Graph)> charges = context.Types.Others(owner, release).Where(static other => !other.Event.IsRelease).Select(static other => (other.Event, other.Graph)).ToList();
            bool isOfThis = charges.Any(charge => OwnerPath.AreSame(way, OwnerPath.Of(charge.Event.Owner, new Origins(charge.Graph))));
            if (isOfThis && charges.Any(charge => Writes(charge.Graph, read.Member))) continue;
            if (!isOfThis)
            {
                if (ThroughFound(whose, origins, context.Compilation) is not { } found || !IsDeclared(context, release) || Writes(graph, found.Member)) continue;
                if (!charges.Any(charge => AreAlike(OwnerPath.FromFound(whose, origins), OwnerPath.FromFound(charge.Event.Owner, new Origins(charge.Graph))) && !Writes(charge.Graph, found.Member))) continue;
                read = found;
            }

            yield return new AuthorityFinding(Descriptors.PIN2006_OwnerShouldBeRecorded, read, ImmutableArray.Create<IOperation>(read, release.Operation), read.Member.Name, release.Display)
            {
                // A field of this object would be one record for all that it charges.
                Sites = isOfThis ? AccountSites.Of(context, graph, owner, release) : null,
            };
        }
    }

    /// <summary>A settable member behind one of what the body was given or has looked up. One of that itself may be the record.</summary>
    private static IMemberReferenceOperation? ThroughFound(IOperation owner, Origins origins, Compilation compilation)
    {
        ImmutableArray<IMemberReferenceOperation> members = OwnerPath.FromFound(owner, origins).Members;
        return members.Take(members.Length - 1).FirstOrDefault(hop => IsSettable(hop, compilation));
    }

    /// <summary>What is only inferred to be an account may be a tree that counts its nodes.</summary>
    private static bool IsDeclared(AuthorityContext context, AccountingEvent release) =>
        release.Pair is not null || release.Counter is IFieldSymbol counter && context.Catalog.TryGetCounter(counter, out _);

    private static bool AreAlike((ITypeSymbol? Root, ImmutableArray<IMemberReferenceOperation> Members) left, (ITypeSymbol? Root, ImmutableArray<IMemberReferenceOperation> Members) right) =>
        left.Root is not null && SymbolEqualityComparer.Default.Equals(left.Root, right.Root)
        && left.Members.Select(static m => m.Member.OriginalDefinition).SequenceEqual(right.Members.Select(static m => m.Member.OriginalDefinition), SymbolEqualityComparer.Default);

    /// <summary>Who sets the owner while charging or releasing keeps his record there.</summary>
    private static bool Writes(ControlFlowGraph graph, ISymbol member) => graph.OriginalOperation.Descendants().Any(o =>
        o is IAssignmentOperation { Target: IMemberReferenceOperation target } && SymbolEqualityComparer.Default.Equals(target.Member.OriginalDefinition, member.OriginalDefinition));

    private static bool IsSettable(IMemberReferenceOperation read, Compilation compilation) => read.Member switch
    {
        IFieldSymbol field => field is { IsReadOnly: false, IsConst: false, IsStatic: false },
        IPropertySymbol property => property is { IsStatic: false, SetMethod: { IsInitOnly: false } setter } && (setter.DeclaredAccessibility != Accessibility.Private || IsSetLater(property, compilation)),
        _ => false,
    };

    /// <summary>Its own type sets it elsewhere than where it is made.</summary>
    private static bool IsSetLater(IPropertySymbol property, Compilation compilation) => property.ContainingType.PartsIn(compilation).Any(part => part.GetSyntax().DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment =>
        NameOf(assignment.Left) == property.Name && assignment.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is null && assignment.Parent is not InitializerExpressionSyntax));

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
