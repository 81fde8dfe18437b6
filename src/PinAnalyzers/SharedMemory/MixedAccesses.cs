using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// PIN3016: a cell that is volatile in some members and plain in others. Most such cells are right by protocol, so much is left alone: what the only writer
/// reads back, what a lock covers, what is published by a later store, references (their publication is ordered), resets, disposed flags and statistics.
/// </summary>
internal static class MixedAccesses
{
    /// <summary>A cell is accessed plainly that some member of its type accesses as volatile.</summary>
    public static bool MayBeIn(SharedContext context, SyntaxNode member, SemanticModel model) => context.AccessesIn(member, model).Any(access =>
        access.Kind is AccessKind.PlainRead or AccessKind.PlainWrite or AccessKind.PlainUpdate && access.Place.Root is IFieldSymbol
        && context.Uses.Of(access.Place).Any(static use => use.Access.Kind is AccessKind.VolatileRead or AccessKind.VolatileWrite));

    public static IEnumerable<SharedFinding> Find(SharedBody body)
    {
        if (body.IsConstruction || IsLeftAlone(body)) yield break;
        foreach (CellAccess access in body.Accesses)
        {
            if (access.Kind is not (AccessKind.PlainRead or AccessKind.PlainWrite or AccessKind.PlainUpdate) || access.Place.Shared is not null || !IsCell(access, body)) continue;
            List<CellUse> uses = body.Context.Uses.Of(access.Place).ToList();
            if (!uses.Any(static use => use.Access.Kind is AccessKind.VolatileRead or AccessKind.VolatileWrite)) continue;
            if (uses.Any(static use => use.Access.Kind is AccessKind.Interlocked or AccessKind.ByReference)) continue;
            MemberDeclarationSyntax? here = access.Expression.FirstAncestorOrSelf<MemberDeclarationSyntax>();
            if (here is null || IsOnlyConstructing(here) || uses.Any(use => use.Member == here && use.Access.Kind is AccessKind.VolatileRead or AccessKind.VolatileWrite && use.Member == here)) continue;
            if (IsCovered(access.Expression) || IsCoveredByCallers(here, body) || Alternatives.HasVolatileTwin(access, body.Accesses) || Partner(access, here, uses, body) is not { } partner) continue;
            yield return new SharedFinding(
                Descriptors.PIN3016_AccessShouldKeepDiscipline,
                access.Expression,
                access.Expression.WithoutTrivia().ToString(),
                access.Kind == AccessKind.PlainRead ? "read" : "written",
                NameOf(partner.Member),
                partner.Access.Kind == AccessKind.VolatileRead ? "reads" : "writes")
            {
                Path = ImmutableArray.Create<SyntaxNode>(partner.Access.Site),
            };
        }
    }

    /// <summary>The use that this access breaks with; null when the two are right together.</summary>
    private static CellUse? Partner(CellAccess access, MemberDeclarationSyntax here, List<CellUse> uses, SharedBody body)
    {
        if (access.Kind == AccessKind.PlainRead)
        {
            // Whoever writes the cell may read it back as it likes, also in what only the writers call.
            List<MemberDeclarationSyntax> writers = uses.Where(static use => use.Access.IsWrite && !IsConstructor(use.Member)).Select(static use => use.Member).Distinct().ToList();
            if (IsPartOf(here, writers) || IsAfterCallOf(writers, access.Expression, here)) return null;
            // Behind a pointer others may write that this type never sees.
            if (writers.Count == 0) return access.Place.Path.StartsWith("*", StringComparison.Ordinal) ? uses.FirstOrDefault(static use => use.Access.Kind == AccessKind.VolatileRead) : null;
            if (access.Place.Path.StartsWith("*", StringComparison.Ordinal) && body.Context.Uses.IsOwnIndex(access.Place, body.Owner)) return null;
            CellUse? write = uses.FirstOrDefault(use => use.Access.Kind == AccessKind.VolatileWrite);
            bool isReadElsewhere = uses.Any(static use => use.Access.Kind == AccessKind.VolatileRead);
            return write is not null && (isReadElsewhere || IsFlagTest(access, body)) ? write : null;
        }

        if (IsReset(here) || IsPublished(access, body)) return null;
        return uses.FirstOrDefault(use => use.Access.Kind == AccessKind.VolatileRead && !IsCount(use.Member) && !IsPartOf(use.Member, [here]));
    }

