using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// <c>GCHandle.Alloc(callback);</c> of a static function, whose address native code gets: it must never be collected, and there is nothing behind it that could be lost. Of a delegate that is bound
/// to an object, of memory that is pinned and of what is done once for each round of a loop that cannot be said. Of any delegate whose address the same body asks for it can, and of one that the body
/// returns: native code is what it is kept for, since managed code that holds it needs no handle.
/// </summary>
internal static class KeptFunctions
{
    public static bool IsKeptForEver(ChargeSite site, ControlFlowGraph graph) => site.Pair.Family == PairFamily.GCHandle && site.Operation is IInvocationOperation { Arguments: { Length: 1 } arguments }
        && Unconverted(arguments[0].Value) is { } function && IsDelegate(function.Type) && (IsStaticFunction(function, graph) || IsHandedOn(function, graph));

    private static bool IsDelegate(ITypeSymbol? type) => type is { TypeKind: TypeKind.Delegate } or { SpecialType: SpecialType.System_Delegate or SpecialType.System_MulticastDelegate };

    private static bool IsHandedOn(IOperation function, ControlFlowGraph graph) => SymbolOf(function) is { } kept && graph.OriginalOperation.Descendants().Any(operation =>
    {
        var receiver = operation switch
        {
            IInvocationOperation { TargetMethod: { Name: "GetFunctionPointerForDelegate", ContainingType.SystemName: "Marshal" }, Arguments: { Length: 1 } arguments } => arguments[0].Value,
            IReturnOperation { Kind: OperationKind.Return, ReturnedValue: { } returned } => returned,
            _ => null,
        };
        return receiver is not null && SymbolEqualityComparer.Default.Equals(SymbolOf(Unconverted(receiver)), kept);
    });

    private static ISymbol? SymbolOf(IOperation value) => value switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    private static bool IsStaticFunction(IOperation value, ControlFlowGraph graph) => value switch
    {
        _ when value.Type?.TypeKind != TypeKind.Delegate => false,
        IDelegateCreationOperation { Target: IMethodReferenceOperation { Method.IsStatic: true } } => true,
        IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Symbol.IsStatic: true } or IFlowAnonymousFunctionOperation { Symbol.IsStatic: true } } => true,
        IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } } => true,
        ILocalReferenceOperation { Local: var local } => ValuesOf(local, graph.OriginalOperation).ToList() is { Count: > 0 } values && values.All(assigned => assigned is not ILocalReferenceOperation && IsStaticFunction(assigned, graph)),
        _ => false,
    };

    private static IEnumerable<IOperation> ValuesOf(ILocalSymbol local, IOperation body)
    {
        foreach (IOperation operation in body.Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation { Symbol: var declared } declarator when SymbolEqualityComparer.Default.Equals(declared, local):
                    if ((declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer) is { } initializer) yield return Unconverted(initializer.Value);
                    break;
                case IAssignmentOperation { Target: ILocalReferenceOperation { Local: var assigned } } assignment when SymbolEqualityComparer.Default.Equals(assigned, local):
                    yield return Unconverted(assignment.Value);
                    break;
                case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: ILocalReferenceOperation { Local: var passed } } argument when SymbolEqualityComparer.Default.Equals(passed, local):
                    yield return argument;
                    break;
            }
        }
    }

    private static IOperation Unconverted(IOperation value) => value is IConversionOperation conversion ? Unconverted(conversion.Operand) : value;
}
