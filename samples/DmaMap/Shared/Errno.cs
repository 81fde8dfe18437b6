namespace DmaMap;

/// <summary>What the calls here answer, negated.</summary>
internal static class Errno
{
    public const int NoSuchEntry = 2;
    public const int NoSuchProcess = 3;
    public const int NoMemory = 12;
    public const int Fault = 14;
    public const int Exists = 17;
}
