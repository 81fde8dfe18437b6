using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>Findings as diagnostics: severity, words, and the path as additional locations.</summary>
internal static class BalanceDiagnostics
{
    public static Diagnostic Create(BalanceFinding finding)
    {
        Location at = finding.At.Syntax.GetLocation();
        List<Location> path = PathOf(finding);
        List<Location> sites = finding.Releases.Select(static r => r.Syntax.GetLocation()).OrderBy(static l => l.SourceSpan.Start).ToList();
        List<Location> ends = finding.Evidence.Ends.Select(static e => EndSyntax(e).GetLocation()).ToList();
        ImmutableDictionary<string, string?> properties = BalanceProperties.Of(finding, path.Count, sites.Count, ends.Count).ToDictionary();
        Pair pair = finding.Site.Pair;
        IEnumerable<Location> additional = path.Concat(sites).Concat(ends);
        return finding.Rule switch
        {
            BalanceRule.Lost => Create(
                Descriptors.PIN1001_ChargeMustBeReleasedOnEveryPath, pair.Loss == LossKind.Performance ? DiagnosticSeverity.Info : null, at, additional, properties, pair.Key, pair.ReleaseDisplay, WordsOf(finding)),
            BalanceRule.LostOnException => Create(
                Descriptors.PIN1002_ChargeMustBeReleasedOnExceptions, IsGrave(finding) ? null : DiagnosticSeverity.Info, at, additional, properties, pair.Key, pair.ReleaseDisplay, TextOf(finding.End!)),
            BalanceRule.ReleasedTwice => Create(
                Descriptors.PIN1003_ChargeMustBeReleasedOnce, null, at, additional, properties, pair.Key, LineOf(finding.Other ?? finding.At)),
            BalanceRule.ReleasedUncharged => Create(
                Descriptors.PIN1004_OnlyTakenChargeMayBeReleased, null, at, additional, properties, pair.Key, LineOf(finding.Site.Operation)),
            BalanceRule.OtherAmount => Create(
                Descriptors.PIN1006_AmountReleasedMustBeAmountCharged, null, at, additional, properties, AmountOf(finding.At, null), LineOf(finding.Site.Operation), AmountOf(finding.Site.Operation, finding.Site.Spec)),
            BalanceRule.OtherOwner => Create(
                Descriptors.PIN1007_ChargeMustGoBackWhereItCameFrom, null, at, additional, properties, pair.Key, LineOf(finding.Site.Operation), $"'{TextOf(finding.At)}' gives it to another owner"),
            BalanceRule.OtherFamily => Create(
                Descriptors.PIN1007_ChargeMustGoBackWhereItCameFrom, null, at, additional, properties, pair.Key, LineOf(finding.Site.Operation), $"only '{pair.ReleaseDisplay}' releases it"),
            BalanceRule.NegativeAmount => Create(
                Descriptors.PIN1017_AmountMustNotBeNegative, null, at, additional, properties, TextOf(finding.At), finding.Detail),
            BalanceRule.ShortCountIgnored => Create(
                Descriptors.PIN1005_ChargeResultMustBeUsed, DiagnosticSeverity.Info, at, additional, properties, TextOf(finding.At), "a short count is not a full one"),
            _ => Create(
                Descriptors.PIN1005_ChargeResultMustBeUsed, null, at, additional, properties, TextOf(finding.At),
                finding.Site.Spec.Success == SuccessSignal.Always ? $"nothing is left to release the {pair.Key} with" : "whether it was taken is not known"),
        };
    }

    /// <summary>For rules that no path leads to: the places a message speaks of, then those the fix edits.</summary>
    public static Diagnostic Create(
        DiagnosticDescriptor descriptor, DiagnosticSeverity? severity, Pair? pair, SyntaxNode at, IReadOnlyCollection<SyntaxNode> path, IReadOnlyCollection<SyntaxNode> sites, params object[] arguments) =>
        CreateEdit(descriptor, severity, pair, at, path, sites, null, arguments);

    /// <param name="descriptor">The rule.</param>
    /// <param name="severity">Null: the rule's own.</param>
    /// <param name="pair">What is charged, if the rule is about one pair.</param>
    /// <param name="at">Where it is reported.</param>
    /// <param name="path">The places the message speaks of.</param>
    /// <param name="sites">What the fix edits.</param>
    /// <param name="text">What the fix writes there.</param>
    /// <param name="arguments">Of the message.</param>
    public static Diagnostic CreateEdit(
        DiagnosticDescriptor descriptor, DiagnosticSeverity? severity, Pair? pair, SyntaxNode at, IReadOnlyCollection<SyntaxNode> path, IReadOnlyCollection<SyntaxNode> sites, string? text, params object[] arguments)
    {
        BalanceProperties properties = new(pair?.Key ?? "", pair?.ReleaseDisplay ?? "", pair?.HasToken ?? false, path.Count, sites.Count, 0) { Template = text };
        return Create(descriptor, severity, at.GetLocation(), path.Concat(sites).Select(static n => n.GetLocation()), properties.ToDictionary(), arguments);
    }

