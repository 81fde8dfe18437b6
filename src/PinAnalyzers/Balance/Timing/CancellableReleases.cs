using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>PIN1015: a wait that may be cancelled, or may time out, stands between a release path's entry and its release.</summary>
internal static class CancellableReleases
{
    /// <summary>Waits that give up; of what returns a bool that is only so if the release depends on it.</summary>
    private static readonly ImmutableHashSet<string> s_waits = ImmutableHashSet.Create(
        "Wait", "WaitAsync", "WaitOne", "TryEnter", "TryEnterReadLock", "TryEnterWriteLock", "TryEnterUpgradeableReadLock", "AcquireReaderLock", "AcquireWriterLock", "SpinUntil", "Join");

    public static bool MayBeIn(SyntaxNode member) => member is MethodDeclarationSyntax method
        && method.DescendantTokens().Any(static t => t.IsKind(SyntaxKind.IdentifierToken) && (s_waits.Contains(t.ValueText) || t.ValueText == "ThrowIfCancellationRequested" || t.ValueText == "CancellationToken" || t.ValueText == "Token"));

    public static IEnumerable<Diagnostic> Find(TimingContext context, IOperation root, IMethodSymbol owner)
    {
        if (!context.ReleaseMembers.Contains(owner)) yield break;
        List<IOperation> releases = OwnOperations(root).Where(o => IsRelease(context, o)).ToList();
        if (releases.Count == 0) yield break;
        foreach (IPropertyReferenceOperation asked in OwnOperations(root).OfType<IPropertyReferenceOperation>())
        {
            if (asked is not { Property.Name: "IsCancellationRequested", Instance: IParameterReferenceOperation { Type: var type } } || !IsToken(type)) continue;
            if (releases.FirstOrDefault(r => r.Syntax.SpanStart > asked.Syntax.Span.End && DependsOn(asked, r, isSuccess: false)) is not { } skipped) continue;
            yield return BalanceDiagnostics.Create(
                Descriptors.PIN1015_ReleasePathShouldNotBeCancellable, null, null, asked.Syntax, [skipped.Syntax], [],
                BalanceDiagnostics.TextOf(asked.Syntax), "be cancelled", BalanceDiagnostics.LineOf(skipped.Syntax));
        }

        // What the method takes itself once it has waited is not lost with the wait.
        bool IsTakenAfter(IOperation call, IOperation release)
        {
            List<Pair> given = context.Events.Of(release).Where(static e => e.IsRelease).Select(static e => e.Pair).ToList();
            return given.Count > 0 && OwnOperations(root).Any(o => o.Syntax.SpanStart > call.Syntax.Span.End && o.Syntax.Span.End <= release.Syntax.SpanStart && context.Events.Of(o).Any(e => !e.IsRelease && given.Contains(e.Pair)));
        }

        foreach (IInvocationOperation call in OwnOperations(root).OfType<IInvocationOperation>())
        {
            if (IsRelease(context, call) || context.ReleaseMembers.Contains(call.TargetMethod)) continue;
            SyntaxNode? token = TokenOf(call);
            bool throws = token is not null || IsThrowIfCancelled(call) || ThrowsOnTimeout(call);
            if (!throws && !GivesUp(call)) continue;
            IOperation? release = releases.FirstOrDefault(r => r.Syntax.SpanStart > call.Syntax.Span.End && !IsTakenAfter(call, r) && (throws ? WaitedTasks.Ends(call, root, r) && !IsReachedAnyway(call, r) : DependsOn(call, r)));
            if (release is null) continue;
            yield return BalanceDiagnostics.Create(
                Descriptors.PIN1015_ReleasePathShouldNotBeCancellable, null, null, call.Syntax, [release.Syntax], token is null ? [] : [token],
                BalanceDiagnostics.TextOf(call.Syntax), throws && !ThrowsOnTimeout(call) ? "be cancelled" : "time out", BalanceDiagnostics.LineOf(release.Syntax));
        }
    }

