using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>Results that say nothing by any convention, but something of their own: <c>Status.Ok</c>, <c>Outcome.Success</c>, <c>Result.Ok(n)</c>.</summary>
internal sealed partial class BalanceFlow
{
    /// <summary>What static methods of a type returned that make values of it.</summary>
    private readonly Dictionary<int, IMethodSymbol> _answersMade = [];

    private void NoteAnswer(CallSite call, int result)
    {
        if (result > ValueTable.Zero && call.Method is { IsStatic: true, MethodKind: MethodKind.Ordinary } && call.Method.ContainingType.Name == call.Method.ReturnType.Name) _answersMade[result] = call.Method.OriginalDefinition;
    }

    /// <summary>
    /// The charge is held behind all that gives it back, and the one answer that is returned there, written out, is returned nowhere else for certain: <c>Status.Ok</c> after <c>return Status.Denied</c>, or
    /// <c>true</c> after <c>return Fail("…")</c>. Where several are, one of them may be an error.
    /// </summary>
    private bool ReturnsAnswerOfItsOwn(IMethodSymbol method, ChargeSite site, List<BalanceExit> held, List<BalanceExit> others) =>
        held.All(exit => exit.At is { } at && !ReleasesOf(site).Any(release => release.Syntax.SpanStart > at.Syntax.SpanStart)) && (ReturnsNumberOfItsOwn(method, held, others) || ReturnsMemberOfItsOwn(method, held, others));

    private static bool ReturnsNumberOfItsOwn(IMethodSymbol method, List<BalanceExit> held, List<BalanceExit> others) => method.AwaitedReturnType().IsValueType
        && held.All(exit => exit.Returned.IsConstant && exit.Returned == held[0].Returned && !others.Any(o => o.Returned == exit.Returned || o.Frame.ReturnValue == exit.Frame.ReturnValue));

    /// <summary>One static member of the type that is returned, which never changes, and certainly others of its members elsewhere.</summary>
    private bool ReturnsMemberOfItsOwn(IMethodSymbol method, List<BalanceExit> held, List<BalanceExit> others)
    {
        ITypeSymbol type = method.AwaitedReturnType();
        return MemberReturned(held[0], type) is { } own && held.All(exit => IsSame(MemberReturned(exit, type), own)) && others.All(exit => MemberReturned(exit, type) is { } other && !IsSame(other, own));

        static bool IsSame(ISymbol? left, ISymbol right) => SymbolEqualityComparer.Default.Equals(left, right);
    }

    /// <summary>The member of the result's type, or of one that goes by its name, that the value is or was made by; null where that is not known.</summary>
    private ISymbol? MemberReturned(BalanceExit exit, ITypeSymbol type)
    {
        int value = exit.Frame.ReturnValue;
        if (_answersMade.TryGetValue(value, out IMethodSymbol? made)) return made.ContainingType.Name == type.Name ? made : null;
        return _values[value] is { Kind: ValueKind.Member, A: ValueTable.Unknown, Payload: (IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null }) and ISymbol member } && member.ContainingType.Name == type.Name
            ? member
            : null;
    }
}
