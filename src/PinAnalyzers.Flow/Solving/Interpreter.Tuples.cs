using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>Tuples: what is put into one, and what comes out by which name.</summary>
internal sealed partial class Interpreter<TDomain>
{
    /// <summary>The elements of a tuple that is written out, none of them a tuple itself; null for other expressions.</summary>
    private static ImmutableArray<IOperation>? Elements(IOperation operation)
    {
        while (operation is IConversionOperation { OperatorMethod: null } or IDeclarationExpressionOperation)
            operation = operation is IConversionOperation conversion ? conversion.Operand : ((IDeclarationExpressionOperation)operation).Expression;
        return operation is ITupleOperation { Elements: var elements } && !elements.Any(static e => Elements(e) is not null || e is IDiscardOperation or IPropertyReferenceOperation { Arguments.Length: > 0 })
            ? elements
            : null;
    }

    /// <summary>A tuple that is written out: its elements are read by name or as <c>Item1</c>.</summary>
    private int EvaluateTuple(Frame<TDomain> frame, ITupleOperation tuple)
    {
        int[] elements = new int[tuple.Elements.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = Evaluate(frame, tuple.Elements[i]);
            if (elements[i] > ValueTable.Zero) _client.OnUnknownUse(frame, tuple, elements[i]);
        }

        int value = NewValue(frame, tuple, 0);
        if (frame.IsDead || tuple.Type is not INamedTypeSymbol { TupleElements: { IsDefaultOrEmpty: false } slots } || slots.Length != elements.Length) return value;
        for (int i = 0; i < elements.Length; i++)
        {
            if (elements[i] != ValueTable.Unknown) frame.Write(-_values.Member(value, SlotOf(slots[i]), frame.Read(_locations.VersionOf(value))), elements[i]);
        }

        return value;
    }

    /// <summary><c>new { Code = r }</c>: what its members are made of they stay.</summary>
    private int EvaluateAnonymous(Frame<TDomain> frame, IAnonymousObjectCreationOperation creation)
    {
        int[] members = new int[creation.Initializers.Length];
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = Evaluate(frame, creation.Initializers[i] is ISimpleAssignmentOperation { Value: var initial } ? initial : creation.Initializers[i]);
            if (members[i] > ValueTable.Zero) _client.OnUnknownUse(frame, creation, members[i]);
        }

        int value = NewValue(frame, creation, 0, isNotNull: true);
        for (int i = 0; i < members.Length && !frame.IsDead; i++)
        {
            if (members[i] != ValueTable.Unknown && creation.Initializers[i] is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: var property } })
                frame.Write(-_values.Member(value, property, frame.Read(_locations.VersionOf(value))), members[i]);
        }

        return value;
    }

    /// <summary>Elements of a tuple are one slot by whatever name.</summary>
    private static ISymbol SlotOf(ISymbol member) => member is IFieldSymbol { CorrespondingTupleField: { } slot } ? slot.OriginalDefinition : member;
}
