using System.Collections.Concurrent;
using System.Globalization;
using PinAccounting.Annotations;

namespace PinAccounting.Memory;

/// <summary>Pages that the operating system would not take back, with the charge for those that are still locked.</summary>
/// <remarks>
/// A refused munmap is rare (splitting a mapping that was merged with its neighbours can exceed the number of mappings a process may have) but
/// then it would be wrong to uncharge: the pages are still locked. They are reported, stay charged, and are tried again whenever memory is allocated.
/// </remarks>
internal static class StrandedPages
{
    private static readonly ConcurrentQueue<(LockedPages Pages, PinCharge Charge)> s_stranded = new();

    public static int Count => s_stranded.Count;

    /// <summary>Releases pages and then their charge, or keeps for later what the system would not take back. Never throws.</summary>
    public static void Release(LockedPages pages, [TransfersObligation] PinCharge charge)
    {
        if (pages.TryRelease())
        {
            charge.Dispose();
            return;
        }
        PinAccount account = charge.Account;
        long amount = charge.Amount;
        // The charge is for locked pages; those that are only mapped need none.
        if (!pages.IsLocked)
            charge.Dispose();
        s_stranded.Enqueue((pages, charge));
        string still = pages.IsLocked ? "locked and charged" : "mapped, though neither locked nor charged";
        PinDiagnostics.Report(new PinViolation(PinViolationKind.NotGivenBack, account, amount, string.Create(CultureInfo.InvariantCulture,
            $"{pages.LastFailure.Call} failed with error {pages.LastFailure.Error} for {pages.Length} bytes of account '{account.Name}': they stay {still} until it succeeds.")), mayThrow: false);
    }

    /// <summary>Tries once more, each once.</summary>
    public static void TryAgain()
    {
        for (int left = s_stranded.Count; left > 0 && s_stranded.TryDequeue(out (LockedPages Pages, PinCharge Charge) item); left--)
        {
            bool released = item.Pages.TryRelease();
            if (!item.Pages.IsLocked)
                item.Charge.Dispose();
            if (!released)
                s_stranded.Enqueue(item);
        }
    }
}
