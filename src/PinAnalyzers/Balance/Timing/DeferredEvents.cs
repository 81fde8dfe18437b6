using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>PIN1010: charges and releases that come when a queued delegate or a finalizer runs.</summary>
internal static class DeferredEvents
{
    public static bool MayBeIn(SyntaxNode member) => member is DestructorDeclarationSyntax
        || member is MemberDeclarationSyntax { AttributeLists.Count: > 0 } declaration && declaration.AttributeLists.SelectMany(static l => l.Attributes).Any(static a => a.Name.ToString().Contains(Deferral.Attribute))
        || BodyShapes.Has(member, BodyShape.NestedBody);

    public static IEnumerable<Diagnostic> Find(TimingContext context, IOperation root, IMethodSymbol owner)
    {
        AttributeData? own = Annotations.Find(owner.GetAttributes(), Deferral.Attribute);
        if (own is not null && Annotations.Named<string>(own, "Reason") is not null) yield break;
        if (owner.MethodKind == MethodKind.Destructor || own is not null)
        {
            string until = own is null ? "the finalizer runs, if ever" : $"'{owner.Name}' runs";
            foreach (AccountEvent late in Unbalanced(context, root)) yield return Create(late, until, late.Operation.Syntax);
            yield break;
        }

        foreach (IDelegateCreationOperation creation in root.Descendants().OfType<IDelegateCreationOperation>())
        {
            if (Deferral.Of(creation, root) is not { } deferral || Deferral.IsAwaited(deferral.Call, root)) continue;
            foreach (AccountEvent late in Unbalanced(context, deferral.Body))
            {
                if (late.IsRelease && (IsHandedToWorker(context, root, deferral, late) || IsFoundByWorker(deferral, late))) continue;
                yield return Create(late, $"the delegate given to '{deferral.Name}' runs", deferral.Call.Syntax);
            }
        }
    }

    private static Diagnostic Create(AccountEvent late, string until, SyntaxNode by) => BalanceDiagnostics.Create(
        Descriptors.PIN1010_ReleaseShouldNotBeDeferred, late.IsRelease ? DiagnosticSeverity.Info : null, late.Pair, late.Operation.Syntax, [by], [], late.IsRelease ? "release" : "charge", late.Pair.Key, until);

    /// <summary>What deferred code takes and gives back itself is its own affair.</summary>
    private static IEnumerable<AccountEvent> Unbalanced(TimingContext context, IOperation body)
    {
        List<AccountEvent> events = context.Events.In(body).Where(static e => IsKept(e.Pair)).ToList();
        return events.Where(e => !events.Any(o => o.IsRelease != e.IsRelease && ReferenceEquals(o.Pair, e.Pair)) && !IsInUsing(e.Operation, body));
    }

    /// <summary>Accounts, locked memory and counters; a semaphore, a handle or an event is often released by whoever finishes, and rightly.</summary>
    private static bool IsKept(Pair pair) => pair.Family is PairFamily.Accounting or PairFamily.MemoryLock or PairFamily.Declared || (pair.Family == PairFamily.Counters && !pair.IsBuiltIn);

    private static bool IsInUsing(IOperation operation, IOperation body)
    {
        for (IOperation? current = operation.Parent; current is not null && !ReferenceEquals(current, body); current = current.Parent)
        {
            if (current is IUsingDeclarationOperation || (current is IUsingOperation @using && @using.Resources.Syntax.Span.Contains(operation.Syntax.Span))) return true;
        }

        return false;
    }

    /// <summary>The method charges, and the delegate does the work that the charge is for: it owns the charge from there on.</summary>
    private static bool IsHandedToWorker(TimingContext context, IOperation root, Deferral deferral, AccountEvent late)
    {
        bool isCharged = context.Events.In(root).Any(e => !e.IsRelease && ReferenceEquals(e.Pair, late.Pair) && !deferral.Body.Syntax.Span.Contains(e.Operation.Syntax.Span))
            || root.Descendants().OfType<IInvocationOperation>().Any(call => context.Catalog.ReleasesOf(call.TargetMethod).Any(r => r.IsMove && ReferenceEquals(r.Pair, late.Pair)));
        return isCharged && (deferral.FollowsWork || deferral.Body.Descendants().Any(o => o is IInvocationOperation or IAwaitOperation or IObjectCreationOperation && !late.Operation.Syntax.Span.Contains(o.Syntax.Span)));
    }

    /// <summary>A worker that serves a queue, and a timer that looks what is over, learn only then what there is to release.</summary>
    private static bool IsFoundByWorker(Deferral deferral, AccountEvent late)
    {
        for (IOperation? outer = late.Operation.Parent; outer is not null && !ReferenceEquals(outer, deferral.Body); outer = outer.Parent)
        {
            if (outer is IForEachLoopOperation { IsAsynchronous: true } || outer is ILoopOperation loop && (deferral.IsOfTimer || Waits(loop))) return true;
        }

        return false;
    }

    private static bool Waits(ILoopOperation loop) => loop.Descendants().Any(static o => o is IAwaitOperation
        || o is IInvocationOperation { TargetMethod.Name: var name } && (name is "Take" or "GetConsumingEnumerable" || name.StartsWith("Wait", System.StringComparison.Ordinal)));
}
