using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// Between the scan for names and the graph: whether what goes by the name of a charge or a release is one. Binds the calls that go by it and nothing else.
/// </summary>
internal sealed class ConfirmedCalls(Compilation compilation, IPairCatalog catalog, NameHits charges, NameHits releases, CancellationToken cancellation)
{
    private readonly ConcurrentDictionary<SyntaxNode, NamedCharges> _charging = new();
    private readonly ConcurrentDictionary<SyntaxNode, ImmutableArray<PairCall>> _pairCalls = new();

    public bool MayCharge(SyntaxNode body) => charges.Any(body);

    public bool MayRelease(SyntaxNode body) => releases.Any(body);

    /// <summary>By name alone: more than one release stands in the body, or a lone one of a doubtful amount.</summary>
    public bool MayReleaseWrongly(SyntaxNode body) => releases.In(body) is var hits && (hits.Length > 1 || (hits.Length == 1 && CallsIn(body, releases, catalog.ReleaseNames).Any(call => IsDoubtful(call.Call, body))));

    /// <summary>Some call in the body is a charge.</summary>
    public bool Charges(SyntaxNode body) => charges.Any(body) && ChargesIn(body).AnyIsCharge;

    /// <summary>Some call in the body charges a pair that is meant; where that is not told by the call alone, it may.</summary>
    public bool Charges(SyntaxNode body, Func<Pair, bool> isMeant)
    {
        if (body is ConstructorDeclarationSyntax { Initializer: not null }) return true;
        foreach (int hit in charges.In(body))
        {
            if (!NamedCalls.IsName(body, hit, catalog.ChargeNames, out SyntaxToken token)) continue;
            if (NamedCalls.CallOf(token) is not { } call)
            {
                if (token.Parent is not SimpleNameSyntax name || IsMereType(name, body)) continue;
                return true;
            }

            if (Resolve(call) is { } resolved && catalog.ChargesOf(resolved.Method, resolved.Receiver).Any(charge => isMeant(charge.Pair))) return true;
        }

        return false;
    }

    /// <summary>At least two calls in the body release, so that one may be one too many, or one releases a doubtful amount.</summary>
    public bool ReleasesTwiceOrDoubtfully(SyntaxNode body)
    {
        int count = 0;
        foreach ((_, ExpressionSyntax call) in CallsIn(body, releases, catalog.ReleaseNames))
        {
            if (Resolve(call) is not { } resolved || catalog.ReleasesOf(resolved.Method, resolved.Receiver) is not { IsEmpty: false } ends) continue;
            if (++count == 2 || (ends.Any(static end => end.Amount.Place != ValuePlace.None) && IsDoubtful(call, body))) return true;
        }

        return false;
    }

    /// <summary>Every call in the body that charges or releases; default where something charges or may release without being such a call, or where it is not known what a call is.</summary>
    public ImmutableArray<PairCall> PairCallsIn(SyntaxNode body) => _pairCalls.GetOrFind(body, this, static (self, known) => self.FindPairCalls(known));

    private ImmutableArray<PairCall> FindPairCalls(SyntaxNode body)
    {
        if (body is ConstructorDeclarationSyntax { Initializer: not null } || ChargesIn(body).Calls is not { IsDefault: false } charging) return default;
        ImmutableArray<int> hits = releases.In(body);
        if (hits.IsEmpty) return charging;
        ImmutableArray<PairCall>.Builder found = ImmutableArray.CreateBuilder<PairCall>(charging.Length + hits.Length);
        found.AddRange(charging);
        foreach (int hit in hits)
        {
            if (NamedCalls.IsName(body, hit, catalog.ReleaseNames, out SyntaxToken token) && token.Parent is SimpleNameSyntax name && !AddTo(found, token, name, body)) return default;
        }

        return found.ToImmutable();
    }

    /// <summary>Adds the call that goes by the name, if it is of a pair; false where that cannot be told.</summary>
    private bool AddTo(ImmutableArray<PairCall>.Builder found, SyntaxToken token, SimpleNameSyntax name, SyntaxNode body)
    {
        if (NamedCalls.CallOf(token) is not { } call) return IsMereType(name, body);
        if (Resolve(call) is not { } resolved) return false;
        foreach (PairCall other in found)
        {
            if (other.Call == call) return true;
        }

        PairCall known = new(call, resolved.Method, catalog.ChargesOf(resolved.Method, resolved.Receiver), catalog.ReleasesOf(resolved.Method, resolved.Receiver));
        if (!known.Charges.IsEmpty || !known.Releases.IsEmpty) found.Add(known);
        return true;
    }

