using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace PinAnalyzers.Symbols;

internal static class LocalFunctions
{
    /// <summary>The graph of a local function declared in this body or around it; null when it is neither.</summary>
    public static ControlFlowGraph? FindLocalFunction(this ControlFlowGraph graph, IMethodSymbol local, CancellationToken cancellation)
    {
        for (ControlFlowGraph? scope = graph; scope is not null; scope = scope.Parent)
        {
            foreach (IMethodSymbol candidate in scope.LocalFunctions)
            {
                if (SymbolEqualityComparer.Default.Equals(candidate, local.OriginalDefinition)) return scope.GetLocalFunctionControlFlowGraph(candidate, cancellation);
            }
        }

        return null;
    }
}
