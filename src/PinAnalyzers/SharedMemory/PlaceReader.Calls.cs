using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Calls that hand a place on: <c>Unsafe</c>, <c>MemoryMarshal</c>, views, mapping APIs, and methods of the source.</summary>
internal sealed partial class PlaceReader
{
    /// <summary>The cell that a call returns a reference to.</summary>
    private Place? CellOfCall(InvocationExpressionSyntax call)
    {
        if (SymbolOf(call) is not IMethodSymbol method || method.RefKind == RefKind.None) return null;
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;
        switch (method)
        {
            case { ContainingType.SystemName: "Unsafe", Name: "AsRef" } when arguments.Count == 1:
                return OfReferenced(IsAddress(TypeOf(arguments[0].Expression)) ? TargetOf(arguments[0].Expression) : CellAt(arguments[0].Expression), method.ReturnType);
            case { ContainingType.SystemName: "Unsafe", Name: "As" or "SkipInit" } when arguments.Count == 1:
                return CellAt(arguments[0].Expression);
            case { ContainingType.SystemName: "Unsafe", Name: "Add" or "Subtract" or "AddByteOffset" or "SubtractByteOffset" } when arguments.Count == 2:
                return CellAt(arguments[0].Expression) is { } cell ? At(cell, arguments[1].Expression, method.ReturnType) : null;
            case { ContainingType.SystemName: "MemoryMarshal", Name: "GetReference" or "AsRef" } when arguments.Count == 1:
                return TargetOf(arguments[0].Expression);
            default:
                return SharedAnnotations.OfReturn(method) is { } traits ? Returned(method, call, traits) : OfSource(method, call);
        }
    }

    /// <summary>Where the pointer or view points that a call returns.</summary>
    private Place? TargetOfCall(InvocationExpressionSyntax call)
    {
        if (MappedViews.IsAcquire(call)) return MappedViews.IsSharedView(call, this, _context) ? new Place(SymbolOf(call)!, $"@{call.SpanStart}", SharedTraits.Inferred, null, ImmutableArray<ISymbol>.Empty) : null;
        if (SymbolOf(call) is not IMethodSymbol method) return null;
        if (method.RefKind != RefKind.None) return null;
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;
        ExpressionSyntax? receiver = (call.Expression as MemberAccessExpressionSyntax)?.Expression;
        switch (method)
        {
            case { ContainingType.SystemName: "Unsafe", Name: "AsPointer" } when arguments.Count == 1:
                return CellAt(arguments[0].Expression);
            case { ContainingType.SystemName: "Unsafe", Name: "Add" or "Subtract" or "AddByteOffset" } when arguments.Count == 2:
            case { ContainingType.SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr, Name: "Add" or "Subtract" } when arguments.Count == 2:
                return TargetOf(arguments[0].Expression) is { } start ? At(start, arguments[1].Expression, (method.ReturnType as IPointerTypeSymbol)?.PointedAtType) : null;
            case { ContainingType.SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr, Name: "ToPointer" } when receiver is not null:
                return TargetOf(receiver);
            case { Name: "DangerousGetHandle", Parameters.IsEmpty: true } when receiver is not null && TypeOf(receiver) is INamedTypeSymbol wrapper && _context.Handles.TraitsOf(wrapper) is { } held:
                return OfReceiver(new Place(wrapper.OriginalDefinition, "*", held, null, ImmutableArray<ISymbol>.Empty), receiver);
            case { ContainingType.SystemName: "MemoryMarshal", Name: "CreateSpan" or "CreateReadOnlySpan" } when arguments.Count == 2:
                return CellAt(arguments[0].Expression);
            case { ContainingType.SystemName: "MemoryMarshal", Name: "Cast" or "AsBytes" } when arguments.Count == 1:
                return TargetOf(arguments[0].Expression);
            case { Name: "Slice" } when receiver is not null && SharedAnnotations.IsSpan(method.ReturnType):
                return TargetOf(receiver) is { } view ? At(view, arguments[0].Expression, RowOf(method.ReturnType)) : null;
        }

        if (SharedAnnotations.OfReturn(method) is { } annotated) return Returned(method, call, annotated);
        if (IsConfigured(method, call)) return Returned(method, call, SharedTraits.Certain);
        if (MappedViews.IsSharedMapping(method, call, this, _context)) return Returned(method, call, SharedTraits.Inferred);
        return OfSource(method, call);
    }

