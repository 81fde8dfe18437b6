using System;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>Which bodies give resources back: by annotation, by name, as finalizers, as callbacks for cleanup, or because only such a body would call them.</summary>
internal sealed class ReleasePaths(Compilation compilation, IPairCatalog catalog, PinOptionsProvider options, CancellationToken cancellation)
{
    private const int MaxSteps = 3;
    private readonly ReleaseMembers _members = new(catalog, options);

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
            if (method.MethodKind == MethodKind.Ordinary && method.DeclaredAccessibility == Accessibility.Private && IsCalledFromReleaseMember(method, 0)) return true;
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

    /// <summary>A private step of a release, or of such a step.</summary>
    private bool IsCalledFromReleaseMember(IMethodSymbol method, int depth)
    {
        foreach (IMethodSymbol member in method.ContainingType.GetMembers().OfType<IMethodSymbol>())
        {
            bool isStep = depth < MaxSteps && member is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Private };
            if (SymbolEqualityComparer.Default.Equals(member, method) || !isStep && !IsReleaseMember(member) || BodyGraphs.BodyOf(member, compilation, cancellation) is not { } body || BodyGraphs.IsTooDeep(body)) continue;
            foreach (InvocationExpressionSyntax call in body.DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                SimpleNameSyntax? name = call.Expression switch
                {
                    SimpleNameSyntax simple => simple,
                    MemberAccessExpressionSyntax access => access.Name,
                    _ => null,
                };
                if (name?.Identifier.ValueText != method.Name) continue;
                SemanticModel model = SemanticModels.Of(body.SyntaxTree, compilation);
                if (SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(call, cancellation).Symbol?.OriginalDefinition, method.OriginalDefinition) && (IsReleaseMember(member) || IsCalledFromReleaseMember(member, depth + 1))) return true;
            }
        }

        return false;
    }
}
