namespace MemoryLock;

/// <summary>What the calls here answer, negated.</summary>
internal static class Errno
{
    public const int NoMemory = 12;
    public const int InvalidArgument = 22;
}
