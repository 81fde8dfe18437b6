using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs.Declared;

/// <summary>A method with the attribute that put it into a group.</summary>
internal readonly record struct Annotated(IMethodSymbol Method, AttributeData Attribute);

/// <summary>
/// The charge and release methods of one key of one assembly, and the pair they make. What stands for the charge is settled here:
/// a marked token, the object that a constructor makes or that has the release itself, else the owner.
/// </summary>
internal sealed class PairGroup(string key, ImmutableArray<Annotated> charges, ImmutableArray<Annotated> releases, bool isAccounting)
{
    private readonly HashSet<IMethodSymbol> _releaseMethods = new(releases.Select(release => release.Method), SymbolEqualityComparer.Default);
    public bool HasCharges => !charges.IsEmpty;

    private readonly HashSet<ITypeSymbol> _tokenTypes = new(SymbolEqualityComparer.Default);

    /// <summary>Says what each method does, through <paramref name="add"/>; nothing when the key has no release, for then no charge could ever be balanced.</summary>
    /// <param name="add">Takes what a method does.</param>
    /// <param name="report">Takes what is wrong with an attribute.</param>
    /// <param name="keys">The keys of the other groups: one of them may be what was meant.</param>
    public void Resolve(Action<IMethodSymbol, MethodSpecs> add, Action<AttributeData, string> report, IEnumerable<string> keys)
    {
        foreach (var charge in charges)
            AddReleasedBy(charge, report);
        if (charges.IsEmpty)
        {
            report(releases[0].Attribute, $"[Release(\"{key}\")] has no [Charge(\"{key}\")] in this assembly, so it returns nothing" + NearMiss.Suggestion(key, keys));
            return;
        }
        if (_releaseMethods.Count == 0)
        {
            // A missing ReleasedBy member has been reported already and is the more exact complaint.
            if (Annotations.Named<string>(charges[0].Attribute, "ReleasedBy") is null)
                report(charges[0].Attribute, $"[Charge(\"{key}\")] has no [Release(\"{key}\")] in this assembly and names no ReleasedBy, so nothing can return it" + NearMiss.Suggestion(key, keys));
            return;
        }

        var tokens = charges.Select(charge => (charge, source: TokenOf(charge.Method))).ToList();
        var roles = charges.Select(charge => MethodRoles.Of(charge.Method)).ToList();
        var pair = new Pair(key, isAccounting ? PairFamily.Accounting : PairFamily.Declared)
        {
            IsBuiltIn = isAccounting,
            HasToken = tokens.Any(token => IsNewValue(token.charge.Method, token.source)),
            HasAmount = roles.Any(role => role.Amount >= 0),
            ReleaseDisplay = Display(TypicalRelease()),
        };

        for (var i = 0; i < charges.Length; i++)
            add(charges[i].Method, new MethodSpecs(ImmutableArray.Create(ChargeSpecOf(pair, charges[i], tokens[i].source, roles[i])), ImmutableArray<ReleaseSpec>.Empty));
        var byToken = tokens.Any(token => token.source.Place != ValuePlace.None);
        foreach (var release in _releaseMethods)
            add(release, new MethodSpecs(ImmutableArray<ChargeSpec>.Empty, ImmutableArray.Create(ReleaseSpecOf(pair, release, byToken))));
    }

    /// <summary>The release that messages name, whichever order the files come in: one that ends the charge rather than moves it.</summary>
    private IMethodSymbol TypicalRelease() => _releaseMethods
        .OrderBy(release => charges.Any(charge => SymbolEqualityComparer.Default.Equals(charge.Method, release)))
        .ThenBy(static release => release.GetDocumentationCommentId(), StringComparer.Ordinal)
        .First();

    /// <summary>A value that the call makes is a token; one that the caller had before (an address to lock) only tells charges apart.</summary>
    public static bool IsNewValue(IMethodSymbol method, ValueSource source) => source.Place switch
    {
        ValuePlace.Result => true,
        ValuePlace.Argument => method.Parameters[source.Ordinal].RefKind is RefKind.Out or RefKind.Ref,
        _ => false,
    };

    private void AddReleasedBy(Annotated charge, Action<AttributeData, string> report)
    {
        if (Annotations.Named<string>(charge.Attribute, "ReleasedBy") is not { } name)
            return;
        var tokenType = TokenTypeCandidate(charge.Method);
        var found = Members(tokenType, name);
        if (found.IsEmpty)
            found = Members(charge.Method.ContainingType, name);
        if (found.IsEmpty)
        {
            var where = tokenType is null || SymbolEqualityComparer.Default.Equals(tokenType, charge.Method.ContainingType)
                ? $"'{charge.Method.ContainingType.Name}'"
                : $"'{tokenType.Name}' and '{charge.Method.ContainingType.Name}'";
            var known = MethodNames(tokenType).Concat(MethodNames(charge.Method.ContainingType));
            report(charge.Attribute, $"ReleasedBy names '{name}', but {where} has no such method" + NearMiss.Suggestion(name, known));
        }
        foreach (var method in found)
            _releaseMethods.Add(method.OriginalDefinition);
    }

