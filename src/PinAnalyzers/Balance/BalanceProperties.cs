using System;
using System.Collections.Immutable;
using System.Globalization;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>
/// What a diagnostic tells its fixes, as a record on this side and as strings on the wire. <see cref="PathCount"/> additional locations are the path;
/// the <see cref="SiteCount"/> after them are the releases on other paths, the <see cref="EndCount"/> after those the further ends that lose the charge.
/// </summary>
internal sealed record BalanceProperties(string Pair, string Release, bool HasToken, int PathCount, int SiteCount, int EndCount)
{
    /// <summary>See <see cref="Pairs.Pair.ReleaseTemplate"/>.</summary>
    public string? Template { get; init; }

    public SuccessSignal Success { get; init; }

    public bool IsCertain { get; init; }

    public bool IsHandedOn { get; init; }

    public bool IsRollback { get; init; }

    public static BalanceProperties Of(BalanceFinding finding, int pathCount, int siteCount, int endCount) => new(
        finding.Site.Pair.Key,
        finding.Site.Pair.ReleaseDisplay,
        finding.Site.Pair.HasToken,
        pathCount,
        siteCount,
        endCount)
    {
        Template = finding.Site.Pair.ReleaseTemplate,
        Success = finding.Site.Spec.AlwaysTakenOnReturn ? SuccessSignal.Always : finding.Site.Spec.Success,
        IsCertain = finding.Evidence.IsCertain,
        IsHandedOn = finding.Evidence.IsHandedOn,
        IsRollback = finding.Evidence.IsRollback,
    };

    public ImmutableDictionary<string, string?> ToDictionary() => ImmutableDictionary<string, string?>.Empty
        .Add(nameof(Pair), Pair)
        .Add(nameof(Release), Release)
        .Add(nameof(HasToken), Text(HasToken))
        .Add(nameof(PathCount), Text(PathCount))
        .Add(nameof(SiteCount), Text(SiteCount))
        .Add(nameof(EndCount), Text(EndCount))
        .Add(nameof(Template), Template)
        .Add(nameof(Success), Success.ToString())
        .Add(nameof(IsCertain), Text(IsCertain))
        .Add(nameof(IsHandedOn), Text(IsHandedOn))
        .Add(nameof(IsRollback), Text(IsRollback));

    public static BalanceProperties? From(ImmutableDictionary<string, string?> properties)
    {
        if (!properties.TryGetValue(nameof(Pair), out string? pair) || pair is null
            || !properties.TryGetValue(nameof(Release), out string? release) || release is null
            || !properties.TryGetValue(nameof(Success), out string? success) || !Enum.TryParse(success, out SuccessSignal signal)
            || !TryGetCount(properties, nameof(PathCount), out int path)
            || !TryGetCount(properties, nameof(SiteCount), out int sites)
            || !TryGetCount(properties, nameof(EndCount), out int ends)) return null;
        return new BalanceProperties(pair, release, IsSet(properties, nameof(HasToken)), path, sites, ends)
        {
            Template = properties.TryGetValue(nameof(Template), out string? template) ? template : null,
            Success = signal,
            IsCertain = IsSet(properties, nameof(IsCertain)),
            IsHandedOn = IsSet(properties, nameof(IsHandedOn)),
            IsRollback = IsSet(properties, nameof(IsRollback)),
        };
    }

    private static string Text(bool value) => value ? "1" : "0";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool IsSet(ImmutableDictionary<string, string?> properties, string name) => properties.TryGetValue(name, out string? value) && value == "1";

    private static bool TryGetCount(ImmutableDictionary<string, string?> properties, string name, out int count)
    {
        count = 0;
        return properties.TryGetValue(name, out string? value) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out count);
    }
}
