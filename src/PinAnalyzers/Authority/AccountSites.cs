using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>All charges and releases of one account in a type, and the checks that decide any of the releases, or whether a helper with one is called: what has to change together.</summary>
internal sealed record AccountSites(AccountingEvent Account, ImmutableArray<AccountingEvent> Charges, ImmutableArray<AccountingEvent> Releases, ImmutableArray<CapabilityValue> Checks, ImmutableArray<CapabilityValue> Outer)
{
    public static AccountSites Of(AuthorityContext context, ControlFlowGraph graph, ISymbol owner, AccountingEvent account)
    {
        List<AccountingEvent> all = [];
        List<CapabilityValue> checks = [], outer = [];
        foreach (AccountingEvent own in context.Events.In(graph, owner).Concat(context.Events.ThroughHelpers(graph)))
        {
            if (own.IsOfSameAccount(account)) Add(own, graph, owner);
        }

        foreach ((AccountingEvent other, ControlFlowGraph part, IMethodSymbol member) in context.Types.Others(owner, account)) Add(other, part, member);
        return new AccountSites(
            account,
            all.Where(static e => !e.IsRelease).ToImmutableArray(),
            all.Where(static e => e.IsRelease).ToImmutableArray(),
            Distinct(checks),
            Distinct(outer));

        void Add(AccountingEvent e, ControlFlowGraph body, ISymbol member)
        {
            // A helper of the type itself is a site of its own.
            bool isOwnHelper = e.Through is { } helper && SymbolEqualityComparer.Default.Equals(helper.ContainingType.OriginalDefinition, member.ContainingType?.OriginalDefinition);
            if (!isOwnHelper) all.Add(e);
            if (!e.IsRelease) return;
            CapabilityFlow flow = context.FlowOf(body, e.Operation.Syntax.SyntaxTree);
            if (!flow.HasAnswers) return;
            foreach ((_, CapabilityValue condition) in flow.DecidersOf(e.Block).Concat(flow.AmountDecidersOf(e, new Origins(body))))
            {
                CapabilityValue? said = context.Summaries.AnswerOf(condition.Member, e.Operation.Syntax.SyntaxTree, body);
                (isOwnHelper ? outer : checks).Add(condition with { WhenTrue = said is not null && context.Summaries.IsPlain(condition.Member, e.Operation.Syntax.SyntaxTree) ? said.WhenTrue : Polarity.Mixed });
            }
        }
    }

    private static ImmutableArray<CapabilityValue> Distinct(List<CapabilityValue> checks) => checks.GroupBy(static check => check.Check.Syntax).Select(static group => group.First()).ToImmutableArray();

    public AuthorityProperties ToProperties(int pathCount) => new(
        pathCount,
        new string(Charges.Select(SignalOf).ToArray()),
        Releases.Length,
        new string(Checks.Select(Letter).Concat(Outer.Select(static check => char.ToLowerInvariant(Letter(check)))).ToArray()),
        Account.Display,
        Account.Pair is { HasToken: true });

    public ImmutableArray<Location> ToLocations() => Charges.Concat(Releases)
        .SelectMany(static e => new[] { e.Operation, e.Owner ?? e.Operation, e.Amount ?? e.Operation })
        .Concat(Checks.Concat(Outer).Select(static check => check.Check))
        .Select(static operation => operation.Syntax.GetLocation()).ToImmutableArray();

    private static char Letter(CapabilityValue check) => check.WhenTrue switch
    {
        Polarity.Privileged => AuthorityProperties.Privileged,
        Polarity.Unprivileged => AuthorityProperties.Unprivileged,
        _ => AuthorityProperties.Unclear,
    };

    private char SignalOf(AccountingEvent charge) => charge switch
    {
        { Operation: IInvocationOperation { TargetMethod: { Name: "CompareExchange", ContainingType.SystemName: "Interlocked" } } } => AuthorityProperties.WhenExchanged,
        { Through: { } helper } => helper.ReturnsVoid ? AuthorityProperties.Always : helper.ReturnType.SpecialType == SpecialType.System_Boolean ? AuthorityProperties.WhenTrue : AuthorityProperties.Unclear,
        { Signal: SuccessSignal.Always } => AuthorityProperties.Always,
        { Signal: SuccessSignal.True } => AuthorityProperties.WhenTrue,
        _ => AuthorityProperties.Unclear,
    };
}
