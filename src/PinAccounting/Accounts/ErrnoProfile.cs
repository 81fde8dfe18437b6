namespace PinAccounting;

/// <summary>Which system's error numbers <see cref="ChargeResult.ToErrno"/> speaks.</summary>
/// <remarks>They differ in what a denied limit is called (EAGAIN, ENOMEM or ENOBUFS), what a size is that overflows (EINVAL; for io_uring EOVERFLOW), and what is not supported (ENOSYS; for VFIO and AF_XDP EOPNOTSUPP).</remarks>
public enum ErrnoProfile
{
    /// <summary>io_setup(2): a denied limit is EAGAIN.</summary>
    Aio,

    /// <summary>io_uring_register(2) and io_uring_setup(2): a denied limit is ENOMEM.</summary>
    IoUring,

    /// <summary>VFIO's type 1 IOMMU back-end: a denied limit is ENOMEM.</summary>
    Vfio,

    /// <summary>mlock(2) on Linux: a denied limit is ENOMEM.</summary>
    Mlock,

    /// <summary>AF_XDP UMEM registration: a denied limit is ENOBUFS.</summary>
    Xdp,
}