    /// <summary><c>EnsureReady(); return _state == 1;</c>: this thread has written it itself, or seen that it is written.</summary>
    private static bool IsAfterCallOf(List<MemberDeclarationSyntax> writers, ExpressionSyntax access, MemberDeclarationSyntax here) => here.DescendantNodes().Any(node =>
        node is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var called } } call && call.Span.End < access.SpanStart
        && writers.Any(writer => writer is MethodDeclarationSyntax method && method.Identifier.ValueText == called));

    private static bool IsCell(CellAccess access, SharedBody body)
    {
        if (access.Place.Root is not IFieldSymbol root || access.IsVolatileField || root.GetAttributes().Any(static a => a.AttributeClass?.Name == "ThreadStaticAttribute")) return false;
        // A struct's own members leave its discipline to whoever holds it.
        if (access.Place.Path.Length == 0 && root is { IsStatic: false, ContainingType.TypeKind: TypeKind.Struct }) return false;
        // A new object that only this body has seen.
        if (access.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax holder } && body.Reader.SymbolOf(holder) is ILocalSymbol made && body.Reader.Bindings.OnlyValueOf(made) is BaseObjectCreationExpressionSyntax) return false;
        if (access.Place.Path.Length == 0 && (root.IsReadOnly || IsDisposedFlag(root.Name))) return false;
        return body.Reader.TypeOf(access.Expression) is { IsReferenceType: false, TypeKind: not (TypeKind.Error or TypeKind.TypeParameter) } type && !AccessCollector.IsStruct(type);
    }

    private static bool IsLeftAlone(SharedBody body)
    {
        if (body.Owner is IMethodSymbol { MethodKind: MethodKind.Destructor } || body.Owner.Name is "ToString" or "Dispose" or "DisposeAsync" or "Finalize" || body.Owner.IsImplicitlyDeclared) return true;
        ITypeSymbol? type = body.Owner switch
        {
            IMethodSymbol method => method.ReturnType,
            IPropertySymbol property => property.Type,
            _ => null,
        };
        return type is { SpecialType: not (SpecialType.System_Void or SpecialType.System_Boolean), TypeKind: not TypeKind.Pointer } && IsStatistics(body.Syntax);
    }

    /// <summary>Only reads, and combines what it read into a result.</summary>
    private static bool IsStatistics(SyntaxNode body) => !body.DescendantNodes().Any(static node =>
        node is AssignmentExpressionSyntax or StatementSyntax and not (BlockSyntax or ReturnStatementSyntax or LocalDeclarationStatementSyntax)
        || node.IsKind(SyntaxKind.PreIncrementExpression) || node.IsKind(SyntaxKind.PostIncrementExpression) || node.IsKind(SyntaxKind.PreDecrementExpression) || node.IsKind(SyntaxKind.PostDecrementExpression)
        || node is ElementAccessExpressionSyntax);

    private static bool IsFlagTest(CellAccess access, SharedBody body) =>
        body.Reader.TypeOf(access.Expression)?.SpecialType == SpecialType.System_Boolean
        && access.Expression.Ancestors().TakeWhile(static node => node is not StatementSyntax).Append(access.Expression.FirstAncestorOrSelf<StatementSyntax>()!)
            .Any(node => node is WhileStatementSyntax loop && loop.Condition.Span.Contains(access.Expression.Span) || node is IfStatementSyntax test && test.Condition.Span.Contains(access.Expression.Span));

    private static bool IsConstructor(MemberDeclarationSyntax member) => member is ConstructorDeclarationSyntax or BaseFieldDeclarationSyntax;

    /// <summary>The member is one of these, or is called by nobody else in its file.</summary>
    private static bool IsPartOf(MemberDeclarationSyntax member, List<MemberDeclarationSyntax> others)
    {
        if (others.Contains(member)) return true;
        if (member is not MethodDeclarationSyntax method || member.Parent is null || !IsPrivate(method)) return false;
        List<MemberDeclarationSyntax> callers = TypeBodies.MembersMentioning(member.Parent, method.Identifier.ValueText).Where(caller => caller != member && !IsConstructor(caller)).ToList();
        return callers.Count > 0 && callers.All(others.Contains);
    }

    /// <summary>A private method that constructors call, themselves or through others like it, and nobody else in its file: what it sets nobody else has seen yet.</summary>
    private static bool IsOnlyConstructing(MemberDeclarationSyntax member, int depth = 0)
    {
        if (member is not MethodDeclarationSyntax method || member.Parent is null || !IsPrivate(method) || depth > MaxCallers) return false;
        List<MemberDeclarationSyntax> callers = TypeBodies.MembersMentioning(member.Parent, method.Identifier.ValueText).Where(caller => caller != member).ToList();
        return callers.Count > 0 && callers.All(caller => caller is ConstructorDeclarationSyntax || IsOnlyConstructing(caller, depth + 1));
    }

    private const int MaxCallers = 3;

    private static bool IsPrivate(MethodDeclarationSyntax method) => !method.Modifiers.Any(static m => m.IsKind(SyntaxKind.PublicKeyword) || m.IsKind(SyntaxKind.InternalKeyword) || m.IsKind(SyntaxKind.ProtectedKeyword));

    /// <summary>Inside a lock, or in what is compiled out.</summary>
    private static bool IsCovered(SyntaxNode access) => access.Ancestors().Any(static node => LockedCode.IsInside(node)
        || node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Debug" } } });

    /// <summary>A private method of which every call, in all parts of the type, stands inside a lock or in another such method.</summary>
    private static bool IsCoveredByCallers(MemberDeclarationSyntax member, SharedBody body, int depth = 0)
    {
        if (member is not MethodDeclarationSyntax { Identifier.ValueText: var name } method || !IsPrivate(method) || depth > MaxCallers) return false;
        bool isCalled = false;
        foreach (SyntaxNode part in TypeBodies.DeclarationsOf(body.Owner, body.Context.Compilation, body.Context.Cancellation))
        {
            foreach (MemberDeclarationSyntax caller in TypeBodies.MembersMentioning(part, name))
            {
                if (caller is MethodDeclarationSyntax { Identifier.ValueText: var own } && own == name) continue;
                foreach (IdentifierNameSyntax mention in caller.DescendantNodes().OfType<IdentifierNameSyntax>().Where(n => n.Identifier.ValueText == name))
                {
                    SyntaxNode called = mention.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access ? access : mention;
                    if (called.Parent is not InvocationExpressionSyntax call || call.Expression != called || !IsLocked(call) && !IsCoveredByCallers(caller, body, depth + 1)) return false;
                    isCalled = true;
                }
            }
        }

        return isCalled;
    }

    private static bool IsLocked(SyntaxNode node) => node.Ancestors().TakeWhile(static n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(LockedCode.IsInside);

    private static bool IsReset(MemberDeclarationSyntax member)
    {
        string name = NameOf(member);
        return name.StartsWith("Reset", StringComparison.Ordinal) || name.StartsWith("Init", StringComparison.Ordinal) || name.StartsWith("Clear", StringComparison.Ordinal)
            || name.StartsWith("Create", StringComparison.Ordinal) || name.StartsWith("Dispose", StringComparison.Ordinal);
    }

    private static bool IsDisposedFlag(string name) => name.IndexOf("dispos", StringComparison.OrdinalIgnoreCase) >= 0 || name.IndexOf("closed", StringComparison.OrdinalIgnoreCase) >= 0
        || name.IndexOf("completed", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>Tells how many there are, about: such a reader needs no order.</summary>
    private static bool IsCount(MemberDeclarationSyntax member) =>
        new[] { "Count", "Length", "Size", "Approximate", "Total", "Stat" }.Any(part => NameOf(member).IndexOf(part, StringComparison.Ordinal) >= 0) && IsStatistics(member);

    /// <summary>A release store follows, and makes this one visible.</summary>
    private static bool IsPublished(CellAccess write, SharedBody body)
    {
        foreach (BodyFlow flow in body.Flows)
        {
            if (flow.All.FirstOrDefault(happening => happening.Access == write) is not { } start) continue;
            return flow.After(start, static _ => false).Any(static later => later.Access is { IsRelease: true } || later.Called is { } method && (Fences.IsBarrier(method) || Fences.HandsOn(method)));
        }

        return false;
    }

    private static string NameOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
        IndexerDeclarationSyntax => "this[]",
        _ => "another member",
    };
}
