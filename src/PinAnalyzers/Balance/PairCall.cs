using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>A call that goes by the name of a charge or a release, and what it is by its symbol.</summary>
internal sealed record PairCall(ExpressionSyntax Call, IMethodSymbol Method, ImmutableArray<ChargeSpec> Charges, ImmutableArray<ReleaseSpec> Releases)
{
    public bool HasArguments => Arguments is { Arguments.Count: > 0 };

    private ArgumentListSyntax? Arguments => Call switch
    {
        InvocationExpressionSyntax invocation => invocation.ArgumentList,
        BaseObjectCreationExpressionSyntax creation => creation.ArgumentList,
        _ => null,
    };

    /// <summary>The expression that is written at a place of the call; null where there is none, or where it takes more than counting to find it.</summary>
    public ExpressionSyntax? At(ValueSource source) => source.Place switch
    {
        ValuePlace.Receiver => NamedCalls.ReceiverOf(Call),
        ValuePlace.Argument when !Method.IsExtensionMethod && Arguments is { Arguments: var written } && source.Ordinal < written.Count && IsInOrder(written[source.Ordinal], source.Ordinal) =>
            written[source.Ordinal].Expression,
        _ => null,
    };

    private bool IsInOrder(ArgumentSyntax argument, int ordinal) => argument.NameColon is not { Name.Identifier.ValueText: var name } || name == Method.Parameters[ordinal].Name;
}
