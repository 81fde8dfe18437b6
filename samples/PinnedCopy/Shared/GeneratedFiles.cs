using System.Globalization;
using System.IO;
using System.Text;

namespace PinnedCopy;

/// <summary>Files such as a source tree holds: most ordinary, some empty, binary, huge, double, unwanted or tiny.</summary>
internal static class GeneratedFiles
{
    private const int Kinds = 20;

    public static void Write(string directory, int count)
    {
        Directory.CreateDirectory(directory);
        for (int i = 0; i < count; i++)
        {
            string name = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{i:D6}{((i % Kinds) == 4 ? ".skip" : ".txt")}"));
            File.WriteAllBytes(name, Content(i));
        }
    }

    private static byte[] Content(int index) => (index % Kinds) switch
    {
        0 => [],
        1 => [.. Text(index, 9_000), 0],
        2 => Text(index, 300_000),
        3 => Text(3, 16_000),
        5 => Text(index, 900),
        6 => Text(index, 160_000),
        _ => Text(index, 20_000),
    };

    private static byte[] Text(int seed, int length)
    {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++)
            text[i] = (byte)('a' + ((i + seed) % 26));
        Encoding.ASCII.GetBytes(seed.ToString("D8", CultureInfo.InvariantCulture), text);
        return text;
    }
}