    /// <summary>A struct that is annotated is shared wherever somebody has a reference to it.</summary>
    private static Place? OfReferenced(Place? place, ITypeSymbol type) => place is { Shared: null } && SharedAnnotations.Of(type) is { } traits ? place with { Shared = traits } : place;

    /// <summary>Where a pointer points that a method of the source puts into what it is handed by reference.</summary>
    public Place? GivenOut(ArgumentSyntax argument) => ReferenceParameterOf(argument) is { } parameter ? _context.Calls.OutOf(parameter) : null;

    /// <summary>The method of the source only looks at what it is handed by reference, or lets go of it.</summary>
    public bool LeavesAsItIs(ArgumentSyntax argument) => ReferenceParameterOf(argument) is { } parameter && _context.Calls.LeavesAsItIs(parameter);

    private IParameterSymbol? ReferenceParameterOf(ArgumentSyntax argument)
    {
        if (argument.Parent?.Parent is not InvocationExpressionSyntax call || SymbolOf(call) is not IMethodSymbol { IsVirtual: false, IsAbstract: false, ReducedFrom: null } method) return null;
        int ordinal = call.ArgumentList.Arguments.IndexOf(argument);
        IParameterSymbol? parameter = argument.NameColon is { Name.Identifier.ValueText: var name } ? method.Parameters.FirstOrDefault(p => p.Name == name) : ordinal < method.Parameters.Length ? method.Parameters[ordinal] : null;
        return parameter is { RefKind: RefKind.Out or RefKind.Ref } ? parameter : null;
    }

    /// <summary>Where that points which a field is given.</summary>
    public Place? GivenBy(FieldWrite write) => write switch
    {
        { Handed: { } argument } => GivenOut(argument),
        { Value: null } => null,
        { Part: >= 0 } => ElementOf(write.Value, write.Part),
        { Value: RefExpressionSyntax } => CellAt(write.Value),
        _ => TargetOf(write.Value),
    };

    private static Place Returned(IMethodSymbol method, InvocationExpressionSyntax call, SharedTraits traits) =>
        new(method.OriginalDefinition, call.ArgumentList.Arguments.Count == 0 ? "*" : $"*({call.ArgumentList.Arguments.ToString()})", traits, null, ImmutableArray<ISymbol>.Empty);

    private bool IsConfigured(ISymbol method, SyntaxNode at)
    {
        ImmutableArray<string> apis = _context.Options.For(at.SyntaxTree).SharedMemoryApis;
        return !apis.IsEmpty && method.OriginalDefinition.GetDocumentationCommentId() is { } id && apis.Contains(id);
    }

