using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>Comparing owners: which places of a program are kept for two different objects.</summary>
internal static class Owners
{
    /// <summary>Two places that nobody fills with the same object, as far as the type's own source shows.</summary>
    public static bool AreOther(ValueTable values, Compilation compilation, int left, int right)
    {
        if (SymbolOf(values, values.Canonical(left)) is not { } a || SymbolOf(values, values.Canonical(right)) is not { } b || values.Canonical(left) == values.Canonical(right)) return false;
        return !Contents(a, compilation).Overlaps(Contents(b, compilation));
    }

    /// <summary>Names of a transfer, or the newly charged owner is kept as the owner from now on.</summary>
    public static bool LooksLikeMove(ValueTable values, ISymbol body, Obligation charged, int releasedOwner, IOperation release)
    {
        IEnumerable<string> names = new[] { body.Name, SymbolOf(values, values.Canonical(charged.Identity))?.Name ?? "", SymbolOf(values, values.Canonical(releasedOwner))?.Name ?? "" };
        if (names.SelectMany(Words.Of).Any(Words.OfTransfer.Contains)) return true;
        string? receiver = ReceiverOf(charged.Site.Operation.Syntax)?.ToString();
        return receiver is not null && MemberAround(release.Syntax).DescendantNodes().Any(n => n is AssignmentExpressionSyntax assignment && assignment.Right.ToString() == receiver
            || n is ReturnStatementSyntax { Expression: { } returned } && returned.ToString() == receiver);
    }

    /// <summary><c>kept?.Release(); kept = charged;</c>: what was kept until now gives back its own.</summary>
    public static bool IsReplaced(IOperation release, IOperation charge) => ReceiverOf(release.Syntax)?.ToString() is { } released && ReceiverOf(charge.Syntax)?.ToString() is { } charged
        && MemberAround(release.Syntax).DescendantNodes().Any(n => n is AssignmentExpressionSyntax assignment && n.SpanStart > release.Syntax.SpanStart && assignment.Left.ToString() == released && assignment.Right.ToString() == charged);

    private static ExpressionSyntax? ReceiverOf(SyntaxNode call) => (call as InvocationExpressionSyntax)?.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Expression,
        MemberBindingExpressionSyntax binding => binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
        _ => null,
    };

    private static SyntaxNode MemberAround(SyntaxNode node) => node.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? node;

    /// <summary>The parameter, field or property that a value is read from; null for what is computed.</summary>
    private static ISymbol? SymbolOf(ValueTable values, int value)
    {
        ValueNode node = values[value];
        return node.Kind switch
        {
            ValueKind.Parameter => node.Payload as IParameterSymbol,
            ValueKind.Member when node.Payload is IFieldSymbol field && IsRoot(node.A) => field,
            ValueKind.Member when node.Payload is IPropertySymbol property && IsRoot(node.A) && (IsSharedPool(property) || property.IsAutoProperty()) => property,
            _ => null,
        };

        bool IsRoot(int receiver) => receiver == ValueTable.Unknown || values[receiver].Kind is ValueKind.This or ValueKind.Parameter;
    }

    public static bool IsSharedPool(ValueTable values, int value) => SymbolOf(values, values.Canonical(value)) is IPropertySymbol property && IsSharedPool(property);

    private static bool IsSharedPool(IPropertySymbol property) => property is { IsStatic: true, Name: "Shared", ContainingType.SystemName: "ArrayPool" or "MemoryPool" };

    /// <summary>What is put there, as text: two fields that the constructor fills from one parameter are one owner.</summary>
    private static HashSet<string> Contents(ISymbol symbol, Compilation compilation)
    {
        HashSet<string> contents = [IsSharedPool(symbol as IPropertySymbol ?? null!) ? "Shared" : symbol.Name];
        if (symbol is IParameterSymbol) return contents;
        foreach (SyntaxReference part in symbol.ContainingType.DeclaringSyntaxReferences)
        {
            if (!compilation.ContainsSyntaxTree(part.SyntaxTree)) continue;
            foreach (SyntaxNode node in part.GetSyntax().DescendantNodes())
            {
                ExpressionSyntax? value = node switch
                {
                    AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment when NameOf(assignment.Left) == symbol.Name => assignment.Right,
                    VariableDeclaratorSyntax { Initializer: { } initializer } variable when variable.Identifier.ValueText == symbol.Name => initializer.Value,
                    PropertyDeclarationSyntax { Initializer: { } initializer } property when property.Identifier.ValueText == symbol.Name => initializer.Value,
                    _ => null,
                };
                if (value is not null) contents.Add(TextOf(value));
            }
        }

        return contents;
    }

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
        _ => null,
    };

    private static string TextOf(ExpressionSyntax value) => value switch
    {
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Shared" } => "Shared",
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
        BaseObjectCreationExpressionSyntax => "new at " + value.SpanStart,
        _ => value.ToString(),
    };
}
