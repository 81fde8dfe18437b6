namespace PinAccounting;

/// <summary>What kind of misuse was noticed.</summary>
public enum PinViolationKind
{
    /// <summary>More was to be released than is held; the release was refused.</summary>
    OverRelease,

    /// <summary>A charge was garbage-collected without having been released; it stays charged.</summary>
    LeakedCharge,

    /// <summary>An account was disposed while something was charged to it.</summary>
    OutstandingAtDispose,

    /// <summary>A step registered with <see cref="PinReservation.OnRollback"/> threw.</summary>
    RollbackFailed,

    /// <summary><see cref="PinAccount.AssertBalanced"/> found something.</summary>
    Unbalanced,

    /// <summary>The operating system would not take back what a charge pays for; it stays charged as long as it is held.</summary>
    NotGivenBack,
}
