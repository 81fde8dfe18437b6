using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs.Options;

/// <summary>The <c>pin.*</c> keys of one file, as its <c>.editorconfig</c> sections set them.</summary>
internal sealed record PinOptions
{
    public const string BuiltInPairsKey = "pin.builtin_pairs";
    public const string ReleaseNamesKey = "pin.release_names";
    public const string CapabilityChecksKey = "pin.capability_checks";
    public const string AmbientKey = "pin.ambient";
    public const string SharedMemoryApisKey = "pin.shared_memory_apis";
    public const string SingleThreadedKey = "pin.single_threaded";
    public const string MaxStatesKey = "pin.max_states";

    public static readonly ImmutableArray<string> Keys = ImmutableArray.Create(BuiltInPairsKey, ReleaseNamesKey, CapabilityChecksKey, AmbientKey, SharedMemoryApisKey, MaxStatesKey);

    public static readonly PinOptions Default = new();

    public static readonly ImmutableDictionary<string, PairFamily> Families = new Dictionary<string, PairFamily>
    {
        ["gchandle"] = PairFamily.GCHandle,
        ["native_memory"] = PairFamily.NativeMemory,
        ["marshal"] = PairFamily.Marshal,
        ["array_pool"] = PairFamily.ArrayPool,
        ["safe_handle"] = PairFamily.SafeHandle,
        ["memory_pressure"] = PairFamily.MemoryPressure,
        ["memory_lock"] = PairFamily.MemoryLock,
        ["locks"] = PairFamily.Locks,
        ["counters"] = PairFamily.Counters,
        ["accounting"] = PairFamily.Accounting,
    }.ToImmutableDictionary();

    /// <summary>Families of built-in pairs that are tracked; null: all of them.</summary>
    public ImmutableHashSet<PairFamily>? BuiltInFamilies { get; init; }

    public ReleaseNames ReleaseNames { get; init; } = ReleaseNames.Default;

    /// <summary>Documentation ids or simple names.</summary>
    public ImmutableArray<string> CapabilityChecks { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>Documentation ids.</summary>
    public ImmutableArray<string> Ambient { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>Documentation ids.</summary>
    public ImmutableArray<string> SharedMemoryApis { get; init; } = ImmutableArray<string>.Empty;

    public int MaxStates { get; init; } = 64;

    /// <summary>Reads all keys; a value that is none is told to <paramref name="report"/> as (key, value, what is wrong) and its default stays.</summary>
    public static PinOptions Read(AnalyzerConfigOptions options, Action<string, string, string> report)
    {
        var result = Default;
        if (options.TryGetValue(BuiltInPairsKey, out var families))
            result = result with { BuiltInFamilies = ReadFamilies(families, report) };
        if (options.TryGetValue(ReleaseNamesKey, out var names))
        {
            var patterns = Checked(ReleaseNamesKey, names, ReleaseNames.IsPattern, "a member name, optionally with '*' at its end or '-' before it", report);
            result = result with { ReleaseNames = ReleaseNames.Default.With(patterns) };
        }
        if (options.TryGetValue(CapabilityChecksKey, out var checks))
            result = result with { CapabilityChecks = Checked(CapabilityChecksKey, checks, entry => IsDocumentationId(entry) || IsSimpleName(entry), "a documentation id or a simple name", report) };
        if (options.TryGetValue(AmbientKey, out var ambient))
            result = result with { Ambient = Checked(AmbientKey, ambient, IsDocumentationId, "a documentation id such as 'P:App.Session.Current'", report) };
        if (options.TryGetValue(SharedMemoryApisKey, out var apis))
            result = result with { SharedMemoryApis = Checked(SharedMemoryApisKey, apis, IsDocumentationId, "a documentation id such as 'M:App.Ring.Map(System.Int32)'", report) };
        if (options.TryGetValue(SingleThreadedKey, out var threads) && threads.Trim() is not ("true" or "false"))
            report(SingleThreadedKey, threads, "expected true or false");
        if (options.TryGetValue(MaxStatesKey, out var states))
        {
            if (int.TryParse(states.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
                result = result with { MaxStates = count };
            else
                report(MaxStatesKey, states, "expected a positive number");
        }
        return result;
    }

    /// <summary>Keys that are none of ours but nearly: other tools may have a prefix like it.</summary>
    public static IEnumerable<string> MisspeltKeys(AnalyzerConfigOptions options)
    {
        IEnumerable<string> all;
        try
        {
            all = options.Keys;
        }
        catch (NotImplementedException)
        {
            // Hosts older than the property cannot list their keys; then only values are checked.
            return Enumerable.Empty<string>();
        }
        return all.Where(key => key.StartsWith("pin", StringComparison.OrdinalIgnoreCase) && !Keys.Contains(key, StringComparer.OrdinalIgnoreCase) && NearMiss.Suggestion(key, Keys).Length > 0);
    }

    private static ImmutableHashSet<PairFamily>? ReadFamilies(string value, Action<string, string, string> report)
    {
        var families = ImmutableHashSet.CreateBuilder<PairFamily>();
        var all = false;
        foreach (var entry in Entries(value))
        {
            if (Families.TryGetValue(entry, out var family))
                families.Add(family);
            else if (entry == "all")
                all = true;
            else if (entry != "none")
                report(BuiltInPairsKey, entry, "expected all, none or a list of families separated by '|'" + NearMiss.Suggestion(entry, Families.Keys.Concat(new[] { "all", "none" })));
        }
        // A misspelt family must not switch the others off behind the user's back.
        return all || (families.Count == 0 && !Entries(value).Contains("none")) ? null : families.ToImmutable();
    }

    private static ImmutableArray<string> Checked(string key, string value, Func<string, bool> isValid, string expected, Action<string, string, string> report)
    {
        var valid = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in Entries(value))
        {
            if (isValid(entry))
                valid.Add(entry);
            else
                report(key, entry, "expected " + expected);
        }
        return valid.ToImmutable();
    }

    private static IEnumerable<string> Entries(string value) => value.Split('|').Select(entry => entry.Trim()).Where(entry => entry.Length > 0);

    private static bool IsDocumentationId(string entry) => entry.Length > 2 && entry[1] == ':' && "MPFTE".IndexOf(entry[0]) >= 0;

    private static bool IsSimpleName(string entry) => entry.All(c => char.IsLetterOrDigit(c) || c == '_') && !char.IsDigit(entry[0]);
}
