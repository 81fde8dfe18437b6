using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Authority;
using PinAnalyzers.Balance;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers;

/// <summary>
/// Hosts every rule that follows flow: scans files for names, builds the graph of a member that hits once, and hands it to the categories.
/// Code-block actions only: an operation action would make the driver bind every body there is.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PinFlowAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(
        Descriptors.PIN0001_MemberNotAnalysed,
        Descriptors.PIN1001_ChargeMustBeReleasedOnEveryPath,
        Descriptors.PIN1002_ChargeMustBeReleasedOnExceptions,
        Descriptors.PIN1003_ChargeMustBeReleasedOnce,
        Descriptors.PIN1004_OnlyTakenChargeMayBeReleased,
        Descriptors.PIN1005_ChargeResultMustBeUsed,
        Descriptors.PIN2001_CapabilityMustNotDecideRelease,
        Descriptors.PIN2002_CapabilityMustNotSkipCharge,
        Descriptors.PIN2003_OwnerMustNotBeAmbient,
        Descriptors.PIN2004_LimitShouldBeTheOwners,
        Descriptors.PIN2005_ProbeShouldFollowCheapTest,
        Descriptors.PIN2006_OwnerShouldBeRecorded,
        Descriptors.PIN2007_OwnerMustOutliveCharge);

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();

        // Generated parts are evidence for what their type does, but nothing is reported in them.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        PairCatalog catalog = PairCatalog.Create(context.Compilation, context.Options, context.CancellationToken);
        if (catalog.IsEmpty) return;
        CompilationStart start = new(context.Compilation, context.Options, CachedScan, context.CancellationToken);
        ImmutableArray<IMemberCheck> checks = ImmutableArray.Create<IMemberCheck>(BalanceCheck.Create(start, catalog));
        checks = checks.Add(AuthorityCheck.Create(start, catalog));
        context.RegisterCodeBlockAction(block => Analyze(block, checks));

        ImmutableArray<int> CachedScan(SyntaxTree tree, SyntaxTreeValueProvider<ImmutableArray<int>> provider) =>
            context.TryGetValue(tree, provider, out ImmutableArray<int> hits) ? hits : ImmutableArray<int>.Empty;
    }

    private static void Analyze(CodeBlockAnalysisContext context, ImmutableArray<IMemberCheck> checks)
    {
        SyntaxNode syntax = context.CodeBlock;
        ImmutableArray<IMemberCheck> interested = checks.RemoveAll(check => !check.IsCandidate(syntax));
        if (interested.IsEmpty) return;
        if (BodyGraphs.IsTooDeep(syntax))
        {
            NotAnalysed(context, $"it nests deeper than {BodyGraphs.MaxNesting} levels");
            return;
        }

        if (BodyGraphs.Create(syntax, context.SemanticModel, context.CancellationToken) is not { } graph) return;
        if (!Check(graph, context.OwningSymbol)) return;
        foreach ((ControlFlowGraph nested, IMethodSymbol owner) in BodyGraphs.Nested(graph, context.CancellationToken)) Check(nested, owner);

        // Says whether there are bodies inside.
        bool Check(ControlFlowGraph body, ISymbol owner)
        {
            ExceptionalGraph exceptional = new(body);
            MemberBody member = new(exceptional, owner, syntax, context.ReportDiagnostic, context.CancellationToken);
            foreach (IMemberCheck check in interested) check.Check(member);
            return exceptional.HasNestedBodies;
        }
    }

    private static void NotAnalysed(CodeBlockAnalysisContext context, string reason) => context.ReportDiagnostic(Diagnostic.Create(
        Descriptors.PIN0001_MemberNotAnalysed, context.OwningSymbol.Locations.FirstOrDefault() ?? context.CodeBlock.GetLocation(), context.OwningSymbol.Name, reason));
}
