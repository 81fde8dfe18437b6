using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Authority;

/// <summary>PIN2006: the release finds the owner again, by a way that may lead elsewhere by then.</summary>
internal static class RederivedOwners
{
    public static IEnumerable<AuthorityFinding> Find(AuthorityContext context, ControlFlowGraph graph, ISymbol owner)
    {
        if (!context.ReleasePaths.IsReleasePath(owner, graph)) yield break;
        ImmutableArray<AccountingEvent> own = context.Events.In(graph);
        Origins? origins = null;
        foreach (AccountingEvent release in own.Concat(context.Events.ThroughHelpers(graph, receiver => OwnerPath.Hops(receiver, origins ??= new Origins(graph)).Any(IsSettable))))
        {
            if (release is not { IsRelease: true, IsAccount: true, Owner: { } whose, Pair: not { HasToken: true } }) continue;
            origins ??= new Origins(graph);
            if (OwnerPath.Hops(whose, origins).FirstOrDefault(IsSettable) is not { } read || context.Ambients.In(whose, origins, graph) is not null) continue;
            if (own.Any(e => !e.IsRelease && e.IsOfSameAccount(release))) continue;
            ImmutableArray<ISymbol> way = OwnerPath.Of(whose, origins);
            if (!context.Types.Others(owner, release).Any(charge => !charge.Event.IsRelease && OwnerPath.AreSame(way, OwnerPath.Of(charge.Event.Owner, new Origins(charge.Graph))))) continue;
            yield return new AuthorityFinding(Descriptors.PIN2006_OwnerShouldBeRecorded, read, ImmutableArray.Create<IOperation>(read, release.Operation), read.Member.Name, release.Display)
            {
                Sites = AccountSites.Of(context, graph, owner, release),
            };
        }
    }

    private static bool IsSettable(IMemberReferenceOperation read) => read.Member switch
    {
        IFieldSymbol field => field is { IsReadOnly: false, IsConst: false, IsStatic: false },
        IPropertySymbol property => property is { IsStatic: false, SetMethod: { IsInitOnly: false } setter } && (setter.DeclaredAccessibility != Accessibility.Private || IsSetLater(property)),
        _ => false,
    };

    /// <summary>Its own type sets it elsewhere than where it is made.</summary>
    private static bool IsSetLater(IPropertySymbol property) => property.ContainingType.DeclaringSyntaxReferences.Any(part => part.GetSyntax().DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment =>
        NameOf(assignment.Left) == property.Name && assignment.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is null && assignment.Parent is not InitializerExpressionSyntax));

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
