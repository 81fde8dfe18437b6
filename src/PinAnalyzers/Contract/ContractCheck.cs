using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>PIN4xxx: what APIs promise and what their callers do. Looks only at members that mention something with a contract.</summary>
internal sealed class ContractCheck : IMemberCheck
{
    public static ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(
        Descriptors.PIN4001_StatusMustNotBeLost,
        Descriptors.PIN4002_DenialIsNotExhaustion,
        Descriptors.PIN4003_ArgumentMustBeValid,
        Descriptors.PIN4004_HandleMustBeZero,
        Descriptors.PIN4005_FlagTestMustMeanSomething,
        Descriptors.PIN4006_FlagShouldBeMasked,
        Descriptors.PIN4007_CompositeIsNotABoolean,
        Descriptors.PIN4008_SetterShouldClear,
        Descriptors.PIN4009_CopyMustNotHoldTheCharge,
        Descriptors.PIN4010_GuardMustTestTheSource,
        Descriptors.PIN4012_ReturnConventionMustBeKept);

    private static readonly ImmutableHashSet<string> s_refCalls = ImmutableHashSet.Create("Enter", "TryEnter");
    private static readonly ImmutableHashSet<string> s_known = ImmutableHashSet.Create("DangerousAddRef", "AcquirePointer", "Enter", "TryEnter", "MemberwiseClone", "with");
    private static readonly ImmutableHashSet<string> s_denials = ImmutableHashSet.Create("OutOfMemoryException", "InsufficientMemoryException", "PolicyLimit", "ResourceExhausted", "PinLimitExceededException");

    private readonly NameHits _hits;
    private readonly ContractContext _context;
    private readonly ImmutableHashSet<string> _certain;
    private readonly ImmutableHashSet<string> _flags;
    private readonly ImmutableHashSet<string> _twins;
    private readonly bool _hasState;

    private ContractCheck(CompilationStart start, PairCatalog catalog, ContractNames names, bool hasAnnotations)
    {
        ImmutableHashSet<string> calls = names.Calls.Union(catalog.LineChargeNames);
        _context = new ContractContext(start.Compilation, catalog, names, calls.Union(s_known), start.Cancellation);
        _flags = names.Flags;
        _twins = names.Twins;
        _hasState = hasAnnotations;
        _certain = calls.Union(names.States).Union(s_known.Except(s_refCalls).Remove("with"));
        if (hasAnnotations) _certain = _certain.Union(s_denials);
        NameHits scan = start.ScanFor(_certain.Union(_flags).Union(s_known));
        _hits = NameHits.From(tree => ThatMatter(tree, scan.Of(tree)));
    }

    public static ContractCheck Create(CompilationStart start, PairCatalog catalog)
    {
        bool hasAnnotations = !Annotations.Carriers(start.Compilation).IsEmpty;
        return new ContractCheck(start, catalog, ContractNames.Find(start.Compilation, start.Cancellation), hasAnnotations);
    }

    public bool IsCandidate(SyntaxNode member) => _hits.Any(member);

    public bool Confirms(SyntaxNode member, SemanticModel model, CancellationToken cancellation)
    {
        SyntaxNode root = member.SyntaxTree.GetRoot(cancellation);
        foreach (int hit in _hits.In(member))
        {
            SyntaxToken token = root.FindToken(hit);
            if (!token.Span.Contains(hit)) continue;
            if (token.IsKind(SyntaxKind.WithKeyword) || token.ValueText == "MemberwiseClone" || s_denials.Contains(token.ValueText)) return true;
            if (token.Parent is ConstructorInitializerSyntax chained && model.GetSymbolInfo(chained, cancellation).Symbol is IMethodSymbol next && HasContract(next)) return true;
            if (token.Parent is not SimpleNameSyntax name || (s_refCalls.Contains(token.ValueText) && !_certain.Contains(token.ValueText) && FreshFlags.IsGiven(name, member))) continue;
            SymbolInfo bound = model.GetSymbolInfo(name, cancellation);
            if ((bound.Symbol ?? bound.CandidateSymbols.FirstOrDefault()) is { } symbol && HasContract(symbol)) return true;
        }

        return false;
    }

    public void Check(MemberCode member)
    {
        if (member.Operation is not { } operation) return;
        List<ContractFinding> findings = FindInOperations(operation, member.Cancellation).ToList();
        if (operation.Descendants().Any(HasContract))
        {
            foreach (MemberBody body in member.Bodies) Solve(body, findings);
        }

        HashSet<(string Id, TextSpan Span)> seen = [];
        foreach (ContractFinding finding in findings)
        {
            if (seen.Add((finding.Rule.Id, finding.At.Span))) member.Report(finding.ToDiagnostic());
        }
    }

