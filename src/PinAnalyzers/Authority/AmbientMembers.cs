using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>How much a value depends on who runs the code.</summary>
internal enum Ambience : byte
{
    None,

    /// <summary>On the thread or the flow of execution: there are caches and scopes that are meant to.</summary>
    Thread,

    /// <summary>On whose code it is: the user, the process, the request.</summary>
    Identity,
}

/// <summary>Members whose value depends on who runs the code now: known, annotated and configured ones, and source members that return such a value.</summary>
internal sealed class AmbientMembers(Compilation compilation, PinOptionsProvider options, Func<SyntaxNode, IEnumerable<SimpleNameSyntax>> namesIn, CancellationToken cancellation)
{
    private const int MaxDepth = 3;
    private readonly ConcurrentDictionary<ISymbol, Ambience> _known = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _may = new(SymbolEqualityComparer.Default);

    public static readonly ImmutableArray<string> Names = ImmutableArray.Create("CurrentPrincipal", "ClaimsPrincipal", "GetCurrent", "GetCurrentProcess", "HttpContext", "UserName");

    /// <summary>False for most that only share a name with what depends on who runs the code; asked before any graph is built.</summary>
    public bool MayDepend(ISymbol member, SyntaxTree tree) => MayDepend(member, tree, 0);

    private bool MayDepend(ISymbol member, SyntaxTree tree, int depth)
    {
        ISymbol definition = member.OriginalDefinition;
        if (ByDeclaration(definition) != Ambience.None || IsConfigured(definition, tree) || (definition is INamedTypeSymbol { Name: var name } && Names.Contains(name))) return true;
        if (definition is IFieldSymbol field) return field.Type.SystemName is "AsyncLocal" or "ThreadLocal";
        if ((definition as IMethodSymbol ?? (definition as IPropertySymbol)?.GetMethod) is not { } method || depth >= MaxDepth) return false;
        if (_may.TryGetValue(definition, out bool known)) return known;
        bool may = BodyGraphs.BodyOf(method, compilation, cancellation) is { } body && ReturnedIn(body).Any(inner => MayDepend(inner, body.SyntaxTree, depth + 1));
        if (depth == 0) _may.TryAdd(definition, may);
        return may;
    }