    /// <summary>What the method does itself: lambdas and local functions run when somebody runs them.</summary>
    private static IEnumerable<IOperation> OwnOperations(IOperation operation)
    {
        foreach (IOperation child in operation.ChildOperations)
        {
            if (child is IAnonymousFunctionOperation or ILocalFunctionOperation) continue;
            yield return child;
            foreach (IOperation inner in OwnOperations(child)) yield return inner;
        }
    }

    /// <summary>A release of anything but the lock that was waited for, or a subtraction from what is kept in a member.</summary>
    private static bool IsRelease(TimingContext context, IOperation operation) => operation switch
    {
        ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Subtract, Target: IFieldReferenceOperation or IPropertyReferenceOperation } compound => compound.Target.Type?.IsIntegral() == true,
        IInvocationOperation { TargetMethod: { Name: "Add" or "Decrement", ContainingType.SystemName: "Interlocked" } method } atomic =>
            method.Name == "Decrement" || atomic.Arguments[1].Value is IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus },
        _ => context.Events.Of(operation).Any(static e => e.IsRelease && e.Pair.Family != PairFamily.Locks),
    };

    /// <summary><c>ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing)</c></summary>
    private static bool IsSuppressed(IOperation call) => call.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } awaited && awaited.Instance == call
        && awaited.Arguments.Any(static a => a.Value.DescendantsAndSelf().Any(static o => o is IFieldReferenceOperation { Field.Name: "SuppressThrowing" }));

    private static SyntaxNode? TokenOf(IInvocationOperation call)
    {
        // A source linked to a token is made whether or not that is cancelled.
        if (IsSuppressed(call) || call.TargetMethod.ContainingType.SystemName == "CancellationTokenSource") return null;
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.ArgumentKind != ArgumentKind.Explicit || !IsToken(argument.Parameter?.Type)) continue;
            IOperation value = argument.Value;
            bool isNone = value is IDefaultValueOperation or IPropertyReferenceOperation { Property: { Name: "None", IsStatic: true } } or IObjectCreationOperation { Arguments.IsEmpty: true };
            if (!isNone && !OnlyLooks(call, argument.Parameter!)) return value.Syntax;
        }

        return null;
    }

    /// <summary>A source method that asks <c>IsCancellationRequested</c>, and hands the token to nobody, does not throw because of it.</summary>
    private static bool OnlyLooks(IInvocationOperation call, IParameterSymbol token) => call.SemanticModel is { Compilation: var compilation } && BodyGraphs.BodyOf(call.TargetMethod.OriginalDefinition, compilation, default) is { } body
        && body.DescendantNodes().OfType<IdentifierNameSyntax>().All(name => name.Identifier.ValueText != token.Name || name.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "IsCancellationRequested" });

    private static bool IsToken(ITypeSymbol? type) => type is { Name: "CancellationToken", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } };

    private static bool IsThrowIfCancelled(IInvocationOperation call) => call.TargetMethod.Name == "ThrowIfCancellationRequested" && IsToken(call.TargetMethod.ContainingType);

    /// <summary><c>Task.WaitAsync(timeout)</c> and the old reader-writer lock throw; the others say so in their result.</summary>
    private static bool ThrowsOnTimeout(IInvocationOperation call) => HasTimeout(call) && !IsSuppressed(call)
        && (call.TargetMethod is { Name: "WaitAsync", ContainingType.SystemName: "Task" } || call.TargetMethod.Name is "AcquireReaderLock" or "AcquireWriterLock");

    private static bool GivesUp(IInvocationOperation call) => s_waits.Contains(call.TargetMethod.Name) && call.TargetMethod.AwaitedReturnType().SpecialType == SpecialType.System_Boolean
        && (HasTimeout(call) || call.TargetMethod.Name.StartsWith("TryEnter", System.StringComparison.Ordinal)) && IsThreading(call.TargetMethod.ContainingType);

    private static bool IsThreading(INamedTypeSymbol type) => type.ContainingNamespace.ToDisplayString().StartsWith("System.Threading", System.StringComparison.Ordinal);

    private static bool HasTimeout(IInvocationOperation call) => IsThreading(call.TargetMethod.ContainingType) && call.Arguments.Any(static a =>
        (a.Parameter?.Type.SpecialType == SpecialType.System_Int32 || a.Parameter?.Type is { Name: "TimeSpan" }) && a.Value.ConstantValue is not { HasValue: true, Value: -1 }
        && a.Value is not (IFieldReferenceOperation { Field.Name: "InfiniteTimeSpan" or "Infinite" }));

    /// <summary>The release stands in a finally around the call, or the exception is caught on the way to it.</summary>
    private static bool IsReachedAnyway(IOperation call, IOperation release)
    {
        foreach (TryStatementSyntax around in call.Syntax.Ancestors().OfType<TryStatementSyntax>())
        {
            if (!around.Block.Span.Contains(call.Syntax.Span)) continue;
            if (around.Finally is { } last && last.Span.Contains(release.Syntax.Span)) return true;
            if (!around.Block.Span.Contains(release.Syntax.Span) && around.Catches.Any(CatchesCancellation)) return true;
        }

        return false;
    }

    private static bool CatchesCancellation(CatchClauseSyntax clause)
    {
        string? type = clause.Declaration?.Type.ToString();
        bool catches = type is null || type.EndsWith("OperationCanceledException") || type.EndsWith("TaskCanceledException") || type.EndsWith("TimeoutException") || type is "Exception" or "System.Exception";
        return catches && !clause.Block.DescendantNodes().Any(static n => n is ThrowStatementSyntax or ReturnStatementSyntax);
    }

    /// <summary>The release is only reached when the wait succeeded, or nobody has cancelled.</summary>
    private static bool DependsOn(IOperation call, IOperation release, bool isSuccess = true)
    {
        if (call.Syntax is not ExpressionSyntax condition) return false;
        if (NamedBy(call) is { } local) return release.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member && member.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Any(name => name.SpanStart > condition.Span.End && name.SpanStart < release.Syntax.SpanStart && name.Identifier.ValueText == local.Name && DependsOn(name, release, isSuccess));
        return DependsOn(condition, release, isSuccess);
    }

    /// <summary><c>bool taken = await gate.WaitAsync(timeout);</c></summary>
    private static ILocalSymbol? NamedBy(IOperation call)
    {
        IOperation value = call;
        while (value.Parent is IAwaitOperation or IConversionOperation || value.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" }) value = value.Parent;
        return value.Parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } ? local : null;
    }

    private static bool DependsOn(ExpressionSyntax asked, IOperation release, bool isSuccess)
    {
        ExpressionSyntax condition = asked;
        while (condition.Parent is ParenthesizedExpressionSyntax or AwaitExpressionSyntax or BinaryExpressionSyntax || condition.Parent is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression }
            || condition.Parent is InvocationExpressionSyntax || condition.Parent is MemberAccessExpressionSyntax) condition = (ExpressionSyntax)condition.Parent;
        if (condition.Parent is not IfStatementSyntax test || test.Condition != condition) return false;
        bool isNegated = condition.DescendantNodesAndSelf().TakeWhile(n => n != asked).Any(static n => n.IsKind(SyntaxKind.LogicalNotExpression));
        if (isNegated != isSuccess) return test.Statement.Span.Contains(release.Syntax.Span) && test.Else is null;
        StatementSyntax last = test.Statement is BlockSyntax { Statements: { Count: > 0 } inner } ? inner[inner.Count - 1] : test.Statement;
        return last is ReturnStatementSyntax or ThrowStatementSyntax && !test.Span.Contains(release.Syntax.Span)
            && release.Syntax.Ancestors().OfType<FinallyClauseSyntax>().All(f => !((TryStatementSyntax)f.Parent!).Block.Span.Contains(test.Span));
    }
}
