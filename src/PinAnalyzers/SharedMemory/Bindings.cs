using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>What is assigned to each local and parameter of a member, wherever in it; and where parameters are handed to fields.</summary>
internal sealed class Bindings
{
    private readonly Dictionary<ISymbol, List<ExpressionSyntax>> _values = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<ExpressionSyntax>> _stores = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<ExpressionSyntax>> _behind = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<ArgumentSyntax>> _outs = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _others = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _handed = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _moved = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, (ExpressionSyntax Tuple, int Index)> _parts = new(SymbolEqualityComparer.Default);

    public Bindings(SyntaxNode member, SemanticModel model, CancellationToken cancellation)
    {
        foreach (SyntaxNode node in member.DescendantNodes())
        {
            switch (node)
            {
                case VariableDeclaratorSyntax { Initializer: { } initializer } declarator when declarator.Parent?.Parent is not BaseFieldDeclarationSyntax:
                    if (model.GetDeclaredSymbol(declarator, cancellation) is { } declared) Add(_values, declared, initializer.Value);
                    break;
                case AssignmentExpressionSyntax assignment when assignment.IsKind(SyntaxKind.SimpleAssignmentExpression):
                    Assign(assignment.Left, assignment.Right, model, cancellation);
                    break;
                case AssignmentExpressionSyntax { Left: { } left } when Variable(left, model, cancellation) is { } changed && !IsReference(changed):
                    _moved.Add(changed);
                    break;
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } prefix when Variable(prefix.Operand, model, cancellation) is { } stepped && !IsReference(stepped):
                    _moved.Add(stepped);
                    break;
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } postfix when Variable(postfix.Operand, model, cancellation) is { } stepped && !IsReference(stepped):
                    _moved.Add(stepped);
                    break;
                case ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } argument:
                    ISymbol? passed = argument.Expression is DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax designation }
                        ? model.GetDeclaredSymbol(designation, cancellation)
                        : Variable(argument.Expression, model, cancellation);
                    if (passed is null) break;
                    // What AcquirePointer hands out is named by the call itself.
                    if (argument.Parent?.Parent is InvocationExpressionSyntax call && MappedViews.IsAcquire(call)) Add(_values, passed, call);
                    // A variable that is declared there has what the method gives it.
                    else if (argument.Expression is DeclarationExpressionSyntax) Add(_values, passed, argument.Expression);
                    else
                    {
                        if (!IsReference(passed)) _others.Add(passed);
                        // A reference stays the same whoever writes through it.
                        if (argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword)) Add(_outs, passed, argument);
                        else if (passed is IParameterSymbol || !IsReference(passed)) _handed.Add(passed);
                    }

                    break;
                // A pointer whose own address is taken may be set from anywhere.
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression } address when Variable(address.Operand, model, cancellation) is { } pointed && MayPoint(pointed):
                    _others.Add(pointed);
                    _handed.Add(pointed);
                    break;
            }
        }
    }

    /// <summary>All that is assigned to the variable; empty when some of it cannot be seen.</summary>
    public IReadOnlyList<ExpressionSyntax> ValuesOf(ISymbol variable) =>
        !_others.Contains(variable) && _values.TryGetValue(variable, out List<ExpressionSyntax>? values) ? values : [];

    /// <summary>The same, beside what <see cref="OutsOf"/> calls give it.</summary>
    public IReadOnlyList<ExpressionSyntax> DirectValuesOf(ISymbol variable) => !_handed.Contains(variable) && _values.TryGetValue(variable, out List<ExpressionSyntax>? values) ? values : [];

    /// <summary>The arguments by which calls give the variable a value.</summary>
    public IReadOnlyList<ArgumentSyntax> OutsOf(ISymbol variable) => !_handed.Contains(variable) && _outs.TryGetValue(variable, out List<ArgumentSyntax>? arguments) ? arguments : [];

    /// <summary>What is written where a reference parameter refers to.</summary>
    public IReadOnlyList<ExpressionSyntax> ValuesBehind(ISymbol parameter) => _behind.TryGetValue(parameter, out List<ExpressionSyntax>? values) ? values : [];

    /// <summary>Somebody else may give the variable a value, and does not say which.</summary>
    public bool IsHandedOn(ISymbol variable) => _handed.Contains(variable);

    /// <summary>The tuple that the variable is an element of, when it is taken apart once and the variable is given no other value.</summary>
    public (ExpressionSyntax Tuple, int Index)? PartOf(ISymbol variable) =>
        !_others.Contains(variable) && !_values.ContainsKey(variable) && _parts.TryGetValue(variable, out (ExpressionSyntax, int) part) ? part : null;

    /// <summary>The fields and properties that the variable is stored in.</summary>
    public IReadOnlyList<ExpressionSyntax> StoresOf(ISymbol variable) => _stores.TryGetValue(variable, out List<ExpressionSyntax>? targets) ? targets : [];

    /// <summary>The variable steps from one place to the next.</summary>
    public bool IsMoved(ISymbol variable) => _moved.Contains(variable);

    /// <summary>One value for good.</summary>
    public ExpressionSyntax? OnlyValueOf(ISymbol variable) => ValuesOf(variable) is { Count: 1 } values && !IsMoved(variable) ? values[0] : null;

    public static ExpressionSyntax Bare(ExpressionSyntax expression)
    {
        while (true)
        {
            switch (expression)
            {
                case ParenthesizedExpressionSyntax parenthesized:
                    expression = parenthesized.Expression;
                    continue;
                case CheckedExpressionSyntax inner:
                    expression = inner.Expression;
                    continue;
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed:
                    expression = suppressed.Operand;
                    continue;
                case RefExpressionSyntax reference:
                    expression = reference.Expression;
                    continue;
                default:
                    return expression;
            }
        }
    }

    private void Assign(ExpressionSyntax left, ExpressionSyntax right, SemanticModel model, CancellationToken cancellation)
    {
        if (left is TupleExpressionSyntax targets)
        {
            for (int i = 0; i < targets.Arguments.Count; i++)
            {
                ExpressionSyntax target = targets.Arguments[i].Expression;
                if (right is TupleExpressionSyntax values && values.Arguments.Count == targets.Arguments.Count) Assign(target, values.Arguments[i].Expression, model, cancellation);
                else if ((target is DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax named } ? model.GetDeclaredSymbol(named, cancellation) : Variable(target, model, cancellation)) is { } part) AddPart(part, right, i);
            }

            return;
        }

        if (left is DeclarationExpressionSyntax { Designation: ParenthesizedVariableDesignationSyntax designations })
        {
            for (int i = 0; i < designations.Variables.Count; i++)
            {
                if (designations.Variables[i] is not SingleVariableDesignationSyntax single || model.GetDeclaredSymbol(single, cancellation) is not { } part) continue;
                if (right is TupleExpressionSyntax tuple && tuple.Arguments.Count == designations.Variables.Count) Add(_values, part, tuple.Arguments[i].Expression);
                else AddPart(part, right, i);
            }

            return;
        }

        if (left is DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax whole })
        {
            if (model.GetDeclaredSymbol(whole, cancellation) is { } declared) Add(_values, declared, right);
        }
        else if (Variable(left, model, cancellation) is { } variable)
        {
            Add(right is RefExpressionSyntax || !IsReference(variable) ? _values : _behind, variable, right);
        }
        else if (Variable(Uncast(right), model, cancellation) is { } stored)
        {
            Add(_stores, stored, left);
        }
    }

    /// <summary>What is written to a reference goes where it points: it is still the same one.</summary>
    private static bool IsReference(ISymbol variable) => variable is ILocalSymbol { RefKind: not RefKind.None } or IParameterSymbol { RefKind: not (RefKind.None or RefKind.Out) };

    private void AddPart(ISymbol variable, ExpressionSyntax tuple, int index)
    {
        if (_parts.ContainsKey(variable)) _others.Add(variable);
        else _parts.Add(variable, (tuple, index));
    }

    public static ExpressionSyntax Uncast(ExpressionSyntax expression)
    {
        ExpressionSyntax bare = Bare(expression);
        while (bare is CastExpressionSyntax cast) bare = Bare(cast.Expression);
        return bare;
    }

    /// <summary>The expression as it is written, however it is laid out: alike for two that differ in blanks and comments only.</summary>
    public static string Spelling(ExpressionSyntax expression)
    {
        if (expression is IdentifierNameSyntax name) return name.Identifier.Text;
        StringBuilder spelling = new();
        SyntaxKind last = SyntaxKind.DotToken;
        foreach (SyntaxToken token in expression.DescendantTokens())
        {
            if (last != SyntaxKind.DotToken && !token.IsKind(SyntaxKind.DotToken)) spelling.Append(' ');
            spelling.Append(token.Text);
            last = token.Kind();
        }

        return spelling.ToString();
    }

    private static ISymbol? Variable(ExpressionSyntax expression, SemanticModel model, CancellationToken cancellation) =>
        Bare(expression) is IdentifierNameSyntax name && model.GetSymbolInfo(name, cancellation).Symbol is { Kind: SymbolKind.Local or SymbolKind.Parameter } variable ? variable : null;

    private static bool MayPoint(ISymbol variable) => ((variable as ILocalSymbol)?.Type ?? (variable as IParameterSymbol)?.Type) is { TypeKind: TypeKind.Pointer } or { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr };

    private static void Add<T>(Dictionary<ISymbol, List<T>> map, ISymbol key, T value)
    {
        if (!map.TryGetValue(key, out List<T>? list)) map.Add(key, list = []);
        list.Add(value);
    }
}
