using System;
using System.Runtime.CompilerServices;

namespace PinAccounting.SharedMemory;

internal static unsafe class CellAddress
{
    /// <summary>Refuses addresses at which an access of <paramref name="size"/> bytes would fault or not be atomic.</summary>
    public static void ThrowIfUnusable(void* address, int size)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (((nuint)address & (nuint)(size - 1)) != 0)
            throw new ArgumentException($"A shared cell of {size} bytes needs an address that is a multiple of {size}; {(nuint)address:x} is none.", nameof(address));
    }

    /// <summary>Refuses the default value, whose first use would otherwise fail somewhere else.</summary>
    public static void ThrowIfNone(SharedUInt32 cell, [CallerArgumentExpression(nameof(cell))] string? parameter = null)
    {
        if (cell == default)
            throw new ArgumentException("The default value is no cell: make one of an address, or of a region.", parameter);
    }
}
