using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance.Plain;

/// <summary>
/// A charge and its release, written so that the one is certain to follow the other:
/// <code>
/// gate.Wait();                      var t = Take();                T t = null;                       bool taken = false;                 using var t = Take();
/// try { … }                         try { … }                      try { t = Take(); … }             try { Enter(o, ref taken); … }
/// finally { gate.Release(); }       finally { Free(t); }           finally { if (t != null) Free(t); }   finally { if (taken) Exit(o); }
/// </code>
/// with <c>if (!gate.Wait(0)) return;</c> for the first, and, where a loss on an exception is no loss (pooled arrays), statements between and no <c>try</c>.
/// </summary>
internal sealed class PlainShape
{
    /// <summary>The call that must be the release; null where it is the end of a <c>using</c>.</summary>
    public ExpressionSyntax? Release { get; private set; }

    /// <summary>The local that stands for the charge; null where the charge is known by its owner.</summary>
    public string? Token { get; private set; }

    /// <summary>The local that tells whether the charge was taken; null where none does.</summary>
    public string? Flag { get; private set; }

    /// <summary>The one place where the token or flag may get another value.</summary>
    public SyntaxNode? Write { get; private set; }

    /// <summary>What the release asks first; null: nothing.</summary>
    public ExpressionSyntax? Guard { get; private set; }

    /// <summary>Where the token leaves for the caller, in the one shape that does not release it in the end.</summary>
    public IdentifierNameSyntax? Returned { get; private set; }

    /// <summary>The statement list that the shape stands in, and everything that may happen while it is held.</summary>
    public SyntaxNode Scope { get; private set; } = null!;

    /// <summary>Nothing may have been taken when the release is reached.</summary>
    private bool MayBeNothing { get; set; }

    public static PlainShape? Of(PairCall charge, ChargeSpec spec)
    {
        if (AwaitedWhole(charge) is not { } whole) return null;
        bool hasToken = spec.Pair.HasToken;
        if (hasToken != (spec.Identity.Place == ValuePlace.Result)) return null;
        return spec.Success switch
        {
            SuccessSignal.Always when hasToken => OfToken(whole, spec.Pair),
            SuccessSignal.Always when whole.Parent is ExpressionStatementSyntax statement => Behind(statement),
            SuccessSignal.True when !hasToken && LeavesUnless(whole) is { } question => Behind(question),
            SuccessSignal.Taken when !hasToken => OfFlag(whole, charge, spec),
            _ => null,
        };
    }

    /// <summary>Whether the release may be reached as it is asked for, given what it accepts.</summary>
    public bool Allows(ReleaseSpec release, Pair pair) => Returned is not null ? Token is not null && IsName(Returned, Token) && (!MayBeNothing || release.AcceptsNull)
        : Flag is not null ? IsName(Guard, Flag)
        : Token is null ? Guard is null
        : Guard is null ? !MayBeNothing || release.AcceptsNull
        : PlainGuards.AskForToken(Guard, Token, pair.LiveProperty);

    public static bool IsName(ExpressionSyntax? expression, string? name) => expression is IdentifierNameSyntax { Identifier.ValueText: var text } && text == name;

