using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance.Plain;

/// <summary>Where a charge goes in the very expression that takes it.</summary>
internal enum Departure : byte
{
    /// <summary>Nowhere: the body has it.</summary>
    None,

    /// <summary><c>return Take();</c></summary>
    Returned,

    /// <summary><c>_token = Take();</c></summary>
    Stored,

    /// <summary>It has no token, and its owner outlives the body: <c>_lock.EnterWriteLock();</c></summary>
    LeftToOwner,
}

/// <summary>Tells charges that the body has never had in its hands: nothing that happens after them can lose them.</summary>
internal static class PlainDeparture
{
    public static Departure Of(PairCall charge, ChargeSpec spec, PlainUses uses)
    {
        if (PlainShape.AwaitedWhole(charge) is not { } whole) return Departure.None;
        if (!spec.Pair.HasToken) return IsLeft(charge, spec, whole, uses) ? Departure.LeftToOwner : Departure.None;
        if (spec.Identity.Place != ValuePlace.Result || spec.Amount.Place != ValuePlace.None || spec.Success != SuccessSignal.Always) return Departure.None;
        whole = WithoutCast(whole);
        if (IsReturned(whole)) return Departure.Returned;
        return whole.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression or (int)SyntaxKind.CoalesceAssignmentExpression, Left: var target } assignment && assignment.Right == whole
            && (assignment.Parent is ExpressionStatementSyntax || IsReturned(assignment)) && uses.IsField(target) ? Departure.Stored : Departure.None;
    }

    /// <summary>The amount of a release may be wrong by itself.</summary>
    public static bool IsDoubtful(PairCall release) => release.HasArguments && release.Releases.Any(static end => end.Amount.Place != ValuePlace.None);

    private static bool IsLeft(PairCall charge, ChargeSpec spec, ExpressionSyntax whole, PlainUses uses) =>
        spec is { TakenOrdinal: < 0 } && (spec.Success == SuccessSignal.Always || whole.Parent is not ExpressionStatementSyntax) && spec.Identity.Place switch
        {
            ValuePlace.None => true,
            ValuePlace.Receiver or ValuePlace.Argument => charge.At(spec.Identity) is { } owner && uses.IsNoLocal(owner),
            _ => false,
        } && (spec.Amount.Place == ValuePlace.None || (charge.At(spec.Amount) is { } amount && uses.IsHandedOn(amount)));

    private static bool IsReturned(ExpressionSyntax whole) => whole.Parent switch
    {
        ReturnStatementSyntax => true,
        ArrowExpressionClauseSyntax { Parent: var member } => member switch
        {
            MethodDeclarationSyntax method => HasResult(method.ReturnType, method.Modifiers),
            LocalFunctionStatementSyntax local => HasResult(local.ReturnType, local.Modifiers),
            PropertyDeclarationSyntax or IndexerDeclarationSyntax => true,
            AccessorDeclarationSyntax accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration),
            _ => false,
        },
        _ => false,
    };

    /// <summary>The arrow of an <c>async Task</c> drops what it awaits.</summary>
    private static bool HasResult(TypeSyntax type, SyntaxTokenList modifiers) => type is not PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } && !modifiers.Any(SyntaxKind.AsyncKeyword);

    /// <summary>A pointer of another type is the same pointer.</summary>
    private static ExpressionSyntax WithoutCast(ExpressionSyntax whole)
    {
        while (whole.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax { Type: PointerTypeSyntax }) whole = (ExpressionSyntax)whole.Parent;
        return whole;
    }
}
