using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Where the pointers and references point that methods of the source return. Computed when asked, kept for the life of the compilation.</summary>
internal sealed class SharedCalls(SharedContext context)
{
    private readonly ConcurrentDictionary<IMethodSymbol, Place?> _places = new(SymbolEqualityComparer.Default);

    /// <summary>The place, in terms of the method's own parameters and fields; null when its returns differ or are not understood.</summary>
    public Place? ReferenceOf(IMethodSymbol method)
    {
        method = method.OriginalDefinition;
        bool mayPoint = method.RefKind != RefKind.None || method.ReturnType.TypeKind == TypeKind.Pointer
            || method.ReturnType.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr || SharedAnnotations.IsSpan(method.ReturnType);
        if (!mayPoint || method.IsAsync) return null;
        return context.Open.Ask(_places, method, null, asked => Read(asked, (reader, returned) => asked.RefKind != RefKind.None ? reader.CellAt(returned) : reader.TargetOf(returned)));
    }

    /// <summary>The same of one element of the tuples that the method returns.</summary>
    public Place? ElementOf(IMethodSymbol method, int index) =>
        method.IsAsync ? null : context.Open.Ask(null, method.OriginalDefinition, null, asked =>
            Read(asked, (reader, returned) => Bindings.Bare(returned) is TupleExpressionSyntax { Arguments: var parts } && index < parts.Count ? reader.TargetOf(parts[index].Expression) : null));

    private Place? Read(IMethodSymbol method, Func<PlaceReader, ExpressionSyntax, Place?> read)
    {
        SyntaxNode? body = BodyGraphs.BodyOf(method, context.Cancellation);
        if (body is null || !context.Compilation.ContainsSyntaxTree(body.SyntaxTree) || BodyGraphs.IsTooDeep(body)) return null;
        PlaceReader reader = context.ReaderOf(body, SemanticModels.Of(body.SyntaxTree, context.Compilation));
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
        return body.DescendantNodes(static n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<ReturnStatementSyntax>().Select(static r => r.Expression).OfType<ExpressionSyntax>();
    }
}
