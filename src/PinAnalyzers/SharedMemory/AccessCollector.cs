using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Finds every access of a cell in a piece of source and says how it is made.</summary>
internal sealed class AccessCollector(PlaceReader reader, SharedContext context)
{
    private readonly List<CellAccess> _accesses = [];
    private readonly HashSet<SyntaxNode> _accessors = [];

    public IReadOnlyList<CellAccess> Accesses => _accesses;

    public void Collect(SyntaxNode node)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        switch (node)
        {
            // The length of a new array stands in its type.
            case ArrayTypeSyntax array:
                foreach (ExpressionSyntax size in array.RankSpecifiers.SelectMany(static rank => rank.Sizes)) Collect(size);
                return;
            case AttributeListSyntax or TypeSyntax and not NameSyntax or UsingDirectiveSyntax:
                return;
            case InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } }:
                return;
            case ExpressionSyntax expression and (IdentifierNameSyntax or MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or PrefixUnaryExpressionSyntax or InvocationExpressionSyntax)
                when IsOutermost(expression) && reader.CellAt(expression) is { } place:
                Record(expression, place);
                CollectInside(expression);
                return;
            case InvocationExpressionSyntax call when RawAccesses.At(call, reader) is { } raw:
                _accesses.Add(raw);
                break;
            case ExpressionSyntax expression and (IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax)
                when context.MayHoldPointers && IsOutermost(expression) && context.Accessors.At(expression, reader) is { } access:
                _accesses.Add(access);
                _accessors.Add(expression);
                break;
        }

        foreach (SyntaxNode child in node.ChildNodes()) Collect(child);
    }

    /// <summary>A name is judged with what it qualifies, and a call only where it returns a reference.</summary>
    private static bool IsOutermost(ExpressionSyntax expression) => expression switch
    {
        PrefixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.PointerIndirectionExpression),
        IdentifierNameSyntax { Parent: MemberAccessExpressionSyntax parent } name => parent.Name != name,
        IdentifierNameSyntax { Parent: NameColonSyntax or NameEqualsSyntax or QualifiedNameSyntax } => false,
        _ => true,
    };

    /// <summary>The way to a cell: pointers and indexes on it are read, structs around it are not.</summary>
    private void CollectInside(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                CollectInside(parenthesized.Expression);
                break;
            case MemberAccessExpressionSyntax access when access.IsKind(SyntaxKind.PointerMemberAccessExpression):
                Collect(access.Expression);
                break;
            case MemberAccessExpressionSyntax { Expression: { } receiver }:
                if (reader.TypeOf(receiver) is { IsValueType: true }) CollectInside(receiver);
                else Collect(receiver);
                break;
            case ElementAccessExpressionSyntax element:
                if (reader.SymbolOf(element.Expression) is IFieldSymbol { IsFixedSizeBuffer: true } || PlaceReader.IsInlineArray(reader.TypeOf(element.Expression))) CollectInside(element.Expression);
                else Collect(element.Expression);
                foreach (ArgumentSyntax argument in element.ArgumentList.Arguments) Collect(argument.Expression);
                break;
            case PrefixUnaryExpressionSyntax dereference:
                Collect(dereference.Operand);
                break;
            case InvocationExpressionSyntax call:
                foreach (ArgumentSyntax argument in call.ArgumentList.Arguments)
                {
                    if (argument.RefKindKeyword.IsKind(SyntaxKind.None) && reader.CellAt(argument.Expression) is null) Collect(argument.Expression);
                    else CollectInside(Bindings.Bare(argument.Expression));
                }

                break;
        }
    }

    private void Record(ExpressionSyntax cell, Place place)
    {
        ExpressionSyntax outer = cell;
        while (outer.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }) outer = (ExpressionSyntax)outer.Parent;
        switch (outer.Parent)
        {
            case RefExpressionSyntax:
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression }:
                return;
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } step:
                Add(AccessKind.PlainUpdate, step);
                return;
            case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } step:
                Add(AccessKind.PlainUpdate, step);
                return;
            case AssignmentExpressionSyntax assignment when assignment.Left == outer:
                if (assignment.Right is RefExpressionSyntax) return;
                Add(assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) ? AccessKind.PlainWrite : AccessKind.PlainUpdate, assignment, assignment.Right);
                return;
            case ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax swap } tuple } when swap.Left == tuple:
                Add(AccessKind.PlainWrite, swap);
                return;
            case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } argument:
                RecordArgument(cell, place, argument, call);
                return;
            case ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None }:
                Add(AccessKind.ByReference, cell);
                return;
            case MemberAccessExpressionSyntax access when access.Expression == outer && reader.SymbolOf(access) is not IFieldSymbol && IsStruct(reader.TypeOf(cell)):
                Add(AccessKind.ByReference, cell);
                return;
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: FixedStatementSyntax } }:
                return;
            // A fixed buffer by its name is an address.
            default:
                if (place.Member is { IsFixedSizeBuffer: true } && reader.SymbolOf(cell) is IFieldSymbol { IsFixedSizeBuffer: true }) return;
                Add(AccessKind.PlainRead, cell);
                return;
        }

        void Add(AccessKind kind, ExpressionSyntax site, ExpressionSyntax? value = null) => _accesses.Add(new CellAccess(place, kind, cell, site) { Value = value });
    }

    private void RecordArgument(ExpressionSyntax cell, Place place, ArgumentSyntax argument, InvocationExpressionSyntax call)
    {
        bool isReference = !argument.RefKindKeyword.IsKind(SyntaxKind.None);
        IMethodSymbol? method = reader.SymbolOf(call) as IMethodSymbol;
        if (!isReference)
        {
            int ordinal = call.ArgumentList.Arguments.IndexOf(argument);
            isReference = method is not null && ordinal < method.Parameters.Length && method.Parameters[ordinal].RefKind != RefKind.None;
            if (!isReference)
            {
                if (place.Member is not { IsFixedSizeBuffer: true } || reader.SymbolOf(cell) is not IFieldSymbol { IsFixedSizeBuffer: true }) _accesses.Add(new CellAccess(place, AccessKind.PlainRead, cell, cell));
                return;
            }
        }

        switch (method?.ContainingType)
        {
            case { SystemName: "Volatile" }:
                AccessKind kind = method.Name == "Write" ? AccessKind.VolatileWrite : AccessKind.VolatileRead;
                _accesses.Add(new CellAccess(place, kind, cell, call) { Value = method.Name == "Write" ? call.ArgumentList.Arguments.LastOrDefault()?.Expression : null });
                return;
            case { SystemName: "Interlocked" }:
                _accesses.Add(new CellAccess(place, AccessKind.Interlocked, cell, call)
                {
                    Method = method.Name,
                    Value = call.ArgumentList.Arguments.Count > 1 ? call.ArgumentList.Arguments[1].Expression : null,
                });
                return;
            // Part of the way to a cell that is judged as a whole, where anything is done with it.
            case { SystemName: "Unsafe" or "MemoryMarshal" } when method.RefKind != RefKind.None || method.Name is "AsPointer" or "CreateSpan" or "CreateReadOnlySpan":
                return;
            default:
                if (!_accessors.Contains(call)) _accesses.Add(new CellAccess(place, AccessKind.ByReference, cell, call));
                return;
        }
    }

    public static bool IsStruct(ITypeSymbol? type) => type is { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None };
}
