using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Types;

/// <summary>Which members of a type run when it gives its resources back: release paths, and by name whatever they mention.</summary>
internal sealed class ReleaseReach
{
    private readonly HashSet<TypeMember> _reached = [];
    private readonly HashSet<INamedTypeSymbol> _releasing = new(SymbolEqualityComparer.Default);
    private readonly TypeParts _type;

    public ReleaseReach(TypeParts type, ReleaseMembers releases)
    {
        _type = type;
        Queue<TypeMember> open = new();
        foreach (TypeMember member in type.Members)
        {
            if (member.Symbol is not IMethodSymbol method || !releases.Contains(method)) continue;
            Reach(member);
            _releasing.Add(method.ContainingType);
        }

        ILookup<string, TypeMember> byName = type.Members.Where(static m => m.Symbol is IMethodSymbol).ToLookup(static m => NameOf((IMethodSymbol)m.Symbol!));
        while (open.Count > 0)
        {
            foreach (SyntaxToken token in open.Dequeue().Body.DescendantTokens())
            {
                if (!token.IsKind(SyntaxKind.IdentifierToken)) continue;
                foreach (TypeMember called in byName[token.ValueText]) Reach(called);
            }
        }

        void Reach(TypeMember member)
        {
            if (_reached.Add(member)) open.Enqueue(member);
        }
    }

    public bool HasReleasePath => _releasing.Count > 0;

    /// <summary>The type itself has one, or one around it: that a token which it declares can be released is nothing that the type does.</summary>
    public bool HasReleasePathOf(INamedTypeSymbol owner)
    {
        for (INamedTypeSymbol? current = owner; current is not null; current = current.ContainingType)
        {
            if (_releasing.Contains(current)) return true;
        }

        return false;
    }

    /// <summary>
    /// What a base class or an interface calls may run on a release path that is not ours to see, and so may what is handed out as a delegate.
    /// </summary>
    public bool Contains(TypeMember member) => _reached.Contains(member)
        || member.Symbol is IMethodSymbol method && (method.IsOverride || InterfaceMembers.ImplementedBy(method).Any() || IsHandedOut(method));

    private bool IsHandedOut(IMethodSymbol method) => _type.Members.Any(member => member.Mentions(method.SourceName()) && member.Operations.Any(operation =>
        operation is IMethodReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, method.OriginalDefinition)));

    private static string NameOf(IMethodSymbol method) => method.AssociatedSymbol?.Name ?? method.SourceName();
}
