using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>Where in each file something is atomic, and where something is added or subtracted.</summary>
internal sealed record CounterHits(NameHits Atomics, NameHits Arithmetic);

/// <summary>Names of what may be a counter that several threads share, gathered from syntax alone.</summary>
internal sealed class CounterNames
{
    private readonly HashSet<string> _counted = [];
    private readonly HashSet<string> _exchanged = [];
    private readonly HashSet<string> _stepped = [];
    private readonly HashSet<string> _signs = [];
    private readonly HashSet<string> _declared = [];

    /// <summary>Not told to be right by a lock alone: volatile, unsigned, or tested in a sum.</summary>
    private readonly HashSet<string> _telling = [];

    /// <summary>Names that a sum was put under, and what was added.</summary>
    private readonly Dictionary<string, List<string>> _totals = [];

    /// <summary>What was written from a mere name.</summary>
    private readonly List<(string Field, string From, bool IsExchange)> _written = [];
    private readonly Dictionary<BlockSyntax, bool> _usings = [];

    /// <summary>What the file that is being read calls the atomic types.</summary>
    private AtomicNames _names = AtomicNames.Plain;

    /// <summary>Some sum is a limit's test: a lock does not keep that from wrapping, and the counter may be any part of the sum.</summary>
    private bool _testsSums;

    /// <param name="type">Whose names they are.</param>
    /// <param name="locks">What leaves a lock.</param>
    public ImmutableHashSet<string> Interesting(TypeParts type, LockCalls locks)
    {
        GuardedNames guarded = new(type, locks);
        return _counted.Concat(_declared).Concat(_stepped.Intersect(_signs)).Concat(_stepped.Intersect(_exchanged))
            .Where(name => _counted.Contains(name) || _declared.Contains(name) || _exchanged.Contains(name) || _telling.Contains(name) || _testsSums || !guarded.Contains(name)).Concat(Totalled).ToImmutableHashSet();
    }

    /// <summary><c>next = used + n; … used = next;</c>, or the same by an exchange, whose sum may start from a copy.</summary>
    private IEnumerable<string> Totalled => _written.Where(w => _totals.TryGetValue(w.From, out List<string>? added) && (w.IsExchange || added.Contains(w.Field))).Select(static w => w.Field);

    public void AddFrom(TypeDeclarationSyntax type, CounterHits hits)
    {
        ImmutableArray<int> atomics = hits.Atomics.In(type);
        _names = AtomicNames.Of(type.SyntaxTree);
        foreach (int hit in atomics)
        {
            SyntaxToken token = type.FindToken(hit);
            if (!token.IsKind(SyntaxKind.IdentifierToken) || !token.Span.Contains(hit)) continue;
            SyntaxNode? whole = token.Parent;
            while (whole is NameSyntax or MemberAccessExpressionSyntax) whole = whole.Parent;
            if (whole is InvocationExpressionSyntax call) AddCall(call);
        }

        foreach (int hit in hits.Arithmetic.In(type))
        {
            if (type.FindToken(hit) is var sign && sign.Span.Contains(hit) && sign.Parent is { } node) AddArithmetic(node);
        }

        AddFields(type);
        AddWritten(type);
    }

    /// <summary>Where a name that a sum was put under is written to something.</summary>
    private void AddWritten(TypeDeclarationSyntax type)
    {
        if (_totals.Count == 0) return;
        NameMentions mentions = new(type);
        foreach (string total in _totals.Keys)
        {
            foreach (IdentifierNameSyntax mention in mentions.Of(total))
            {
                _testsSums |= IsRelational(mention.Parent);
                if (mention.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment && assignment.Right == mention && NameOf(assignment.Left) is { } field) _written.Add((field, total, false));
            }
        }
    }

    private static bool IsRelational(SyntaxNode? node) => node?.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression or SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression;

    private void AddFields(TypeDeclarationSyntax type)
    {
        foreach (SyntaxNode member in type.DescendantNodes(static node => node is BaseTypeDeclarationSyntax))
        {
            if (member is FieldDeclarationSyntax field) AddField(field);
        }
    }

    private void AddArithmetic(SyntaxNode node)
    {
        switch (node.Kind())
        {
            case SyntaxKind.AddAssignmentExpression or SyntaxKind.SubtractAssignmentExpression:
                AddStep(((AssignmentExpressionSyntax)node).Left, node.IsKind(SyntaxKind.SubtractAssignmentExpression));
                break;
            case SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression:
                AddStep(((PrefixUnaryExpressionSyntax)node).Operand, node.IsKind(SyntaxKind.PreDecrementExpression));
                break;
            case SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression:
                AddStep(((PostfixUnaryExpressionSyntax)node).Operand, node.IsKind(SyntaxKind.PostDecrementExpression));
                break;
            case SyntaxKind.AddExpression or SyntaxKind.SubtractExpression:
                BinaryExpressionSyntax sum = (BinaryExpressionSyntax)node;
                SyntaxNode? outer = sum.Parent;
                while (outer is ParenthesizedExpressionSyntax or CastExpressionSyntax) outer = outer.Parent;
                if (outer is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: var target })
                {
                    if (NameOf(sum.Left) == NameOf(target)) AddStep(target, sum.IsKind(SyntaxKind.SubtractExpression));
                    else AddTotal(NameOf(target), sum);
                }
                else if (outer is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declared })
                {
                    AddTotal(declared.Identifier.ValueText, sum);
                }

