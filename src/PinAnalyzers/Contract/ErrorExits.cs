using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Flow.Lattices;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Contract;

/// <summary>
/// PIN4001, the other half: a branch taken because a call failed leaves through a <c>goto</c> or <c>return</c> with a status that is known to mean success.
/// </summary>
internal sealed class ErrorExits
{
    private readonly Dictionary<ILocalSymbol, SuccessSignal> _statusLocals;

    private ErrorExits(Dictionary<ILocalSymbol, SuccessSignal> statusLocals) => _statusLocals = statusLocals;

    /// <summary>Null when the body cannot have such an exit: it returns no number, or no local of it is both returned and a status.</summary>
    public static ErrorExits? Create(ContractContext context, ControlFlowGraph graph, ISymbol owner)
    {
        ITypeSymbol? returned = owner is IMethodSymbol method ? Symbols.TypeShapes.AwaitedReturnType(method) : null;
        if (returned?.SpecialType is not (SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_IntPtr)) return null;
        HashSet<ILocalSymbol> candidates = new(SymbolEqualityComparer.Default);
        Dictionary<ILocalSymbol, SuccessSignal> statuses = new(SymbolEqualityComparer.Default);
        foreach (IOperation operation in graph.OriginalOperation.Descendants())
        {
            if (operation is IReturnOperation { ReturnedValue: { } value } && Unwrap(value) is ILocalReferenceOperation local) candidates.Add(local.Local);
        }

        if (candidates.Count == 0) return null;
        foreach (IOperation operation in graph.OriginalOperation.Descendants())
        {
            (ILocalSymbol? target, IOperation? value) = operation switch
            {
                ISimpleAssignmentOperation { Target: ILocalReferenceOperation local } assignment => (local.Local, assignment.Value),
                IVariableDeclaratorOperation { Initializer: { } initializer } declarator => (declarator.Symbol, initializer.Value),
                _ => (null, null),
            };
            if (target is null || value is null || !candidates.Contains(target)) continue;
            IOperation bare = Unwrap(value);
            if (bare.ConstantValue is { HasValue: true, Value: int and < 0 and not -1 or long and < 0 and not -1L } && !statuses.ContainsKey(target)) statuses.Add(target, SuccessSignal.NonNegative);
            else if (bare is IInvocationOperation call && context.ConventionOf(call.TargetMethod) is { } convention && NativeConventions.SignalOf(convention) is { } signal) statuses[target] = signal;
        }

        return statuses.Count == 0 ? null : new ErrorExits(statuses);
    }

    public ContractFinding? Judge(Frame<ContractState> frame, IOperation value, int number)
    {
        if (Unwrap(value) is not ILocalReferenceOperation local || !_statusLocals.TryGetValue(local.Local, out SuccessSignal signal)) return null;
        if (!FactLattice.Instance.LessOrEqual(frame.FactOf(number), ContractFlow.FactFor(signal, succeeded: true))) return null;
        for (int i = frame.Domain.Outcomes.Length - 1; i >= 0; i--)
        {
            Outcome failed = frame.Domain.Outcomes[i];
            if (failed.IsOpen || failed.Result == number || failed.Call is not IInvocationOperation call) continue;
            if (ExitOf(call, local, value.Syntax) is not { } exit) continue;
            return new ContractFinding(
                Descriptors.PIN4001_StatusMustNotBeLost, exit, $"'{call.TargetMethod.Name}' has failed, but '{local.Local.Name}', which is returned, still means success") { Path = [call.Syntax] };
        }

        return null;
    }

    /// <summary>The jump out of the branch that is taken when the call failed; null when the branch goes on, or sets the status itself.</summary>
    private static SyntaxNode? ExitOf(IInvocationOperation call, ILocalReferenceOperation returned, SyntaxNode returnedSyntax)
    {
        string? holder = (call.Syntax.Parent as EqualsValueClauseSyntax)?.Parent is VariableDeclaratorSyntax declarator ? declarator.Identifier.ValueText
            : call.Syntax.Parent is AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } ? name.Identifier.ValueText : null;
        SyntaxNode? body = call.Syntax.Ancestors().FirstOrDefault(static node => node is MemberDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax);
        if (body is null) return null;
        foreach (IfStatementSyntax branch in body.DescendantNodes().OfType<IfStatementSyntax>())
        {
            if (branch.SpanStart < call.Syntax.SpanStart && !branch.Condition.Span.Contains(call.Syntax.Span)) continue;
            if (!branch.Condition.Span.Contains(call.Syntax.Span) && (holder is null || !Mentions(branch.Condition, holder))) continue;
            StatementSyntax? last = branch.Statement is BlockSyntax block ? block.Statements.LastOrDefault() : branch.Statement;
            if (last is null || Mentions(branch.Statement, returned.Local.Name, assignedOnly: true)) return null;
            return last switch
            {
                GotoStatementSyntax { RawKind: (int)SyntaxKind.GotoStatement, Expression: IdentifierNameSyntax label } jump when LeadsTo(body, label.Identifier.ValueText, returned) => jump,
                ReturnStatementSyntax { Expression: { } expression } when expression.Span.Contains(returnedSyntax.Span) => expression,
                _ => null,
            };
        }

        return null;
    }

    /// <summary>The label stands before the return, and the status that is returned was not made in between: what follows the label may have found another way.</summary>
    private static bool LeadsTo(SyntaxNode body, string label, ILocalReferenceOperation returned) => body.DescendantNodes().OfType<LabeledStatementSyntax>().Any(labeled =>
        labeled.Identifier.ValueText == label && labeled.SpanStart < returned.Syntax.SpanStart
        && !body.DescendantNodes(TextSpan.FromBounds(labeled.SpanStart, returned.Syntax.SpanStart)).Any(node => node.SpanStart >= labeled.SpanStart && IsAssigned(node, returned.Local.Name)));

    private static bool IsAssigned(SyntaxNode node, string name) => node is IdentifierNameSyntax identifier && identifier.Identifier.ValueText == name
        && (identifier.Parent is AssignmentExpressionSyntax assignment && assignment.Left == identifier || identifier.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 });

    private static bool Mentions(SyntaxNode node, string name, bool assignedOnly = false) => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(identifier =>
        assignedOnly ? IsAssigned(identifier, name) : identifier.Identifier.ValueText == name);

    private static IOperation Unwrap(IOperation value)
    {
        while (value is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation or IAwaitOperation)
        {
            value = value switch
            {
                IConversionOperation conversion => conversion.Operand,
                IParenthesizedOperation parenthesized => parenthesized.Operand,
                _ => ((IAwaitOperation)value).Operation,
            };
        }

        return value;
    }
}
