using System;
using System.Globalization;
using PinAccounting;

namespace MemoryLock;

/// <summary>What the command line asks for.</summary>
internal sealed record Options(long LimitPages, MemoryLockFlags Policy, string[] Command)
{
    public const string Usage = "usage: MemoryLock [--limit PAGES] [--lock current,future,inherit,recursive] [-- COMMAND ARGUMENTS...]";

    /// <summary>Null where the line means nothing.</summary>
    public static Options? Parse(string[] line)
    {
        (long limit, MemoryLockFlags policy) = (64, MemoryLockFlags.None);
        for (int i = 0; i < line.Length; i += 2)
        {
            if (line[i] == "--") return i + 1 < line.Length ? new Options(limit, policy, line[(i + 1)..]) : null;
            if (i + 1 == line.Length) return null;
            bool isKnown = line[i] switch
            {
                "--limit" => long.TryParse(line[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit <= 1L << 40,
                "--lock" => Enum.TryParse(line[i + 1], ignoreCase: true, out policy),
                _ => false,
            };
            if (!isKnown) return null;
        }

        return new Options(limit, policy, []);
    }
}
