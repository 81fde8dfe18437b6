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
            if (node is AnonymousFunctionExpressionSyntax lambda && IsDeferred(lambda, body))
            {
                foreach (SharedFinding finding in Captured(lambda, body)) yield return finding;
            }
            else if (node is AssignmentExpressionSyntax assignment && assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) && IsStoredPastHandBack(assignment, body))
            {
                yield return new SharedFinding(Descriptors.PIN3011_SharedPointerMustNotOutliveItsSlot, assignment, assignment.Right.WithoutTrivia().ToString(), "is kept after its slot is handed back");
            }
        }
    }

    private static IEnumerable<SharedFinding> Captured(AnonymousFunctionExpressionSyntax lambda, SharedBody body)
    {
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default);
        foreach (IdentifierNameSyntax name in lambda.Body.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
        {
            if (body.Reader.SymbolOf(name) is not { Kind: SymbolKind.Local or SymbolKind.Parameter } variable || variable is ILocalSymbol { IsConst: true } || IsDeclaredIn(variable, lambda)) continue;
            if (body.Reader.TargetOf(name)?.Shared is not { IsStable: false } || !seen.Add(variable)) continue;
            yield return new SharedFinding(Descriptors.PIN3011_SharedPointerMustNotOutliveItsSlot, name, name.Identifier.ValueText, "is used by code that runs later");
        }
    }

    private static bool IsDeclaredIn(ISymbol variable, SyntaxNode lambda) => variable.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == lambda.SyntaxTree && lambda.Span.Contains(reference.Span));

    /// <summary>Handed to something that runs it on another thread, or later on this one.</summary>
    private static bool IsDeferred(AnonymousFunctionExpressionSyntax lambda, SharedBody body)
    {
        if (lambda.Parent is not ArgumentSyntax { Parent.Parent: ExpressionSyntax call } argument) return false;
        if (body.Reader.SymbolOf(call) is not IMethodSymbol method) return false;
        int ordinal = argument.Parent is ArgumentListSyntax list ? list.Arguments.IndexOf(argument) : 0;
        if (Annotations.Has(method.OriginalDefinition, "Deferred") || ordinal < method.Parameters.Length && Annotations.Has(method.OriginalDefinition.Parameters[ordinal], "Deferred")) return true;
        return method is { ContainingType.Name: "Task" or "TaskFactory" or "ThreadPool", Name: "Run" or "StartNew" or "ContinueWith" or "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" or "RegisterWaitForSingleObject" }
            or { MethodKind: MethodKind.Constructor, ContainingType.Name: "Thread" or "Timer" }
            or { Name: "Post" or "BeginInvoke", ContainingType.Name: "SynchronizationContext" or "Dispatcher" }
            || method.Name == "ContinueWith";
    }

    private static bool IsStoredPastHandBack(AssignmentExpressionSyntax assignment, SharedBody body)
    {
        if (body.Reader.SymbolOf(assignment.Left) is not IFieldSymbol || body.Reader.TypeOf(assignment.Left) is not { } type || !(type.TypeKind == TypeKind.Pointer || type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr)) return false;
        if (body.Reader.TargetOf(assignment.Right) is not { Shared: { IsStable: false }, Indexes.IsEmpty: false }) return false;
        return body.Flows.Any(flow => flow.All.FirstOrDefault(happening => happening.Operation.Syntax == assignment) is { } store && SlotCopies.IsHandedBack(flow, store));
    }
}
