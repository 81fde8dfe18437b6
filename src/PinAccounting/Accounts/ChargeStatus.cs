namespace PinAccounting;

/// <summary>What came of an attempt to charge an account or to acquire what the charge pays for.</summary>
/// <remarks>
/// The library never speaks errno internally: systems that mean the same thing return different numbers for it, and one number
/// means different things in different systems. <see cref="ChargeResult.ToErrno"/> translates at the interop boundary.
/// </remarks>
public enum ChargeStatus
{
    /// <summary>Charged, within every limit.</summary>
    Charged = 0,

    /// <summary>Charged over a limit, because the charged account may exceed it. Recorded in <see cref="PinCharge.ExceededLimit"/>.</summary>
    ChargedOverLimit = 1,

    /// <summary>A limit that somebody set denies the charge. Waiting or asking for less may help.</summary>
    PolicyLimit = 2,

    /// <summary>The machine is out of what is to be acquired (memory, mappings). Not a matter of policy.</summary>
    ResourceExhausted = 3,

    /// <summary>The amount is negative or out of the range the callee accepts.</summary>
    InvalidArgument = 4,

    /// <summary>The handle that is to be filled in already holds something (see <see cref="PinHandleTable{T}"/>).</summary>
    HandleNotZero = 5,

    /// <summary>The amount, or the sum it would lead to, cannot be represented.</summary>
    Overflow = 6,

    /// <summary>The account is retired: whoever it stood for is gone.</summary>
    OwnerGone = 7,

    /// <summary>Interrupted or cancelled before anything was changed.</summary>
    Interrupted = 8,

    /// <summary>The result could not be handed to the caller; everything was undone.</summary>
    Fault = 9,

    /// <summary>This system or build cannot do it.</summary>
    NotSupported = 10,
}
