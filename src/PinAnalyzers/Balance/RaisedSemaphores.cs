using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>
/// Semaphores that count things: one begins at nothing, or some member raises it without having waited for it, and is not named for giving back what another has taken.
/// Whoever waits for such a one takes a thing and keeps it. Told by syntax, and only of a wait that would be reported otherwise.
/// </summary>
internal static class RaisedSemaphores
{
    private static readonly ImmutableArray<string> Counterparts = ImmutableArray.Create("Release", "Exit", "Leave", "Unlock", "Dispose", "Free", "Close", "End", "Return", "Undo");

    public static bool Contain(SyntaxNode wait, INamedTypeSymbol? type, CancellationToken cancellation)
    {
        if (wait is not InvocationExpressionSyntax call || SemaphoreOf(call) is not { } name || type is null) return false;
        while (type.ContainingType is { } outer) type = outer;
        SyntaxNode? waiting = wait.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        return BeginsAtZero(name, type, cancellation) || type.DeclaringSyntaxReferences.SelectMany(reference => reference.GetSyntax(cancellation).DescendantNodes().OfType<BaseMethodDeclarationSyntax>())
            .Any(member => member != waiting && !IsCounterpart(member) && CallsOn(name, member).ToList() is { Count: > 0 } calls && calls.Contains("Release") && !calls.Any(static c => c.StartsWith("Wait", StringComparison.Ordinal)));
    }

    /// <summary>However it is made in the type, nobody gets through before somebody has raised it.</summary>
    private static bool BeginsAtZero(string name, INamedTypeSymbol type, CancellationToken cancellation)
    {
        List<ExpressionSyntax> values = type.DeclaringSyntaxReferences.SelectMany(reference => reference.GetSyntax(cancellation).DescendantNodes()).Select(node => node switch
        {
            VariableDeclaratorSyntax { Initializer.Value: { } value } variable when variable.Identifier.ValueText == name => value,
            PropertyDeclarationSyntax { Initializer.Value: { } value } property when property.Identifier.ValueText == name => value,
            AssignmentExpressionSyntax { Left: var target, Right: var value } when NameOf(target) == name => value,
            _ => null,
        }).OfType<ExpressionSyntax>().ToList();
        return values.Count > 0 && values.All(static value => value is BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments }
            && (arguments.FirstOrDefault(static a => a.NameColon?.Name.Identifier.ValueText == "initialCount") ?? arguments[0]).Expression is LiteralExpressionSyntax { Token.Value: 0 });
    }

    private static bool IsCounterpart(BaseMethodDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax { Identifier.ValueText: var name } => Counterparts.Any(word => name.IndexOf(word, StringComparison.Ordinal) >= 0),
        _ => member is DestructorDeclarationSyntax,
    };

    private static IEnumerable<string> CallsOn(string name, SyntaxNode member) => member.DescendantNodes().OfType<InvocationExpressionSyntax>()
        .Where(call => SemaphoreOf(call) == name).Select(static call => ((MemberAccessExpressionSyntax)call.Expression).Name.Identifier.ValueText);

    private static string? SemaphoreOf(InvocationExpressionSyntax call) => call.Expression is not MemberAccessExpressionSyntax { Expression: var receiver } ? null : NameOf(receiver);

    private static string? NameOf(ExpressionSyntax receiver) => receiver switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
