using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>Comparing amounts: what two symbolic numbers can be proven to have to do with one another.</summary>
internal static class Amounts
{
    /// <summary>Participants of an event or a barrier leave one by one, wherever they are; everybody else gives back what was charged.</summary>
    public static bool AreKept(Pair pair) => !pair.AnyoneMayRelease && !(pair.IsBuiltIn && pair.Family == PairFamily.Counters);

    public static bool IsNumber(ITypeSymbol type) => type.IsIntegral();

    /// <summary>The variable that an argument is, through conversions; null where it is an expression.</summary>
    public static ISymbol? VariableIn(IOperation argument) => argument switch
    {
        IConversionOperation { OperatorMethod: null } conversion => VariableIn(conversion.Operand),
        IParenthesizedOperation parenthesized => VariableIn(parenthesized.Operand),
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Field.IsVolatile: false, Instance: null or IInstanceReferenceOperation } field => field.Field,
        _ => null,
    };

    /// <summary>What a callee does through a reference is not known: the variable may be what it was.</summary>
    public static bool IsPassedByReference(ISymbol variable, SyntaxNode within)
    {
        SyntaxNode body = within.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault() ?? within;
        return body.DescendantNodes().Any(node => node switch
        {
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword } argument => IsNamed(argument.Expression),
            RefExpressionSyntax reference => IsNamed(reference.Expression),
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression } address => IsNamed(address.Operand),
            _ => false,
        });

        bool IsNamed(ExpressionSyntax expression) => expression is IdentifierNameSyntax { Identifier.ValueText: var name } ? name == variable.Name
            : expression is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var member } && member == variable.Name;
    }

    /// <summary>Two parameters, which a caller may fill with anything. Where their names say that one replaces the other, the release is of an earlier charge.</summary>
    public static bool AreOtherParameters(ValueTable values, int left, int right) =>
        values[left] is { Kind: ValueKind.Parameter, Payload: IParameterSymbol a } && values[right] is { Kind: ValueKind.Parameter, Payload: IParameterSymbol b }
        && !SymbolEqualityComparer.Default.Equals(a, b) && !Words.Of(a.Name).Concat(Words.Of(b.Name)).Any(Words.OfReplacement.Contains);

    /// <summary>The path has tested how the two compare; what is left is its business.</summary>
    public static bool AreCompared(Frame<BalanceState> frame, int left, int right)
    {
        for (int i = 0; i < frame.Facts.Count; i++)
        {
            ValueNode node = frame.Values[frame.Facts.KeyAt(i)];
            while (node.Kind == ValueKind.Not) node = frame.Values[node.A];
            if (node.Kind != ValueKind.Binary) continue;
            if (node.A == left && node.B == right || node.A == right && node.B == left) return true;
        }

        return false;
    }

    /// <summary>Both are functions of the same values, and some values tell them apart: bytes here and pages there, rounded up here and down there.</summary>
    public static bool AreOtherArithmetic(Frame<BalanceState> frame, int left, int right)
    {
        HashSet<int> leaves = [], others = [];
        if (!AmountArithmetic.Collect(frame.Values, left, leaves) || !AmountArithmetic.Collect(frame.Values, right, others)) return false;
        if (leaves.Count == 0 || !leaves.SetEquals(others) || AmountArithmetic.IsAligned(frame, leaves)) return false;
        return AmountArithmetic.Differ(frame.Values, left, right, leaves);
    }

    /// <summary>The callee checks or clamps its argument and gives it back.</summary>
    public static bool ReturnsArgument(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        if (method.ContainingType.SystemName is "Math" or "Convert" or "BitConverter" || method.ContainingType.SpecialType is not (SpecialType.None or SpecialType.System_Object)) return true;
        if (BodyGraphs.BodyOf(method, compilation, cancellation) is not { } body) return false;
        HashSet<string> parameters = [.. method.Parameters.Select(static p => p.Name)];
        return body.DescendantNodesAndSelf().Any(node => node switch
        {
            ReturnStatementSyntax { Expression: IdentifierNameSyntax returned } => parameters.Contains(returned.Identifier.ValueText),
            ArrowExpressionClauseSyntax { Expression: IdentifierNameSyntax result } => parameters.Contains(result.Identifier.ValueText),
            ConditionalExpressionSyntax choice => new[] { choice.WhenTrue, choice.WhenFalse }.Any(e => e is IdentifierNameSyntax name && parameters.Contains(name.Identifier.ValueText)),
            _ => false,
        });
    }
}
