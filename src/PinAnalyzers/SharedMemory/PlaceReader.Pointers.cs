using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Pointers, references and views: where they point.</summary>
internal sealed partial class PlaceReader
{
    private Place? ReadTarget(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case CastExpressionSyntax cast:
                return TargetOf(cast.Expression) is { } target ? Retyped(target, TypeOf(cast)) : null;
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression } address:
                return CellAt(address.Operand);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } step:
                return TargetOf(step.Operand);
            case PostfixUnaryExpressionSyntax step:
                return TargetOf(step.Operand);
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression or (int)SyntaxKind.SubtractExpression } sum when IsAddress(TypeOf(sum)):
                return TargetOf(sum.Left) is { } left ? At(left, sum.Right, RowOf(TypeOf(sum))) : sum.IsKind(SyntaxKind.AddExpression) && TargetOf(sum.Right) is { } right ? At(right, sum.Left, RowOf(TypeOf(sum))) : null;
            // A native number and an unsigned offset add up to a long; a mask rounds an address up or down.
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum when IsLong(TypeOf(sum)):
                return TargetOf(sum.Left) is { } start ? At(start, sum.Right, null) : TargetOf(sum.Right) is { } end ? At(end, sum.Left, null) : null;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.BitwiseAndExpression } mask when IsLong(TypeOf(mask)) || IsAddress(TypeOf(mask)):
                return TargetOf(mask.Left);
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } coalesce:
                return OneOf([coalesce.Left, coalesce.Right], expression);
            case ConditionalExpressionSyntax choice:
                return OneOf([choice.WhenTrue, choice.WhenFalse], expression);
            case SwitchExpressionSyntax choice:
                return OneOf(choice.Arms.Select(static arm => arm.Expression), expression);
            case AssignmentExpressionSyntax assignment:
                return TargetOf(assignment.Right);
            case InvocationExpressionSyntax call:
                return TargetOfCall(call);
            case DeclarationExpressionSyntax { Parent: ArgumentSyntax argument }:
                return GivenOut(argument);
            case ObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } creation when TypeOf(creation) is { } type && (SharedAnnotations.IsSpan(type) || IsAddress(type)):
                return arguments[0].RefKindKeyword.IsKind(SyntaxKind.RefKeyword) ? CellAt(arguments[0].Expression) : TargetOf(arguments[0].Expression);
            case ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } creation when TypeOf(creation) is { } type && (SharedAnnotations.IsSpan(type) || IsAddress(type)):
                return arguments[0].RefKindKeyword.IsKind(SyntaxKind.RefKeyword) ? CellAt(arguments[0].Expression) : TargetOf(arguments[0].Expression);
            case ElementAccessExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } slice when TypeOf(slice) is { } type && SharedAnnotations.IsSpan(type):
                return TargetOf(slice.Expression) is { } view ? At(view, arguments[0].Expression, RowOf(type)) : null;
            case ElementAccessExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } element when IsAddress(TypeOf(element)) && TypeOf(element.Expression) is IArrayTypeSymbol:
                return TargetOf(element.Expression) is { Shared: not null } pointers && At(pointers, arguments[0].Expression, null) is var kept ? kept with { Path = kept.Path + "*" } : null;
            case IdentifierNameSyntax name:
                return NamedTarget(SymbolOf(name), null, name);
            case MemberAccessExpressionSyntax access when access.IsKind(SyntaxKind.SimpleMemberAccessExpression) || access.IsKind(SyntaxKind.PointerMemberAccessExpression):
                return NamedTarget(SymbolOf(access), access, access);
            default:
                return null;
        }
    }

    /// <summary>Some place of the memory that all of them point into which point anywhere.</summary>
    private Place? OneOf(IEnumerable<ExpressionSyntax> values, ExpressionSyntax at)
    {
        List<Place?> places = values.Where(static value => value is not ThrowExpressionSyntax).Select(TargetOf).ToList();
        return places.Count == 0 ? null : places.Skip(1).Aggregate(places[0], (all, place) => Either(all, place, at));
    }

    private Place? NamedTarget(ISymbol? symbol, MemberAccessExpressionSyntax? access, SyntaxNode at)
    {
        switch (symbol)
        {
            case ILocalSymbol local:
                return Through(local, TargetOf) ?? OfType(local, local.Type);
            case IParameterSymbol parameter when IsStepped(parameter):
                return new Place(parameter, $"<{parameter.Name}>", TraitsOf(parameter), null, ImmutableArray.Create<ISymbol>(parameter));
            case IParameterSymbol parameter:
                return new Place(parameter, "", TraitsOf(parameter), null, ImmutableArray<ISymbol>.Empty);
            case IFieldSymbol { ContainingType.IsTupleType: true } element when access is not null && SharedAnnotations.IsIndirect(element.Type):
                return ElementOf(access.Expression, element.ContainingType.TupleElements.IndexOf(element.ContainingType.TupleElements.FirstOrDefault(other => SymbolEqualityComparer.Default.Equals(other.CorrespondingTupleField, element.CorrespondingTupleField))!));
            case IFieldSymbol { IsFixedSizeBuffer: true }:
                return access is not null && CellAt(access) is { } buffer ? buffer : null;
            case IFieldSymbol field when SharedAnnotations.IsIndirect(field.Type) || field.RefKind != RefKind.None:
                return field is { Name: "handle", ContainingType.SystemName: "SafeHandle" } ? OfHandle(access, at) : FieldTarget(field, access);
            case IPropertySymbol { Name: "Span" } view when access is not null && SharedAnnotations.IsSpan(view.ContainingType):
                return TargetOf(access.Expression);
            case IPropertySymbol property when SharedAnnotations.IsIndirect(property.Type):
                SharedTraits? traits = SharedAnnotations.Of(property) ?? OfPointee(property.Type) ?? OfProperty(property, at);
                return OfReceiver(
                    traits is not null ? new Place(property.OriginalDefinition, "*", traits, null, ImmutableArray<ISymbol>.Empty) : property.GetMethod is { } getter ? _context.Calls.ReferenceOf(getter) : null,
                    property.IsStatic ? null : access?.Expression);
            default:
                return null;
        }
    }

    /// <summary>Where an element of a tuple points: written out, kept in a local, or returned by a method of the source.</summary>
    private Place? ElementOf(ExpressionSyntax tuple, int index)
    {
        ExpressionSyntax bare = Bindings.Bare(tuple);
        switch (bare)
        {
            case TupleExpressionSyntax { Arguments: var parts } when index >= 0 && index < parts.Count:
                return TargetOf(parts[index].Expression);
            case IdentifierNameSyntax when SymbolOf(bare) is ILocalSymbol local && Bindings.OnlyValueOf(local) is { } value && _open.Add(local):
                try
                {
                    return ElementOf(value, index);
                }
                finally
                {
                    _open.Remove(local);
                }

            case InvocationExpressionSyntax call when index >= 0 && SymbolOf(call) is IMethodSymbol { IsVirtual: false, IsAbstract: false } method && _context.Calls.ElementOf(method, index) is { Shared: not null } place:
                return place;
            default:
                return null;
        }
    }

    /// <summary>What a handle type of the source keeps is what it was given.</summary>
    private Place? OfHandle(MemberAccessExpressionSyntax? access, SyntaxNode at)
    {
        ITypeSymbol? wrapper = access is { Expression: { } receiver } ? TypeOf(receiver) : _model.GetEnclosingSymbol(at.SpanStart, _cancellation)?.ContainingType;
        return wrapper is INamedTypeSymbol type && _context.Handles.TraitsOf(type) is { } held ? OfReceiver(new Place(type.OriginalDefinition, "*", held, null, ImmutableArray<ISymbol>.Empty), access?.Expression) : null;
    }

    private Place FieldTarget(IFieldSymbol field, MemberAccessExpressionSyntax? access)
    {
        // A reader of an instance's field through another object is at another place than the own one.
        string path = access is { Expression: not ThisExpressionSyntax } && !field.IsStatic ? $"*({access.Expression.WithoutTrivia()})" : "*";
        IndexRole? role = SharedAnnotations.Role(field);
        SharedTraits? traits = SharedAnnotations.Of(field)
            ?? (role is not null ? SharedTraits.Certain : null)
            ?? OfPointee(field.Type)
            ?? (SharedAnnotations.IsPrivateCopy(field) || field.Type.IsReferenceType ? null : _context.Fields.TraitsOf(field));
        return new Place(field.OriginalDefinition, path, traits, field, ImmutableArray<ISymbol>.Empty) { Role = role };
    }

    /// <summary>Named by the option, or an automatic property that is only ever given such pointers.</summary>
    private SharedTraits? OfProperty(IPropertySymbol property, SyntaxNode at)
    {
        if (IsConfigured(property, at)) return SharedTraits.Certain;
        return IsAutomatic(property) && !property.Type.IsReferenceType && !property.IsVirtual && !property.IsOverride ? _context.Fields.TraitsOf(property) : null;
    }

    public static bool IsAutomatic(IPropertySymbol property) =>
        property.OriginalDefinition.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property.OriginalDefinition));

    private SharedTraits? TraitsOf(IParameterSymbol parameter)
    {
        if (SharedAnnotations.Of(parameter) is { } annotated) return annotated;
        if (OfPointee(parameter.Type) is { } ofType) return ofType;
        if (!SharedAnnotations.IsIndirect(parameter.Type) || parameter.Type.IsReferenceType || !_open.Add(parameter)) return null;
        try
        {
            // What is stored where only shared pointers belong is one.
            foreach (ExpressionSyntax target in Bindings.StoresOf(parameter))
            {
                if (SymbolOf(target) is IFieldSymbol or IPropertySymbol && SymbolOf(target) is { } member
                    && (SharedAnnotations.Of(member) ?? (SharedAnnotations.Role(member) is not null ? SharedTraits.Certain : null)) is { } kept) return kept;
            }

            return _context.Parameters.TraitsOf(parameter) is { } traits && StaysWithin(parameter) ? traits : null;
        }
        finally
        {
            _open.Remove(parameter);
        }
    }

    /// <summary>The pointer is moved on, or given another value.</summary>
    private bool IsStepped(IParameterSymbol parameter) => parameter.RefKind == RefKind.None && SharedAnnotations.IsIndirect(parameter.Type) && !parameter.Type.IsReferenceType && (Bindings.IsMoved(parameter) || Bindings.IsHandedOn(parameter) || Bindings.DirectValuesOf(parameter).Count + Bindings.OutsOf(parameter).Count > 0);

    /// <summary>Whatever else the parameter is given is shared too.</summary>
    private bool StaysWithin(IParameterSymbol parameter) => parameter.RefKind != RefKind.None || !Bindings.IsHandedOn(parameter)
        && Bindings.DirectValuesOf(parameter).All(value => IsNull(value) || MentionsSelf(value, parameter) || TargetOf(value)?.Shared is not null) && Bindings.OutsOf(parameter).All(argument => GivenOut(argument)?.Shared is not null)
        && Bindings.PartOf(parameter) is null && _context.Fields.StaysWithin(parameter);

    private static Place? OfType(ISymbol variable, ITypeSymbol type) => OfPointee(type) is { } traits ? new Place(variable, "", traits, null, ImmutableArray<ISymbol>.Empty) : null;

    /// <summary>A struct that is annotated is shared wherever it lies behind a pointer.</summary>
    private static SharedTraits? OfPointee(ITypeSymbol type) => type is IPointerTypeSymbol { PointedAtType: var pointed } ? SharedAnnotations.Of(pointed) : null;

    private static Place Retyped(Place target, ITypeSymbol? type) =>
        target.Shared is null && type is not null && OfPointee(type) is { } traits ? target with { Shared = traits } : target;

    /// <summary>What lies in a row behind a pointer or in a view.</summary>
    private static ITypeSymbol? RowOf(ITypeSymbol? type) => type switch
    {
        IPointerTypeSymbol pointer => pointer.PointedAtType,
        INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } view when SharedAnnotations.IsSpan(view) => arguments[0],
        _ => null,
    };

    private static bool IsLong(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Int64 or SpecialType.System_UInt64;

    private static bool IsAddress(ITypeSymbol? type) => type is { TypeKind: TypeKind.Pointer } or { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr };
}