    /// <summary>The name of a type, of which nothing is made by a <c>new(…)</c> that does not repeat it.</summary>
    private bool IsMereType(SimpleNameSyntax name, SyntaxNode body) => !BodyShapes.Has(body, BodyShape.ImplicitCreation)
        && SemanticModels.Of(name.SyntaxTree, compilation).GetSymbolInfo(name, cancellation).Symbol is ITypeSymbol;

    /// <summary>A lone release can still be one of a wrong amount: of something negated, of a difference, or of a result.</summary>
    private static bool IsDoubtful(ExpressionSyntax call, SyntaxNode body) => call is InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } && arguments.Any(argument =>
        argument.Expression.DescendantNodesAndSelf().Any(static n => n is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.SubtractExpression })
        || (argument.Expression is IdentifierNameSyntax { Identifier.ValueText: var name } && body.DescendantNodes().Any(n => n is VariableDeclaratorSyntax { Initializer: not null } local && local.Identifier.ValueText == name)));

    /// <summary>The calls in a body that go by one of the names, not bound yet.</summary>
    public static IEnumerable<(string Name, ExpressionSyntax Call)> CallsIn(SyntaxNode body, NameHits hits, ImmutableHashSet<string> names)
    {
        foreach (int hit in hits.In(body))
        {
            if (NamedCalls.IsName(body, hit, names, out SyntaxToken token) && NamedCalls.CallOf(token) is { } call) yield return (token.ValueText, call);
        }
    }

    /// <summary>The method that is called, as it was declared if it extends its receiver.</summary>
    public IMethodSymbol? MethodOf(ExpressionSyntax call) => Resolve(call)?.Method;

    private NamedCharges ChargesIn(SyntaxNode body) => _charging.GetOrFind(body, this, static (self, known) => self.FindCharges(known));

    private NamedCharges FindCharges(SyntaxNode body)
    {
        if (BodyGraphs.IsTooDeep(body)) return default;
        bool namesType = false, isCharge = false, isClear = true;
        ImmutableArray<int> hits = charges.In(body);
        ImmutableArray<PairCall>.Builder found = ImmutableArray.CreateBuilder<PairCall>(hits.Length);
        foreach (int hit in hits)
        {
            if (!NamedCalls.IsName(body, hit, catalog.ChargeNames, out SyntaxToken token)) continue;
            if (token.Parent is SimpleNameSyntax name) isClear &= AddTo(found, token, name, body);
            if (NamedCalls.CallOf(token) is not null) continue;
            namesType |= NamedCalls.IsType(token);
            isCharge |= IsCounter(token);
        }

        foreach (PairCall call in found) isCharge |= !call.Charges.IsEmpty;
        isCharge = isCharge || (namesType && body.DescendantNodes().OfType<ImplicitObjectCreationExpressionSyntax>().Any(IsCharge)) || (body is ConstructorDeclarationSyntax { Initializer: { } initializer } && IsCharge(initializer));
        return new NamedCharges(isClear ? found.ToImmutable() : default, isCharge);
    }

    /// <summary>A counter is charged by adding to it.</summary>
    private bool IsCounter(SyntaxToken token) => token.Parent is IdentifierNameSyntax { Parent: ExpressionSyntax or ArgumentSyntax } name && !NamedCalls.IsType(token)
        && SemanticModels.Of(name.SyntaxTree, compilation).GetSymbolInfo(name, cancellation).Symbol is IFieldSymbol field && catalog.TryGetCounter(field, out _);

    private bool IsCharge(SyntaxNode call) => Resolve(call) is { } resolved && !catalog.ChargesOf(resolved.Method, resolved.Receiver).IsEmpty;

    private (IMethodSymbol Method, ITypeSymbol? Receiver)? Resolve(SyntaxNode call)
    {
        SemanticModel model = SemanticModels.Of(call.SyntaxTree, compilation);
        if (model.GetSymbolInfo(call, cancellation).Symbol is not IMethodSymbol method) return null;
        ITypeSymbol? receiver = method.IsStatic || call is not ExpressionSyntax expression || NamedCalls.ReceiverOf(expression) is not { } instance ? null : model.GetTypeInfo(instance, cancellation).Type;
        return (method.ReducedFrom ?? method, receiver);
    }

    /// <summary>What goes by the name of a charge in a body.</summary>
    /// <param name="Calls">Those that are calls of a pair; default where it is not known what some call is, or where something charges without being one.</param>
    /// <param name="AnyIsCharge">Something there charges.</param>
    private readonly record struct NamedCharges(ImmutableArray<PairCall> Calls, bool AnyIsCharge);
}
