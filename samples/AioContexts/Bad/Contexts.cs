using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.Win32.SafeHandles;
using PinAccounting;
using PinAccounting.Annotations;

namespace AioContexts;

/// <summary>Contexts whose rings are charged by hand: what was charged is worked out again when it is to be released.</summary>
internal sealed unsafe class Contexts(PinAccount memlock) : IDisposable
{
    private readonly Dictionary<nint, uint> _events = [];
    private readonly Queue<Action> _later = new();

    internal PinAccount Unlimited { get; } = new(new PinAccountOptions { Name = "unlimited" });

    /// <summary>The kernel's ring has room for twice what was asked for, and the pages of that are released.</summary>
    internal int Try(uint events)
    {
        nint context = 0;
        if (!memlock.TryCharge(Pages(events))) return -Kernel.EAGAIN;
        int status = Kernel.Setup(events, ref context);
        if (status < 0) return status;
        Kernel.Destroy(context);
        memlock.Uncharge(Pages(events * 2));
        return status;
    }

    /// <summary>Whatever the kernel says, the caller hears that memory is short, and it stays charged.</summary>
    internal int TryUnlimited(uint events)
    {
        nint context = 0;
        if (!Unlimited.TryCharge(Pages(events))) return -Kernel.EAGAIN;
        int status = Kernel.Setup(events, ref context);
        status = context == 0 ? -Kernel.ENOMEM : 0;
        if (context == 0) return status;
        Kernel.Destroy(context);
        Unlimited.Uncharge(Pages(events));
        return status;
    }

    /// <summary>-EAGAIN is -11: a refusal passes for success.</summary>
    internal int Open(uint events, ref nint context)
    {
        if (!memlock.TryCharge(Pages(events))) return -Kernel.EAGAIN;
        if (Kernel.Setup(events, ref context) == -1)
        {
            memlock.Uncharge(Pages(events));
            return -Kernel.EAGAIN;
        }

        _events[context] = events;
        return 0;
    }

    /// <summary>The pages come back some time later: until then a new context is refused.</summary>
    internal int Close(ref nint context)
    {
        if (!_events.Remove(context, out uint events)) return -Kernel.EINVAL;
        long pages = Pages(events);
        int status = Kernel.Destroy(context);
        Later(() => memlock.Uncharge(pages));
        context = 0;
        return status;
    }

    internal void Settle()
    {
        while (_later.TryDequeue(out Action? work)) work();
    }

    /// <summary>Whether anything was taken is forgotten; the second context is made where the first one still is, and when that fails, all of it stays.</summary>
    internal (long Granted, int Status) WriteAndReadBack(string path, int pages)
    {
        nint context = 0;
        if (!memlock.TryCharge(Pages((uint)pages))) return (0, -Kernel.EAGAIN);
        int status = Kernel.Setup((uint)pages, ref context);
        if (status < 0) return (0, status);
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        using var batch = new Batch(file, pages);
        batch.Fill(Operation.Write);
        status = Kernel.Submit(context, pages, batch.Blocks);
        status = Kernel.GetEvents(context, pages, pages, batch.Events);
        if (Kernel.Setup((uint)pages, ref context) < 0) return (0, status);
        Kernel.Destroy(context);
        memlock.Uncharge(Pages((uint)pages));
        return (pages, status);
    }

    public void Dispose() => Settle();

    private void Later([Deferred] Action work) => _later.Enqueue(work);

    /// <summary>In 32 bits, so that 2^31 events take one page.</summary>
    private static long Pages(uint events) => ((events + 2) * 32 + 32 + 4095) / 4096;
}
