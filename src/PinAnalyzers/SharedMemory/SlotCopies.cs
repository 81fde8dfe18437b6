using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>Payload of a ring is ours from the acquisition of its index to the hand-back: there it may be copied plainly.</summary>
internal static class SlotCopies
{
    /// <summary>A slot that a variable index selects, with an index cell acquired before and handed back after on the same path.</summary>
    public static bool IsBetweenAcquireAndHandBack(SharedBody body, CellAccess access)
    {
        if (access.Place.Indexes.IsEmpty) return false;
        foreach (BodyFlow flow in body.Flows)
        {
            if (flow.All.FirstOrDefault(happening => happening.Access == access) is not { } slot) continue;
            bool isAcquired = flow.All.Any(earlier => earlier.Access is { Kind: AccessKind.VolatileRead or AccessKind.Interlocked, Place.Shared: not null } acquire
                && (acquire.Place.Indexes.IsEmpty || IsInSlot(acquire.Place, access.Place)) && flow.After(earlier, static _ => false).Contains(slot));
            return isAcquired && flow.After(slot, static _ => false).Any(later => later.Access is { IsRelease: true, Place.Shared: not null } release && (release.Place.Indexes.IsEmpty || IsInSlot(release.Place, access.Place)));
        }

        return false;
    }

    /// <summary>Another member of the same slot, or the same row of another array: a state or sequence that says whose the slot is.</summary>
    public static bool IsInSlot(Place state, Place payload)
    {
        if (!SymbolEqualityComparer.Default.Equals(state.Root, payload.Root))
            return state.IsElement && state.Indexes.Where(IsVariable).ToList() is { Count: > 0 } variables && variables.All(variable => payload.Indexes.Contains(variable, SymbolEqualityComparer.Default));
        if (state.Path == payload.Path) return false;
        int end = state.Path.LastIndexOf('.');
        return end > 0 && payload.Path.LastIndexOf('.') == end && string.CompareOrdinal(state.Path, 0, payload.Path, 0, end) == 0;
    }

    private static bool IsVariable(ISymbol index) => index is not IFieldSymbol { IsReadOnly: true };

    /// <summary>A sequence is fetched before, and once more behind a fence, where it is compared with what it was: whatever was torn is thrown away.</summary>
    public static bool IsConfirmedBySequence(SharedBody body, CellAccess access)
    {
        if (access.Kind != AccessKind.PlainRead) return false;
        foreach (CellAccess again in body.Accesses)
        {
            if (again.Kind is not (AccessKind.VolatileRead or AccessKind.PlainRead) || again.Site.SpanStart < access.Site.SpanStart || again.Site.Parent is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } test) continue;
            ExpressionSyntax other = Bindings.Uncast(test.Left == again.Site ? test.Right : test.Left);
            if (body.Reader.SymbolOf(other) is not ILocalSymbol local) continue;
            CellAccess? before = body.Accesses.FirstOrDefault(first => first.Kind == AccessKind.VolatileRead && first.Place.IsSameCell(again.Place) && body.Reader.Bindings.ValuesOf(local).Any(value => Bindings.Uncast(value) == first.Site));
            if (before is null || before.Site.SpanStart > access.Site.SpanStart) continue;
            if (body.Flows.Any(flow => flow.MayFollow(before, access) && flow.All.Any(happening => Fences.IsBarrier(happening.Called)
                && happening.Operation.Syntax.SpanStart > access.Site.SpanStart && happening.Operation.Syntax.SpanStart < again.Site.SpanStart))) return true;
        }

        return false;
    }

    /// <summary>A store to a cell that is no slot follows.</summary>
    public static bool IsHandedBack(BodyFlow flow, FlowEvent slot) =>
        flow.After(slot, static _ => false).Any(static later => later.Access is { IsRelease: true, Place.Shared: not null } release && release.Place.Indexes.IsEmpty);

    /// <summary>A slot that may be copied whole: its index was bounded, acquired before or handed back after.</summary>
    public static bool IsOwned(SharedBody body, CellAccess access)
    {
        if (access.Place.Indexes.IsEmpty) return false;
        if (access.Place.Path.IndexOf('&') >= 0 || access.Place.Path.IndexOf('%') >= 0) return true;
        foreach (BodyFlow flow in body.Flows)
        {
            if (flow.All.FirstOrDefault(happening => happening.Access == access) is not { } slot) continue;
            if (IsHandedBack(flow, slot)) return true;
        }

        return access.Expression.Ancestors().OfType<MemberDeclarationSyntax>().First().DescendantNodes().OfType<BinaryExpressionSyntax>()
            .Any(test => test.SpanStart < access.Expression.SpanStart && IsRelational(test) && test.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => access.Place.Indexes.Any(index => index.Name == name.Identifier.ValueText)));
    }

    private static bool IsRelational(BinaryExpressionSyntax test) =>
        test.IsKind(SyntaxKind.LessThanExpression) || test.IsKind(SyntaxKind.LessThanOrEqualExpression) || test.IsKind(SyntaxKind.GreaterThanExpression) || test.IsKind(SyntaxKind.GreaterThanOrEqualExpression);
}
