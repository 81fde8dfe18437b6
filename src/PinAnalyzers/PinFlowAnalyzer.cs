using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Authority;
using PinAnalyzers.Balance;
using PinAnalyzers.Balance.Races;
using PinAnalyzers.Balance.Types;
using PinAnalyzers.Contract;
using PinAnalyzers.Pairs;
using PinAnalyzers.Pairs.Declared;
using PinAnalyzers.SharedMemory;
using PinAnalyzers.Symbols;

namespace PinAnalyzers;

/// <summary>
/// Hosts every rule that follows flow: scans files for names, and hands the members that hit to the categories.
/// Code-block actions only: an operation action would make the driver bind every body there is.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PinFlowAnalyzer : DiagnosticAnalyzer
{
    private readonly NameScans _scans = new();
    private readonly bool _followsChargesAlone;

    public PinFlowAnalyzer()
    {
    }

    /// <summary>Follows charges through the members that are asked about, and nothing else: to judge a type, the driver would look at all of its members.</summary>
    internal PinFlowAnalyzer(bool followsChargesAlone) => _followsChargesAlone = followsChargesAlone;

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.PIN0001_MemberNotAnalysed)
        .AddRange(BalanceCheck.Rules).AddRange(TypeBalanceCheck.Rules).AddRange(RaceCheck.Rules).AddRange(ConditionalEffectCheck.Rules).AddRange(TimingCheck.Rules)
        .AddRange(AuthorityCheck.Rules).AddRange(SharedMemoryCheck.Rules).AddRange(ContractCheck.Rules);

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();

        // Generated parts are evidence for what their type does, but nothing is reported in them.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze);
        context.RegisterCompilationStartAction(Start);
    }

    private void Start(CompilationStartAnalysisContext context)
    {
        PairCatalog catalog = PairCatalog.Shared(context.Compilation, context.Options, context.CancellationToken, tree =>
            context.TryGetValue(tree, SourceDeclarations.Provider, out SourceDeclarations? cached) ? cached : SourceDeclarations.Read(tree, CancellationToken.None));
        ScanGroups scans = new(_scans, (tree, provider) => context.TryGetValue(tree, provider, out ScanResult? found) ? found : ScanResult.None);
        CompilationStart start = new(context.Compilation, context.Options, scans, StepsIn, context.CancellationToken);
        ImmutableArray<IMemberCheck>.Builder checks = ImmutableArray.CreateBuilder<IMemberCheck>();
        ImmutableArray<ITypeCheck> typeChecks = ImmutableArray<ITypeCheck>.Empty;
        if (!catalog.IsEmpty)
        {
            BalanceCheck balance = BalanceCheck.Create(start, catalog);
            checks.Add(balance);
            if (_followsChargesAlone)
            {
                context.RegisterCodeBlockAction(block => Analyze(block, checks.ToImmutable()));
                return;
            }

            checks.Add(ConditionalEffectCheck.Create(start, catalog));
            checks.Add(TimingCheck.Create(start, catalog, balance.Context));
            ReleaseMembers releases = new(catalog, catalog.Options);
            AuthorityCheck authority = AuthorityCheck.Create(start, catalog);
            typeChecks = ImmutableArray.Create<ITypeCheck>(new TypeBalanceCheck(balance.Context, releases, authority.IsCapability), RaceCheck.Create(start, catalog, releases));
            checks.Add(authority);
            checks.Add(ContractCheck.Create(start, catalog));
        }

        if (SharedMemoryCheck.Create(start, catalog.Options) is { } shared) checks.Add(shared);
        if (checks.Count == 0) return;
        ImmutableArray<IMemberCheck> all = checks.ToImmutable();
        context.RegisterCodeBlockAction(block => Analyze(block, all));
        if (!typeChecks.IsEmpty) context.RegisterSymbolStartAction(symbol => Start(symbol, typeChecks), SymbolKind.NamedType);

        Steps StepsIn(SyntaxTree tree) => context.TryGetValue(tree, StepScan.Provider, out Steps? steps) ? steps : Steps.None;
    }

    private static void Analyze(CodeBlockAnalysisContext context, ImmutableArray<IMemberCheck> checks)
    {
        SyntaxNode syntax = context.CodeBlock;
        uint interested = 0;
        for (int i = 0; i < checks.Length; i++)
        {
            if (checks[i].IsCandidate(syntax)) interested |= 1u << i;
        }

        // Most members are nobody's: nothing is made for them.
        if (interested == 0 || IsBeingTyped(syntax)) return;
        MemberCode member = new(syntax, context.OwningSymbol, context.SemanticModel, context.ReportDiagnostic, context.CancellationToken);
        if (BodyGraphs.IsTooDeep(syntax))
        {
            member.NotAnalysed($"it nests deeper than {BodyGraphs.MaxNesting} levels");
            return;
        }

        for (int i = 0; i < checks.Length; i++)
        {
            if ((interested & 1u << i) != 0 && checks[i].Confirms(syntax, context.SemanticModel, context.CancellationToken)) checks[i].Check(member);
        }
    }

    /// <summary>A member that does not parse is being written: what its author has not got to yet is not lost.</summary>
    private static bool IsBeingTyped(SyntaxNode syntax) => syntax.ContainsDiagnostics && syntax.GetDiagnostics().Any(static d => d.Severity == DiagnosticSeverity.Error);

    /// <summary>
    /// Types are judged whole: all parts, and what is nested in them. They are judged at their end, since by then the compiler has bound their members and the driver's
    /// model has kept what it bound; at their start every member that is looked into would be bound once more.
    /// </summary>
    private static void Start(SymbolStartAnalysisContext context, ImmutableArray<ITypeCheck> checks)
    {
        if (context.Symbol is not INamedTypeSymbol { ContainingType: null, TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } type) return;
        ImmutableArray<ITypeCheck> interested = checks.RemoveAll(check => !type.DeclaringSyntaxReferences.Any(part => check.IsCandidate(part.GetSyntax(context.CancellationToken))));
        if (interested.IsEmpty) return;
        context.RegisterSymbolEndAction(end =>
        {
            TypeParts parts = new(type, end.Compilation, end.CancellationToken);
            foreach (ITypeCheck check in interested) check.Check(parts, end.ReportDiagnostic);
        });
    }
}
