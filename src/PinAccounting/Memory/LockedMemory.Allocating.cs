using System;
using System.Diagnostics.CodeAnalysis;
using PinAccounting.Annotations;
using PinAccounting.Memory.Os;

namespace PinAccounting.Memory;

public sealed unsafe partial class LockedMemory
{
    /// <summary>Charges, maps and locks memory, or says why not.</summary>
    /// <param name="account">Who pays; counts pages or bytes.</param>
    /// <param name="length">In bytes. 0 succeeds, locks nothing and charges nothing.</param>
    /// <param name="memory">The memory, all zero; disposing it gives everything back. Null when it was denied.</param>
    /// <param name="result">
    /// <see cref="ChargeStatus.PolicyLimit"/> when the account's limit or that of the operating system denies, <see cref="ChargeStatus.ResourceExhausted"/> when
    /// the machine has no more, <see cref="ChargeStatus.InvalidArgument"/> for a negative length, <see cref="ChargeStatus.OwnerGone"/>,
    /// <see cref="ChargeStatus.Interrupted"/>, <see cref="ChargeStatus.NotSupported"/>.
    /// </param>
    /// <returns>Whether it was allocated. When not, nothing is locked, mapped or charged.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="account"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="account"/> counts items.</exception>
    /// <remarks>Thread-safe. Reversed by <see cref="Dispose()"/>.</remarks>
    [Charge("locked memory", ReleasedBy = nameof(Dispose))]
    public static bool TryAllocate([ChargeOwner] PinAccount account, [ChargeAmount(Unit = "bytes")] int length, [NotNullWhen(true), ChargeToken] out LockedMemory? memory, out ChargeResult result)
        => TryAllocate(PageSystem.Current, account, length, out memory, out result);

    /// <summary>Charges, maps and locks memory, or throws.</summary>
    /// <param name="account">Who pays; counts pages or bytes.</param>
    /// <param name="length">In bytes.</param>
    /// <returns>The memory, all zero; disposing it gives everything back.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="account"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="account"/> counts items.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="PinLimitExceededException">A limit denies it, or the account is retired; the result says which.</exception>
    /// <exception cref="InsufficientMemoryException">The machine has no more to give.</exception>
    /// <exception cref="PlatformNotSupportedException">The system cannot lock memory.</exception>
    /// <remarks>Thread-safe. After an exception nothing is locked, mapped or charged. Reversed by <see cref="Dispose()"/>.</remarks>
    [Charge("locked memory", ReleasedBy = nameof(Dispose))]
    [return: ChargeToken]
    public static LockedMemory Allocate([ChargeOwner] PinAccount account, [ChargeAmount(Unit = "bytes")] int length)
        => TryAllocate(account, length, out LockedMemory? memory, out ChargeResult result) ? memory : throw Denial(result);

    /// <summary>Charges, maps and locks several blocks of one length, all of them or none.</summary>
    /// <param name="account">Who pays; counts pages or bytes.</param>
    /// <param name="count">How many blocks; 0 succeeds.</param>
    /// <param name="length">The length of each, in bytes.</param>
    /// <param name="blocks">The blocks, each to be disposed by itself. Null when it was denied.</param>
    /// <param name="result">As for <see cref="TryAllocate(PinAccount, int, out LockedMemory?, out ChargeResult)"/>, for the sum of the blocks.</param>
    /// <returns>Whether all were allocated. When not, those that had been were freed again, last first, and nothing is locked, mapped or charged.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="account"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="account"/> counts items.</exception>
    /// <remarks>Thread-safe. The sum is charged before the first block is mapped. Reversed by disposing each block.</remarks>
    public static bool TryAllocateBatch(PinAccount account, int count, int length, [NotNullWhen(true)] out LockedMemory[]? blocks, out ChargeResult result)
        => TryAllocateBatch(PageSystem.Current, account, count, length, out blocks, out result);

    internal static bool TryAllocate(IPageSystem system, PinAccount account, int length, [NotNullWhen(true)] out LockedMemory? memory, out ChargeResult result)
    {
        memory = null;
        return TryReserve(system, account, count: 1, length, out PinCharge? reserved, out result)
            && TryFill(system, reserved, length, new Span<LockedMemory?>(ref memory), ref result);
    }

