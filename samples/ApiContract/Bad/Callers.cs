using PinAccounting;

namespace ApiContract;

/// <summary>Callers that have not read the specification.</summary>
internal static class Callers
{
    /// <summary>The second context overwrites the first, which nobody can destroy any more.</summary>
    public static int TwoContexts(AsyncIo io)
    {
        nint context = 0;
        if (io.Setup(128, ref context) < 0) return -1;
        int status = io.Setup(256, ref context);
        if (context != 0) io.Destroy(ref context);
        return status;
    }

    /// <summary>Asks for nothing, and for more than there can be.</summary>
    public static int RaiseSize(AsyncIo io)
    {
        nint none = 0, many = 0;
        int status = io.Setup(0, ref none);
        return status < 0 ? status : io.Setup(9_000_000, ref many);
    }

    /// <summary>Whether the context was made is forgotten as soon as something is submitted.</summary>
    public static int SetUpAndSubmit(AsyncIo io)
    {
        nint context = 0;
        int status = io.Setup(2048, ref context);
        status = io.Submit(context, 0);
        if (context != 0) io.Destroy(ref context);
        return status == -22 ? 0 : status;
    }

    /// <summary>The second fails, and the caller is told that all is well.</summary>
    public static int SetUpTwo(AsyncIo io)
    {
        nint first = 0, second = 0;
        int status = io.Setup(1000, ref first);
        if (status < 0) goto failed;
        if (io.Setup(1000, ref second) < 0) goto failed;
        return 0;
    failed:
        if (first != 0) io.Destroy(ref first);
        return status;
    }

    /// <summary>-EAGAIN is -11 here, not -1: a refusal passes for success.</summary>
    public static int MayGoOn(AsyncIo io)
    {
        nint context = 0;
        bool isOpen = io.Setup(4096, ref context) != -1;
        if (context != 0) io.Destroy(ref context);
        return isOpen ? 0 : -1;
    }

    /// <summary>Tests the child's policy, which is still empty, so the child inherits nothing; and sets one that locks nothing.</summary>
    public static int ChildPolicy(AsyncIo io)
    {
        io.SetPolicy(MemoryLockFlags.Current | MemoryLockFlags.Inherit | MemoryLockFlags.Recursive);
        var child = new LockPolicy();
        if ((child.Inherit & MemoryLockFlags.Recursive) != 0) child.Inherit = io.Policy.Inherit;
        return child.Inherit == MemoryLockFlags.None ? io.SetPolicy(MemoryLockFlags.Inherit) : 0;
    }
}