    /// <summary>What is returned and goes by the name of an ambient member. Only the names are bound, before there is any graph.</summary>
    private IEnumerable<ISymbol> ReturnedIn(SyntaxNode body)
    {
        if (!namesIn(body).Any() || BodyGraphs.IsTooDeep(body)) yield break;
        SemanticModel model = SemanticModels.Of(body.SyntaxTree, compilation);
        foreach (SyntaxNode node in body.DescendantNodesAndSelf(static n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        {
            if (node is not (ReturnStatementSyntax or ArrowExpressionClauseSyntax)) continue;
            foreach (SimpleNameSyntax name in namesIn(node))
            {
                SymbolInfo bound = model.GetSymbolInfo(name, cancellation);
                if ((bound.Symbol ?? bound.CandidateSymbols.FirstOrDefault()) is { } symbol) yield return symbol;
            }
        }
    }

    /// <summary>The first ambient member in the value, in what is looked up by it, or in what a local was made from.</summary>
    public (ISymbol Member, Ambience Kind)? In(IOperation value, Origins origins, ControlFlowGraph graph) => In(value, origins, graph, new HashSet<IOperation>());

    /// <param name="value">What is looked into.</param>
    /// <param name="origins">Where its variables come from.</param>
    /// <param name="graph">The body.</param>
    /// <param name="seen">A variable may be made from itself.</param>
    private (ISymbol Member, Ambience Kind)? In(IOperation value, Origins origins, ControlFlowGraph graph, HashSet<IOperation> seen)
    {
        if (!seen.Add(value)) return null;
        foreach (IOperation part in value.DescendantsAndSelf())
        {
            if (Of(part) is { Kind: not Ambience.None } found) return found;
            if (part is not (ILocalReferenceOperation or IFlowCaptureReferenceOperation)) continue;
            foreach ((IOperation source, BasicBlock? _) in origins.Of(part))
            {
                if (source != part && source is not ILocalReferenceOperation && In(source, origins, graph, seen) is { } behind) return behind;
            }

            if (part is ILocalReferenceOperation { Local: { } local } && LookedUp(local, graph) is { } lookUp && lookUp.Arguments.Select(a => a.Value).Where(a => a is not ILocalReferenceOperation).Select(a => In(a, origins, graph, seen)).FirstOrDefault(static f => f is not null) is { } key) return key;
        }

        return null;
    }

    private (ISymbol Member, Ambience Kind)? Of(IOperation part) => part switch
    {
        IMemberReferenceOperation { Member: { } member } => (member, KindOf(member, part.Syntax.SyntaxTree, 0)),
        IInvocationOperation { TargetMethod: { } method } => (method, KindOf(method, part.Syntax.SyntaxTree, 0)),
        _ => null,
    };

    /// <summary><c>accounts.TryGetValue(key, out account)</c></summary>
    private static IInvocationOperation? LookedUp(ILocalSymbol local, ControlFlowGraph graph) => AccountingEvents.OperationsOf(graph).Select(static part => part.Operation).OfType<IInvocationOperation>()
        .FirstOrDefault(call => call.Arguments.Any(argument => argument.Parameter?.RefKind == RefKind.Out && argument.Value.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Any(l => SymbolEqualityComparer.Default.Equals(l.Local, local))));

    private Ambience KindOf(ISymbol member, SyntaxTree tree, int depth)
    {
        ISymbol definition = member.OriginalDefinition;
        if (ByDeclaration(definition) is not Ambience.None and var declared) return declared;
        if (IsConfigured(definition, tree)) return Ambience.Identity;
        if (_known.TryGetValue(definition, out Ambience known)) return known;
        IMethodSymbol? method = definition switch { IMethodSymbol { ReturnsVoid: false } own => own, IPropertySymbol { IsIndexer: false } property => property.GetMethod, _ => null };
        if (depth >= MaxDepth || method is null || method.MethodKind == MethodKind.LocalFunction || method.DeclaringSyntaxReferences.IsEmpty || BodyGraphs.BodyOf(method, compilation, cancellation) is not { } body || !ReturnedIn(body).Any(inner => MayDepend(inner, body.SyntaxTree, depth + 1))) return Ambience.None;
        Ambience kind = Ambience.None;
        if (BodyGraphs.Create(method, compilation, cancellation) is { } graph)
        {
            foreach (BasicBlock block in graph.Blocks)
            {
                if (block is not { BranchValue: { } value, FallThroughSuccessor.Semantics: ControlFlowBranchSemantics.Return } || value.Type?.SpecialType == SpecialType.System_Boolean) continue;
                foreach (IOperation part in value.DescendantsAndSelf())
                {
                    ISymbol? inner = part switch { IMemberReferenceOperation reference => reference.Member, IInvocationOperation call => call.TargetMethod, _ => null };
                    if (inner is not null && KindOf(inner, body.SyntaxTree, depth + 1) is not Ambience.None and var found && found > kind) kind = found;
                }
            }
        }

        if (depth == 0) _known.TryAdd(definition, kind);
        return kind;
    }

    private bool IsConfigured(ISymbol definition, SyntaxTree tree)
    {
        ImmutableArray<string> configured = options.For(tree).Ambient;
        return !configured.IsEmpty && definition.GetDocumentationCommentId() is { } id && configured.Contains(id);
    }

    private static Ambience ByDeclaration(ISymbol member)
    {
        if (Annotations.Has(member, Annotations.Ambient) || member is IMethodSymbol { AssociatedSymbol: { } accessed } && Annotations.Has(accessed, Annotations.Ambient)) return Ambience.Identity;
        return (member.Name, member.ContainingType?.SystemName) switch
        {
            ("CurrentPrincipal", "Thread") or ("Current", "ClaimsPrincipal") or ("GetCurrent", "WindowsIdentity") or ("GetCurrentProcess", "Process") or ("UserName", "Environment") => Ambience.Identity,
            ("HttpContext", "") when member.ContainingType.Name is "IHttpContextAccessor" or "HttpContextAccessor" => Ambience.Identity,
            ("Value", "AsyncLocal" or "ThreadLocal") => Ambience.Thread,
            _ => member is IFieldSymbol { IsStatic: true } && member.GetAttributes().Any(static a => a.AttributeClass?.Name is "ThreadStaticAttribute") ? Ambience.Thread : Ambience.None,
        };
    }
}
