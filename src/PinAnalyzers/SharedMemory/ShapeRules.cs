using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>PIN3008, PIN3009, PIN3010, PIN3012, PIN3014: what an access or an assignment shows by itself.</summary>
internal static class ShapeRules
{
    public static IEnumerable<SharedFinding> Find(SharedBody body) =>
        WholeCopies(body).Concat(AliasedCursors(body)).Concat(ReadOnlyMappings(body)).Concat(OwnIndexes(body));

    private static IEnumerable<SharedFinding> WholeCopies(SharedBody body)
    {
        if (body.IsConstruction) yield break;
        foreach (CellAccess access in body.Accesses)
        {
            if (access.Kind is not (AccessKind.PlainRead or AccessKind.PlainWrite) || access.Accessor is not null || access.Place.Shared is not { IsStable: false } traits) continue;
            // Of memory that is only seen to be mapped, what holds cells of control.
            if (!traits.IsCertain && !(!body.IsSetup && access.Place.IsFixed && body.HasControlCells(access.Place))) continue;
            if (!AccessCollector.IsStruct(body.Reader.TypeOf(access.Expression)) || SlotCopies.IsOwned(body, access) || SlotCopies.IsConfirmedBySequence(body, access)) continue;
            yield return WholeCopy(access.Expression, access.Expression, access.Kind == AccessKind.PlainRead ? "from" : "to");
        }

        foreach (InvocationExpressionSyntax call in body.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (call.Expression is not MemberAccessExpressionSyntax { Name: SimpleNameSyntax { Identifier.ValueText: "Read" or "ReadUnaligned" or "PtrToStructure" or "Write" or "WriteUnaligned" or "StructureToPtr" } name } member) continue;
            if (body.Reader.SymbolOf(call) is not IMethodSymbol { TypeArguments: { Length: 1 } types } method || !AccessCollector.IsStruct(types[0])) continue;
            bool isRead = name.Identifier.ValueText is "Read" or "ReadUnaligned" or "PtrToStructure";
            SharedTraits? kept = method.ContainingType.SystemName switch
            {
                "Unsafe" or "Marshal" or "MemoryMarshal" => call.ArgumentList.Arguments.Select(argument => body.Reader.TargetOf(argument.Expression)?.Shared ?? (argument.RefKindKeyword.IsKind(SyntaxKind.RefKeyword) ? body.Reader.CellAt(argument.Expression)?.Shared : null)).FirstOrDefault(static known => known is not null),
                "UnmanagedMemoryAccessor" or "MemoryMappedViewAccessor" => body.Reader.SymbolOf(member.Expression) is { } accessor ? SharedAnnotations.Of(accessor) : null,
                _ => null,
            };
            if (kept is { IsCertain: true, IsStable: false }) yield return WholeCopy(call, call, isRead ? "from" : "to");
        }

        foreach (SharedFinding copy in BulkCopies.Find(body)) yield return copy;
    }

    public static SharedFinding WholeCopy(SyntaxNode at, ExpressionSyntax what, string direction) =>
        new(Descriptors.PIN3008_SharedStructMustNotBeCopiedWhole, at, what.WithoutTrivia().ToString(), direction);

    private static IEnumerable<SharedFinding> AliasedCursors(SharedBody body)
    {
        foreach (SyntaxNode node in body.Syntax.DescendantNodes())
        {
            (ExpressionSyntax? value, ISymbol? target) = node switch
            {
                AssignmentExpressionSyntax assignment when assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) && IsPrivateName(LastName(assignment.Left)) => (assignment.Right, body.Reader.SymbolOf(assignment.Left)),
                AssignmentExpressionSyntax assignment when assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) && body.Reader.SymbolOf(assignment.Left) is IFieldSymbol field && SharedAnnotations.IsPrivateCopy(field) => (assignment.Right, field),
                VariableDeclaratorSyntax { Initializer: { } initializer } declarator when IsPrivateName(declarator.Identifier.ValueText) => (initializer.Value, body.Model.GetDeclaredSymbol(declarator)),
                _ => ((ExpressionSyntax?)null, (ISymbol?)null),
            };
            if (value is null || target is null || SharedAnnotations.Of(target) is not null) continue;
            bool isReference = target is ILocalSymbol { RefKind: not RefKind.None } or IFieldSymbol { RefKind: not RefKind.None };
            ITypeSymbol? type = target switch { IFieldSymbol field => field.Type, ILocalSymbol local => local.Type, _ => null };
            bool isCursor = isReference ? IsCounter(type) : type is IPointerTypeSymbol { PointedAtType: var pointed } && IsCounter(pointed);
            if (!isCursor) continue;
            // A reference to one of many slots is no cursor.
            if ((isReference ? body.Reader.CellAt(value) : body.Reader.TargetOf(value)) is not { Shared: not null, IsFixed: true }) continue;
            yield return new SharedFinding(Descriptors.PIN3009_PrivateCursorMustBeAValue, node, target.Name);
        }
    }

    private static IEnumerable<SharedFinding> ReadOnlyMappings(SharedBody body)
    {
        bool is32Bit = body.Context.Compilation.Options.Platform is Platform.X86 or Platform.Arm;
        foreach (CellAccess access in body.Accesses)
        {
            if (!access.IsInterlockedRead || access.Place.Shared is not { IsReadOnly: true }) continue;
            if (is32Bit && body.Reader.TypeOf(access.Expression)?.SpecialType is SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double) continue;
            yield return new SharedFinding(Descriptors.PIN3010_ReadOnlyMappingMustNotBeWritten, access.Site, access.Expression.WithoutTrivia().ToString(), access.Method!);
        }
    }

    private static IEnumerable<SharedFinding> OwnIndexes(SharedBody body)
    {
        if (body.IsConstruction || body.IsSetup) yield break;
        foreach (CellAccess access in body.Accesses)
        {
            if (access.Place is not { Shared: { IsStable: false } traits, Role: { } role }) continue;
            // Told where the accessor names the cell.
            if (access.Accessor is { } accessor && accessor.Parameters.All(static parameter => parameter is { Type.TypeKind: not TypeKind.Pointer, RefKind: RefKind.None })) continue;
            if (role.Writer == IndexWriter.Local && access.Kind is AccessKind.PlainRead or AccessKind.VolatileRead && role.Writer == IndexWriter.Local && !traits.PeerTrusted)
            {
                yield return new SharedFinding(Descriptors.PIN3012_OwnIndexShouldStayPrivate, access.Site, access.Expression.WithoutTrivia().ToString(), "is written by this side, and the other side may have changed it; read the private copy") { Severity = DiagnosticSeverity.Info };
            }
            else if (role.Writer == IndexWriter.Peer && access.Kind is AccessKind.PlainWrite or AccessKind.VolatileWrite or AccessKind.PlainUpdate or AccessKind.Interlocked && role.Writer == IndexWriter.Peer && !access.IsInterlockedRead)
            {
                yield return new SharedFinding(Descriptors.PIN3012_OwnIndexShouldStayPrivate, access.Kind is AccessKind.PlainWrite ? access.Expression : access.Site, access.Expression.WithoutTrivia().ToString(), "is written by the other side only")
                {
                    Severity = traits.PeerTrusted ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning,
                };
            }
        }
    }

    private static bool IsPrivateName(string? name) => name is not null
        && new[] { "cached", "local", "private", "shadow", "internal", "copy" }.Any(part => name.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0);

    private static string? LastName(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };

    private static bool IsCounter(ITypeSymbol? type) => type?.SpecialType is >= SpecialType.System_Int16 and <= SpecialType.System_UInt64;
}
