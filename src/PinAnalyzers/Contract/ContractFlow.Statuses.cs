using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Lattices;
using PinAnalyzers.Flow.Solving;

namespace PinAnalyzers.Contract;

/// <summary>PIN4001: a status in a local that is replaced before anybody has read it.</summary>
internal sealed partial class ContractFlow
{
    private void JudgeAssignment(Frame<ContractState> frame, ISimpleAssignmentOperation assignment)
    {
        if (LocalOf(assignment.Target) is not { RefKind: RefKind.None } local || _graph.IsShared(local)) return;
        int location = _locations.Of(local);
        IntMap<IOperation> unread = frame.Domain.Unread;
        if (unread.TryGet(location, out IOperation? lost))
        {
            if (IsReporting && !IsInCatch(assignment.Syntax) && !IsChosenFrom(assignment, local)) ReportLost(assignment, local, lost);
            unread = unread.Remove(location);
        }

        // Of `(r = F()) < 0` the comparison reads what was assigned.
        bool isUsed = assignment.Parent is not (null or IExpressionStatementOperation);
        if (!isUsed && StatusCall(assignment.Value) is { } call && !IsSeenByNested(local)) unread = unread.Set(location, call);
        frame.Domain = frame.Domain.With(unread: unread);
    }

    /// <summary>Of <c>ret = second &lt; 0 ? second : ret</c> the first status is a part, on whichever way it is kept.</summary>
    private static bool IsChosenFrom(ISimpleAssignmentOperation assignment, ILocalSymbol local) =>
        assignment.Syntax is AssignmentExpressionSyntax { Right: var value } && value.DescendantNodesAndSelf().Any(node => node is IdentifierNameSyntax name && name.Identifier.ValueText == local.Name);

    /// <summary>A lambda or local function mentions it, and may run before it is assigned again.</summary>
    private bool IsSeenByNested(ILocalSymbol local) => _graph.HasNestedBodies && _graph.Graph.OriginalOperation.Descendants().Any(operation =>
        operation is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local) && IsInNested(operation));

    private bool IsInNested(IOperation operation)
    {
        for (IOperation? outer = operation.Parent; outer is not null && outer != _graph.Graph.OriginalOperation; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation) return true;
        }

        return false;
    }

    private void ReportLost(ISimpleAssignmentOperation assignment, ILocalSymbol local, IOperation lost)
    {
        string call = lost is IInvocationOperation invocation ? invocation.TargetMethod.Name : "the call before";
        Findings.Add(new ContractFinding(
            Descriptors.PIN4001_StatusMustNotBeLost, assignment.Syntax, $"'{local.Name}' still holds the status of '{call}', which nobody has read, when it is assigned here")
        {
            Path = [lost.Syntax],
            Fix = lost is IInvocationOperation status && _context.StatusOf(status.TargetMethod) is { } signal && assignment.Syntax.FirstAncestorOrSelf<StatementSyntax>() is { } ? signal.ToString() : null,
        });
    }

    private void MarkRead(Frame<ContractState> frame, ILocalSymbol local)
    {
        if (frame.Domain.Unread.Count == 0) return;
        IntMap<IOperation> unread = frame.Domain.Unread.Remove(_locations.Of(local));
        if (unread.Count != frame.Domain.Unread.Count) frame.Domain = frame.Domain.With(unread: unread);
    }

    private ILocalSymbol? LocalOf(IOperation target) => target switch
    {
        ILocalReferenceOperation local => local.Local,
        IFlowCaptureReferenceOperation capture when _captures.TryGetValue(capture.Id, out ILocalSymbol? local) => local,
        _ => null,
    };

    /// <summary>The call of which the value is the status.</summary>
    private IInvocationOperation? StatusCall(IOperation value)
    {
        while (value is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation or IAwaitOperation)
        {
            value = value switch
            {
                IConversionOperation conversion => conversion.Operand,
                IParenthesizedOperation parenthesized => parenthesized.Operand,
                _ => Awaited(((IAwaitOperation)value).Operation),
            };
        }

        return value is IInvocationOperation call && _context.StatusOf(call.TargetMethod) is not null ? call : null;
    }

    /// <summary>What is awaited, without <c>ConfigureAwait</c>.</summary>
    private static IOperation Awaited(IOperation awaited) =>
        awaited is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task } ? task : awaited;

    private static bool IsInCatch(SyntaxNode syntax) =>
        syntax.Ancestors().TakeWhile(static node => node is not (MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(static node => node is CatchClauseSyntax);
}
