using System;
using System.IO;
using System.Security.Cryptography;

namespace Ledger;

/// <summary>Work on a file that leaves nothing behind; the tenant pays while it lasts.</summary>
internal static partial class Reader
{
    private const int BlockSize = 4096;

    private static string DigestOf(string path, Span<byte> content)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)]));
    }

    private static void CopyInBlocks(string source, string target)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        using FileStream input = File.OpenRead(source), output = File.Create(target);
        for (int read; (read = input.Read(block)) > 0;) output.Write(block[..read]);
    }
}
