namespace PinAnalyzers.Benchmarks.Inputs;

/// <summary>Members as most code has them: nothing is taken, nothing is owed; <c>@</c> makes names unique.</summary>
internal static class PlainTemplates
{
    public static IReadOnlyList<string> Members { get; } =
    [
        """
            public string Report@(IEnumerable<KeyValuePair<string, int>> counts, int most)
            {
                var rows = from pair in counts where pair.Value > 0 orderby pair.Value descending select $"{pair.Key}: {pair.Value}";
                return string.Join(", ", rows.Take(most));
            }
        """,
        """
            public int Classify@(object? value) => value switch
            {
                null => 0,
                int number when number < 0 => -number,
                int number => number,
                string { Length: > 10 } text => text.Length / 2,
                string text => text.Length,
                IReadOnlyCollection<int> list => list.Count,
                _ => value.GetHashCode(),
            };
        """,
        """
            public List<int> Primes@(int limit)
            {
                var found = new List<int>();
                for (var candidate = 2; candidate < limit; candidate++)
                {
                    var prime = true;
                    foreach (var divisor in found)
                    {
                        if (divisor * divisor > candidate) break;
                        if (candidate % divisor != 0) continue;
                        prime = false;
                        break;
                    }

                    if (prime) found.Add(candidate);
                }

                return found;
            }
        """,
        """
            public async Task<string> Load@(Func<string, Task<string?>> read, IReadOnlyList<string> names)
            {
                var parts = new List<string>(names.Count);
                foreach (var name in names)
                {
                    try
                    {
                        if (await read(name).ConfigureAwait(false) is { } part) parts.Add(part.Trim());
                    }
                    catch (IOException error) when (error.HResult != 0)
                    {
                        parts.Add(error.Message);
                    }
                }

                return string.Concat(parts);
            }
        """,
        """
            private sealed record Node@(int Key, Node@? Left, Node@? Right)
            {
                public int Depth => 1 + Math.Max(Left?.Depth ?? 0, Right?.Depth ?? 0);

                public Node@ Insert(int key)
                {
                    if (key == Key) return this;
                    return key < Key
                        ? this with { Left = Left?.Insert(key) ?? new Node@(key, null, null) }
                        : this with { Right = Right?.Insert(key) ?? new Node@(key, null, null) };
                }
            }
        """,
    ];
}
