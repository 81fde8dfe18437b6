using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>PIN3011: a pointer into shared memory that is used when its slot is somebody else's.</summary>
internal static class EscapingPointers
{
    public static IEnumerable<SharedFinding> Find(SharedBody body)
    {
        foreach (SyntaxNode node in body.Syntax.DescendantNodes())
        {
            if (node is ArgumentSyntax argument && CodeOf(argument.Expression, body) is { } code && IsDeferred(argument, body))
            {
                foreach (SharedFinding finding in Captured(code, body)) yield return finding;
            }
            else if (node is AssignmentExpressionSyntax assignment && assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) && IsStoredPastHandBack(assignment, body))
            {
                yield return new SharedFinding(Descriptors.PIN3011_SharedPointerMustNotOutliveItsSlot, assignment, assignment.Right.WithoutTrivia().ToString(), "is kept after its slot is handed back");
            }
        }
    }

    /// <summary>The function that is handed over: written there, kept in a local, or a local one by its name.</summary>
    private static SyntaxNode? CodeOf(ExpressionSyntax argument, SharedBody body) => argument switch
    {
        AnonymousFunctionExpressionSyntax lambda => lambda,
        IdentifierNameSyntax name => body.Reader.SymbolOf(name) switch
        {
            IMethodSymbol { MethodKind: MethodKind.LocalFunction, DeclaringSyntaxReferences: { Length: 1 } declarations } => declarations[0].GetSyntax(),
            ILocalSymbol local => body.Reader.Bindings.OnlyValueOf(local) is AnonymousFunctionExpressionSyntax lambda ? lambda : null,
            _ => null,
        },
        _ => null,
    };

    private static IEnumerable<SharedFinding> Captured(SyntaxNode code, SharedBody body)
    {
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default);
        foreach (IdentifierNameSyntax name in code.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (body.Reader.SymbolOf(name) is not { Kind: SymbolKind.Local or SymbolKind.Parameter } variable || variable is ILocalSymbol { IsConst: true } || IsDeclaredIn(variable, code) || !IsPointer(body.Reader.TypeOf(name))) continue;
            if (body.Reader.TargetOf(name)?.Shared is not { IsStable: false } || !seen.Add(variable)) continue;
            yield return new SharedFinding(Descriptors.PIN3011_SharedPointerMustNotOutliveItsSlot, name, name.Identifier.ValueText, "is used by code that runs later");
        }
    }

    private static bool IsPointer(ITypeSymbol? type) => type is not null && (type.TypeKind == TypeKind.Pointer || type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr);

    private static bool IsDeclaredIn(ISymbol variable, SyntaxNode code) => variable.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == code.SyntaxTree && code.Span.Contains(reference.Span));

    /// <summary>Handed to something that runs it on another thread, or later on this one.</summary>
    private static bool IsDeferred(ArgumentSyntax argument, SharedBody body) =>
        argument.Parent?.Parent is ExpressionSyntax call && body.Reader.SymbolOf(call) is IMethodSymbol method && RunsLater(method, argument) && !new AwaitedWork(body).IsWaitedFor(call);

    private static bool RunsLater(IMethodSymbol method, ArgumentSyntax argument)
    {
        int ordinal = argument.Parent is ArgumentListSyntax list ? list.Arguments.IndexOf(argument) : 0;
        if (Annotations.Has(method.OriginalDefinition, "Deferred") || ordinal < method.Parameters.Length && Annotations.Has(method.OriginalDefinition.Parameters[ordinal], "Deferred")) return true;
        return method is { ContainingType.SystemName: "Task" or "TaskFactory" or "ThreadPool", Name: "Run" or "StartNew" or "ContinueWith" or "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" or "RegisterWaitForSingleObject" }
            or { MethodKind: MethodKind.Constructor, ContainingType.SystemName: "Thread" or "Timer" }
            or { Name: "Post" or "BeginInvoke", ContainingType.SystemName: "SynchronizationContext" or "Dispatcher" }
            || method.Name == "ContinueWith";
    }

    private static bool IsStoredPastHandBack(AssignmentExpressionSyntax assignment, SharedBody body)
    {
        if (body.Reader.SymbolOf(assignment.Left) is not IFieldSymbol || !IsPointer(body.Reader.TypeOf(assignment.Left))) return false;
        if (body.Reader.TargetOf(assignment.Right) is not { Shared: { IsStable: false }, Indexes.IsEmpty: false }) return false;
        return body.Flows.Any(flow => flow.All.FirstOrDefault(happening => happening.Operation.Syntax == assignment) is { } store && SlotCopies.IsHandedBack(flow, store));
    }
}
