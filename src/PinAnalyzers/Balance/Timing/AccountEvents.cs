using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>One operation that charges or releases, as it is written: which rule it matters to depends on where it stands.</summary>
internal sealed record AccountEvent(IOperation Operation, bool IsRelease, Pair Pair, IOperation? Identity)
{
    /// <summary>What stands for the charge, or whose it is; null where that is no operand.</summary>
    public IOperation? Identity { get; } = Identity;

    /// <summary>Of a charge, how it tells of success.</summary>
    public ChargeSpec? Charge { get; init; }

    public ReleaseSpec? Release { get; init; }

    public static IOperation? OperandAt(IOperation operation, ValueSource source) => source.Place switch
    {
        ValuePlace.Receiver => (operation as IInvocationOperation)?.Instance,
        ValuePlace.Argument => operation switch
        {
            IInvocationOperation call => call.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == source.Ordinal)?.Value,
            IObjectCreationOperation creation => creation.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == source.Ordinal)?.Value,
            _ => null,
        },
        _ => null,
    };
}

/// <summary>Finds charges and releases in an operation tree, lambdas and local functions included.</summary>
internal sealed class AccountEvents(IPairCatalog catalog)
{
    public IEnumerable<AccountEvent> In(IOperation root) => root.DescendantsAndSelf().SelectMany(Of);

    public IEnumerable<AccountEvent> Of(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation { TargetMethod: { Name: "Add" or "Increment" or "Decrement", ContainingType.SystemName: "Interlocked" } method } atomic:
                if (atomic.Arguments.Length > 0 && CounterOf(atomic.Arguments[0].Value) is { } changed)
                    yield return new AccountEvent(atomic, method.Name == "Decrement" || (method.Name == "Add" && IsNegative(atomic.Arguments[1].Value)), changed, atomic.Arguments[0].Value);
                break;
            case IInvocationOperation call:
                ITypeSymbol? receiver = call.Instance is IConversionOperation { IsImplicit: true } conversion ? conversion.Operand.Type : call.Instance?.Type;
                foreach (ChargeSpec charge in catalog.ChargesOf(call.TargetMethod, receiver))
                {
                    if (IsTracked(charge.Pair, call)) yield return new AccountEvent(call, false, charge.Pair, AccountEvent.OperandAt(call, charge.Identity)) { Charge = charge };
                }

                foreach (ReleaseSpec release in catalog.ReleasesOf(call.TargetMethod, receiver))
                {
                    if (IsTracked(release.Pair, call) && !release.Implied && !release.IsMove) yield return new AccountEvent(call, true, release.Pair, AccountEvent.OperandAt(call, release.Identity)) { Release = release };
                }

                break;
            case IObjectCreationOperation { Constructor: { } constructor } creation:
                foreach (ChargeSpec charge in catalog.ChargesOf(constructor))
                {
                    if (IsTracked(charge.Pair, creation)) yield return new AccountEvent(creation, false, charge.Pair, null) { Charge = charge };
                }

                break;
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } compound when CounterOf(compound.Target) is { } counter:
                yield return new AccountEvent(compound, compound.OperatorKind == BinaryOperatorKind.Subtract != IsNegative(compound.Value), counter, compound.Target);
                break;
            case IIncrementOrDecrementOperation step when CounterOf(step.Target) is { } stepped:
                yield return new AccountEvent(step, step.Kind == OperationKind.Decrement, stepped, step.Target);
                break;
        }
    }

    private bool IsTracked(Pair pair, IOperation operation) => catalog.IsTracked(pair, operation.Syntax.SyntaxTree);

    private Pair? CounterOf(IOperation target) => target is IFieldReferenceOperation field && catalog.TryGetCounter(field.Field, out CounterSpec? counter) ? counter.Pair : null;

    private static bool IsNegative(IOperation value) => value switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } => true,
        IConversionOperation conversion => IsNegative(conversion.Operand),
        _ => value.ConstantValue is { HasValue: true, Value: < 0 or < 0L },
    };
}
