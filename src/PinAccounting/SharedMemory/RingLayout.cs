using System;
using System.IO;
using System.Runtime.InteropServices;
using PinAccounting.Annotations;

namespace PinAccounting.SharedMemory;

/// <summary>Where things lie in the mapping of a ring. Each cell has two cache lines to itself, as processors fetch them in pairs.</summary>
internal static class RingLayout
{
    public const int TailOffset = 128;
    public const int HeadOffset = 256;
    public const int ConsumerFlagsOffset = 384;
    public const int ProducerFlagsOffset = 512;
    public const int EntriesOffset = 640;

    public const uint MaxCapacity = 1u << 30;

    /// <summary>Bit of either side's flags: asleep, wants to be woken.</summary>
    public const uint NeedsWakeup = 1;

    private const uint Magic = 0x52_4E_49_50; // "PINR", and something else on a machine of the other byte order
    private const uint Version = 1;

    public static long RequiredLength(uint capacity, int entrySize) => EntriesOffset + (long)capacity * Stride(entrySize);

    /// <summary>Entries start at multiples of 8, except small ones, which are packed at their own size.</summary>
    public static int Stride(int entrySize) => entrySize switch
    {
        <= 0 => throw new ArgumentOutOfRangeException(nameof(entrySize), entrySize, "An entry has at least one byte."),
        1 or 2 or 4 => entrySize,
        _ => checked((entrySize + 7) & ~7),
    };

    /// <summary>Writes the header of a ring, without the magic until everything else is there, so that nobody attaches to one that is half made.</summary>
    public static unsafe void Initialize([SharedMemory] byte* start, uint capacity, int entrySize)
    {
        new SharedUInt32(start).StoreRelease(0);
        new SharedUInt32(start + TailOffset).StoreRelease(0);
        new SharedUInt32(start + HeadOffset).StoreRelease(0);
        new SharedUInt32(start + ConsumerFlagsOffset).StoreRelease(0);
        new SharedUInt32(start + ProducerFlagsOffset).StoreRelease(0);
        new SharedUInt32(start + 4).StoreRelease(Version);
        new SharedUInt32(start + 8).StoreRelease(capacity);
        new SharedUInt32(start + 12).StoreRelease((uint)entrySize);
        new SharedUInt32(start).StoreRelease(Magic);
    }

    /// <summary>Reads the header once and returns the capacity, when all of it fits this side's idea of the ring.</summary>
    public static unsafe uint Check([SharedMemory] byte* start, SharedRegion region, int entrySize)
    {
        Header header = Snapshot.Take((Header*)start);
        if (header.Magic != Magic)
            throw Refuse(region, $"its first four bytes are {header.Magic:x8}, not {Magic:x8}: it is no ring, or not made yet");
        if (header.Version != Version)
            throw Refuse(region, $"it has version {header.Version}, and this side knows {Version}");
        if (header.EntrySize != (uint)entrySize)
            throw Refuse(region, $"its entries have {header.EntrySize} bytes, and ours {entrySize}");
        if (!IsCapacity(header.Capacity))
            throw Refuse(region, $"its capacity {header.Capacity} is no power of two up to {MaxCapacity}");
        if (RequiredLength(header.Capacity, entrySize) > region.Length)
            throw Refuse(region, $"{header.Capacity} entries need {RequiredLength(header.Capacity, entrySize)} bytes, and it has {region.Length}");
        return header.Capacity;
    }

    public static bool IsCapacity(uint capacity) => capacity is not 0 and <= MaxCapacity && (capacity & (capacity - 1)) == 0;

    public static InvalidDataException Refuse(SharedRegion region, string why) => new($"'{region.Name}' is not taken as a ring: {why}.");

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Header
    {
        public readonly uint Magic;
        public readonly uint Version;
        public readonly uint Capacity;
        public readonly uint EntrySize;
    }
}
