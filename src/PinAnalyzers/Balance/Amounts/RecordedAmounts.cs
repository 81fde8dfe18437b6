using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// PIN1006 across members: one member charges what it asks a pool for, another releases by the length of what the pool gave, which may be more.
/// </summary>
internal static class RecordedAmounts
{
    public static bool MayBeIn(SyntaxNode member) => BodyShapes.Has(member, BodyShape.LengthArgument);

    public static IEnumerable<Diagnostic> Find(TimingContext context, IOperation root)
    {
        foreach (AccountEvent release in context.Events.In(root).Where(static e => e.IsRelease && e.Release is { Amount.Place: ValuePlace.Argument }))
        {
            if (AccountEvent.OperandAt(release.Operation, release.Release!.Amount) is not { } amount || ArrayIn(amount) is not { } array) continue;
            if (ChargeOfRequest(context, array, release.Pair) is not { } charge) continue;
            yield return BalanceDiagnostics.Create(
                Descriptors.PIN1006_AmountReleasedMustBeAmountCharged, null, release.Pair, release.Operation.Syntax, [charge], [], BalanceDiagnostics.TextOf(amount.Syntax), BalanceDiagnostics.LineOf(charge),
                BalanceDiagnostics.TextOf(((InvocationExpressionSyntax)charge).ArgumentList.Arguments[0].Expression));
        }
    }

    /// <summary>The field whose length is released.</summary>
    private static IFieldSymbol? ArrayIn(IOperation amount) => amount switch
    {
        IConversionOperation conversion => ArrayIn(conversion.Operand),
        IPropertyReferenceOperation { Property.Name: "Length", Instance: IFieldReferenceOperation { Field: { Type: IArrayTypeSymbol } field } } => field,
        _ => null,
    };

    /// <summary>The charge, in the member that rents the array, of the very amount that was asked for; null where some member fills the field otherwise, or charges the length.</summary>
    private static SyntaxNode? ChargeOfRequest(TimingContext context, IFieldSymbol array, Pair pair)
    {
        SyntaxNode? found = null;
        foreach (SyntaxNode type in array.ContainingType.DeclaringSyntaxReferences.Select(r => r.GetSyntax(context.Cancellation)).Where(n => context.Compilation.ContainsSyntaxTree(n.SyntaxTree)))
        {
            foreach (AssignmentExpressionSyntax assignment in type.DescendantNodes().OfType<AssignmentExpressionSyntax>().Where(a => NameOf(a.Left) == array.Name))
            {
                if (assignment.Right is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Rent" }, ArgumentList.Arguments: { Count: 1 } asked }) continue;
                if (assignment.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member || BodyGraphs.IsTooDeep(member)) continue;
                SyntaxNode? charge = member.DescendantNodes().OfType<InvocationExpressionSyntax>().FirstOrDefault(call => call.ArgumentList.Arguments.Count == 1
                    && SyntaxFactory.AreEquivalent(call.ArgumentList.Arguments[0].Expression, asked[0].Expression) && call != assignment.Right && IsCharge(context, call, pair));
                if (charge is null) return null;
                found = charge;
            }
        }

        return found;
    }

    private static bool IsCharge(TimingContext context, InvocationExpressionSyntax call, Pair pair) =>
        SemanticModels.Of(call.SyntaxTree, context.Compilation).GetSymbolInfo(call, context.Cancellation).Symbol is IMethodSymbol method && context.Catalog.ChargesOf(method).Any(c => ReferenceEquals(c.Pair, pair) && c.Amount.Place == ValuePlace.Argument);

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