    private ValueSource TokenOf(IMethodSymbol method)
    {
        var roles = MethodRoles.Of(method);
        ValueSource source;
        ITypeSymbol type;
        if (roles.ReturnsToken)
            (source, type) = (ValueSource.Result, method.MethodKind == MethodKind.Constructor ? method.ContainingType : method.AwaitedReturnType());
        else if (roles.Token >= 0)
            (source, type) = (ValueSource.Argument(roles.Token), method.Parameters[roles.Token].Type);
        else if (HasRelease(method.AwaitedReturnType()))
            (source, type) = (ValueSource.Result, method.AwaitedReturnType());
        else if (method.Parameters.FirstOrDefault(parameter => parameter.RefKind == RefKind.Out && HasRelease(parameter.Type)) is { } created)
            (source, type) = (ValueSource.Argument(created.Ordinal), created.Type);
        else
            return ValueSource.None;
        _tokenTypes.Add(type.OriginalDefinition);
        return source;
    }

    private ChargeSpec ChargeSpecOf(Pair pair, Annotated charge, ValueSource token, MethodRoles roles)
    {
        var method = charge.Method;
        var owner = OwnerOf(method, roles);
        var spec = new ChargeSpec(pair)
        {
            Identity = token.Place == ValuePlace.None ? owner : token,
            Owner = token.Place == ValuePlace.None ? ValueSource.None : owner,
            Amount = roles.AmountSource,
            IsMove = _releaseMethods.Contains(method),
        };
        if (Annotations.NamedEnum(charge.Attribute, "SucceedsWhen") is { } stated && Enum.TryParse<SuccessSignal>(stated, out var signal))
        {
            return spec with { Success = signal, ThrowsWhenDenied = SignatureReader.HasCancellation(method) };
        }
        if (roles.Taken >= 0)
            return spec with { Success = SuccessSignal.Taken, TakenOrdinal = roles.Taken, ThrowsWhenDenied = SignatureReader.HasCancellation(method) };
        var boolean = method.AwaitedReturnType().SpecialType == SpecialType.System_Boolean;
        return spec with
        {
            Success = boolean ? SuccessSignal.True : SuccessSignal.Always,
            // With no other way to say no, an account says it by an exception.
            ThrowsWhenDenied = SignatureReader.HasCancellation(method) || (!boolean && pair.HasAmount),
        };
    }

    private ReleaseSpec ReleaseSpecOf(Pair pair, IMethodSymbol method, bool byToken)
    {
        var roles = MethodRoles.Of(method);
        var owner = OwnerOf(method, roles);
        var identity = byToken ? ReleasedToken(method, roles) : owner;
        var attribute = releases.FirstOrDefault(release => SymbolEqualityComparer.Default.Equals(release.Method, method)).Attribute;
        return new ReleaseSpec(pair)
        {
            Identity = identity,
            Owner = identity == owner ? ValueSource.None : owner,
            Amount = roles.AmountSource,
            Idempotent = (attribute is null ? null : Annotations.NamedFlag(attribute, "Idempotent")) ?? IsIdempotentByDefault(method),
            IsMove = charges.Any(charge => SymbolEqualityComparer.Default.Equals(charge.Method, method)),
        };
    }

    private ValueSource ReleasedToken(IMethodSymbol method, MethodRoles roles)
    {
        if (roles.Token >= 0)
            return ValueSource.Argument(roles.Token);
        if (!method.IsStatic && _tokenTypes.Any(type => type.IsOrInherits(method.ContainingType)))
            return ValueSource.Receiver;
        foreach (var parameter in method.Parameters)
        {
            if (_tokenTypes.Contains(parameter.Type.OriginalDefinition))
                return ValueSource.Argument(parameter.Ordinal);
        }
        // One key may be charged by token here and by owner there; this release ends the latter.
        return OwnerOf(method, roles);
    }

    private bool HasRelease(ITypeSymbol type) =>
        type is INamedTypeSymbol { SpecialType: SpecialType.None } && _releaseMethods.Any(method => !method.IsStatic && type.IsOrInherits(method.ContainingType));

    private static ValueSource OwnerOf(IMethodSymbol method, MethodRoles roles)
    {
        if (roles.Owner >= 0)
            return roles.OwnerSource;
        if (method.IsExtensionMethod)
            return ValueSource.Argument(0);
        return method.IsStatic || method.MethodKind == MethodKind.Constructor ? ValueSource.None : ValueSource.Receiver;
    }

    public static bool IsIdempotentByDefault(IMethodSymbol method) =>
        method.Name is "Dispose" or "DisposeAsync" && method.ContainingType.TypeKind is TypeKind.Class or TypeKind.Interface;

    private static ITypeSymbol? TokenTypeCandidate(IMethodSymbol method)
    {
        var roles = MethodRoles.Of(method);
        if (method.MethodKind == MethodKind.Constructor)
            return method.ContainingType;
        if (roles.Token >= 0)
            return method.Parameters[roles.Token].Type;
        var result = method.AwaitedReturnType();
        return result.SpecialType == SpecialType.None ? result : null;
    }

    private static ImmutableArray<IMethodSymbol> Members(ITypeSymbol? type, string name)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            var own = current.GetMembers(name).OfType<IMethodSymbol>().ToImmutableArray();
            if (!own.IsEmpty)
                return own;
        }
        return type is null
            ? ImmutableArray<IMethodSymbol>.Empty
            : type.AllInterfaces.SelectMany(contract => contract.GetMembers(name)).OfType<IMethodSymbol>().ToImmutableArray();
    }

    private static IEnumerable<string> MethodNames(ITypeSymbol? type) =>
        type?.GetMembers().OfType<IMethodSymbol>().Where(method => method.MethodKind == MethodKind.Ordinary).Select(method => method.Name) ?? Enumerable.Empty<string>();

    /// <summary>An extension block has no name: what it is in has.</summary>
    public static string Display(IMethodSymbol method) => (method.IsInExtensionBlock() ? method.ContainingType.ContainingType : method.ContainingType).Name + "." + method.Name;
}
