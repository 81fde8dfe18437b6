using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>PIN3006 and PIN3007: a store and a load that may change places, and payload on the wrong side of its index.</summary>
internal static class OrderRules
{
    public static IEnumerable<SharedFinding> Find(SharedBody body)
    {
        if (body.IsConstruction) yield break;
        bool publishes = body.Accesses.Any(static access => IsPublish(access));
        if (!publishes && body.Accesses.Any(access => MayBeFlag(access, body)))
        {
            foreach (SharedFinding finding in CalledBehindPublish(body)) yield return finding;
        }

        if (!publishes) yield break;
        foreach (BodyFlow flow in body.Flows)
        {
            foreach (FlowEvent publish in flow.All.Where(static happening => happening.Access is { } access && IsPublish(access)).ToList())
            {
                foreach (SharedFinding finding in Sleepers(body, flow, publish).Concat(Payload(body, flow, publish)).Concat(InvalidMark(flow, publish))) yield return finding;
            }
        }
    }

    public static bool IsPublish(CellAccess access) =>
        access.Place.Shared is not null && (access.Kind is AccessKind.VolatileWrite || access is { Kind: AccessKind.Interlocked, IsInterlockedRead: false } || access is { Kind: AccessKind.PlainWrite, IsVolatileField: true });

    /// <summary>The store may still wait in the store buffer when the flag is loaded: both sides then sleep.</summary>
    private static IEnumerable<SharedFinding> Sleepers(SharedBody body, BodyFlow flow, FlowEvent publish)
    {
        if (publish.Access is not { Kind: not AccessKind.Interlocked } store) yield break;
        foreach (FlowEvent later in flow.After(publish, Fences.Orders))
        {
            if (later.Access is not { } load || !MayBeFlag(load, body) || load.Place.IsSameCell(store.Place) || load.Site.SpanStart < store.Site.SpanStart) continue;
            // The end of a lock stands between; the graph has a way around it for a lock that was not taken.
            if (store.Site.Ancestors().Any(node => node is LockStatementSyntax && !node.Span.Contains(load.Site.Span))) continue;
            if (IsIndex(load.Place) && (IsIndex(store.Place) || !flow.After(later, static _ => false).Any(static next => next.Called is { } method && Fences.IsWait(method)))) continue;
            yield return new SharedFinding(Descriptors.PIN3006_FenceBetweenPublishAndTest, load.Site, load.Expression.WithoutTrivia().ToString(), store.Expression.WithoutTrivia().ToString())
            {
                Path = ImmutableArray.Create<SyntaxNode>(store.Site),
                Sites = ImmutableArray.Create<SyntaxNode>(store.Site),
            };
        }
    }

    /// <summary>The member tests a flag, and is called where something was just published.</summary>
    private static IEnumerable<SharedFinding> CalledBehindPublish(SharedBody body)
    {
        if (body.Flows.IsEmpty) yield break;
        BodyFlow flow = body.Flows[0];
        foreach (FlowEvent happening in flow.All)
        {
            if (happening.Access is not { } load || !MayBeFlag(load, body) || IsIndex(load.Place) || body.Context.WakeUps.PublishBefore(body, flow, happening) is not { } store) continue;
            yield return new SharedFinding(Descriptors.PIN3006_FenceBetweenPublishAndTest, load.Site, load.Expression.WithoutTrivia().ToString(), store.Expression.WithoutTrivia().ToString())
            {
                Path = ImmutableArray.Create<SyntaxNode>(store.Site),
            };
        }
    }

    /// <summary>What the other side may have written decides what is done.</summary>
    private static bool MayBeFlag(CellAccess load, SharedBody body) =>
        load is { Kind: AccessKind.PlainRead or AccessKind.VolatileRead, IsTest: false, Place: { Shared: { IsStable: false }, Role: not { Writer: IndexWriter.Local } } } && !Polls.IsPolled(load, body) && IsDecision(load, body);