    /// <summary>A method of the source returns what its body returns; where that is derived from an argument, the caller's argument.</summary>
    private Place? OfSource(IMethodSymbol method, InvocationExpressionSyntax call)
    {
        IMethodSymbol definition = (method.ReducedFrom ?? method).OriginalDefinition;
        if (definition.DeclaringSyntaxReferences.IsEmpty || _context.Calls.ReferenceOf(definition) is not { } place) return null;
        if (place.Root is not IParameterSymbol parameter || !SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, definition))
            return place.Shared is null ? null : OfReceiver(OfArguments(place, definition, call), definition.IsStatic ? null : (call.Expression as MemberAccessExpressionSyntax)?.Expression);
        if (ArgumentFor(parameter, definition, call) is null) return place.Shared is null ? null : place;
        if (GivenFor(parameter, definition, call) is not { } given) return null;
        string rest = call.ArgumentList.Arguments.Count > 1 ? $"{place.Path}({call.ArgumentList.Arguments})" : place.Path;
        return given with { Shared = given.Shared ?? place.Shared, Path = given.Path + rest, Role = rest.Length == 0 ? given.Role : null };
    }

    /// <summary>An element that the callee's own parameters or locals select is another one for every call.</summary>
    private Place OfArguments(Place place, IMethodSymbol callee, InvocationExpressionSyntax call)
    {
        if (!place.Indexes.Any(index => SymbolEqualityComparer.Default.Equals(index.ContainingSymbol, callee))) return place;
        ImmutableArray<ISymbol> variables = call.ArgumentList.DescendantNodes().OfType<IdentifierNameSyntax>().Select(name => SymbolOf(name))
            .Where(static symbol => symbol is { Kind: SymbolKind.Local or SymbolKind.Parameter or SymbolKind.Field }).ToImmutableArray()!;
        ImmutableArray<ISymbol> others = place.Indexes.RemoveAll(index => SymbolEqualityComparer.Default.Equals(index.ContainingSymbol, callee));
        // A fixed offset is always the same element.
        if (call.ArgumentList.Arguments is { Count: 1 } only && place.Indexes.Length == others.Length + 1 && place.Indexes.Except(others, SymbolEqualityComparer.Default).Single() is IParameterSymbol { Name: var offset }
            && place.Path.Contains($"[{offset}]") && _model.GetConstantValue(only[0].Expression, _cancellation) is { HasValue: true, Value: { } constant })
            return place with { Path = place.Path.Replace($"[{offset}]", constant is 0 or 0u or 0L or 0UL ? "" : $"[{constant}]"), Indexes = others, Role = null };
        // Any other call without variables among its arguments selects some element all the same.
        return place with { Path = $"{place.Path}[({call.ArgumentList.Arguments})]", Indexes = others.AddRange(variables.IsEmpty ? ImmutableArray.Create<ISymbol>(callee) : variables), Role = null };
    }

    /// <summary>The same member of another object leads to another place, of the same shape.</summary>
    public static Place? OfReceiver(Place? place, ExpressionSyntax? receiver) =>
        place is not { Shared: not null, Root: not IParameterSymbol } || receiver is null or ThisExpressionSyntax or BaseExpressionSyntax ? place : place with { Path = $"[{receiver.WithoutTrivia()}]{place.Path}" };

    public static ExpressionSyntax? ReceiverOf(ExpressionSyntax call) => ((call as InvocationExpressionSyntax)?.Expression ?? call) is MemberAccessExpressionSyntax access ? access.Expression : null;

    /// <summary>What a call hands over for a parameter; what stands before the dot, for the one that is extended.</summary>
    public ExpressionSyntax? ArgumentFor(IParameterSymbol parameter, IMethodSymbol callee, ExpressionSyntax call)
    {
        bool isReduced = IsReduced(callee, call);
        if (isReduced && parameter.Ordinal == 0) return ReceiverOf(call);
        return call is InvocationExpressionSyntax invocation ? ArgumentFor(invocation, isReduced ? parameter.Ordinal - 1 : parameter.Ordinal, parameter.Name) : null;
    }

    /// <summary>Where that points, or the cell that it is.</summary>
    public Place? GivenFor(IParameterSymbol parameter, IMethodSymbol callee, ExpressionSyntax call)
    {
        if (ArgumentFor(parameter, callee, call) is not { } argument) return null;
        // A reference parameter that extends what a pointer points to is given that by the arrow.
        bool isByArrow = parameter.Ordinal == 0 && argument.Parent.IsKind(SyntaxKind.PointerMemberAccessExpression) && IsReduced(callee, call);
        return parameter.RefKind == RefKind.None || isByArrow ? TargetOf(argument) : CellAt(argument);
    }

    /// <summary>A place some way behind another.</summary>
    public Place? OffsetBy(Place? start, ExpressionSyntax? offset) => start is null || offset is null ? start : At(start, offset, null);

    private bool IsReduced(IMethodSymbol callee, ExpressionSyntax call) => callee.IsExtensionMethod && SymbolOf(call) is IMethodSymbol { ReducedFrom: not null };

    private static ExpressionSyntax? ArgumentFor(InvocationExpressionSyntax call, int ordinal, string name)
    {
        foreach (ArgumentSyntax argument in call.ArgumentList.Arguments)
        {
            if (argument.NameColon is { Name.Identifier.ValueText: var named } && named == name) return argument.Expression;
        }

        return ordinal >= 0 && ordinal < call.ArgumentList.Arguments.Count && call.ArgumentList.Arguments[ordinal].NameColon is null ? call.ArgumentList.Arguments[ordinal].Expression : null;
    }
}
