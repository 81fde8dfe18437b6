using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>PIN3008 where a block copy of just a struct's size stands for an assignment. Copies of payload are of other sizes, or of slots.</summary>
internal static class BulkCopies
{
    private static readonly ImmutableArray<string> s_names = ImmutableArray.Create("CopyBlock", "CopyBlockUnaligned", "MemoryCopy", "Copy", "CopyTo", "TryCopyTo");

    public static IEnumerable<SharedFinding> Find(SharedBody body)
    {
        foreach (InvocationExpressionSyntax call in body.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (call.Expression is not MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } member || !s_names.Contains(name) || body.Reader.SymbolOf(call) is not IMethodSymbol method) continue;
            (ExpressionSyntax? source, ExpressionSyntax? target, ExpressionSyntax? size) = Parts(call, member, method);
            if (source is null || target is null) continue;
            if (IsWhole(source, size, body)) yield return ShapeRules.WholeCopy(call, call, "from");
            else if (IsWhole(target, size, body)) yield return ShapeRules.WholeCopy(call, call, "to");
        }
    }

    private static (ExpressionSyntax? Source, ExpressionSyntax? Target, ExpressionSyntax? Size) Parts(InvocationExpressionSyntax call, MemberAccessExpressionSyntax member, IMethodSymbol method)
    {
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;
        return (method.ContainingType.SystemName, method.Name, arguments.Count) switch
        {
            ("Unsafe", "CopyBlock" or "CopyBlockUnaligned", 3) => (arguments[1].Expression, arguments[0].Expression, arguments[2].Expression),
            ("Unsafe", "Copy", 2) => (arguments[1].Expression, arguments[0].Expression, null),
            ("Buffer", "MemoryCopy", 4) => (arguments[0].Expression, arguments[1].Expression, arguments[3].Expression),
            ("NativeMemory", "Copy", 3) => (arguments[0].Expression, arguments[1].Expression, arguments[2].Expression),
            ("Span" or "ReadOnlySpan", "CopyTo" or "TryCopyTo", 1) => (member.Expression, arguments[0].Expression, null),
            _ => (null, null, null),
        };
    }

    /// <summary>Memory that is shared, no slot of many, and copied in the size of a struct.</summary>
    private static bool IsWhole(ExpressionSyntax end, ExpressionSyntax? size, SharedBody body)
    {
        ExpressionSyntax bare = Bindings.Uncast(end);
        bool isReference = end.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None };
        Place? place = isReference ? body.Reader.CellAt(bare) : body.Reader.TargetOf(bare);
        if (place is not { Shared: { IsCertain: true, IsStable: false }, Indexes.IsEmpty: true }) return false;
        size ??= SizeOfView(bare, body);
        if (size is not null) return IsSizeOfStruct(size, body);
        ITypeSymbol? type = body.Reader.TypeOf(bare);
        return AccessCollector.IsStruct(type is IPointerTypeSymbol { PointedAtType: var pointed } ? pointed : isReference ? type : null);
    }

    private static bool IsSizeOfStruct(ExpressionSyntax size, SharedBody body) => Bindings.Uncast(size) switch
    {
        SizeOfExpressionSyntax { Type: var type } => AccessCollector.IsStruct(body.Model.GetTypeInfo(type).Type),
        InvocationExpressionSyntax call => body.Reader.SymbolOf(call) is IMethodSymbol { Name: "SizeOf", ContainingType.SystemName: "Unsafe" or "Marshal", TypeArguments: { Length: 1 } types } && AccessCollector.IsStruct(types[0]),
        IdentifierNameSyntax name when body.Reader.SymbolOf(name) is ILocalSymbol local && body.Reader.Bindings.OnlyValueOf(local) is { } value => IsSizeOfStruct(value, body),
        _ => false,
    };

    /// <summary>The length that a view is made with, also where it is kept in a local.</summary>
    private static ExpressionSyntax? SizeOfView(ExpressionSyntax view, SharedBody body) => view switch
    {
        BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } arguments } => arguments[1].Expression,
        IdentifierNameSyntax name when body.Reader.SymbolOf(name) is ILocalSymbol local && body.Reader.Bindings.OnlyValueOf(local) is { } value => SizeOfView(Bindings.Uncast(value), body),
        _ => null,
    };
}
