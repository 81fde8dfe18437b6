using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
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

    private readonly ConcurrentDictionary<IFieldSymbol, bool> _isMasked = new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<ISymbol, ImmutableHashSet<string>> _compared = new(SymbolEqualityComparer.Default);

    /// <summary>By syntax: asked only about a flag that would be reported otherwise.</summary>
    public bool IsUsedAlone(IFieldSymbol flag) => _isAlone.GetOrAdd(flag, Find);

    /// <summary>
    /// What the static field or property holds is somewhere compared with another single flag: then it is a choice, as it is where both comparisons stand in one type. Of what each
    /// object has for itself that says nothing.
    /// </summary>
    public bool IsComparedWithOther(ISymbol member, IFieldSymbol flag) => _compared.GetOrAdd(member, m => ComparedWith(m, flag.ContainingType)).Any(name => name != flag.Name
        && flag.ContainingType.GetMembers(name).OfType<IFieldSymbol>().Any(static other => FlagEnums.ValueOf(other) is { } value && FlagEnums.IsSingleBit(value)));

    /// <summary>Elsewhere the flag is asked for through a mask: then others may be set beside it, and equality is asked in the one place and not in the other.</summary>
    public bool IsMasked(IFieldSymbol flag) => _isMasked.GetOrAdd(flag, f => AccessesOf(f).Any(static access => IsMask(access)));

    private bool Find(IFieldSymbol flag) => AccessesOf(flag).Any(static access => IsAlone(access) || IsExclusive(access));

    private IEnumerable<MemberAccessExpressionSyntax> AccessesOf(IFieldSymbol flag)
    {
        foreach (IdentifierNameSyntax name in NamesOf(flag.Name))
        {
            if (name.Parent is MemberAccessExpressionSyntax access && access.Name == name && NameOf(access.Expression) == flag.ContainingType.Name) yield return access;
        }
    }

    private ImmutableHashSet<string> ComparedWith(ISymbol member, INamedTypeSymbol flags)
    {
        HashSet<string> found = [];
        foreach (IdentifierNameSyntax name in NamesOf(member.Name))
        {
            ExpressionSyntax value = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
            foreach (ExpressionSyntax other in FlagTests.ComparedWith(value.Parent!, value.ToString()))
            {
                if (FlagTests.MemberNamedBy(other) is (ExpressionSyntax type, var flag) && NameOf(type) == flags.Name) found.Add(flag);
            }
        }

        return found.ToImmutableHashSet();
    }

    private IEnumerable<IdentifierNameSyntax> NamesOf(string text)
    {
        NameScan scan = new(new[] { text });
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            ImmutableArray<int> hits = scan.Find(tree.GetText(cancellation));
            if (hits.IsEmpty) continue;
            SyntaxNode root = tree.GetRoot(cancellation);
            foreach (int hit in hits)
            {
                if (root.FindToken(hit).Parent is IdentifierNameSyntax name) yield return name;
            }
        }
    }

    /// <summary><c>x.HasFlag(F) &amp;&amp; x != F</c>: whoever asks both whether it is there and whether it is all there is says that it excludes the others.</summary>
    private static bool IsExclusive(MemberAccessExpressionSyntax flag)
    {
        if (flag.Parent is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } equality) return false;
        string value = (equality.Left == flag ? equality.Right : equality.Left).ToString(), text = flag.ToString();
        SyntaxNode condition = equality;
        while (condition.Parent is ParenthesizedExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression }) condition = condition.Parent;
        return AsksInside(condition, value, text);
    }

    /// <summary>Somewhere in the node the value is asked for the flag through a mask.</summary>
    public static bool AsksInside(SyntaxNode outer, string value, string flag) => outer.DescendantNodes().Any(node => node switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "HasFlag", Expression: var asked }, ArgumentList.Arguments: { Count: 1 } arguments } => asked.ToString() == value && arguments[0].ToString() == flag,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.BitwiseAndExpression } mask => mask.Left.ToString() == value && mask.Right.ToString() == flag || mask.Right.ToString() == value && mask.Left.ToString() == flag,
        _ => false,
    });

    private static bool IsMask(ExpressionSyntax flag)
    {
        SyntaxNode? outer = flag.Parent;
        while (outer is ParenthesizedExpressionSyntax or CastExpressionSyntax) outer = outer.Parent;
        return outer switch
        {
            BinaryExpressionSyntax mask => mask.IsKind(SyntaxKind.BitwiseAndExpression),
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var called } } } => called.Contains("HasFlag"),
            _ => false,
        };
    }

    private static string? NameOf(ExpressionSyntax type) => type switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
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
