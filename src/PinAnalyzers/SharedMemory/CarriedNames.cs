using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// Which variables in a member may hold what a carrier hands out: by names, whatever the order and whichever the scope, so it takes more for carried than is. Nothing is bound.
/// </summary>
internal sealed class CarriedNames
{
    private readonly ICollection<string> _carriers;
    private readonly HashSet<string> _carried = [];
    private readonly List<(string Target, SyntaxNode Source)> _flows = [];

    /// <param name="member">What to look through.</param>
    /// <param name="carriers">Names by which shared memory is reached.</param>
    /// <param name="isHanded">Somebody hands the member a pointer.</param>
    /// <param name="given">Names of variables around the member that hold one.</param>
    public CarriedNames(SyntaxNode member, ICollection<string> carriers, bool isHanded, IEnumerable<string> given)
    {
        _carriers = carriers;
        _carried.UnionWith(given);
        foreach (SyntaxNode node in member.DescendantNodes()) AddFlows(node, member, isHanded);
        Spread();
    }

    /// <summary>Some name in the expression is that of a carrier, or of a variable that got its value from one.</summary>
    public bool AreIn(SyntaxNode? expression) => expression is not null && expression.DescendantNodesAndSelf().Any(node => node is SimpleNameSyntax { Identifier.ValueText: var name } && IsCarried(name));

    public bool IsCarried(string name) => _carried.Contains(name) || _carriers.Contains(name);

    private void Spread()
    {
        for (bool isNew = true; isNew;)
        {
            isNew = false;
            foreach ((string target, SyntaxNode source) in _flows)
            {
                if (!_carried.Contains(target) && AreIn(source)) isNew |= _carried.Add(target);
            }
        }
    }

    private void AddFlows(SyntaxNode node, SyntaxNode member, bool isHanded)
    {
        switch (node)
        {
            case VariableDeclaratorSyntax { Initializer.Value: var value } local:
                Add(local.Identifier, value);
                break;
            case AssignmentExpressionSyntax assignment:
                AddTargets(assignment.Left, assignment.Right);
                // What is put into a carrier points where it points.
                if (SharedNames.NameOf(assignment.Left) is { } kept && _carriers.Contains(kept) && SharedNames.NameOf(assignment.Right) is { } put) _carried.Add(put);
                break;
            case ForEachStatementSyntax loop:
                Add(loop.Identifier, loop.Expression);
                break;
            case ForEachVariableStatementSyntax loop:
                AddTargets(loop.Variable, loop.Expression);
                break;
            case IsPatternExpressionSyntax test:
                AddDesignations(test.Pattern, test.Expression);
                break;
            case SwitchStatementSyntax choice:
                foreach (PatternSyntax pattern in choice.Sections.SelectMany(static section => section.Labels).OfType<CasePatternSwitchLabelSyntax>().Select(static label => label.Pattern)) AddDesignations(pattern, choice.Expression);
                break;
            case SwitchExpressionSyntax choice:
                foreach (SwitchExpressionArmSyntax arm in choice.Arms) AddDesignations(arm.Pattern, choice.GoverningExpression);
                break;
            case FromClauseSyntax from:
                Add(from.Identifier, from.Expression);
                break;
            case LetClauseSyntax let:
                Add(let.Identifier, let.Expression);
                break;
            // What is written through an argument may be whatever the call sees.
            case ArgumentSyntax { Parent.Parent: { } call } argument when !argument.RefKindKeyword.IsKind(SyntaxKind.None) || argument.Expression.IsKind(SyntaxKind.AddressOfExpression):
                AddTargets(argument.Expression, call);
                break;
            // A property that holds one is set to one.
            case AccessorDeclarationSyntax { Parent.Parent: PropertyDeclarationSyntax { Identifier.ValueText: var property } } when _carriers.Contains(property):
                _carried.Add("value");
                break;
            case ParameterSyntax parameter:
                AddParameter(parameter, member, isHanded);
                break;
            case LocalFunctionStatementSyntax function:
                if (((SyntaxNode?)function.Body ?? function.ExpressionBody) is { } body) Add(function.Identifier, body);
                break;
        }
    }

    private void AddParameter(ParameterSyntax parameter, SyntaxNode member, bool isHanded)
    {
        switch (parameter.Parent?.Parent ?? parameter.Parent)
        {
            case var declaration when declaration == member:
                if (isHanded) _carried.Add(parameter.Identifier.ValueText);
                break;
            case LocalFunctionStatementSyntax function:
                foreach (InvocationExpressionSyntax call in member.DescendantNodes().OfType<InvocationExpressionSyntax>())
                {
                    if (call.Expression is SimpleNameSyntax name && name.Identifier.ValueText == function.Identifier.ValueText) Add(parameter.Identifier, call.ArgumentList);
                }

                break;
            // A delegate is called with what its receiver makes of the other arguments.
            default:
                if (parameter.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } user) Add(parameter.Identifier, user);
                break;
        }
    }

    private void AddTargets(ExpressionSyntax target, SyntaxNode source)
    {
        switch (target)
        {
            case TupleExpressionSyntax tuple:
                TupleExpressionSyntax? values = source is TupleExpressionSyntax other && other.Arguments.Count == tuple.Arguments.Count ? other : null;
                for (int i = 0; i < tuple.Arguments.Count; i++) AddTargets(tuple.Arguments[i].Expression, values?.Arguments[i].Expression ?? source);
                break;
            case DeclarationExpressionSyntax declaration:
                AddDesignations(declaration, source);
                break;
            default:
                if (SharedNames.NameOf(target) is { } name) _flows.Add((name, source));
                break;
        }
    }

    private void AddDesignations(SyntaxNode pattern, SyntaxNode source)
    {
        foreach (SyntaxNode node in pattern.DescendantNodes())
        {
            if (node is SingleVariableDesignationSyntax variable) Add(variable.Identifier, source);
        }
    }

    private void Add(SyntaxToken target, SyntaxNode source) => _flows.Add((target.ValueText, source));
}
