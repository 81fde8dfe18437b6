using System;

namespace PinAccounting;

/// <summary>What a <see cref="PinHandleTable{T}"/> accepts as a request, and what it charges for one. Immutable.</summary>
public sealed class HandleSizing
{
    /// <summary>io_setup's upper bound: 0x10000000 bytes of 32-byte events.</summary>
    public const long MaxEvents = 0x10000000 / 32;

    private readonly Func<long, long> _cost;

    /// <summary>Creates a sizing.</summary>
    /// <param name="minimum">The smallest request that is valid.</param>
    /// <param name="maximum">The largest request that is valid. Requests are tested against it before <paramref name="cost"/> calculates with them.</param>
    /// <param name="cost">What a valid request is charged, in the account's <see cref="PinAccount.Unit"/>. A pure function.</param>
    /// <exception cref="ArgumentNullException"><paramref name="cost"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public HandleSizing(long minimum, long maximum, Func<long, long> cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, minimum);
        Minimum = minimum;
        Maximum = maximum;
        _cost = cost;
    }

    /// <summary>One unit an event, 1 to <see cref="MaxEvents"/>: the system-wide aio-max-nr, by default an account of 65536 items.</summary>
    public static HandleSizing Events { get; } = new(1, MaxEvents, static events => events);

    /// <summary>The smallest request that is valid.</summary>
    public long Minimum { get; }

    /// <summary>The largest request that is valid.</summary>
    public long Maximum { get; }

    /// <summary>Whole pages of a completion ring: a header, and one entry an event plus the spare ones that keep head and tail apart.</summary>
    /// <param name="pageSize">Bytes a page.</param>
    /// <param name="headerBytes">Bytes of the ring's header; io_setup's is 32.</param>
    /// <param name="entryBytes">Bytes an event; io_setup's is 32.</param>
    /// <param name="spareEntries">Entries that never hold an event; io_setup keeps 2 ("1 is required, 2 for good luck").</param>
    /// <returns>A sizing in pages, for 1 to <see cref="MaxEvents"/> events.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or a count negative.</exception>
    public static HandleSizing RingPages(int pageSize = 4096, int headerBytes = 32, int entryBytes = 32, int spareEntries = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        ArgumentOutOfRangeException.ThrowIfNegative(headerBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(entryBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(spareEntries);
        // The range was tested first and every factor fits 31 bits: 64 bits hold the product.
        return new HandleSizing(1, MaxEvents, events => (headerBytes + (events + spareEntries) * entryBytes + pageSize - 1) / pageSize);
    }

    /// <summary>What a request is charged.</summary>
    /// <param name="requested">How many events, or what the sizing counts: <see cref="Minimum"/> to <see cref="Maximum"/>.</param>
    /// <returns>An amount in the account's <see cref="PinAccount.Unit"/>: what the cost function says, valid or not.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="requested"/> is not valid.</exception>
    public long CostOf(long requested)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(requested, Minimum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(requested, Maximum);
        return _cost(requested);
    }
}
