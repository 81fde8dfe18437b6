using System;
using System.Collections.Generic;
using PinAccounting.Tests.ChildProcesses;
using Xunit;

namespace PinAccounting.Tests.Memory;

/// <summary>The real kernel: in a child process with a limit of its own, with and without CAP_IPC_LOCK. After every step VmLck is what the account says.</summary>
public sealed class KernelLockTests
{
    private static readonly int s_kilobytes = 16 * Environment.SystemPageSize / 1024;

    [DropsIpcLockFact]
    public void AtTheLimit_Unprivileged_OneMoreIsDenied() => Play("at-limit", s_kilobytes, privileged: false);

    [DropsIpcLockFact]
    public void OverTheLimit_Privileged_IsChargedAndRecorded() => Play("over-limit-privileged", s_kilobytes, privileged: true);

    [DropsIpcLockFact]
    public void OverTheKernelsLimit_Unprivileged_LeavesNothing() => Play("kernel-denies", s_kilobytes, privileged: false);

    [DropsIpcLockFact]
    public void Batch_WhoseFifthLockFails_LeavesNothing() => Play("batch", s_kilobytes, privileged: false);

    [DropsIpcLockFact]
    public void LimitOfZero_Unprivileged_IsPolicy() => Play("limit-zero", 0, privileged: false);

    [DropsIpcLockFact]
    public void CapabilityDroppedBetweenChargeAndRelease_MakesNoDifferenceToTheRelease() => Play("drop-capability", s_kilobytes, privileged: true);

    [DropsIpcLockFact]
    public void Churn_Unprivileged_KernelAndAccountAgreeAtEveryStep() => Play("churn", s_kilobytes, privileged: false);

    [DropsIpcLockFact]
    public void Churn_AsRoot_KernelAndAccountAgreeAtEveryStep() => Play("churn", 6 * Environment.SystemPageSize / 1024, privileged: true);

    [DropsIpcLockFact]
    public void ForProcess_OfAProcessThatHoldsLocksAlready_BeginsWithThem() => Play("already-locked", s_kilobytes, privileged: false);

    [DropsIpcLockFact]
    public void Capability_DroppedByOneThread_IsThatThreadsAlone() => Play("thread-capability", s_kilobytes, privileged: true);

    /// <summary>Root of a rootless container: it has every capability there, and mlock holds it to the limit all the same.</summary>
    [UserNamespaceFact]
    public void AtTheLimit_RootOfAnotherUserNamespace_OneMoreIsDenied() => Play("at-limit", s_kilobytes, ChildProcess.InUserNamespace);

    [UserNamespaceFact]
    public void OverTheKernelsLimit_RootOfAnotherUserNamespace_IsPolicyAndNotExhaustion() => Play("kernel-denies", s_kilobytes, ChildProcess.InUserNamespace);

    private static void Play(string story, int kilobytes, bool privileged) => Play(story, kilobytes, privileged ? [] : ChildProcess.WithoutIpcLock);

    private static void Play(string story, int kilobytes, string[] setUp)
    {
        List<string> prefix = ["sh", "-c", $"ulimit -l {kilobytes} && exec \"$@\"", "sh"];
        prefix.AddRange(setUp);
        Assert.Equal("done", ChildProcess.Run(prefix, "kernel-lock", story));
    }
}
