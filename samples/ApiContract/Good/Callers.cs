using PinAccounting;

namespace ApiContract;

/// <summary>The same callers, by the specification.</summary>
internal static class Callers
{
    public static int TwoContexts(AsyncIo io)
    {
        nint first = 0, second = 0;
        int status = io.Setup(128, ref first);
        if (status < 0) return status;
        status = io.Setup(256, ref second);
        if (status >= 0) io.Destroy(ref second);
        io.Destroy(ref first);
        return status;
    }

    public static int RaiseSize(AsyncIo io)
    {
        nint few = 0, many = 0;
        int status = io.Setup(1, ref few);
        if (status < 0) return status;
        status = io.Setup(8_388_608, ref many);
        io.Destroy(ref few);
        return status;
    }

    public static int SetUpAndSubmit(AsyncIo io)
    {
        nint context = 0;
        int status = io.Setup(2048, ref context);
        if (status < 0) return status;
        status = io.Submit(context, 0);
        io.Destroy(ref context);
        return status;
    }

    public static int SetUpTwo(AsyncIo io)
    {
        nint first = 0, second = 0;
        int status = io.Setup(1000, ref first);
        if (status < 0) goto failed;
        status = io.Setup(1000, ref second);
        if (status < 0) goto failed;
        io.Destroy(ref second);
        io.Destroy(ref first);
        return 0;
    failed:
        if (first != 0) io.Destroy(ref first);
        return status;
    }

    public static int MayGoOn(AsyncIo io)
    {
        nint context = 0;
        int status = io.Setup(4096, ref context);
        if (status < 0) return status;
        io.Destroy(ref context);
        return 0;
    }

    public static int ChildPolicy(AsyncIo io)
    {
        int status = io.SetPolicy(MemoryLockFlags.Current | MemoryLockFlags.Inherit | MemoryLockFlags.Recursive);
        if (status < 0) return status;
        var child = new LockPolicy();
        if ((io.Policy.Inherit & MemoryLockFlags.Recursive) != 0) child.Inherit = io.Policy.Inherit;
        return child.Inherit == MemoryLockFlags.None ? io.SetPolicy(MemoryLockFlags.Current | MemoryLockFlags.Inherit) : 0;
    }
}
