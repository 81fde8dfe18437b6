using System;
using System.Buffers;
using System.IO;

namespace Ledger;

internal static partial class Reader
{
    /// <returns>The file's digest, or null when the budget does not allow to read it.</returns>
    public static string? Digest(Tenant tenant, string path)
    {
        long length = new FileInfo(path).Length;
        if (!tenant.TryCharge(length)) return null;
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            return DigestOf(path, buffer.AsSpan(0, (int)length));
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
            CopyInBlocks(source, Path.Combine(directory, receiver.Name));
        }
        finally
        {
            // The receiver never paid.
            receiver.Uncharge(BlockSize);
        }
    }
}
