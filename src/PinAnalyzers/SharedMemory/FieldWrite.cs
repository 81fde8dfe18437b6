using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>A place in source where a field, a property or a captured parameter may be given a value. By syntax alone.</summary>
/// <param name="At">What is named there.</param>
/// <param name="Value">What it is given; null where that is somebody else's to say.</param>
/// <param name="Part">Which element of the tuple <paramref name="Value"/> it is given; negative for all of it.</param>
internal readonly record struct FieldWrite(SyntaxNode At, ExpressionSyntax? Value, int Part = -1)
{
    /// <summary>Where it is handed to a call by reference: the call may give it a value.</summary>
    public ArgumentSyntax? Handed { get; init; }

    /// <summary>Null where what goes by the name is not written there, or only steps on.</summary>
    public static FieldWrite? Through(SimpleNameSyntax name)
    {
        ExpressionSyntax target = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        while (target.Parent is ParenthesizedExpressionSyntax outer) target = outer;
        return target.Parent switch
        {
            AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression or (int)SyntaxKind.CoalesceAssignmentExpression } assignment when assignment.Left == target => new FieldWrite(name, assignment.Right),
            ArgumentSyntax { Parent: TupleExpressionSyntax tuple } part => OfTuple(name, tuple, tuple.Arguments.IndexOf(part)),
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } argument => new FieldWrite(name, null) { Handed = argument },
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression } or RefExpressionSyntax => new FieldWrite(name, null),
            _ => null,
        };
    }

    private static FieldWrite? OfTuple(SyntaxNode at, TupleExpressionSyntax targets, int index) => targets.Parent switch
    {
        AssignmentExpressionSyntax assignment when assignment.Left == targets => assignment.Right is TupleExpressionSyntax values && values.Arguments.Count == targets.Arguments.Count
            ? new FieldWrite(at, values.Arguments[index].Expression)
            : new FieldWrite(at, assignment.Right, index),
        ForEachVariableStatementSyntax loop when loop.Variable == targets => new FieldWrite(at, null),
        ArgumentSyntax { Parent: TupleExpressionSyntax outer } part when OfTuple(at, outer, outer.Arguments.IndexOf(part)) is not null => new FieldWrite(at, null),
        _ => null,
    };
}
