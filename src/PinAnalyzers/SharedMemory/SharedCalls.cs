using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Where the pointers and references point that methods of the source return. Computed when asked, kept for the life of the compilation.</summary>
internal sealed class SharedCalls(SharedContext context)
{
    private readonly ConcurrentDictionary<IMethodSymbol, Place?> _places = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IParameterSymbol, Place?> _outs = new(SymbolEqualityComparer.Default);

    /// <summary>The place, in terms of the method's own parameters and fields; null when its returns differ or are not understood.</summary>
    public Place? ReferenceOf(IMethodSymbol method)
    {
        method = method.OriginalDefinition;
        bool mayPoint = method.RefKind != RefKind.None || method.ReturnType.TypeKind == TypeKind.Pointer
            || method.ReturnType.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr || SharedAnnotations.IsSpan(method.ReturnType);
        if (!mayPoint || method.IsAsync) return null;
        return context.Open.Ask(_places, method, null, OfBodies);
    }

    /// <summary>What all bodies return that a call may run.</summary>
    private Place? OfBodies(IMethodSymbol method)
    {
        ImmutableArray<ISymbol> bodies = context.Implementations.Of(method);
        Place? all = null;
        foreach (IMethodSymbol body in bodies.OfType<IMethodSymbol>())
        {
            Place? place = OfBody(body);
            if (bodies.Length == 1) return SymbolEqualityComparer.Default.Equals(body, method) || place?.Root is not IParameterSymbol ? place : null;
            if (place is not { Shared: { } own }) return null;
            // Several: some place of memory that is shared whichever runs.
            all = new Place(method, "*", all?.Shared is { } traits ? traits.And(own) : own, null, ImmutableArray<ISymbol>.Empty);
        }

        return all;
    }

    private Place? OfBody(IMethodSymbol method)
    {
        if (SharedAnnotations.OfReturn(method) is { } annotated) return new Place(method, "*", annotated, null, ImmutableArray<ISymbol>.Empty);
        if (method.AssociatedSymbol is IPropertySymbol property && PlaceReader.IsAutomatic(property) && !property.Type.IsReferenceType && (SharedAnnotations.Of(property) ?? context.Fields.TraitsOf(property)) is { } kept)
            return new Place(property, "*", kept, null, ImmutableArray<ISymbol>.Empty);
        return Read(method, (reader, returned) => method.RefKind != RefKind.None ? reader.CellAt(returned) : reader.TargetOf(returned));
    }

    /// <summary>The same of one element of the tuples that the method returns.</summary>
    public Place? ElementOf(IMethodSymbol method, int index) =>
        method.IsAsync ? null : context.Open.Ask(null, method.OriginalDefinition, null, asked =>
            Read(asked, (reader, returned) => Bindings.Bare(returned) is TupleExpressionSyntax { Arguments: var parts } && index < parts.Count ? reader.TargetOf(parts[index].Expression) : null));

    /// <summary>Some place of the memory that everything points into which the method puts into a parameter that is handed over by reference.</summary>
    public Place? OutOf(IParameterSymbol parameter) => SharedAnnotations.Of(parameter) is { } annotated
        ? new Place(parameter.OriginalDefinition, "*", annotated, null, ImmutableArray<ISymbol>.Empty)
        : context.Open.Ask(_outs, parameter.OriginalDefinition, null, ReadOut);

    /// <summary>The method is seen to put nothing but null into a reference parameter.</summary>
    public bool LeavesAsItIs(IParameterSymbol parameter) => parameter.RefKind == RefKind.Ref && ReaderOf(parameter.OriginalDefinition) is { } reader
        && !reader.Bindings.IsHandedOn(parameter.OriginalDefinition) && reader.Bindings.ValuesBehind(parameter.OriginalDefinition).All(PlaceReader.IsNull);

    private PlaceReader? ReaderOf(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol method && BodyGraphs.BodyOf(method, context.Compilation, context.Cancellation) is { } body && !BodyGraphs.IsTooDeep(body)
            ? context.ReaderOf(body, SemanticModels.Of(body.SyntaxTree, context.Compilation))
            : null;

    private Place? ReadOut(IParameterSymbol parameter)
    {
        if (ReaderOf(parameter) is not { } reader || reader.Bindings.IsHandedOn(parameter)) return null;
        Place? all = null;
        IEnumerable<ExpressionSyntax> values = parameter.RefKind == RefKind.Out ? reader.Bindings.DirectValuesOf(parameter) : reader.Bindings.DirectValuesOf(parameter).Concat(reader.Bindings.ValuesBehind(parameter));
        foreach (Place? place in values.Where(static value => !PlaceReader.IsNull(value)).Select(reader.TargetOf).Concat(reader.Bindings.OutsOf(parameter).Select(reader.GivenOut)))
        {
            if (place is not { Shared: not null }) return null;
            all ??= place;
        }

        return all;
    }

    private Place? Read(IMethodSymbol method, Func<PlaceReader, ExpressionSyntax, Place?> read)
    {
        SyntaxNode? body = BodyGraphs.BodyOf(method, context.Compilation, context.Cancellation);
        if (body is null || BodyGraphs.IsTooDeep(body)) return null;
        // A local function sees the variables around it.
        SyntaxNode scope = body is LocalFunctionStatementSyntax && body.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } around ? around : body;
        if (BodyGraphs.IsTooDeep(scope)) return null;
        PlaceReader reader = context.ReaderOf(scope, SemanticModels.Of(body.SyntaxTree, context.Compilation));
        Place? all = null;
        foreach (ExpressionSyntax returned in Returns(body))
        {
            if (Bindings.Uncast(returned) is LiteralExpressionSyntax or DefaultExpressionSyntax) continue;
            Place? place = read(reader, returned);
            if (place is null || (all is not null && !SymbolEqualityComparer.Default.Equals(all.Root, place.Root))) return null;
            // Returned from several places: some place of that memory.
            all = all is null || all.IsSameCell(place) ? place : place with { Path = "<" + method.Name + ">", Member = null, Role = null };
        }

        return all;
    }

    private static IEnumerable<ExpressionSyntax> Returns(SyntaxNode body)
    {
        ArrowExpressionClauseSyntax? arrow = body as ArrowExpressionClauseSyntax ?? body.ChildNodes().OfType<ArrowExpressionClauseSyntax>().FirstOrDefault();
        if (arrow is not null) return [arrow.Expression];
        return body.DescendantNodes(n => n == body || n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<ReturnStatementSyntax>().Select(static r => r.Expression).OfType<ExpressionSyntax>();
    }
}
