using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;

namespace PinAnalyzers.Pairs.Files;

/// <summary>The fields that may follow the two ids on a line of <c>PinPairs.txt</c>, and the values of each.</summary>
internal static class PairFields
{
    public static readonly ImmutableArray<string> Names = ImmutableArray.Create("key", "token", "owner", "amount", "succeeds", "stacks", "release", "severity");

    private static readonly ImmutableDictionary<string, SuccessSignal> s_signals = new Dictionary<string, SuccessSignal>
    {
        ["always"] = SuccessSignal.Always,
        ["true"] = SuccessSignal.True,
        ["notnull"] = SuccessSignal.NotNull,
        ["zero"] = SuccessSignal.Zero,
        ["nonnegative"] = SuccessSignal.NonNegative,
        ["notminusone"] = SuccessSignal.NotMinusOne,
        ["nonzero"] = SuccessSignal.NonZero,
    }.ToImmutableDictionary();

    public static IEnumerable<string> ValuesOf(string field) => field switch
    {
        "succeeds" => s_signals.Keys,
        "stacks" => new[] { "yes", "no", "once" },
        "release" => new[] { "once", "idempotent" },
        "severity" => new[] { "leak", "perf" },
        _ => Array.Empty<string>(),
    };

    /// <summary>Applies one field; on failure <paramref name="expected"/> says in words what would have been a value.</summary>
    public static bool TryApply(PairLine line, string field, string value, out PairLine applied, out string expected)
    {
        expected = field switch
        {
            "key" => "a name",
            "token" => "'RETURN', 'OUT:i' or a parameter index for the charge, a comma, and a parameter index or 'this' for the release, for example 'RETURN,0'",
            "owner" => "'this' or a parameter index for each side, for example 'this,this'",
            "amount" => "a parameter index for each side, for example '1,1'",
            "succeeds" => "always, true, notnull, zero, nonnegative, notminusone, nonzero or taken:i",
            "stacks" => "yes, no or once",
            _ => string.Join(" or ", ValuesOf(field)),
        };
        var result = field switch
        {
            "key" => value.Length > 0 ? line with { Key = value } : null,
            "token" => Sides(value, ChargeToken, ThisOrIndex) is { } sides ? line with { Token = sides } : null,
            "owner" => Sides(value, ThisOrIndex, ThisOrIndex) is { } sides ? line with { Owner = sides } : null,
            "amount" => Sides(value, Index, Index) is { } sides ? line with { Amount = sides } : null,
            "succeeds" => Succeeds(line, value),
            "stacks" => value switch
            {
                "yes" => line with { Stacking = Stacking.Counted },
                "no" => line with { Stacking = Stacking.Idempotent },
                "once" => line with { Stacking = Stacking.Once },
                _ => null,
            },
            "release" => value is "once" or "idempotent" ? line with { Idempotent = value == "idempotent" } : null,
            _ => value is "leak" or "perf" ? line with { Loss = value == "perf" ? LossKind.Performance : LossKind.Leak } : null,
        };
        applied = result ?? line;
        return result is not null;
    }

    private static PairLine? Succeeds(PairLine line, string value)
    {
        const string Taken = "taken:";
        if (s_signals.TryGetValue(value, out var signal))
            return line with { Success = signal };
        return value.StartsWith(Taken, StringComparison.Ordinal) && Index(value.Substring(Taken.Length)) is { } index
            ? line with { Success = SuccessSignal.Taken, TakenOrdinal = index.Ordinal }
            : null;
    }

    private static BothSides? Sides(string value, Func<string, ValueSource?> charge, Func<string, ValueSource?> release)
    {
        var comma = value.IndexOf(',');
        if (comma < 0 || charge(value.Substring(0, comma).Trim()) is not { } left || release(value.Substring(comma + 1).Trim()) is not { } right)
            return null;
        return new BothSides(left, right);
    }

    private static ValueSource? ChargeToken(string value)
    {
        const string Out = "OUT:";
        if (value == "RETURN")
            return ValueSource.Result;
        return Index(value.StartsWith(Out, StringComparison.Ordinal) ? value.Substring(Out.Length) : value);
    }

    private static ValueSource? ThisOrIndex(string value) => value == "this" ? ValueSource.Receiver : Index(value);

    private static ValueSource? Index(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= 255 ? ValueSource.Argument(index) : null;
}
