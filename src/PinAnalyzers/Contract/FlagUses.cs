using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>
/// How a compilation uses a flag. One that is assigned, passed, returned or a case all by itself is a value of its own, and equality with it asks what it
/// should: many enums are marked <c>[Flags]</c> whose values are choices, or are sets in one place and choices in another.
/// </summary>
internal sealed class FlagUses(Compilation compilation, CancellationToken cancellation)
{
    private readonly ConcurrentDictionary<IFieldSymbol, bool> _isAlone = new(SymbolEqualityComparer.Default);

    /// <summary>By syntax: asked only about a flag that would be reported otherwise.</summary>
    public bool IsUsedAlone(IFieldSymbol flag) => _isAlone.GetOrAdd(flag, Find);

    private bool Find(IFieldSymbol flag)
    {
        NameScan scan = new(new[] { flag.Name });
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            ImmutableArray<int> hits = scan.Find(tree.GetText(cancellation));
            if (hits.IsEmpty) continue;
            SyntaxNode root = tree.GetRoot(cancellation);
            foreach (int hit in hits)
            {
                if (root.FindToken(hit).Parent is IdentifierNameSyntax { Parent: MemberAccessExpressionSyntax { Expression: var type } access } name && access.Name == name && NameOf(type) == flag.ContainingType.Name && IsAlone(access)) return true;
            }
        }

        return false;
    }

    private static string? NameOf(ExpressionSyntax type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };

    private static bool IsAlone(ExpressionSyntax flag)
    {
        SyntaxNode? outer = flag.Parent;
        while (outer is ParenthesizedExpressionSyntax or CastExpressionSyntax or ConditionalExpressionSyntax) outer = outer.Parent;
        return outer switch
        {
            AssignmentExpressionSyntax assignment => assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) || assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression),
            BinaryExpressionSyntax choice => choice.IsKind(SyntaxKind.CoalesceExpression),
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var called } } } => !called.Contains("HasFlag"),
            ArgumentSyntax or AttributeArgumentSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax or SwitchExpressionArmSyntax or CaseSwitchLabelSyntax => true,
            InitializerExpressionSyntax or YieldStatementSyntax or AnonymousFunctionExpressionSyntax => true,
            ConstantPatternSyntax { Parent: SwitchExpressionArmSyntax or CasePatternSwitchLabelSyntax or BinaryPatternSyntax } => true,
            // The elements of `[A, B]` have no type of their own in the oldest compiler that this is built against.
            _ => outer?.Kind().ToString() == "ExpressionElement",
        };
    }
}
