using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Pairs.Files;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs.Declared;

/// <summary>Pairs that name their methods by documentation id: lines of <c>PinPairs.txt</c> and <c>[assembly: KnownPair]</c>.</summary>
internal sealed class LinePairs(Compilation compilation)
{
    private readonly Dictionary<string, Pair> _pairs = new(StringComparer.Ordinal);

    /// <summary>A line with the two methods it names.</summary>
    internal sealed record ResolvedLine(PairLine Line, IMethodSymbol Charge, IMethodSymbol Release);

    /// <summary>The methods of a line; null when either is not in this compilation, which a file shared between projects may well say.</summary>
    public ResolvedLine? Resolve(PairLine line) =>
        Method(line.ChargeId) is { } charge && Method(line.ReleaseId) is { } release ? new ResolvedLine(line, charge, release) : null;

    public void Add(ResolvedLine resolved, Action<IMethodSymbol, MethodSpecs> add, Action<DeclarationProblem> report)
    {
        var (line, charge, release) = resolved;
        if (Misfit(resolved) is { } problem)
        {
            report(problem);
            return;
        }

        var identity = line.Token ?? line.Owner ?? InferIdentity(resolved);
        var pair = PairOf(resolved, identity);
        var owner = line.Token is null ? default : line.Owner ?? new BothSides(Receiver(charge), identity.Release == ValueSource.Receiver ? ValueSource.None : Receiver(release));
        var charges = new ChargeSpec(pair)
        {
            Identity = identity.Charge,
            Owner = owner.Charge,
            Amount = line.Amount?.Charge ?? ValueSource.None,
            Success = line.Success ?? SuccessSignal.Always,
            TakenOrdinal = line.TakenOrdinal,
            ThrowsWhenDenied = SignatureReader.HasCancellation(charge),
        };
        add(charge, new MethodSpecs(
            ImmutableArray.Create(line.Success is null ? SignatureReader.Refine(charges, charge) : charges),
            ImmutableArray<ReleaseSpec>.Empty));
        add(release, new MethodSpecs(ImmutableArray<ChargeSpec>.Empty, ImmutableArray.Create(new ReleaseSpec(pair)
        {
            Identity = identity.Release,
            Owner = owner.Release,
            Amount = line.Amount?.Release ?? ValueSource.None,
            Idempotent = line.Idempotent ?? PairGroup.IsIdempotentByDefault(release),
        })));
    }

    private Pair PairOf(ResolvedLine resolved, BothSides identity)
    {
        var line = resolved.Line;
        // Lines without a key belong together when they start from the same method: several ways to release one charge.
        var key = line.Key ?? line.ChargeId;
        if (_pairs.TryGetValue(key, out var known))
            return known;
        return _pairs[key] = new Pair(line.Key ?? PairGroup.Display(resolved.Charge), PairFamily.Declared)
        {
            Stacking = line.Stacking ?? Stacking.Counted,
            Loss = line.Loss,
            HasToken = PairGroup.IsNewValue(resolved.Charge, identity.Charge),
            HasAmount = line.Amount is not null,
            ReleaseDisplay = PairGroup.Display(resolved.Release),
        };
    }

    /// <summary>Without a field that says so, the new object or the returned value is the token if the release is called on it or takes it; else the receiver counts.</summary>
    private static BothSides InferIdentity(ResolvedLine resolved)
    {
        var (_, charge, release) = resolved;
        var made = charge.MethodKind == MethodKind.Constructor ? charge.ContainingType : charge.AwaitedReturnType();
        if (!release.IsStatic && made.IsOrInherits(release.ContainingType))
            return new(ValueSource.Result, ValueSource.Receiver);
        if (charge.MethodKind == MethodKind.Constructor || IsHandleLike(made))
        {
            var taken = release.Parameters.FirstOrDefault(parameter => SymbolEqualityComparer.Default.Equals(parameter.Type, made));
            if (taken is not null)
                return new(ValueSource.Result, ValueSource.Argument(taken.Ordinal));
        }
        return new(Receiver(charge), Receiver(release));
    }

