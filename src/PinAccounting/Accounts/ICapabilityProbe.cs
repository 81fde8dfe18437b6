using PinAccounting.Annotations;

namespace PinAccounting;

/// <summary>Answers whether an account may be charged over its limit.</summary>
/// <remarks>
/// Asked only after a limit has denied a charge, at most once a charge, and with nothing charged and no lock of this library held, save that of a <see cref="PinLedger{TKey}"/> that is asked for the resource.
/// The answer is about that one charge: it is recorded in <see cref="PinCharge.ExceededLimit"/>, never asked again on release, and it authorises nothing else.
/// </remarks>
public interface ICapabilityProbe
{
    /// <summary>Whether <paramref name="account"/> may take <paramref name="amount"/> although a limit denies it.</summary>
    /// <param name="account">The account that is charged, which is not necessarily that of the calling thread.</param>
    /// <param name="amount">The amount asked for, in the account's <see cref="PinAccount.Unit"/>; positive.</param>
    /// <returns>True to let the charge exceed those limits whose accounts have <see cref="BypassPolicy.LimitOnly"/>.</returns>
    /// <remarks>Called on the charging thread, possibly on several threads at once. An exception reaches the caller of the charge; nothing is charged then.</remarks>
    [CapabilityCheck]
    bool CanExceedLimit(PinAccount account, long amount);
}
