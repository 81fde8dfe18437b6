using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Balance;

/// <summary>Whether the exception that a call ends with comes where the call stands, or stays in a task that nobody has asked yet.</summary>
internal static class WaitedTasks
{
    /// <param name="call">What may be cancelled.</param>
    /// <param name="root">The body that it stands in.</param>
    /// <param name="before">What comes after it.</param>
    public static bool Ends(IInvocationOperation call, IOperation root, IOperation before) => !IsTask(call.Type) || IsWaitedFor(call, root, before, new HashSet<ISymbol>(SymbolEqualityComparer.Default));

    private static bool IsTask(ITypeSymbol? type) => type is { Name: "Task" or "ValueTask", ContainingNamespace: { Name: "Tasks", ContainingNamespace.Name: "Threading" } };

    private static bool IsWaitedFor(IOperation task, IOperation root, IOperation before, HashSet<ISymbol> followed)
    {
        IOperation value = task;
        while (true)
        {
            switch (value.Parent)
            {
                case IConversionOperation or IParenthesizedOperation or IConditionalOperation or ICoalesceOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation or IArrayInitializerOperation or IArrayCreationOperation:
                    value = value.Parent;
                    continue;

                // Newer than the compiler this is built against: known by name only.
                case { } newer when newer.Kind.ToString() is "CollectionExpression" or "Spread":
                    value = newer;
                    continue;
                case IAwaitOperation or IPropertyReferenceOperation { Property.Name: "Result" }:
                    return true;
                case IInvocationOperation use when ReferenceEquals(use.Instance, value):
                    if (use.TargetMethod.Name is "Wait" or "GetAwaiter") return true;
                    if (use.TargetMethod.Name is not ("ConfigureAwait" or "AsTask" or "WaitAsync" or "Unwrap")) return false;
                    value = use;
                    continue;

                // Of several at once one that fails ends the wait for all, but not the wait for any.
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "WhenAll" or "WaitAll" or "WhenEach" } several } all } when IsTask(several.ContainingType):
                    if (several.Name == "WaitAll") return true;
                    value = all;
                    continue;
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                    return IsWaitedForLater(local, root, before, followed);
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } }:
                    return IsWaitedForLater(local, root, before, followed);
                default:
                    return false;
            }
        }
    }

    /// <summary>A variable may be given what was made from itself, as in <c>task = task.WaitAsync(…)</c>: each is followed once.</summary>
    private static bool IsWaitedForLater(ILocalSymbol local, IOperation root, IOperation before, HashSet<ISymbol> followed) => followed.Add(local) && root.Descendants().OfType<ILocalReferenceOperation>().Any(use =>
        SymbolEqualityComparer.Default.Equals(use.Local, local) && use.Syntax.SpanStart < before.Syntax.SpanStart && use.Parent is not ISimpleAssignmentOperation && IsWaitedFor(use, root, before, followed));
}
