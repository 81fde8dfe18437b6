using System;
using System.Collections.Immutable;
using System.Globalization;

namespace PinAnalyzers.Authority;

/// <summary>
/// What a diagnostic of this category tells its fixes, as a record on this side and as strings on the wire. After the path, the additional locations hold
/// the charges and then the releases of the account in the type, three each (the operation, whose account, how much; the operation again where one is
/// missing), and last the checks that decide any of the releases.
/// </summary>
/// <param name="PathCount">How many locations are the path.</param>
/// <param name="Charges">One letter for each charge, see <see cref="Always"/>.</param>
/// <param name="ReleaseCount">How many releases.</param>
/// <param name="Checks">One letter for each check, see <see cref="Privileged"/>.</param>
/// <param name="Account">The pair or counter, as the message names it.</param>
/// <param name="HasToken">A value stands for the charge.</param>
internal sealed record AuthorityProperties(int PathCount, string Charges, int ReleaseCount, string Checks, string Account, bool HasToken)
{
    /// <summary>The charge is taken when it returns.</summary>
    public const char Always = 'A';

    /// <summary>The charge is taken when it returns true.</summary>
    public const char WhenTrue = 'T';

    /// <summary>The charge is taken when a compare-and-exchange finds what it expects.</summary>
    public const char WhenExchanged = 'C';

    /// <summary>The charge tells otherwise whether it was taken, or the check says more than who is privileged.</summary>
    public const char Unclear = 'X';

    /// <summary>The check is true of privileged callers.</summary>
    public const char Privileged = 'P';

    /// <summary>The check is true of unprivileged callers. In lower case, as <see cref="Privileged"/>: it decides whether a helper of the type is called that releases.</summary>
    public const char Unprivileged = 'U';

    public ImmutableDictionary<string, string?> ToDictionary() => ImmutableDictionary<string, string?>.Empty
        .Add(nameof(PathCount), PathCount.ToString(CultureInfo.InvariantCulture))
        .Add(nameof(Charges), Charges)
        .Add(nameof(ReleaseCount), ReleaseCount.ToString(CultureInfo.InvariantCulture))
        .Add(nameof(Checks), Checks)
        .Add(nameof(Account), Account)
        .Add(nameof(HasToken), HasToken ? "1" : "0");

    public static AuthorityProperties? From(ImmutableDictionary<string, string?> properties)
    {
        if (!TryGetCount(properties, nameof(PathCount), out int path) || !TryGetCount(properties, nameof(ReleaseCount), out int releases)) return null;
        if (Text(properties, nameof(Charges)) is not { } charges || Text(properties, nameof(Checks)) is not { } checks || Text(properties, nameof(Account)) is not { } account) return null;
        return new AuthorityProperties(path, charges, releases, checks, account, string.Equals(Text(properties, nameof(HasToken)), "1", StringComparison.Ordinal));
    }

    private static string? Text(ImmutableDictionary<string, string?> properties, string name) => properties.TryGetValue(name, out string? value) ? value : null;

    private static bool TryGetCount(ImmutableDictionary<string, string?> properties, string name, out int count)
    {
        count = 0;
        return Text(properties, name) is { } value && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out count);
    }
}
