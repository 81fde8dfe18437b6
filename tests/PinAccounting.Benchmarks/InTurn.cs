using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace PinAccounting.Benchmarks;

/// <summary>Times one thread's pairs row after row, many rounds over, so that figures can be compared even when the machine is busy with other work.</summary>
/// <remarks>What disturbs lasts longer than a row, so it meets them all; it only ever adds, so the quickest time of each row is the one least disturbed.</remarks>
internal static class InTurn
{
    private const int Pairs = 100_000;
    private const int Rounds = 200;

    internal static void Compare(TextWriter output, params (string Name, Action<int> Work)[] rows)
    {
        double[][] nanoseconds = Array.ConvertAll(rows, static _ => new double[Rounds]);
        // Long enough for the compiler to be done with all of it before the first figure that counts.
        for (int warm = 0; warm < Rounds; warm++)
            foreach ((_, Action<int> work) in rows) work(Pairs / 10);
        for (int round = 0; round < Rounds; round++)
        {
            for (int row = 0; row < rows.Length; row++)
            {
                long began = Stopwatch.GetTimestamp();
                rows[row].Work(Pairs);
                nanoseconds[row][round] = Stopwatch.GetElapsedTime(began).TotalNanoseconds / Pairs;
            }
        }

        for (int row = 0; row < rows.Length; row++)
        {
            double[] sorted = [.. nanoseconds[row].Order()];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows[row].Name,-32} quickest {sorted[0],6:F1} ns   median {sorted[Rounds / 2],6:F1} ns"));
        }
    }
}