    internal static bool TryAllocateBatch(IPageSystem system, PinAccount account, int count, int length, [NotNullWhen(true)] out LockedMemory[]? blocks, out ChargeResult result)
    {
        ArgumentNullException.ThrowIfNull(account);
        blocks = null;
        if (count < 0)
        {
            result = ChargeResult.Failure(ChargeStatus.InvalidArgument, count, account);
            return false;
        }
        if (!TryReserve(system, account, count, length, out PinCharge? reserved, out result))
            return false;
        LockedMemory[] filled;
        try
        {
            // Charged first here too: a count that the limit denies is not worth an array.
            filled = new LockedMemory[count];
        }
        catch (OutOfMemoryException)
        {
            result = ChargeResult.Failure(ChargeStatus.ResourceExhausted, reserved.Amount, account);
            reserved.Dispose();
            return false;
        }
        if (!TryFill(system, reserved, length, filled!, ref result))
            return false;
        blocks = filled;
        return true;
    }

    internal static Exception Denial(ChargeResult result) => result.Status switch
    {
        ChargeStatus.InvalidArgument or ChargeStatus.Overflow => new ArgumentOutOfRangeException("length", result.Requested, result.ToString()),
        ChargeStatus.ResourceExhausted => new InsufficientMemoryException(result.ToString()),
        ChargeStatus.NotSupported => new PlatformNotSupportedException(result.ToString()),
        _ => new PinLimitExceededException(result),
    };

    internal static void ThrowIfNotPayable(PinAccount account)
    {
        if (account.Unit is not (PinUnit.Pages or PinUnit.Bytes))
            throw new ArgumentException($"Account '{account.Name}' counts {account.Unit}; locked memory is charged in pages or bytes.", nameof(account));
    }

    /// <summary>Charges the sum of the blocks.</summary>
    [Charge("charge", ReleasedBy = nameof(PinCharge.Dispose))]
    private static bool TryReserve(IPageSystem system, PinAccount account, int count, int length, [NotNullWhen(true), ChargeToken] out PinCharge? reserved, out ChargeResult result)
    {
        ArgumentNullException.ThrowIfNull(account);
        ThrowIfNotPayable(account);
        if (length < 0)
        {
            reserved = null;
            result = ChargeResult.Failure(ChargeStatus.InvalidArgument, length, account);
            return false;
        }
        StrandedPages.TryAgain();
        // At most 2^31 blocks of at most 2^31 bytes and a page: no overflow.
        return account.TryCharge(CostOf(system, account, length) * count, out reserved, out result);
    }

    /// <summary>What a block is charged, in the account's unit.</summary>
    private static long CostOf(IPageSystem system, PinAccount account, int length)
    {
        long bytes = LockedPages.RoundUp(system, length);
        return account.Unit == PinUnit.Pages ? bytes / system.PageSize : bytes;
    }

    /// <summary>Acquires block by block what is charged already; whatever goes wrong, what was done is undone, last first, and the charge released.</summary>
    private static bool TryFill(IPageSystem system, [TransfersObligation] PinCharge reserved, int length, Span<LockedMemory?> blocks, ref ChargeResult result)
    {
        PinAccount account = reserved.Account;
        long bytes = LockedPages.RoundUp(system, length);
        long each = CostOf(system, account, length), sum = each * blocks.Length;
        int done = 0;
        try
        {
            for (; done < blocks.Length; done++)
            {
                // Objects first: when there is no memory for them, nothing has been acquired yet.
                LockedPages? pages = bytes == 0 ? null : new LockedPages(system, bytes);
                PinCharge charge = reserved.Split(each);
                OsOutcome outcome;
                try
                {
                    blocks[done] = new LockedMemory(pages, length, charge);
                    outcome = pages?.Acquire() ?? default;
                }
                catch
                {
                    charge.Dispose();
                    throw;
                }
                if (!outcome.Succeeded)
                {
                    StrandedPages.Release(pages!, charge);
                    result = ChargeResult.Failure(outcome.Status, sum, account);
                    return false;
                }
            }
            return true;
        }
        finally
        {
            if (done < blocks.Length)
            {
                while (done-- > 0)
                    blocks[done]!.Dispose();
                blocks.Clear();
            }
            // Either it has been split up altogether, or what is left was for blocks that are not there.
            reserved.Dispose();
        }
    }
}
