using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>Limits of what is kept for later use, as by a pool or a cache. Two threads at once make it keep one too many: a race all the same, but nobody was promised anything.</summary>
internal static class SoftLimits
{
    /// <summary>The member is handed an object, hands it on or drops it, and tells its caller neither by a value nor by an exception.</summary>
    public static bool IsKeptOrDropped(TypeMember member, IOperation check)
    {
        // What is thrown before the check is about the arguments.
        if (member.Symbol is not IMethodSymbol { Parameters: { IsEmpty: false } parameters } method || !TellsNothing(method) || member.Operations.Any(o => o is IThrowOperation && o.Syntax.SpanStart > check.Syntax.SpanStart)) return false;
        return parameters.Any(parameter => IsObject(parameter) && member.Operations.Any(o => IsHandedOn(o, parameter)));
    }

    private static bool TellsNothing(IMethodSymbol method) => method.ReturnsVoid || method.ReturnType is INamedTypeSymbol { Arity: 0, Name: "Task" or "ValueTask" };

    private static bool IsObject(IParameterSymbol parameter) =>
        parameter is { RefKind: RefKind.None or RefKind.In, Type: { TypeKind: not TypeKind.Enum and not TypeKind.Delegate, SpecialType: SpecialType.None } type } && type.Name is not ("CancellationToken" or "TimeSpan" or "DateTime");

    private static bool IsHandedOn(IOperation operation, IParameterSymbol parameter) => operation switch
    {
        IArgumentOperation argument => IsMadeOf(argument.Value, parameter),
        IAssignmentOperation { Target: IMemberReferenceOperation or IArrayElementReferenceOperation } assignment => IsMadeOf(assignment.Value, parameter),
        _ => false,
    };

    private static bool IsMadeOf(IOperation value, IParameterSymbol parameter) => value switch
    {
        IParameterReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Parameter, parameter),
        IConversionOperation conversion => IsMadeOf(conversion.Operand, parameter),
        ILocalReferenceOperation element => OuterLoops(element).Any(loop => loop.Locals.Contains(element.Local, SymbolEqualityComparer.Default) && IsMadeOf(loop.Collection, parameter)),
        IMemberReferenceOperation { Instance: { } owner, Type.IsReferenceType: true } => IsMadeOf(owner, parameter),
        _ => false,
    };

    private static IEnumerable<IForEachLoopOperation> OuterLoops(IOperation operation)
    {
        for (IOperation? outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IForEachLoopOperation loop) yield return loop;
        }
    }
}