                if (!sum.IsKind(SyntaxKind.AddExpression) || !IsRelational(outer)) break;
                _testsSums = true;
                AddSign(sum.Left);
                AddSign(sum.Right);
                break;
        }
    }

    private void AddField(FieldDeclarationSyntax field)
    {
        bool isVolatile = field.Modifiers.Any(SyntaxKind.VolatileKeyword);
        if (isVolatile) _signs.UnionWith(field.Declaration.Variables.Select(static v => v.Identifier.ValueText));
        if (isVolatile || field.Declaration.Type is not PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.IntKeyword or (int)SyntaxKind.LongKeyword or (int)SyntaxKind.ShortKeyword })
            _telling.UnionWith(field.Declaration.Variables.Select(static v => v.Identifier.ValueText));
        if (field.AttributeLists.SelectMany(static list => list.Attributes).Any(static a => a.Name.ToString() is var name && (name.EndsWith("Counter", System.StringComparison.Ordinal) || name.EndsWith("CounterAttribute", System.StringComparison.Ordinal))))
            _declared.UnionWith(field.Declaration.Variables.Select(static v => v.Identifier.ValueText));
    }

    private void AddCall(InvocationExpressionSyntax call)
    {
        if (_names.CallOf(call) is not var (type, method) || call.ArgumentList.Arguments.Count == 0) return;
        ArgumentSyntax target = call.ArgumentList.Arguments[0];
        if (!target.RefKindKeyword.IsKind(SyntaxKind.RefKeyword) || NameOf(target.Expression) is not { } name) return;
        bool isVolatile = type == AtomicNames.Volatile;
        if (isVolatile) AddSign(target.Expression);
        else if (Counts(method, call)) _counted.Add(name);
        else _exchanged.Add(name);
        if (!isVolatile && method == "CompareExchange" && call.ArgumentList.Arguments.Count == 3 && call.ArgumentList.Arguments[1].Expression is IdentifierNameSyntax next) _written.Add((name, next.Identifier.ValueText, true));
        if (isVolatile && call.ArgumentList.Arguments.Count == 2 && SumIn(call.ArgumentList.Arguments[1].Expression) is { } sum && NameOf(sum.Left) == name) _stepped.Add(name);
    }

    /// <summary>What is only exchanged is a state, and matters where it is counted plainly.</summary>
    private static bool Counts(string method, InvocationExpressionSyntax call) => method is "Increment" or "Decrement" or "Add" or "And" or "Or"
        || call.ArgumentList.Arguments.Skip(1).Any(static argument => argument.DescendantNodes().Any(static node => node.IsKind(SyntaxKind.AddExpression) || node.IsKind(SyntaxKind.SubtractExpression)));

    private void AddStep(ExpressionSyntax target, bool isDown)
    {
        // Most of what is counted is a variable of the body.
        if (NameOf(target) is not { } name || (target is IdentifierNameSyntax && LocalNames.IsDeclaredAround(target, name))) return;
        _stepped.Add(name);
        if (!_signs.Contains(name) && (IsGuarded(target) || isDown && IsInReleaseMember(target))) _signs.Add(name);
    }

    private void AddTotal(string? name, BinaryExpressionSyntax sum)
    {
        if (name is null || !sum.IsKind(SyntaxKind.AddExpression)) return;
        if (!_totals.TryGetValue(name, out List<string>? added)) _totals.Add(name, added = []);
        if (NameOf(sum.Left) is { } left) added.Add(left);
        if (NameOf(sum.Right) is { } right) added.Add(right);
    }

    private void AddSign(ExpressionSyntax operand)
    {
        if (NameOf(operand) is not { } name) return;
        _signs.Add(name);
        _telling.Add(name);
    }

    private static BinaryExpressionSyntax? SumIn(ExpressionSyntax value) => value switch
    {
        BinaryExpressionSyntax sum when sum.Kind() is SyntaxKind.AddExpression or SyntaxKind.SubtractExpression => sum,
        ParenthesizedExpressionSyntax parenthesized => SumIn(parenthesized.Expression),
        CastExpressionSyntax cast => SumIn(cast.Expression),
        _ => null,
    };

    /// <summary>Near something that may hold a lock: in a block of it, or after a declaration that does.</summary>
    private bool IsGuarded(SyntaxNode node)
    {
        for (SyntaxNode? outer = node.Parent; outer is not null and not BaseTypeDeclarationSyntax; outer = outer.Parent)
        {
            if (outer is LockStatementSyntax or UsingStatementSyntax or TryStatementSyntax { Finally: not null }) return true;
            if (outer is BlockSyntax block && HasUsingDeclaration(block)) return true;
        }

        return false;
    }

    /// <summary>Asked for every step in the block, and a block may have thousands.</summary>
    private bool HasUsingDeclaration(BlockSyntax block)
    {
        if (_usings.TryGetValue(block, out bool known)) return known;
        bool has = block.Statements.Any(static s => s is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 });
        _usings.Add(block, has);
        return has;
    }

    private static bool IsInReleaseMember(SyntaxNode node) =>
        node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method && ReleaseNames.Default.Contains(method.Identifier.ValueText);

    private string? NameOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        ParenthesizedExpressionSyntax parenthesized => NameOf(parenthesized.Expression),
        CastExpressionSyntax cast => NameOf(cast.Expression),
        InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } call when _names.CallOf(call) is not null => NameOf(arguments[0].Expression),
        _ => null,
    };
}
