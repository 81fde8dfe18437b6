using System.Collections.Concurrent;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// Methods and properties of the source that do nothing but access one cell, as wrappers of <c>Volatile</c> do: a call of one is that access, of what the
/// caller hands over. Computed when asked, kept for the life of the compilation.
/// </summary>
internal sealed class CellAccessors(SharedContext context)
{
    private readonly ConcurrentDictionary<IMethodSymbol, CellAccess?> _known = new(SymbolEqualityComparer.Default);

    /// <summary>The access that a call or the use of a property makes; null where it does more, or nobody else sees the memory.</summary>
    public CellAccess? At(ExpressionSyntax call, PlaceReader reader)
    {
        AssignmentExpressionSyntax? assignment = call.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } store && store.Left == call ? store : null;
        IMethodSymbol? method = reader.SymbolOf(call) switch
        {
            IMethodSymbol { RefKind: RefKind.None } called when call is InvocationExpressionSyntax => called,
            IPropertySymbol { RefKind: RefKind.None } property => assignment is null ? property.GetMethod : property.SetMethod,
            _ => null,
        };
        IMethodSymbol? definition = (method?.ReducedFrom ?? method)?.OriginalDefinition;
        if (method is null || definition is not { DeclaringSyntaxReferences.IsEmpty: false, IsVirtual: false, IsAbstract: false, IsOverride: false }) return null;
        if (context.Open.Ask(_known, definition, null, Read) is not { } inner || PlaceOf(inner.Place, definition, call, reader) is not { Shared: not null } place) return null;
        IParameterSymbol? given = inner.Value is null ? null : SemanticModels.Of(inner.Value.SyntaxTree, context.Compilation).GetSymbolInfo(Bindings.Uncast(inner.Value), context.Cancellation).Symbol as IParameterSymbol;
        return inner with
        {
            Place = place,
            Expression = call,
            Site = assignment ?? call,
            Value = assignment is not null ? assignment.Right : given is null ? null : reader.ArgumentFor(given, definition, call),
            Accessor = definition,
        };
    }

    private CellAccess? Read(IMethodSymbol method)
    {
        if (BodyGraphs.BodyOf(method, context.Compilation, context.Cancellation) is not { } body || OnlyExpressionOf(body) is not { } expression || BodyGraphs.IsTooDeep(body)) return null;
        AccessCollector collector = new(context.ReaderOf(body, SemanticModels.Of(body.SyntaxTree, context.Compilation)), context);
        collector.Collect(expression);
        // The pointer on the way to the cell is read too.
        if (collector.Accesses.Where(static access => access.Place is { Shared: not null } or { Root: IParameterSymbol }).ToList() is not { Count: 1 } accesses) return null;
        CellAccess access = accesses[0];
        return access.Kind switch
        {
            AccessKind.VolatileWrite => method.ReturnsVoid && expression == access.Site ? access : null,
            AccessKind.VolatileRead or AccessKind.PlainRead when Bindings.Uncast(expression) == access.Site => access,
            AccessKind.VolatileRead or AccessKind.PlainRead when method.ReturnType.SpecialType == SpecialType.System_Boolean && IsTest(expression, access) => access with { IsTest = true },
            _ => null,
        };
    }

    /// <summary>Says whether what is fetched is within a bound.</summary>
    private static bool IsTest(ExpressionSyntax expression, CellAccess access)
    {
        ExpressionSyntax bare = Bindings.Bare(expression);
        while (bare is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not) bare = Bindings.Bare(not.Operand);
        return bare is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LessThanExpression or (int)SyntaxKind.LessThanOrEqualExpression or (int)SyntaxKind.GreaterThanExpression or (int)SyntaxKind.GreaterThanOrEqualExpression } test
            && (Bindings.Uncast(test.Left) == access.Site || Bindings.Uncast(test.Right) == access.Site);
    }

    /// <summary>The callee's cell as the caller would write it; null where the callee selects it by variables of its own.</summary>
    private static Place? PlaceOf(Place place, IMethodSymbol callee, ExpressionSyntax call, PlaceReader reader)
    {
        if (place.Indexes.Any(index => SymbolEqualityComparer.Default.Equals(index.ContainingSymbol, callee))) return null;
        if (place.Root is not IParameterSymbol parameter || !SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, callee))
            return PlaceReader.OfReceiver(place, callee.IsStatic || callee.MethodKind == MethodKind.LocalFunction ? null : PlaceReader.ReceiverOf(call));
        if (reader.GivenFor(parameter, callee, call) is not { Shared: { } traits } given) return null;
        return place.Path.Length == 0 ? given : given with { Path = given.Path + place.Path, Member = place.Member, Role = place.Role, Shared = traits with { IsStable = traits.IsStable || place.IsStable } };
    }

    /// <summary>All that a body does.</summary>
    private static ExpressionSyntax? OnlyExpressionOf(SyntaxNode body)
    {
        (BlockSyntax? block, ArrowExpressionClauseSyntax? arrow) = body switch
        {
            MethodDeclarationSyntax method => (method.Body, method.ExpressionBody),
            AccessorDeclarationSyntax accessor => (accessor.Body, accessor.ExpressionBody),
            LocalFunctionStatementSyntax local => (local.Body, local.ExpressionBody),
            _ => (null, body as ArrowExpressionClauseSyntax),
        };
        return arrow?.Expression ?? (block is { Statements: { Count: 1 } statements } ? statements[0] switch
        {
            ReturnStatementSyntax returned => returned.Expression,
            ExpressionStatementSyntax only => only.Expression,
            _ => null,
        } : null);
    }

    /// <summary>By syntax alone: a member that may be such a one, so that who uses it is looked at.</summary>
    public static bool MayBe(SyntaxNode member)
    {
        ExpressionSyntax? only = member is PropertyDeclarationSyntax { ExpressionBody: { } arrow } ? arrow.Expression
            : member is PropertyDeclarationSyntax { AccessorList.Accessors: { Count: > 0 } accessors } ? accessors.Select(OnlyExpressionOf).FirstOrDefault(static expression => expression is not null)
            : OnlyExpressionOf(member);
        return only is not null && Bindings.Uncast(only) is InvocationExpressionSyntax or PrefixUnaryExpressionSyntax or MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.PointerMemberAccessExpression } or BinaryExpressionSyntax;
    }
}
