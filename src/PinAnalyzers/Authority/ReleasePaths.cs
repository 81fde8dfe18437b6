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
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Pairs;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>Which bodies give resources back: by annotation, by name, as finalizers, as callbacks for cleanup, or because only such a body would call them.</summary>
internal sealed class ReleasePaths(Compilation compilation, IPairCatalog catalog, PinOptionsProvider options, CancellationToken cancellation)
{
    private const int MaxSteps = 3;
    private readonly ReleaseMembers _members = new(catalog, options);
    private readonly ConcurrentDictionary<IMethodSymbol, bool> _steps = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, ImmutableArray<IMethodSymbol>> _callers = new(SymbolEqualityComparer.Default);

    public bool IsReleasePath(ISymbol owner, ControlFlowGraph graph)
    {
        for (ISymbol? current = owner; current is IMethodSymbol method; current = method.ContainingSymbol)
        {
            if (method.MethodKind == MethodKind.AnonymousFunction)
            {
                if (IsCleanupCallback(graph, options.For(graph.OriginalOperation.Syntax.SyntaxTree).ReleaseNames)) return true;
                continue;
            }

            if (IsReleaseMember(method) || method.MethodKind == MethodKind.LocalFunction && _members.HasReleaseName(method)) return true;
            if (method.MethodKind == MethodKind.Ordinary && method.DeclaredAccessibility == Accessibility.Private && IsCalledFromReleaseMember(method)) return true;
        }

        return false;
    }

    public bool IsReleaseMember(IMethodSymbol method) => _members.Contains(method);

    /// <summary>A delegate that somebody keeps in order to run it at the end.</summary>
    private static bool IsCleanupCallback(ControlFlowGraph graph, ReleaseNames names)
    {
        for (IOperation? operation = graph.OriginalOperation.Parent; operation is not null; operation = operation.Parent)
        {
            switch (operation)
            {
                case IInvocationOperation call:
                    return call.TargetMethod is { Name: "Register" or "UnsafeRegister", ContainingType.SystemName: "CancellationToken" }
                        or { Name: "RegisterForDispose" or "RegisterForDisposeAsync" or "OnDispose" }
                        || call.TargetMethod is { Name: "Create", ContainingType.SystemName: "Disposable" or "AsyncDisposable" };
                case IObjectCreationOperation { Type: { } type }:
                    return type.Name.EndsWith("Disposable", StringComparison.Ordinal) || type.Name.EndsWith("Releaser", StringComparison.Ordinal);
                case IEventAssignmentOperation { Adds: true, EventReference: IEventReferenceOperation { Event.Name: "ProcessExit" or "DomainUnload" or "Unloading" or "Exited" or "Disposed" or "Closed" } }:
                    return true;
                case ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member.Name: var name } }:
                    return IsCallbackName(name, names);
                case IDelegateCreationOperation or IArgumentOperation or IConversionOperation or IParenthesizedOperation:
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary><c>_onClose</c>, <c>disposeAction</c>, <c>_cleanup</c>.</summary>
    private static bool IsCallbackName(string name, ReleaseNames names)
    {
        string bare = name.TrimStart('_');
        if (bare.StartsWith("on", StringComparison.OrdinalIgnoreCase) && bare.Length > 2 && char.IsUpper(bare[2])) bare = bare.Substring(2);
        foreach (string suffix in new[] { "Action", "Callback", "Handler" })
        {
            if (bare.EndsWith(suffix, StringComparison.Ordinal)) bare = bare.Substring(0, bare.Length - suffix.Length);
        }

        return bare.Length > 0 && (bare.IndexOf("leanup", StringComparison.Ordinal) >= 0 || names.Contains(char.ToUpperInvariant(bare[0]) + bare.Substring(1)));
    }

    /// <summary>A private step of a release, or of such a step. Asked once a method: a class of a thousand private methods asks for each of them.</summary>
    private bool IsCalledFromReleaseMember(IMethodSymbol method) => _steps.GetOrFind(Declared(method.OriginalDefinition), this, static (self, step) => self.FindRelease(step));

    private bool FindRelease(IMethodSymbol method)
    {
        HashSet<IMethodSymbol> seen = new(SymbolEqualityComparer.Default) { method };
        List<IMethodSymbol> steps = [method];
        for (int depth = 0; depth <= MaxSteps && steps.Count > 0; depth++)
        {
            List<IMethodSymbol> further = [];
            foreach (IMethodSymbol caller in steps.SelectMany(step => CallersOf(step)))
            {
                if (IsReleaseMember(caller)) return true;
                if (caller is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Private } && seen.Add(caller)) further.Add(caller);
            }

            steps = further;
        }

        return false;
    }

    private ImmutableArray<IMethodSymbol> CallersOf(IMethodSymbol method) => _callers.GetOrFind(method, this, static (self, called) => self.FindCallers(called).ToImmutableArray());

    /// <summary>Members of the same type that call the method. Where its name stands is read from the file's index; a name that is written with escapes is not found.</summary>
    private IEnumerable<IMethodSymbol> FindCallers(IMethodSymbol method)
    {
        uint hash = IdentifierIndex.Hash(method.Name);
        foreach (SyntaxReference part in method.ContainingType.PartsIn(compilation))
        {
            IdentifierIndex index = IdentifierIndex.Of(part.SyntaxTree.GetText(cancellation));
            SyntaxNode? type = null, last = null;
            for (int i = index.FirstAt(part.Span.Start); i < index.Hashes.Length && index.PositionAt(i) < part.Span.End; i++)
            {
                if (index.Hashes[i] != hash) continue;
                type ??= part.GetSyntax(cancellation);
                if (CallAt(type, index.PositionAt(i), method.Name) is not { } call || call.FirstAncestorOrSelf<SyntaxNode>(IsBody) is not { } body || body == last || BodyGraphs.IsTooDeep(body)) continue;
                SemanticModel model = SemanticModels.Of(body.SyntaxTree, compilation);
                if (OwnerOf(body, model) is not { } caller || !SymbolEqualityComparer.Default.Equals(caller.ContainingType, method.ContainingType) || SymbolEqualityComparer.Default.Equals(caller, method)) continue;
                if (!SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(call, cancellation).Symbol?.OriginalDefinition, method)) continue;
                last = body;
                yield return caller;
            }
        }
    }

    private IMethodSymbol? OwnerOf(SyntaxNode body, SemanticModel model) => model.GetDeclaredSymbol(body is ArrowExpressionClauseSyntax { Parent: { } declaration } ? declaration : body, cancellation) switch
    {
        IMethodSymbol method => Declared(method),
        IPropertySymbol property => property.GetMethod,
        _ => null,
    };

    /// <summary>Calls name the declaring part of a partial method.</summary>
    private static IMethodSymbol Declared(IMethodSymbol method) => method.PartialDefinitionPart ?? method;

    private static bool IsBody(SyntaxNode node) => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax };

    private static InvocationExpressionSyntax? CallAt(SyntaxNode type, int position, string name) =>
        type.FindToken(position) is { Parent: SimpleNameSyntax called } token && token.Span.Contains(position) && token.ValueText == name ? NamedCalls.CallOf(token) as InvocationExpressionSyntax : null;
}
