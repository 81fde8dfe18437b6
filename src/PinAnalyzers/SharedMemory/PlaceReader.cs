using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// Reads from an expression which cell it denotes, or where the pointer that it computes points. Variables are seen through when all that is ever
/// assigned to them is known; nothing here follows paths.
/// </summary>
internal sealed partial class PlaceReader
{
    private const int MaxDepth = 24;

    private readonly SharedContext _context;
    private readonly SemanticModel _model;
    private readonly CancellationToken _cancellation;
    private readonly Lazy<Bindings> _bindings;
    private readonly HashSet<ISymbol> _open = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ExpressionSyntax, Place?> _cells = [];
    private int _depth;

    public PlaceReader(SharedContext context, SyntaxNode member, SemanticModel model, CancellationToken cancellation)
    {
        _context = context;
        _model = model;
        _cancellation = cancellation;
        _bindings = new Lazy<Bindings>(() => new Bindings(member, model, cancellation));
    }

    public SemanticModel Model => _model;

    public Bindings Bindings => _bindings.Value;

    /// <summary>The cell that an expression denotes; null for a value, or a variable of this body alone.</summary>
    public Place? CellAt(ExpressionSyntax expression)
    {
        if (_cells.TryGetValue(expression, out Place? known)) return known;
        bool isOutermost = _open.Count == 0;
        Place? place = Guarded(expression, ReadCell);
        if (isOutermost) _cells[expression] = place;
        return place;
    }

    /// <summary>Where the pointer, reference or view points that an expression computes.</summary>
    public Place? TargetOf(ExpressionSyntax expression) => Guarded(expression, ReadTarget);

    public ISymbol? SymbolOf(ExpressionSyntax expression) => _model.GetSymbolInfo(expression, _cancellation).Symbol;

    public ITypeSymbol? TypeOf(ExpressionSyntax expression) => _model.GetTypeInfo(expression, _cancellation).Type;

    private Place? Guarded(ExpressionSyntax expression, Func<ExpressionSyntax, Place?> read)
    {
        if (_depth >= MaxDepth) return null;
        _depth++;
        try
        {
            return read(Bindings.Bare(expression));
        }
        finally
        {
            _depth--;
        }
    }

