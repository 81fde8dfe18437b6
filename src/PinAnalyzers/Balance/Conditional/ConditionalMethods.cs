using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>Methods marked <c>[Conditional]</c>: their calls, arguments and all, are only there where the symbol is defined.</summary>
internal static class ConditionalMethods
{
    /// <summary>Those of <c>Debug</c>, <c>Trace</c> and <c>Contract</c>.</summary>
    public static readonly ImmutableHashSet<string> OfFramework = ImmutableHashSet.Create(
        "Assert", "Fail", "Print", "Write", "WriteIf", "WriteLine", "WriteLineIf", "TraceError", "TraceInformation", "TraceWarning", "Assume", "Requires", "Ensures", "Invariant");

    /// <summary>Names of the framework's and of those that source declares, found by the attribute's name.</summary>
    public static ImmutableHashSet<string> NamesIn(Compilation compilation, NameHits attributes, CancellationToken cancellation)
    {
        HashSet<string> own = [];
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (int hit in attributes.Of(tree))
            {
                AttributeListSyntax? list = tree.GetRoot(cancellation).FindToken(hit).Parent?.FirstAncestorOrSelf<AttributeListSyntax>();
                if (list?.Parent is MethodDeclarationSyntax method) own.Add(method.Identifier.ValueText);
                else if (list?.Parent is LocalFunctionStatementSyntax local) own.Add(local.Identifier.ValueText);
            }
        }

        return OfFramework.Union(own);
    }

    public static bool Is(IMethodSymbol method)
    {
        for (IMethodSymbol? current = method; current is not null; current = current.OverriddenMethod)
        {
            if (current.GetAttributes().Any(static a => a.AttributeClass is { Name: "ConditionalAttribute", ContainingNamespace: { Name: "Diagnostics", ContainingNamespace.Name: "System" } })) return true;
        }

        return false;
    }

    /// <summary>The code around the call goes when the call goes: a conditional method, or a region that only debug builds have.</summary>
    public static bool IsGoneWith(SyntaxNode call, ISymbol owner)
    {
        for (ISymbol? current = owner; current is IMethodSymbol method; current = current.ContainingSymbol)
        {
            if (Is(method)) return true;
        }

        Stack<bool> regions = new();
        for (DirectiveTriviaSyntax? directive = call.SyntaxTree.GetRoot().GetFirstDirective(); directive is not null && directive.SpanStart < call.SpanStart; directive = directive.GetNextDirective())
        {
            switch (directive)
            {
                case IfDirectiveTriviaSyntax start:
                    regions.Push(Mentions(start.Condition));
                    break;
                case ElifDirectiveTriviaSyntax or ElseDirectiveTriviaSyntax when regions.Count > 0:
                    regions.Pop();
                    regions.Push(directive is ElifDirectiveTriviaSyntax other && Mentions(other.Condition));
                    break;
                case EndIfDirectiveTriviaSyntax when regions.Count > 0:
                    regions.Pop();
                    break;
            }
        }

        return regions.Contains(true);

        static bool Mentions(ExpressionSyntax condition) => condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(static n => n.Identifier.ValueText is "DEBUG" or "TRACE" or "CONTRACTS_FULL")
            && !condition.DescendantNodesAndSelf().Any(static n => n.IsKind(SyntaxKind.LogicalNotExpression));
    }
}
