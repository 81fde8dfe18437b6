namespace PinnedCopy;

/// <summary>FNV-1a over native memory.</summary>
internal static unsafe class Checksum
{
    public static ulong Of(byte* data, nint count)
    {
        ulong hash = 14695981039346656037;
        for (nint i = 0; i < count; i++)
            hash = unchecked((hash ^ data[i]) * 1099511628211);
        return hash;
    }
}
