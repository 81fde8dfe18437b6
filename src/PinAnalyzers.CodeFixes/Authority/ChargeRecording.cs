using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Authority;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>Sets the record exactly where a charge is taken: behind the charge, or on the way that its success leads to.</summary>
internal sealed class ChargeRecording(TypePart part, AccountSite site, RecordField field)
{
    private readonly ExpressionSyntax _call = Whole(site.Operation);
    private string _hoisted = string.Empty;
    private string _set = string.Empty;

    /// <summary>False where the success cannot be followed by syntax alone; nothing is edited then.</summary>
    public bool TryApply()
    {
        if (site.Operation.Ancestors().TakeWhile(static a => a is not MemberDeclarationSyntax).Any(static a => a is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax || a is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax)) return false;
        if (site.Signal != AuthorityProperties.WhenExchanged && site.Operation.Ancestors().Any(static a => a is DoStatementSyntax)) return false;
        string owner = site.Owner is null ? string.Empty : Bare(site.Owner).ToString();
        if (site.Owner is not null && !IsSimple(Bare(site.Owner)) && field.Kind != RecordKind.Flag)
        {
            _hoisted = UnusedName.For("owner", part.Model, site.Operation.SpanStart);
            owner = _hoisted;
        }

        _set = field.Set(owner, site.Amount?.ToString() ?? "1");
        return site.Signal switch
        {
            AuthorityProperties.Always => AfterCall(),
            AuthorityProperties.WhenTrue => AfterSuccess(),
            AuthorityProperties.WhenExchanged => AfterExchange(),
            _ => false,
        };
    }

