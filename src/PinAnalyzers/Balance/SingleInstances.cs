using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Balance;

/// <summary>
/// <c>using var mutex = new Mutex(false, "one of us"); if (!mutex.WaitOne(0)) return;</c>: the name is held for as long as the process runs, so that a second one finds it taken and
/// ends. Nobody waits for it, and the system gives it back.
/// </summary>
internal static class SingleInstances
{
    /// <summary>A mutex with a name, made in this body, is asked for without waiting.</summary>
    public static bool IsTakenFor(ChargeSite site) => site.Operation is IInvocationOperation { TargetMethod.Name: "WaitOne", Instance: ILocalReferenceOperation { Local: { Type: { Name: "Mutex" }, DeclaringSyntaxReferences: { IsEmpty: false } declared } } } wait
        && wait.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0)?.Value is { } timeout && IsZero(timeout)
        && declared[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: >= 2 } };

    private static bool IsZero(IOperation timeout) => timeout.ConstantValue is { HasValue: true, Value: 0 } || timeout is IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } };
}