    private static PlainShape? OfToken(ExpressionSyntax whole, Pair pair)
    {
        if (whole.Parent is UsingStatementSyntax { Expression: var used } nameless && used == whole) return new PlainShape { Scope = nameless };
        if (whole.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } declaration } declared })
        {
            string token = declared.Identifier.ValueText;
            switch (declaration.Parent)
            {
                case UsingStatementSyntax scope when scope.AwaitKeyword.IsKind(SyntaxKind.None):
                    return new PlainShape { Token = token, Scope = scope };
                case LocalDeclarationStatementSyntax { Parent: { } list } local when local.UsingKeyword.IsKind(SyntaxKind.UsingKeyword):
                    return local.AwaitKeyword.IsKind(SyntaxKind.None) ? new PlainShape { Token = token, Scope = list } : null;
                case LocalDeclarationStatementSyntax local:
                    return pair.Loss == LossKind.Performance ? AfterAWhile(local, token) : Behind(local, token);
            }
        }

        return OfAssignment(whole, pair);
    }

    /// <summary>The token has a name before it is there.</summary>
    private static PlainShape? OfAssignment(ExpressionSyntax whole, Pair pair)
    {
        if (whole.Parent is not AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } assignment || !assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) || assignment.Right != whole) return null;
        string token = name.Identifier.ValueText;
        if (StatementOf(assignment) is not { } statement || Outermost(statement) is not { } outermost) return null;
        PlainShape? shape = outermost.Parent is BlockSyntax { Parent: TryStatementSyntax around } block && block == around.Block ? At(around) : null;
        shape ??= Next(outermost) is TryStatementSyntax next && (pair.Loss == LossKind.Performance ? !PlainGuards.MayLeave(outermost) : statement == outermost && statement is ExpressionStatementSyntax) ? At(next) : null;
        if (shape is null || shape.Scope is not StatementSyntax begin || !PlainGuards.IsNothingBefore(begin, token, isFlag: false)) return null;
        shape.Token = token;
        shape.Write = name;
        shape.MayBeNothing = true;
        return shape;
    }

    private static PlainShape? OfFlag(ExpressionSyntax whole, PairCall charge, ChargeSpec spec)
    {
        if (charge.At(ValueSource.Argument(spec.TakenOrdinal)) is not IdentifierNameSyntax { Parent: ArgumentSyntax argument } name || !argument.RefKindKeyword.IsKind(SyntaxKind.RefKeyword)) return null;
        if (whole.Parent is not ExpressionStatementSyntax statement || Outermost(statement) is not { } outermost) return null;
        PlainShape? shape = outermost.Parent is BlockSyntax { Parent: TryStatementSyntax around } block && block == around.Block ? At(around) : null;
        shape ??= Next(statement) is TryStatementSyntax next ? At(next) : null;
        string flag = name.Identifier.ValueText;
        if (shape is null || shape.Scope is not StatementSyntax begin || !PlainGuards.IsNothingBefore(begin, flag, isFlag: true)) return null;
        shape.Flag = flag;
        shape.Write = name;
        return shape;
    }

    /// <summary>What a loss on an exception does not matter for: until the release nothing leaves.</summary>
    private static PlainShape? AfterAWhile(LocalDeclarationStatementSyntax local, string token)
    {
        for (StatementSyntax? next = Next(local); next is not null; next = Next(next))
        {
            if (next is TryStatementSyntax { Finally: not null } last && At(last) is { } shape && PlainGuards.Releases(shape.Release, token))
            {
                shape.Token = token;
                return shape;
            }

            if (next is ExpressionStatementSyntax { Expression: var call } && PlainGuards.Releases(call, token)) return new PlainShape { Token = token, Release = call, Scope = local.Parent! };
            if (PlainGuards.MayLeave(next)) return null;
        }

        return null;
    }

    private static PlainShape? Behind(StatementSyntax statement, string? token = null)
    {
        if (Next(statement) is not TryStatementSyntax next || At(next) is not { } shape) return null;
        shape.Token = token;
        return shape;
    }

    /// <summary>The release is the first thing that the finally does.</summary>
    private static PlainShape? At(TryStatementSyntax around)
    {
        if (around is { Finally: null, Catches.Count: 1 }) return OnFailure(around);
        if (around.Finally is not { Block.Statements: { Count: > 0 } statements }) return null;
        StatementSyntax first = statements[0];
        ExpressionSyntax? guard = null;
        if (first is IfStatementSyntax { Else: null } question)
        {
            guard = question.Condition;
            first = question.Statement is BlockSyntax { Statements: { Count: > 0 } inner } ? inner[0] : question.Statement;
        }

        return first is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax release } ? new PlainShape { Release = release, Guard = guard, Scope = around } : null;
    }

    /// <summary><c>try { …; return t; } catch { Free(t); throw; }</c>: given back where the body fails, and otherwise the caller's.</summary>
    private static PlainShape? OnFailure(TryStatementSyntax around)
    {
        if (around.Catches[0] is not { Filter: null, Declaration: null, Block.Statements: { Count: 2 } ends } || ends[1] is not ThrowStatementSyntax { Expression: null }) return null;
        return ends[0] is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax release } && around.Block.Statements.LastOrDefault() is ReturnStatementSyntax { Expression: IdentifierNameSyntax returned } last
            && around.Block.Statements.All(statement => statement == last || !PlainGuards.MayLeave(statement))
            ? new PlainShape { Release = release, Scope = around, Returned = returned }
            : null;
    }

    /// <summary>The call with its await; null where an awaitable is not awaited.</summary>
    public static ExpressionSyntax? AwaitedWhole(PairCall charge)
    {
        ExpressionSyntax whole = charge.Call;
        if (charge.Method.ReturnType is not { Name: "Task" or "ValueTask" }) return Unwrapped(whole);
        if (whole.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax configured } access && access.Expression == whole) whole = configured;
        return whole.Parent is AwaitExpressionSyntax awaited ? Unwrapped(awaited) : null;
    }

    private static ExpressionSyntax Unwrapped(ExpressionSyntax whole)
    {
        while (whole.Parent is ParenthesizedExpressionSyntax outer) whole = outer;
        return whole;
    }

    /// <summary><c>if (!taken) return;</c>, around the call.</summary>
    private static IfStatementSyntax? LeavesUnless(ExpressionSyntax whole) =>
        whole.Parent is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Parent: IfStatementSyntax { Else: null } question }
        && (question.Statement is BlockSyntax { Statements: { Count: > 0 } inner } ? inner[inner.Count - 1] : question.Statement)
            is ReturnStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax
            ? question
            : null;

    /// <summary>The statement that an assignment is, or that it makes the value of a span for: on the stack if it is short, from the pool if not.</summary>
    private static StatementSyntax? StatementOf(AssignmentExpressionSyntax assignment)
    {
        ExpressionSyntax whole = Unwrapped(assignment);
        if (whole.Parent is ExpressionStatementSyntax statement) return statement;
        while (whole.Parent is ConditionalExpressionSyntax choice && choice.Condition != whole) whole = Unwrapped(choice);
        return whole.Parent is EqualsValueClauseSyntax
        {
            Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type: GenericNameSyntax { Identifier.ValueText: "Span" or "ReadOnlySpan" }, Parent: LocalDeclarationStatementSyntax local } },
        } ? local : null;
    }

    /// <summary>From a statement out through conditions and blocks, and nothing that could run it twice.</summary>
    private static StatementSyntax? Outermost(StatementSyntax statement)
    {
        for (StatementSyntax outer = statement; ;)
        {
            switch (outer.Parent)
            {
                case BlockSyntax { Parent: IfStatementSyntax or ElseClauseSyntax or BlockSyntax } block:
                    outer = block;
                    break;
                case ElseClauseSyntax { Parent: IfStatementSyntax whole }:
                    outer = whole;
                    break;
                case IfStatementSyntax question:
                    outer = question;
                    break;
                default:
                    return outer.Parent is BlockSyntax ? outer : null;
            }
        }
    }

    private static StatementSyntax? Next(StatementSyntax statement) => PlainGuards.SiblingsOf(statement) is { Count: > 0 } list && list.IndexOf(statement) + 1 is var next && next < list.Count ? list[next] : null;
}
