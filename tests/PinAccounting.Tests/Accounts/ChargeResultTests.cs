using System;
using System.Linq;
using Xunit;

namespace PinAccounting.Tests.Accounts;

public sealed class ChargeResultTests
{
    [Theory]
    [InlineData(ErrnoProfile.Aio, 11)] // EAGAIN
    [InlineData(ErrnoProfile.IoUring, 12)] // ENOMEM
    [InlineData(ErrnoProfile.Vfio, 12)]
    [InlineData(ErrnoProfile.Mlock, 12)]
    [InlineData(ErrnoProfile.Xdp, 105)] // ENOBUFS
    public void ToErrno_OfADeniedLimit_IsWhatTheSystemCallsIt(ErrnoProfile profile, int expected) =>
        Assert.Equal(expected, Failure(ChargeStatus.PolicyLimit).ToErrno(profile));

    [Theory]
    [InlineData(ChargeStatus.ResourceExhausted, 12)]
    [InlineData(ChargeStatus.InvalidArgument, 22)]
    [InlineData(ChargeStatus.HandleNotZero, 22)]
    [InlineData(ChargeStatus.Overflow, 22)]
    [InlineData(ChargeStatus.OwnerGone, 3)]
    [InlineData(ChargeStatus.Interrupted, 4)]
    [InlineData(ChargeStatus.Fault, 14)]
    [InlineData(ChargeStatus.NotSupported, 38)]
    public void ToErrno_OfOtherFailures_IsTheFieldsUsualNumber(ChargeStatus status, int expected) =>
        Assert.Equal(expected, Failure(status).ToErrno(ErrnoProfile.Aio));

    [Theory]
    [InlineData(ErrnoProfile.Aio, 22, 38)] // EINVAL, ENOSYS
    [InlineData(ErrnoProfile.IoUring, 75, 38)] // EOVERFLOW
    [InlineData(ErrnoProfile.Vfio, 22, 95)] // EOPNOTSUPP
    [InlineData(ErrnoProfile.Mlock, 22, 38)]
    [InlineData(ErrnoProfile.Xdp, 22, 95)]
    public void ToErrno_OfOverflowAndOfWhatIsNotSupported_IsWhatTheSystemCallsIt(ErrnoProfile profile, int overflow, int notSupported)
    {
        Assert.Equal(overflow, Failure(ChargeStatus.Overflow).ToErrno(profile));
        Assert.Equal(notSupported, Failure(ChargeStatus.NotSupported).ToErrno(profile));
        Assert.Equal(12, Failure(ChargeStatus.ResourceExhausted).ToErrno(profile)); // ENOMEM, whoever is asked
    }

    [Fact]
    public void ToErrno_TellsPolicyFromExhaustion_WhereTheSystemDoes()
    {
        ErrnoProfile[] telling = Enum.GetValues<ErrnoProfile>()
            .Where(static profile => Failure(ChargeStatus.PolicyLimit).ToErrno(profile) != Failure(ChargeStatus.ResourceExhausted).ToErrno(profile)).ToArray();
        Assert.Equal([ErrnoProfile.Aio, ErrnoProfile.Xdp], telling);
    }

    [Fact]
    public void ToErrno_OfSuccess_IsZero()
    {
        Assert.True(new PinAccount().TryCharge(1, out PinCharge? charge, out ChargeResult result));
        charge.Dispose();
        Assert.All(Enum.GetValues<ErrnoProfile>(), profile => Assert.Equal(0, result.ToErrno(profile)));
    }

    [Fact]
    public void ToErrno_OfAnUnknownProfile_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Failure(ChargeStatus.Fault).ToErrno((ErrnoProfile)99));

    [Theory]
    [InlineData(ChargeStatus.Charged)]
    [InlineData(ChargeStatus.ChargedOverLimit)]
    [InlineData((ChargeStatus)99)]
    [InlineData((ChargeStatus)(-1))]
    public void Failure_OfWhatIsNone_Throws(ChargeStatus status) => Assert.Throws<ArgumentOutOfRangeException>(() => Failure(status));

    [Fact]
    public void ToString_OfEveryStatus_NamesTheAccount()
    {
        var account = new PinAccount("user 1000", 4);
        Assert.All(
            Enum.GetValues<ChargeStatus>().Where(static status => status > ChargeStatus.ChargedOverLimit),
            status => Assert.Contains("user 1000", ChargeResult.Failure(status, 5, account).ToString(), StringComparison.Ordinal));
    }

    private static ChargeResult Failure(ChargeStatus status) => ChargeResult.Failure(status, 1, null);
}