    /// <summary>The value decides a branch, or is handed to the caller as a decision.</summary>
    private static bool IsDecision(CellAccess load, SharedBody body)
    {
        if (IsInCondition(load.Site, body)) return true;
        SyntaxNode node = load.Site;
        while (node.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax or CheckedExpressionSyntax or BinaryExpressionSyntax) node = node.Parent;
        return node.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } && body.Model.GetDeclaredSymbol(declarator) is { } local
            && body.Syntax.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == local.Name && IsInCondition(name, body));
    }

    private static bool IsInCondition(ExpressionSyntax value, SharedBody body)
    {
        SyntaxNode node = value;
        bool isBoolean = false;
        while (node.Parent is ExpressionSyntax and not (AnonymousFunctionExpressionSyntax or InvocationExpressionSyntax) || node.Parent is IsPatternExpressionSyntax)
        {
            if (node.Parent is ConditionalExpressionSyntax choice && choice.Condition == node) return true;
            node = node.Parent;
            isBoolean |= node is BinaryExpressionSyntax or IsPatternExpressionSyntax or PrefixUnaryExpressionSyntax && body.Reader.TypeOf((ExpressionSyntax)node)?.SpecialType == SpecialType.System_Boolean;
        }

        return node.Parent is IfStatementSyntax or SwitchStatementSyntax || isBoolean && node.Parent is ReturnStatementSyntax or ArrowExpressionClauseSyntax && isBoolean;
    }

    private static bool IsIndex(Place place) => place.Role is not null || PeerIndexes.IsNamedAsIndex(place);

    /// <summary>A slot that the published value speaks of is touched after: the other side owns it already.</summary>
    private static IEnumerable<SharedFinding> Payload(SharedBody body, BodyFlow flow, FlowEvent publish)
    {
        CellAccess store = publish.Access!;
        if (!store.Place.Indexes.IsEmpty || store.Value is null) yield break;
        HashSet<ISymbol> cursors = Cursors(store.Value, body);
        ISymbol? whole = WholeOf(store.Value, body);
        if (cursors.Count == 0 && whole is null) yield break;
        foreach (FlowEvent later in flow.After(publish, happening => happening.Assigned is { } changed && (cursors.Contains(changed) || SymbolEqualityComparer.Default.Equals(changed, whole))))
        {
            if (later.Access is not { } slot || slot.Place.Indexes.IsEmpty || slot.Kind == AccessKind.ByReference || !(slot.Place.Indexes.Any(cursors.Contains) || LiesBefore(slot, whole, body) || IsTakenBefore(slot, whole, store, flow, body))) continue;
            // The first slot that is not published is still ours.
            if (store.Value is BinaryExpressionSyntax && slot.Place.Path.Contains(Bindings.Spelling(store.Value))) continue;
            if (slot.Place.Shared is null && store.Place.Role?.Payload != slot.Place.Root.Name) continue;
            if (store is { Kind: AccessKind.Interlocked, Method: not "Exchange" } && IsPublishedByItself(flow, later)) continue;
            yield return new SharedFinding(
                Descriptors.PIN3007_PayloadMustPrecedeItsIndex, slot.Expression, slot.Expression.WithoutTrivia().ToString(), slot.IsWrite ? "written" : "read", store.Expression.WithoutTrivia().ToString())
            {
                Path = ImmutableArray.Create<SyntaxNode>(store.Site),
            };
        }
    }

    /// <summary>What was moved only claimed the slot: a release store to the slot's own state, or to the slot, tells the other side.</summary>
    private static bool IsPublishedByItself(BodyFlow flow, FlowEvent slot) => slot.Access!.Kind == AccessKind.VolatileWrite
        || flow.After(slot, static _ => false).Any(next => next.Access is { IsRelease: true } mark && SlotCopies.IsInSlot(mark.Place, slot.Access.Place));

    /// <summary>The variable of which the value itself is published.</summary>
    private static ISymbol? WholeOf(ExpressionSyntax value, SharedBody body) => Bindings.Uncast(value) switch
    {
        IdentifierNameSyntax name => body.Reader.SymbolOf(name),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression, Operand: IdentifierNameSyntax stepped } => body.Reader.SymbolOf(stepped),
        _ => null,
    };

    /// <summary>The slot is counted back from the published value, as in <c>slots[(t - 1) &amp; mask]</c>: what is published itself is the first slot that is not.</summary>
    private static bool LiesBefore(CellAccess slot, ISymbol? published, SharedBody body) => published is not null
        && slot.Expression.DescendantNodesAndSelf().OfType<BinaryExpressionSyntax>().Any(step => step.IsKind(SyntaxKind.SubtractExpression)
            && Bindings.Uncast(step.Right) is LiteralExpressionSyntax && SymbolEqualityComparer.Default.Equals(body.Reader.SymbolOf(Bindings.Uncast(step.Left)), published));

    /// <summary>The slot is reached by a pointer or reference that was made before the published variable went on to the next one.</summary>
    private static bool IsTakenBefore(CellAccess slot, ISymbol? published, CellAccess store, BodyFlow flow, SharedBody body)
    {
        if (published is null || !slot.Place.Indexes.Contains(published, SymbolEqualityComparer.Default)) return false;
        if (slot.Expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().FirstOrDefault() is not { } name || body.Reader.SymbolOf(name) is not ILocalSymbol way || body.Reader.Bindings.OnlyValueOf(way) is not { } value) return false;
        if (value.FirstAncestorOrSelf<BlockSyntax>() is not { } block || !block.Span.Contains(store.Site.Span) || !block.Span.Contains(slot.Site.Span) || slot.Site.SpanStart < store.Site.SpanStart) return false;
        return flow.All.Any(step => SymbolEqualityComparer.Default.Equals(step.Assigned, published) && step.Operation.Syntax.SpanStart > value.Span.End && step.Operation.Syntax.Span.End <= store.Site.Span.End);
    }

    /// <summary>A release does not order later stores: payload may be seen before the mark that says it is not there.</summary>
    private static IEnumerable<SharedFinding> InvalidMark(BodyFlow flow, FlowEvent publish)
    {
        CellAccess mark = publish.Access!;
        if (mark.Kind != AccessKind.VolatileWrite || !IsInvalid(mark.Value)) yield break;
        foreach (FlowEvent later in flow.After(publish, static happening => happening.Access is { Kind: AccessKind.Interlocked } || Fences.IsBarrier(happening.Called)))
        {
            if (later.Access is not { Kind: AccessKind.PlainWrite, Place.Shared: not null } payload || payload.Place.IsSameCell(mark.Place) || payload.IsVolatileField) continue;
            bool isValidated = flow.After(later, static _ => false).Any(next => next.Access is { Kind: AccessKind.VolatileWrite } valid && valid != mark && valid.Place.IsSameCell(mark.Place));
            if (!isValidated) continue;
            yield return new SharedFinding(Descriptors.PIN3007_PayloadMustPrecedeItsIndex, payload.Expression, payload.Expression.WithoutTrivia().ToString(), "written", mark.Expression.WithoutTrivia().ToString())
            {
                Path = ImmutableArray.Create<SyntaxNode>(mark.Site),
            };
            yield break;
        }
    }

    private static bool IsInvalid(ExpressionSyntax? value) => value is not null && Bindings.Uncast(value) switch
    {
        LiteralExpressionSyntax { Token.Value: 0 or 0u or 0L or 0UL } => true,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } => true,
        _ => false,
    };

    /// <summary>The variables that a published value counts with; what masks it is none of them.</summary>
    private static HashSet<ISymbol> Cursors(ExpressionSyntax value, SharedBody body)
    {
        HashSet<ISymbol> cursors = new(SymbolEqualityComparer.Default);
        Add(value, 0);
        return cursors;

        // What is published itself is the first slot that is not: only what it counts on from is.
        void Add(ExpressionSyntax node, int depth)
        {
            ExpressionSyntax bare = Bindings.Uncast(node);
            ISymbol? whole = bare is IdentifierNameSyntax ? body.Reader.SymbolOf(bare) : bare is PrefixUnaryExpressionSyntax step ? body.Reader.SymbolOf(step.Operand) : null;
            foreach (IdentifierNameSyntax name in node.DescendantNodesAndSelf(static inner => !IsMasked(inner)).OfType<IdentifierNameSyntax>())
            {
                if (name.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.BitwiseAndExpression or (int)SyntaxKind.ModuloExpression } mask && mask.Right == name) continue;
                if (body.Reader.SymbolOf(name) is not { Kind: SymbolKind.Local or SymbolKind.Parameter or SymbolKind.Field } symbol || symbol is IFieldSymbol { IsReadOnly: true } or IFieldSymbol { IsConst: true }) continue;
                bool isWhole = SymbolEqualityComparer.Default.Equals(symbol, whole);
                if ((!isWhole && !cursors.Add(symbol)) || depth > 1 || (!isWhole && depth > 0)) continue;
                foreach (ExpressionSyntax assigned in body.Reader.Bindings.ValuesOf(symbol)) Add(assigned, depth + 1);
                if (symbol is not IFieldSymbol) continue;
                foreach (AssignmentExpressionSyntax assignment in body.Syntax.DescendantNodes().OfType<AssignmentExpressionSyntax>())
                {
                    if (assignment.SpanStart < value.SpanStart && TypeBodies.IsNamed(assignment.Left, symbol.Name)) Add(assignment.Right, depth + 1);
                }
            }
        }
    }

    // Calls and places are not counted with: their names are not numbers.
    private static bool IsMasked(SyntaxNode node) => node is InvocationExpressionSyntax or ElementAccessExpressionSyntax or AnonymousFunctionExpressionSyntax;
}
