using System;
using System.Buffers;
using System.IO;
using System.Security.Cryptography;

namespace Ledger;

/// <summary>Work on a file that leaves nothing behind; the tenant pays while it lasts.</summary>
internal static class Reader
{
    private const int BlockSize = 4096;

    /// <returns>The file's digest, or null when the budget does not allow to read it.</returns>
    public static string? Digest(Tenant tenant, string path)
    {
        long length = new FileInfo(path).Length;
        if (!tenant.TryCharge(length)) return null;
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> content = buffer.AsSpan(0, (int)length);
            return Convert.ToHexString(SHA256.HashData(content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)]));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            // The pool gave more than was asked for, and charged for.
            tenant.Uncharge(buffer.Length);
        }
    }

    /// <summary>A copy for another tenant; the owner pays for the block that it goes through.</summary>
    public static void Copy(Tenant owner, Tenant receiver, string source, string directory)
    {
        owner.Charge(BlockSize);
        try
        {
            Span<byte> block = stackalloc byte[BlockSize];
            using FileStream input = File.OpenRead(source), output = File.Create(Path.Combine(directory, receiver.Name));
            for (int read; (read = input.Read(block)) > 0;) output.Write(block[..read]);
        }
        finally
        {
            // The receiver never paid.
            receiver.Uncharge(BlockSize);
        }
    }
}