    private static Diagnostic Create(
        DiagnosticDescriptor descriptor, DiagnosticSeverity? severity, Location at, IEnumerable<Location> additional, ImmutableDictionary<string, string?> properties, params object[] arguments) =>
        Diagnostic.Create(descriptor, at, severity ?? descriptor.DefaultSeverity, additional, properties, arguments);

    /// <summary>Only a callback, an await or an owner that stays locked is worth a warning: that any call may throw is known.</summary>
    private static bool IsGrave(BalanceFinding finding) => finding.Site.Pair.ExceptionalLossMatters && finding.Thrown?.Kind is ThrowKind.Await or ThrowKind.Callback;

    /// <summary>Charge, the decisions after it, and the end, in order.</summary>
    private static List<Location> PathOf(BalanceFinding finding)
    {
        List<Location> path = [finding.Site.Operation.Syntax.GetLocation()];
        path.AddRange(DecisionsOf(finding).Select(static t => t.Operation.Syntax.GetLocation()));
        if (finding.Other is { } other && !ReferenceEquals(other, finding.Site.Operation)) path.Add(other.Syntax.GetLocation());
        if (finding.End is { } end && (finding.Thrown is not null || EndSyntax(end) is ReturnStatementSyntax)) path.Add(EndSyntax(end).GetLocation());
        return path;
    }

    /// <summary>The branches taken after the charge, oldest first; a loop's are named once.</summary>
    private static List<Trace> DecisionsOf(BalanceFinding finding)
    {
        List<Trace> decisions = [];
        HashSet<SyntaxNode> seen = [];
        int start = finding.Site.Operation.Syntax.SpanStart;
        for (Trace? trace = finding.Trace; trace is not null && decisions.Count < MaxDecisions; trace = trace.Previous)
        {
            if (trace.Operation.IsImplicit) continue;
            if (trace.Operation.Syntax.SpanStart < start) break;
            if (trace.Kind is TraceKind.WhenTrue or TraceKind.WhenFalse && seen.Add(trace.Operation.Syntax)) decisions.Add(trace);
        }

        decisions.Reverse();
        return decisions;
    }

    private static string WordsOf(BalanceFinding finding)
    {
        List<string> words = [];
        foreach (Trace decision in DecisionsOf(finding))
        {
            // Asked twice, it is told once: the locations show both.
            string word = $"'{TextOf(decision.Operation)}' is {(decision.Kind == TraceKind.WhenTrue ? "true" : "false")}";
            if (!words.Contains(word)) words.Add(word);
        }

        string? end = finding.Thrown is not null ? "it throws" : finding.End is { } last && EndSyntax(last) is ReturnStatementSyntax ? "it returns" : null;
        if (end is not null) words.Add(end + " at line " + LineOf(finding.End!));
        return words.Count == 0 ? "the method ends" : string.Join(" and ", words.Skip(System.Math.Max(0, words.Count - MaxWords)));
    }

    private static SyntaxNode EndSyntax(IOperation end) => end.Syntax.FirstAncestorOrSelf<StatementSyntax>(static s => s is ReturnStatementSyntax or ThrowStatementSyntax) ?? end.Syntax;

    private static string LineOf(IOperation operation) => LineOf(operation.Syntax);

    public static string LineOf(SyntaxNode node) => (node.GetLocation().GetLineSpan().StartLinePosition.Line + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>The amount that a call was given, as it is written.</summary>
    private static string AmountOf(IOperation operation, ChargeSpec? spec)
    {
        if (operation.Syntax is not InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments }) return TextOf(operation.Syntax);
        return TextOf(spec is { Amount: { Place: ValuePlace.Argument, Ordinal: var ordinal } } && ordinal < arguments.Count ? arguments[ordinal].Expression : arguments[arguments.Count - 1].Expression);
    }

    private static string TextOf(IOperation operation) => TextOf(operation.Syntax);

    public static string TextOf(SyntaxNode node)
    {
        string text = node.ToString();
        int line = text.IndexOfAny(['\r', '\n']);
        if (line >= 0) text = text.Substring(0, line).TrimEnd() + " …";
        return text.Length <= MaxText ? text : text.Substring(0, MaxText) + "…";
    }

    private const int MaxDecisions = 8;
    private const int MaxWords = 3;
    private const int MaxText = 60;
}
