using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// Which source methods hand a charge to their caller. Names decide who is asked (<see cref="WrapperNames"/>), symbols who is solved, and the summary has the last
/// word, once per name: a caller of something that only sounds like a wrapper is never bound.
/// </summary>
internal sealed class Wrappers(BalanceContext context, WrapperNames names, NameHits calls)
{
    private readonly ConcurrentDictionary<string, bool> _confirmed = new();
    private readonly ConcurrentDictionary<IMethodSymbol, bool> _may = new(SymbolEqualityComparer.Default);

    /// <summary>The body names something that may be a wrapper.</summary>
    public bool MayBeCalledIn(SyntaxNode body) => calls.Any(body);

    /// <summary>The body calls something by the name of what may be a wrapper.</summary>
    public bool AreNamedIn(SyntaxNode body) => calls.Any(body) && ConfirmedCalls.CallsIn(body, calls, names.All).Any();

    /// <summary>The body calls something that hands a charge out.</summary>
    public bool AreCalledIn(SyntaxNode body) => AreCalledIn(body, names.All);

    /// <summary>Whether the method's summary is worth computing: it charges itself, or calls a source method that does. Asks no summary, so that summaries may ask it.</summary>
    public bool MayHandOut(IMethodSymbol method) =>
        (method.MethodKind is not (MethodKind.Ordinary or MethodKind.LocalFunction) || names.All.Contains(method.Name)) && _may.GetOrAdd(method.OriginalDefinition, m =>
            BodyGraphs.BodyOf(m, context.Compilation, context.Cancellation) is { } body && ((context.Calls.Charges(body) && !KeepsTokens(m, body)) || CallsWhatCharges(body)));

    /// <summary>All that is charged is known by tokens, and none of them can reach the caller: there is no <c>out</c> parameter, and the result, if any, only says yes or no.</summary>
    private bool KeepsTokens(IMethodSymbol method, SyntaxNode body) =>
        method.AwaitedReturnType() is { SpecialType: SpecialType.System_Void or SpecialType.System_Boolean } or { SystemName: "Task" or "ValueTask" }
        && method.Parameters.All(static p => p.RefKind != RefKind.Out)
        && context.Calls.PairCallsIn(body) is { IsDefault: false } known && known.All(static call => call.Charges.All(static charge => charge.Pair.HasToken))
        && !AreNamedIn(body);

    private bool CallsWhatCharges(SyntaxNode body) => !BodyGraphs.IsTooDeep(body) && ConfirmedCalls.CallsIn(body, calls, names.Direct).Any(call =>
        context.Calls.MethodOf(call.Call) is { } callee && BodyGraphs.BodyOf(callee.OriginalDefinition, context.Compilation, context.Cancellation) is { } inner && inner != body && context.Calls.Charges(inner));

    private bool AreCalledIn(SyntaxNode body, ImmutableHashSet<string> asked) => calls.Any(body) && !BodyGraphs.IsTooDeep(body) && ConfirmedCalls.CallsIn(body, calls, asked).Any(call =>
        IsConfirmed(call.Name) && context.Calls.MethodOf(call.Call) is { } method && HandsOut(method));

    private bool IsConfirmed(string name) => _confirmed.GetOrAdd(name, n =>
        names.MembersCharging(n).Any(m => context.Calls.Charges(m) && HandsOut(m))
        || names.MembersCallingWrappers(n).Any(m => AreCalledIn(m, names.Direct) && HandsOut(m)));

    private bool HandsOut(SyntaxNode member) =>
        SemanticModels.Of(member.SyntaxTree, context.Compilation).GetDeclaredSymbol(member, context.Cancellation) is IMethodSymbol method && HandsOut(method);

    /// <summary>A local function is solved with the body around it, which is what is being decided about.</summary>
    private bool HandsOut(IMethodSymbol method) => context.Summaries.MayCharge(method)
        && (method.MethodKind == MethodKind.LocalFunction || !context.Summaries.ChargesOf(method, null, SummaryScope.ForBody()).IsEmpty);
}
