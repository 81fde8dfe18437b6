using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary><c>bool taken = false; … Monitor.TryEnter(o, ref taken);</c>: nothing need be solved to know that the flag is still what it was made.</summary>
internal static class FreshFlags
{
    /// <summary>The call is given, by reference, a local that is false there: declared so around it, written nowhere else, and reached once.</summary>
    public static bool IsGiven(SimpleNameSyntax called, SyntaxNode body)
    {
        if (NamedCalls.CallOf(called.Identifier) is not InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } call) return false;
        ArgumentSyntax? given = null;
        foreach (ArgumentSyntax argument in arguments)
        {
            if (argument.RefKindKeyword.IsKind(SyntaxKind.None)) continue;
            if (given is not null) return false;
            given = argument;
        }

        if (given is not { Expression: IdentifierNameSyntax { Identifier.ValueText: var name } flag } || !IsFalseBefore(call, name)) return false;
        NameMentions mentions = new(body);
        return !mentions.MayMiss && mentions.Of(name).All(mention => mention == flag || !NameMentions.IsWrite(mention));
    }

    /// <summary>From the call out to the block that declares the flag nothing could run the call twice.</summary>
    private static bool IsFalseBefore(SyntaxNode call, string name)
    {
        for (SyntaxNode inner = call; inner.Parent is { } outer; inner = outer)
        {
            switch (outer)
            {
                case WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax or LabeledStatementSyntax or SwitchSectionSyntax:
                    return false;
                case BlockSyntax block:
                    foreach (StatementSyntax statement in block.Statements)
                    {
                        if (statement is LabeledStatementSyntax) return false;
                        if (statement == inner) break;
                        if (statement is not LocalDeclarationStatementSyntax { Declaration.Variables: var variables }) continue;
                        foreach (VariableDeclaratorSyntax variable in variables)
                        {
                            if (variable.Identifier.ValueText == name) return variable.Initializer is { Value.RawKind: (int)SyntaxKind.FalseLiteralExpression };
                        }
                    }

                    break;
            }
        }

        return false;
    }
}
