using System;
using System.ComponentModel;
using PinAccounting;

namespace AioContexts;

/// <summary>A context of the kernel.</summary>
internal sealed unsafe class Context : IDisposable
{
    private readonly nint _context;

    private Context(nint context) => _context = context;

    /// <summary>Makes a context, or tells policy from exhaustion: null when memory is short.</summary>
    /// <exception cref="PinLimitExceededException">The kernel's limit denies it.</exception>
    internal static Context? Create(PinAccount account, uint events)
    {
        nint context = 0;
        int status = Kernel.Setup(events, ref context);
        return status switch
        {
            >= 0 => new Context(context),
            -Kernel.ENOMEM => null,
            -Kernel.EAGAIN => throw new PinLimitExceededException(ChargeResult.Failure(ChargeStatus.PolicyLimit, events, account)),
            -Kernel.EINTR => throw new OperationCanceledException("io_setup was interrupted."),
            _ => throw new Win32Exception(-status),
        };
    }

    /// <summary>Submits a batch and waits until all of it is done.</summary>
    /// <returns>0 or a negative error number.</returns>
    internal int Run(Batch batch, Operation operation)
    {
        batch.Fill(operation);
        int submitted = 0, done = 0, failed = 0;
        while (done < batch.Pages)
        {
            if (failed == 0 && submitted < batch.Pages)
            {
                int taken = Kernel.Submit(_context, batch.Pages - submitted, batch.Blocks + submitted);
                if (taken >= 0) submitted += taken;
                // A full ring is no failure while something is under way: it gets room when that is done.
                else if (taken != -Kernel.EAGAIN || submitted == done) failed = taken;
            }

            // Whatever was taken has to come back before its memory may go.
            if (submitted == done) break;
            int got = Kernel.GetEvents(_context, 1, batch.Pages, batch.Events);
            if (got == -Kernel.EINTR) continue;
            if (got < 0) return got;
            for (int i = 0; i < got; i++)
                if (batch.Events[i].Result != batch.Size) failed = batch.Events[i].Result < 0 ? (int)batch.Events[i].Result : -Kernel.EIO;
            done += got;
        }

        return failed;
    }

    /// <summary>Waits for what is under way, and takes the ring down.</summary>
    public void Dispose()
    {
        int status = Kernel.Destroy(_context);
        if (status < 0) throw new Win32Exception(-status);
    }
}
