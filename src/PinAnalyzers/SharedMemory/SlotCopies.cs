using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.SharedMemory;

/// <summary>Payload of a ring is ours from the acquisition of its index to the hand-back: there it may be copied plainly.</summary>
internal static class SlotCopies
{
    /// <summary>A slot that a variable index selects, with an index cell acquired before and handed back after on the same path.</summary>
    public static bool IsBetweenAcquireAndHandBack(SharedBody body, CellAccess access)
    {
        if (access.Place.Indexes.IsEmpty) return false;
        foreach (BodyFlow flow in body.Flows)
        {
            if (flow.All.FirstOrDefault(happening => happening.Access == access) is not { } slot) continue;
            bool isAcquired = flow.All.Any(earlier => earlier.Access is { Kind: AccessKind.VolatileRead or AccessKind.Interlocked, Place.Shared: not null } acquire
                && acquire.Place.Indexes.IsEmpty && flow.After(earlier, static _ => false).Contains(slot));
            return isAcquired && IsHandedBack(flow, slot);
        }

        return false;
    }

    /// <summary>A store to a cell that is no slot follows.</summary>
    public static bool IsHandedBack(BodyFlow flow, FlowEvent slot) =>
        flow.After(slot, static _ => false).Any(static later => later.Access is { IsRelease: true, Place.Shared: not null } release && release.Place.Indexes.IsEmpty);
}
