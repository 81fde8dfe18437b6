using System;
using PinAccounting.Tests.ChildProcesses;
using Xunit;

namespace PinAccounting.Tests.Accounts;

public sealed class OsCapabilitiesTests
{
    [DropsIpcLockFact]
    public void HasIpcLock_AsRoot_IsTrue() => Assert.Equal("True", ChildProcess.Run([], "has-ipc-lock"));

    [DropsIpcLockFact]
    public void HasIpcLock_WithTheCapabilityDropped_IsFalse() => Assert.Equal("False", ChildProcess.Run(ChildProcess.WithoutIpcLock, "has-ipc-lock"));

    [UserNamespaceFact]
    public void HasIpcLock_OfRootInAnotherUserNamespace_IsFalse() => Assert.Equal("False", ChildProcess.Run(ChildProcess.InUserNamespace, "has-ipc-lock"));

    [DropsIpcLockFact]
    public void ChargeOverLimit_WithTheCapability_IsRecordedAsOverLimit() =>
        Assert.Equal(nameof(ChargeStatus.ChargedOverLimit), ChildProcess.Run([], "charge-over-limit"));

    [DropsIpcLockFact]
    public void ChargeOverLimit_WithTheCapabilityDropped_IsDenied() =>
        Assert.Equal(nameof(ChargeStatus.PolicyLimit), ChildProcess.Run(ChildProcess.WithoutIpcLock, "charge-over-limit"));

    [Fact]
    public void HasIpcLock_OnAnySystem_AnswersWithoutThrowing()
    {
        bool first = OsCapabilities.HasIpcLock();
        Assert.Equal(first, OsCapabilities.HasIpcLock());
        Assert.Equal(first, OsCapabilities.IpcLock.CanExceedLimit(new PinAccount(), 1));
    }
}