    private IEnumerable<ContractFinding> FindInOperations(IOperation root, CancellationToken cancellation)
    {
        foreach (IOperation operation in root.Descendants())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ContractFinding finding in FindIn(operation, cancellation)) yield return finding;
        }
    }

    /// <summary>Most operations are none of anybody's: asking every rule about each would make an iterator a rule.</summary>
    private IEnumerable<ContractFinding> FindIn(IOperation operation, CancellationToken cancellation) => operation switch
    {
        IBinaryOperation or IIsPatternOperation => FlagTests.Find(_context, operation),
        IInvocationOperation => FlagTests.Find(_context, operation).Concat(CopiedState.Find(_context, operation, cancellation)),
        IWithOperation => CopiedState.Find(_context, operation, cancellation),
        ISimpleAssignmentOperation => CopiedState.Find(_context, operation, cancellation).Concat(CompositeBooleans.Find(_context, operation)),
        IVariableDeclaratorOperation => CompositeBooleans.Find(_context, operation),
        IConditionalOperation => UnsetGuards.Find(_context, operation).Concat(StickySetters.Find(_context, operation)).Concat(Denials(operation)),
        IObjectCreationOperation or IFieldReferenceOperation or ILoopOperation => Denials(operation),
        ISwitchOperation or ISwitchExpressionOperation => Denials(operation).Concat(FlagTests.Find(_context, operation)),
        _ => [],
    };

    private IEnumerable<ContractFinding> Denials(IOperation operation) => _hasState ? MistakenDenials.Find(_context, operation) : [];

    private void Solve(MemberBody body, List<ContractFinding> findings)
    {
        if (!NeedsFlow(body.Graph)) return;
        ValueTable values = new();
        LocationTable locations = new();
        ContractFlow flow = new(_context, body, values, locations);
        FlowBudget budget = FlowBudget.Default with { MaxStates = _context.Catalog.Options.For(body.Member.Syntax.SyntaxTree).MaxStates };
        FlowSolver<ContractState> solver = new(body.Exceptional, flow, values, locations, budget, body.Member.Cancellation);
        if (!solver.Solve(new Frame<ContractState>(values, locations, ContractState.Empty)))
        {
            body.NotAnalysed("it has too many paths for the contract rules");
            return;
        }

        solver.Report();
        flow.Conclude();
        findings.AddRange(flow.Findings);
    }

    /// <summary>Something in the body is called that has a contract of its own.</summary>
    private bool NeedsFlow(ControlFlowGraph graph)
    {
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in block.Operations)
            {
                if (operation.DescendantsAndSelf().Any(HasContract)) return true;
            }

            if (block.BranchValue is { } value && value.DescendantsAndSelf().Any(HasContract)) return true;
        }

        return false;
    }

    private bool HasContract(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => s_known.Contains(method.Name) || HasContract(method),
        INamedTypeSymbol type => type.InstanceConstructors.Any(HasContract) || type.GetMembers("Add").OfType<IMethodSymbol>().Any(HasContract) || type.DelegateInvokeMethod is { } invoke && HasContract(invoke),
        IFieldSymbol { ContainingType: { TypeKind: TypeKind.Enum } flags } => _context.IsFlags(flags),
        _ => true,
    };

    private bool HasContract(IOperation operation)
    {
        IMethodSymbol? method = operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor,
            IPropertyReferenceOperation property => property.Property.SetMethod,
            _ => null,
        };
        return method is not null && HasContract(method);
    }

    private bool HasContract(IMethodSymbol method)
    {
        if (!_context.MayHaveContract(method)) return false;
        if (method.MethodKind != MethodKind.PropertySet && (_context.ConventionOf(method) is not null || _context.StatusOf(method) is not null)) return true;
        return method.Parameters.Any(parameter => !_context.Parameters.Of(parameter).IsEmpty);
    }

    private ImmutableArray<int> ThatMatter(SyntaxTree tree, ImmutableArray<int> all)
    {
        if (all.IsEmpty) return all;
        SourceText text = tree.GetText();
        return all.RemoveAll(hit => !Matters(text, hit));
    }

    private bool Matters(SourceText text, int hit)
    {
        int end = hit;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_')) end++;
        string name = text.ToString(TextSpan.FromBounds(hit, end));
        if (name is "base" or "this") return FlagContext.IsChained(text, hit);
        if (_certain.Contains(name)) return true;
        if (name == "with") return _hasState && FlagContext.IsFollowedByBrace(text, hit);
        if (s_refCalls.Contains(name) && FlagContext.HasRefArgument(text, end)) return true;
        return _flags.Contains(name) && (FlagContext.IsTested(text, hit) || _twins.Contains(name) && FlagContext.IsCase(text, hit));
    }
}