    /// <summary>A status or a truth value is no handle, whatever parameter of its type the release may have.</summary>
    private static bool IsHandleLike(ITypeSymbol type) =>
        type.SpecialType is SpecialType.None or SpecialType.System_IntPtr or SpecialType.System_UIntPtr or SpecialType.System_Object or SpecialType.System_String;

    private static ValueSource Receiver(IMethodSymbol method) =>
        method.IsStatic || method.MethodKind == MethodKind.Constructor ? ValueSource.None : ValueSource.Receiver;

    /// <summary>What a field says that the signatures cannot keep: an index that is not there, a receiver of a static method, a bool that is none.</summary>
    private static DeclarationProblem? Misfit(ResolvedLine resolved)
    {
        var (line, charge, release) = resolved;
        foreach (var (field, sides) in new[] { ("token", line.Token), ("owner", line.Owner), ("amount", line.Amount) })
        {
            if (sides is not { } both)
                continue;
            if ((MisfitOf(both.Charge, charge, "charge") ?? MisfitOf(both.Release, release, "release")) is { } message)
                return new DeclarationProblem(line.LocationOf(field), message);
        }
        if (line.Success == SuccessSignal.Taken && (line.TakenOrdinal >= charge.Parameters.Length
            || charge.Parameters[line.TakenOrdinal] is not { RefKind: RefKind.Ref or RefKind.Out, Type.SpecialType: SpecialType.System_Boolean }))
        {
            return new DeclarationProblem(line.LocationOf("succeeds"), $"parameter {line.TakenOrdinal} of '{charge.Name}' is no 'ref bool' or 'out bool' that could tell whether the charge was taken");
        }
        if (line.Success is { } signal && SignalMisfit(signal, charge) is { } wrong)
            return new DeclarationProblem(line.LocationOf("succeeds"), wrong);
        return null;
    }

    /// <summary>Why the method's result cannot give the signal; null when it can.</summary>
    public static string? SignalMisfit(SuccessSignal signal, IMethodSymbol charge)
    {
        if (signal is SuccessSignal.Always or SuccessSignal.Taken or SuccessSignal.TakenPointer)
            return null;
        var result = charge.AwaitedReturnType();
        if (charge.ReturnsVoid || charge.MethodKind == MethodKind.Constructor)
            return $"'{charge.Name}' returns nothing, so its result cannot tell whether the charge was taken";
        if (signal == SuccessSignal.True && result.SpecialType != SpecialType.System_Boolean && result.TypeKind != TypeKind.Error)
            return $"'{charge.Name}' returns '{result.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}' and not 'bool', so it cannot succeed with true";
        if (signal is SuccessSignal.Zero or SuccessSignal.NonNegative or SuccessSignal.NotMinusOne or SuccessSignal.NonZero
            && (result.SpecialType == SpecialType.System_Boolean || result.IsReferenceType))
        {
            return $"'{charge.Name}' returns '{result.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}', which is no number that could tell whether the charge was taken";
        }
        if (signal == SuccessSignal.NotNull && result is { IsValueType: true, TypeKind: TypeKind.Struct or TypeKind.Enum, SpecialType: not (SpecialType.System_IntPtr or SpecialType.System_UIntPtr), OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T })
            return $"'{charge.Name}' returns '{result.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}', which is never null";
        return null;
    }

    private static string? MisfitOf(ValueSource source, IMethodSymbol method, string side) => source.Place switch
    {
        ValuePlace.Argument when source.Ordinal >= method.Parameters.Length =>
            $"the {side} method '{method.Name}' has {method.Parameters.Length} parameter(s), so there is none with index {source.Ordinal}",
        ValuePlace.Receiver when method.IsStatic => $"the {side} method '{method.Name}' is static and has no 'this'",
        ValuePlace.Result when method.ReturnsVoid && method.MethodKind != MethodKind.Constructor =>
            $"the {side} method '{method.Name}' returns nothing, so 'RETURN' cannot be its token",
        _ => null,
    };

    private IMethodSymbol? Method(string id)
    {
        if (!id.StartsWith("M:", StringComparison.Ordinal))
            return null;
        var method = DocumentationCommentId.GetFirstSymbolForDeclarationId(id, compilation) as IMethodSymbol;
        return method?.PartialDefinitionPart ?? method;
    }
}
