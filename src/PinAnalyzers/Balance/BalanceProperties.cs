using System.Collections.Immutable;
using System.Globalization;

namespace PinAnalyzers.Balance;

/// <summary>
/// What a diagnostic tells its fixes, as a record on this side and as strings on the wire. <see cref="PathCount"/> additional locations are the path;
/// the <see cref="SiteCount"/> after them are the releases on other paths.
/// </summary>
internal sealed record BalanceProperties(string Pair, string Release, bool HasToken, bool IsDisposable, int PathCount, int SiteCount)
{
    public static BalanceProperties Of(BalanceFinding finding, int pathCount, int siteCount) => new(
        finding.Site.Pair.Key,
        finding.Site.Pair.ReleaseDisplay,
        finding.Site.Pair.HasToken,
        finding.Site.Pair.ReleaseDisplay.EndsWith("Dispose", System.StringComparison.Ordinal),
        pathCount,
        siteCount);

    public ImmutableDictionary<string, string?> ToDictionary() => ImmutableDictionary<string, string?>.Empty
        .Add(nameof(Pair), Pair)
        .Add(nameof(Release), Release)
        .Add(nameof(HasToken), HasToken ? "1" : "0")
        .Add(nameof(IsDisposable), IsDisposable ? "1" : "0")
        .Add(nameof(PathCount), PathCount.ToString(CultureInfo.InvariantCulture))
        .Add(nameof(SiteCount), SiteCount.ToString(CultureInfo.InvariantCulture));

    public static BalanceProperties? From(ImmutableDictionary<string, string?> properties)
    {
        if (!properties.TryGetValue(nameof(Pair), out string? pair) || pair is null
            || !properties.TryGetValue(nameof(Release), out string? release) || release is null
            || !TryGetCount(properties, nameof(PathCount), out int path) || !TryGetCount(properties, nameof(SiteCount), out int sites)) return null;
        return new BalanceProperties(pair, release, IsSet(properties, nameof(HasToken)), IsSet(properties, nameof(IsDisposable)), path, sites);
    }

    private static bool IsSet(ImmutableDictionary<string, string?> properties, string name) => properties.TryGetValue(name, out string? value) && value == "1";

    private static bool TryGetCount(ImmutableDictionary<string, string?> properties, string name, out int count)
    {
        count = 0;
        return properties.TryGetValue(name, out string? value) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out count);
    }
}
