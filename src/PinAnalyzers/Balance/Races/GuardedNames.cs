using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>
/// Counters that are told to be right by syntax: every member touches them in one stretch of code that holds a lock, or sets them to a value of its own. Most counters are kept
/// so, and the operations of every member that mentions one cost more than to look.
/// </summary>
internal sealed class GuardedNames(TypeParts type, LockCalls locks)
{
    public bool Contains(string name)
    {
        foreach (TypeMember member in type.Members)
        {
            if (member.Mentions(name) && !IsInOneStretch(member, name)) return false;
        }

        return true;
    }

    private bool IsInOneStretch(TypeMember member, string name)
    {
        NameMentions mentions = new(member.Body);
        if (mentions.MayMiss) return false;
        SyntaxNode? only = null;
        foreach (IdentifierNameSyntax mention in mentions.Of(name))
        {
            if (IsFreshStart(mention, member)) continue;
            if (StretchAround(mention, member) is not { } stretch || (only is not null && only != stretch)) return false;
            only = stretch;
        }

        return true;
    }

    /// <summary><c>_count = data.Length</c>: neither a step from what was there, nor the constant that undoes one.</summary>
    private static bool IsFreshStart(IdentifierNameSyntax mention, TypeMember member)
    {
        ExpressionSyntax target = mention.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own ? own : mention;
        if (target.Parent is not AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Right: var value, Parent: ExpressionStatementSyntax } assignment || assignment.Left != target) return false;
        foreach (SyntaxNode part in value.DescendantNodesAndSelf())
        {
            if (part is IdentifierNameSyntax { Identifier.ValueText: var read } && read == mention.Identifier.ValueText) return false;
        }

        return value is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax && !member.Model.GetConstantValue(value).HasValue;
    }

    /// <summary>The one statement around that holds a lock from beginning to end, and in which no other does; null where there is none, or where what is inside may run at another time.</summary>
    private SyntaxNode? StretchAround(SyntaxNode mention, TypeMember member)
    {
        SyntaxNode? stretch = null;
        for (SyntaxNode inner = mention; inner != member.Body && inner.Parent is { } outer; inner = outer)
        {
            switch (outer)
            {
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax:
                    return null;
                case LockStatementSyntax locked when locked.Statement == inner:
                case TryStatementSyntax { Finally.Block: { } final } when final.Parent != inner && Unlocks(final, member):
                    if (stretch is not null) return null;
                    stretch = outer;
                    break;
            }
        }

        return stretch;
    }

    /// <summary>What it does first, perhaps if a flag says so, is to leave a lock of the framework's, or one that is declared as a pair.</summary>
    private bool Unlocks(BlockSyntax final, TypeMember member)
    {
        StatementSyntax? first = final.Statements.FirstOrDefault();
        if (first is IfStatementSyntax { Else: null } question) first = question.Statement is BlockSyntax block ? block.Statements.FirstOrDefault() : question.Statement;
        return first is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } && locks.IsKnownExit(call, member.Model);
    }
}
