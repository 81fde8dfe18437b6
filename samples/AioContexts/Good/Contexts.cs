using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using PinAccounting;

namespace AioContexts;

/// <summary>Contexts whose rings are charged to an account: before they are made, by what was asked for, and given back by the charge itself.</summary>
internal sealed class Contexts : IDisposable
{
    private static readonly HandleSizing s_ring = HandleSizing.RingPages(Environment.SystemPageSize);

    private readonly PinHandleTable<Context> _contexts;
    private readonly PinHandleTable<Context> _unlimited;

    internal Contexts(PinAccount memlock)
    {
        _contexts = new PinHandleTable<Context>(memlock, s_ring);
        _unlimited = new PinHandleTable<Context>(Unlimited, s_ring);
    }

    /// <summary>An account that lets everything pass, so that the kernel itself has to say no.</summary>
    internal PinAccount Unlimited { get; } = new(new PinAccountOptions { Name = "unlimited" });

    /// <summary>Makes a context of so many events and takes it down again.</summary>
    internal int Try(uint events) => Try(_contexts, events);

    internal int TryUnlimited(uint events) => Try(_unlimited, events);

    internal int Open(uint events, ref nint context) => SetUp(_contexts, events, ref context);

    internal int Close(ref nint context) => _contexts.TryDestroy(ref context) ? 0 : -Kernel.EINVAL;

    /// <summary>Nothing is left for later: what is closed is closed.</summary>
    internal void Settle()
    {
    }

    /// <summary>Writes pages to a file, reads them back, and returns how many came back as they were.</summary>
    internal (long Granted, int Status) WriteAndReadBack(string path, int pages)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        // Before the context and so after it too: whatever happens, its end waits for all that is under way, and only then the memory goes.
        using var batch = new Batch(file, pages);
        nint handle = 0;
        int status = Open((uint)pages, ref handle);
        if (status < 0) return (0, status);
        try
        {
            if (!_contexts.TryGet(handle, out Context? context)) return (0, -Kernel.EINVAL);
            Random.Shared.NextBytes(batch.Bytes);
            byte[] written = batch.Bytes.ToArray();
            status = context.Run(batch, Operation.Write);
            if (status < 0) return (0, status);
            batch.Bytes.Clear();
            status = context.Run(batch, Operation.Read);
            return (batch.Bytes.SequenceEqual(written) ? pages : 0, status);
        }
        finally
        {
            Close(ref handle);
        }
    }

    public void Dispose()
    {
        _contexts.Dispose();
        _unlimited.Dispose();
    }

    private static int Try(PinHandleTable<Context> contexts, uint events)
    {
        nint context = 0;
        int status = SetUp(contexts, events, ref context);
        if (status >= 0) contexts.TryDestroy(ref context);
        return status;
    }

    private static int SetUp(PinHandleTable<Context> contexts, uint events, ref nint context)
    {
        try
        {
            return -contexts.TrySetup(events, ref context, wanted => Context.Create(contexts.Account, (uint)wanted)).ToErrno(ErrnoProfile.Aio);
        }
        catch (PinLimitExceededException denied)
        {
            // The kernel's own limit, which all processes share. Everything is undone by now.
            return -denied.Result.ToErrno(ErrnoProfile.Aio);
        }
    }
}
