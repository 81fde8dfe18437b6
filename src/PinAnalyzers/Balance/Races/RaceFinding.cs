using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Balance.Races;

/// <summary>What a rule about concurrent counters found: where, the other places of its path, and what its message names.</summary>
internal sealed record RaceFinding(DiagnosticDescriptor Rule, IOperation At, ImmutableArray<IOperation> Path, params object[] Arguments)
{
    public DiagnosticSeverity? Severity { get; init; }

    /// <summary>Name of the lock that a declaration states, for the fix.</summary>
    public string? Lock { get; init; }

    public Diagnostic ToDiagnostic()
    {
        // A fix edits one file: it is told of the places in it.
        int near = Path.TakeWhile(operation => operation.Syntax.SyntaxTree == At.Syntax.SyntaxTree).Count();
        return Diagnostic.Create(
            Rule,
            At.Syntax.GetLocation(),
            Severity ?? Rule.DefaultSeverity,
            Path.Select(static operation => operation.Syntax.GetLocation()),
            new BalanceProperties("", "", HasToken: false, near, SiteCount: 0, EndCount: 0) { Template = Lock }.ToDictionary(),
            Arguments);
    }
}