    private bool AfterCall()
    {
        switch (_call.Parent)
        {
            case ExpressionStatementSyntax statement:
                Hoist(statement);
                part.InsertAfter(statement, _set);
                return true;
            case AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax statement } assignment when assignment.Right == _call:
                Hoist(statement);
                part.InsertAfter(statement, _set);
                return true;
            case EqualsValueClauseSyntax { Parent.Parent.Parent: LocalDeclarationStatementSyntax statement }:
                Hoist(statement);
                part.InsertAfter(statement, _set);
                return true;
            case ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax or ConstructorDeclarationSyntax } arrow when IsVoid(arrow.Parent!):
                return part.ReplaceBody(arrow, [.. Declared(), Text(_call) + ";", _set]);
            default:
                return false;
        }
    }

    private bool AfterSuccess()
    {
        ExpressionSyntax test = _call;
        bool isNegated = false;
        while (test.Parent is ParenthesizedExpressionSyntax or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression })
        {
            isNegated ^= test.Parent is PrefixUnaryExpressionSyntax;
            test = (ExpressionSyntax)test.Parent;
        }

        if (test.Parent is IfStatementSyntax or BinaryExpressionSyntax { Parent: IfStatementSyntax }) return InCondition(test, isNegated);
        if (isNegated) return false;
        switch (_call.Parent)
        {
            case ExpressionStatementSyntax statement:
                part.Replace(statement, [.. Declared(), $"if ({Text(_call)}) {_set}"]);
                return true;
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax statement } local }:
                Hoist(statement);
                part.InsertAfter(statement, $"if ({local.Identifier}) {_set}");
                return true;
            case AssignmentExpressionSyntax { Left: IdentifierNameSyntax local, Parent: ExpressionStatementSyntax statement } assignment when assignment.Right == _call:
                Hoist(statement);
                part.InsertAfter(statement, $"if ({local}) {_set}");
                return true;
            default:
                return InResult();
        }
    }

    /// <summary><c>if (!TryCharge(n)) return false;</c> and <c>if (TryCharge(n)) { … }</c>, the charge last of what is tested.</summary>
    private bool InCondition(ExpressionSyntax test, bool isNegated)
    {
        IfStatementSyntax statement = test.FirstAncestorOrSelf<IfStatementSyntax>()!;
        if (test.Parent is BinaryExpressionSyntax both && (both.Right != test || !both.IsKind(isNegated ? SyntaxKind.LogicalOrExpression : SyntaxKind.LogicalAndExpression))) return false;
        if (isNegated && !(CapabilityTest.Leaves(statement.Statement) && statement.Else is null)) return false;
        if (_hoisted.Length > 0 && (test.Parent is BinaryExpressionSyntax || statement.Parent is not BlockSyntax)) return false;
        Hoist(statement);
        if (isNegated) part.InsertAfter(statement, _set);
        else part.InsertAtStart(statement.Statement, _set);
        return true;
    }

    /// <summary>The charge's result is what the method returns, alone or after something that makes it unnecessary.</summary>
    private bool InResult()
    {
        ExpressionSyntax result = _call;
        List<string> before = [];
        while (result.Parent is ParenthesizedExpressionSyntax or BinaryExpressionSyntax or ConditionalExpressionSyntax)
        {
            switch (result.Parent)
            {
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalOrExpression } either when either.Right == result:
                    before.Insert(0, $"if ({either.Left}) return true;");
                    break;
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression } both when both.Right == result:
                    before.Insert(0, $"if (!({both.Left})) return false;");
                    break;
                case ConditionalExpressionSyntax choice when choice.WhenFalse == result:
                    before.Insert(0, $"if ({choice.Condition}) return {choice.WhenTrue};");
                    break;
                case ConditionalExpressionSyntax choice when choice.WhenTrue == result:
                    before.Insert(0, $"if (!({choice.Condition})) return {choice.WhenFalse};");
                    break;
                case ParenthesizedExpressionSyntax:
                    break;
                default:
                    return false;
            }

            result = (ExpressionSyntax)result.Parent;
        }

        string[] texts = [.. before, .. Declared(), $"if (!{Text(_call)}) return false;", _set, "return true;"];
        switch (result.Parent)
        {
            case ReturnStatementSyntax statement:
                part.Replace(statement, texts);
                return true;
            case ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax } arrow:
                return part.ReplaceBody(arrow, texts);
            default:
                return false;
        }
    }

    /// <summary>A loop that adds by compare-and-exchange has charged when it ends, or where the exchange took place.</summary>
    private bool AfterExchange()
    {
        if (_hoisted.Length > 0 || _call.Parent is not BinaryExpressionSyntax compared) return false;
        if (compared.Parent is DoStatementSyntax loop && compared.IsKind(SyntaxKind.NotEqualsExpression))
        {
            part.InsertAfter(loop, _set);
            return true;
        }

        if (compared.Parent is IfStatementSyntax test && compared.IsKind(SyntaxKind.EqualsExpression) && CapabilityTest.Leaves(test.Statement))
        {
            part.InsertAtStart(test.Statement, _set);
            return true;
        }

        return false;
    }

    /// <summary>What cannot be asked for twice is put into a local first, ahead of everything that mentions it.</summary>
    private void Hoist(StatementSyntax statement)
    {
        if (_hoisted.Length == 0) return;
        StatementSyntax first = statement;
        while (first.Parent is LockStatementSyntax or BlockSyntax { Parent: LockStatementSyntax } && OccurrencesIn(first.FirstAncestorOrSelf<LockStatementSyntax>(l => l != first)!.Expression).Any()) first = first.Parent.FirstAncestorOrSelf<LockStatementSyntax>()!;
        foreach (ExpressionSyntax occurrence in OccurrencesIn(first)) part.Editor.ReplaceNode(occurrence, SyntaxFactory.IdentifierName(_hoisted).WithTriviaFrom(occurrence));
        part.InsertBefore(first, Declared()[0]);
    }

    private string[] Declared() => _hoisted.Length == 0 ? [] : [$"{field.Owner} {_hoisted} = {OccurrencesIn(_call.FirstAncestorOrSelf<MemberDeclarationSyntax>()!).First()};"];

    /// <summary>The code with the local in place of what was put into it.</summary>
    private string Text(ExpressionSyntax code) => _hoisted.Length == 0 ? code.ToString() : code.ReplaceNodes(OccurrencesIn(code), (occurrence, _) => SyntaxFactory.IdentifierName(_hoisted).WithTriviaFrom(occurrence)).ToString();

    private IEnumerable<ExpressionSyntax> OccurrencesIn(SyntaxNode node) => Occurrences.Of(site.Owner!, node);

    private static bool IsVoid(SyntaxNode method) => method is ConstructorDeclarationSyntax or MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } };

    private static ExpressionSyntax Bare(ExpressionSyntax expression) => Occurrences.Bare(expression);

    /// <summary>A variable: reading it twice costs nothing and, so close to each other, gives the same.</summary>
    private static bool IsSimple(ExpressionSyntax expression) => expression is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax };

    private static ExpressionSyntax Whole(ExpressionSyntax operation)
    {
        ExpressionSyntax whole = operation;
        while (whole.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax || whole.Parent is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } } || whole.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" })
            whole = (ExpressionSyntax)whole.Parent;
        return whole;
    }
}