    private Place? ReadCell(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case IdentifierNameSyntax name:
                // A member that an initializer names is of an object that nobody else has.
                return name.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } store && store.Left == name ? null : NamedCell(name, null);
            case MemberAccessExpressionSyntax access when access.IsKind(SyntaxKind.PointerMemberAccessExpression):
                return TargetOf(access.Expression) is { } pointed && SymbolOf(access) is IFieldSymbol member ? Within(pointed, member, false) : null;
            case MemberAccessExpressionSyntax access:
                return NamedCell(access.Name, access.Expression);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PointerIndirectionExpression } dereference:
                return TargetOf(dereference.Operand);
            case ElementAccessExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } element when IsInlineArray(TypeOf(element.Expression)):
                return CellAt(element.Expression) is { } row ? At(row, arguments[0].Expression, TypeOf(element)) : null;
            case ElementAccessExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } element:
                if (!IsIndexable(element.Expression) || TargetOf(element.Expression) is not { } array) return null;
                // An array lies in our own memory: of pointers, what they point to is meant.
                return At(IsAddress(TypeOf(element)) && TypeOf(element.Expression) is IArrayTypeSymbol ? array with { Shared = null } : array, arguments[0].Expression, TypeOf(element));
            case ConditionalExpressionSyntax { WhenTrue: RefExpressionSyntax whenTrue, WhenFalse: RefExpressionSyntax whenFalse }:
                return Either(CellAt(whenTrue.Expression), CellAt(whenFalse.Expression), expression);
            case InvocationExpressionSyntax call:
                return CellOfCall(call);
            default:
                return null;
        }
    }

    /// <summary>A cell that is named: a reference, a field, or a member of a struct that lies in a cell.</summary>
    private Place? NamedCell(SimpleNameSyntax name, ExpressionSyntax? receiver)
    {
        switch (SymbolOf(name))
        {
            case ILocalSymbol { RefKind: not RefKind.None } local:
                return Through(local, CellAt);
            case IParameterSymbol { RefKind: not RefKind.None } parameter when SharedAnnotations.Of(parameter) is { } traits && !SharedAnnotations.IsIndirect(parameter.Type):
                return new Place(parameter, "", traits, null, ImmutableArray<ISymbol>.Empty);
            case IParameterSymbol { RefKind: not (RefKind.None or RefKind.Out) } parameter when (SharedAnnotations.Of(parameter.Type) ?? _context.Parameters.TraitsOf(parameter)) is { } traits:
                return new Place(parameter, "", traits, null, ImmutableArray<ISymbol>.Empty);
            case IFieldSymbol { IsConst: false } field:
                return FieldCell(field, receiver);
            case IPropertySymbol { RefKind: not RefKind.None } property:
                return SharedAnnotations.Of(property) is { } annotated
                    ? new Place(property, "", annotated, null, ImmutableArray<ISymbol>.Empty)
                    : property.GetMethod is { } getter ? OfReceiver(_context.Calls.ReferenceOf(getter), property.IsStatic ? null : receiver) : null;
            default:
                return null;
        }
    }

    private Place? FieldCell(IFieldSymbol field, ExpressionSyntax? receiver)
    {
        if (field.RefKind != RefKind.None) return (SharedAnnotations.Of(field) ?? _context.Fields.TraitsOf(field)) is { } behind ? new Place(field, "", behind, null, ImmutableArray<ISymbol>.Empty) : null;
        if (!field.IsStatic && field.ContainingType is { TypeKind: TypeKind.Struct } type)
        {
            if (receiver is not null and not ThisExpressionSyntax)
            {
                if (CellAt(receiver) is { } outer) return Within(outer, field, IsOwnCopy(outer));
                if (SymbolOf(receiver) is ILocalSymbol or IParameterSymbol or null) return null;
            }
            else if (SharedAnnotations.Of(type) is { } ofType)
            {
                return Within(new Place(type, "", ofType, null, ImmutableArray<ISymbol>.Empty), field, false);
            }
        }

        // An annotation on a field that holds a pointer speaks of what is behind the pointer, and the field itself is ours.
        SharedTraits? traits = SharedAnnotations.IsIndirect(field.Type) ? null : SharedAnnotations.Of(field);
        IndexRole? role = SharedAnnotations.IsIndirect(field.Type) ? null : SharedAnnotations.Role(field);
        if (role is not null) traits ??= SharedTraits.Certain;
        return new Place(field.OriginalDefinition, "", traits, field, ImmutableArray<ISymbol>.Empty) { Role = role };
    }

    /// <summary>A member of the struct that lies at a place.</summary>
    private static Place Within(Place outer, IFieldSymbol member, bool isOwnCopy)
    {
        if (isOwnCopy) return outer with { Path = outer.Path + "." + member.Name, Member = member };
        SharedTraits? traits = outer.Shared;
        IndexRole? role = SharedAnnotations.IsIndirect(member.Type) ? null : SharedAnnotations.Role(member);
        if (SharedAnnotations.Of(member) is { } own && !SharedAnnotations.IsIndirect(member.Type))
            traits = traits is null ? own : own with { PeerTrusted = own.PeerTrusted || traits.PeerTrusted, IsReadOnly = own.IsReadOnly || traits.IsReadOnly, IsStable = own.IsStable || traits.IsStable };
        if (role is not null) traits ??= SharedTraits.Certain;
        return outer with { Path = outer.Path + "." + member.Name, Shared = traits, Member = member, Role = role };
    }

    /// <summary>A struct that a field holds by value, and whose cells nobody refers to: what was seen of a header, kept.</summary>
    private bool IsOwnCopy(Place outer) => outer is { Shared: null, Root: IFieldSymbol { RefKind: RefKind.None, Type: { IsValueType: true, TypeKind: TypeKind.Struct } } kept } && outer.Path.IndexOf('*') < 0 && !_context.Fields.IsReferredTo(kept);

    private Place At(Place array, ExpressionSyntax index, ITypeSymbol? element)
    {
        ExpressionSyntax bare = Bindings.Uncast(index);
        if (_model.GetConstantValue(bare, _cancellation) is { HasValue: true, Value: { } constant })
            return constant is 0 or 0u or 0L or 0UL ? array : array with { Path = $"{array.Path}[{constant}]", Role = null };
        ImmutableArray<ISymbol>.Builder variables = array.Indexes.ToBuilder();
        foreach (SyntaxNode node in bare.DescendantNodesAndSelf())
        {
            if (node is IdentifierNameSyntax name && SymbolOf(name) is { Kind: SymbolKind.Local or SymbolKind.Parameter or SymbolKind.Field } variable) variables.Add(variable);
        }

        return array with { Path = $"{array.Path}[{Bindings.Spelling(bare)}]", Indexes = variables.ToImmutable(), Role = null, IsSlot = array.IsSlot || AccessCollector.IsStruct(element) };
    }

    /// <summary>A variable that is only ever one place, or always some place of the same memory.</summary>
    private Place? Through(ISymbol variable, Func<ExpressionSyntax, Place?> read)
    {
        if (!_open.Add(variable)) return null;
        try
        {
            Place? all = null;
            if (Bindings.PartOf(variable) is { } part) return ElementOf(part.Tuple, part.Index);
            List<ExpressionSyntax> values = Bindings.DirectValuesOf(variable).Where(value => !IsNull(value)).ToList();
            IReadOnlyList<ArgumentSyntax> outs = Bindings.OutsOf(variable);
            bool isOne = values.Count + outs.Count == 1 && !Bindings.IsMoved(variable);
            foreach (Place? given in values.Where(value => !MentionsSelf(value, variable)).Select(read).Concat(outs.Select(GivenOut)))
            {
                if (given is not { } place) return null;
                if (isOne) return place;
                if (all is null) all = place with { Path = $"{place.Path}<{variable.Name}>", Member = null, Role = null, Indexes = place.Indexes.Add(variable) };
                else if (all.Shared is null || place.Shared is null) return null;
            }

            return all;
        }
        finally
        {
            _open.Remove(variable);
        }
    }

    private bool MentionsSelf(ExpressionSyntax value, ISymbol variable) =>
        IsAddress(TypeOf(value)) && value.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == variable.Name
            && SymbolEqualityComparer.Default.Equals(SymbolOf(name), variable));

    private static Place? Either(Place? left, Place? right, ExpressionSyntax at)
    {
        if (left is null || right is null || left.Shared is null || right.Shared is null) return null;
        return left.IsSameCell(right) ? left : left with { Path = $"{left.Path}?{at.SpanStart}", Member = null, Role = null };
    }

    private bool IsIndexable(ExpressionSyntax expression) =>
        TypeOf(expression) is { } type && (type.TypeKind is TypeKind.Pointer or TypeKind.Array || SharedAnnotations.IsSpan(type)) || SymbolOf(expression) is IFieldSymbol { IsFixedSizeBuffer: true };

    /// <summary>A struct that is as many elements in a row as its attribute says.</summary>
    public static bool IsInlineArray(ITypeSymbol? type) => type is { TypeKind: TypeKind.Struct } && type.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "InlineArrayAttribute");

    public static bool IsNull(ExpressionSyntax value) => Bindings.Uncast(value) is LiteralExpressionSyntax or DefaultExpressionSyntax
        || Bindings.Uncast(value) is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Zero" } or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax };
}
