using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>Code that runs while a lock is held, as it is written: <c>lock</c>, a <c>try</c> whose <c>finally</c> leaves the lock, a <c>using</c> of what took it.</summary>
internal static class LockedCode
{
    private static readonly ImmutableHashSet<string> Leaves = ImmutableHashSet.Create(
        "Exit", "Release", "Unlock", "ExitReadLock", "ExitWriteLock", "ExitUpgradeableReadLock", "ReleaseMutex", "ReleaseReaderLock", "ReleaseWriterLock");

    /// <summary>What stands right below the node, on the way to what is asked about, is locked by it.</summary>
    public static bool IsInside(SyntaxNode node) => node switch
    {
        LockStatementSyntax => true,
        BlockSyntax { Parent: TryStatementSyntax { Finally: { } final } whole } block when whole.Block == block => final.DescendantNodes().Any(static n => n is InvocationExpressionSyntax call && NameOf(call) is { } name && Leaves.Contains(name)),
        UsingStatementSyntax scope => (scope.Expression ?? (SyntaxNode?)scope.Declaration) is { } taken && Takes(taken),
        StatementSyntax { Parent: BlockSyntax block } statement => block.Statements.TakeWhile(other => other != statement).Any(static other => other is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: (int)SyntaxKind.UsingKeyword } scope && Takes(scope)),
        _ => false,
    };

    private static bool Takes(SyntaxNode scope) => scope.DescendantNodesAndSelf().Any(static n => n is InvocationExpressionSyntax call && NameOf(call) is { } name
        && (name.IndexOf("Lock", StringComparison.Ordinal) >= 0 || name.StartsWith("Enter", StringComparison.Ordinal)));

    private static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };
}
