using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IoUring;

/// <summary>A ring of the kernel: its descriptor, its mappings and its two queues. One thread submits, one thread completes.</summary>
internal sealed unsafe class IoRing : IDisposable
{
    private const int Interrupted = 4;
    private readonly SafeFileHandle _descriptor;
    private readonly SetupParameters _parameters;
    private readonly MappedRegion _submissionRing;
    private readonly MappedRegion _completionRing;
    private readonly MappedRegion _slots;

    private IoRing(SafeFileHandle descriptor, SetupParameters parameters, int requests)
    {
        _descriptor = descriptor;
        _parameters = parameters;
        try
        {
            _submissionRing = new MappedRegion(Number, parameters.Submission.Array + parameters.SubmissionEntries * sizeof(uint), Native.SubmissionRing);
            _completionRing = new MappedRegion(Number, CompletionLength, Native.CompletionRing);
            _slots = new MappedRegion(Number, parameters.SubmissionEntries * (nuint)sizeof(Sqe), Native.SubmissionSlots);
        }
        catch
        {
            Dispose();
            throw;
        }

        IsPolled = (parameters.Flags & SetupFlags.Polled) != 0;
        Submissions = new SubmissionQueue(_submissionRing.Address, parameters.Submission, (Sqe*)_slots.Address, IsPolled);
        Completions = new CompletionQueue(_completionRing.Address, parameters.Completion, requests);
    }

    public SubmissionQueue Submissions { get; }

    public CompletionQueue Completions { get; }

    /// <summary>A thread of the kernel looks for submissions by itself, and sleeps when there are none for a while.</summary>
    public bool IsPolled { get; }

    private int Number => (int)_descriptor.DangerousGetHandle();

    private nuint CompletionLength => _parameters.Completion.Cqes + _parameters.CompletionEntries * (nuint)sizeof(Cqe);

    /// <summary>Null, with the reason, where the kernel refuses.</summary>
    public static IoRing? TryCreate(uint entries, out string reason, uint completions = 0, bool isPolled = false, int requests = 4096)
    {
        SetupParameters parameters = default;
        if (isPolled) (parameters.Flags, parameters.ThreadIdle) = (SetupFlags.Polled, 1);
        if (completions != 0)
        {
            parameters.Flags |= SetupFlags.CompletionSize;
            parameters.CompletionEntries = completions;
        }

        int descriptor = OperatingSystem.IsLinux() ? Native.Setup(entries, &parameters) : -1;
        reason = descriptor >= 0 ? "" : OperatingSystem.IsLinux() ? $"io_uring_setup: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}" : "io_uring is Linux's";
        if (descriptor < 0) return null;
        return new IoRing(new SafeFileHandle(descriptor, ownsHandle: true), parameters, requests);
    }

    /// <summary>Publishes what was pushed and calls the kernel if it must be called, or if completions are waited for.</summary>
    public void Submit(uint waitFor = 0)
    {
        bool wakeUp = Submissions.Publish();
        EnterFlags flags = (wakeUp ? EnterFlags.WakeUp : EnterFlags.None) | (waitFor > 0 ? EnterFlags.GetEvents : EnterFlags.None);
        if (IsPolled && flags == EnterFlags.None) return;
        Enter(IsPolled ? 0 : Submissions.Unconsumed, waitFor, flags);
    }

    /// <summary>Lets the kernel move completions for which there was no room into the ring.</summary>
    public void Flush() => Enter(0, 0, EnterFlags.GetEvents);

    /// <summary>A second look at the completion ring, which this process cannot write through.</summary>
    public RingMonitor Monitor() => new(new MappedRegion(Number, CompletionLength, Native.CompletionRing, Native.ReadOnly), _parameters.Completion.Tail);

    /// <summary>Has the kernel pin buffers for as long as they are registered; false, with the error, where it refuses.</summary>
    public bool TryRegister(void* buffers, uint count, out int error)
    {
        error = Native.Register(Number, 0, buffers, count) == 0 ? 0 : Marshal.GetLastPInvokeError();
        return error == 0;
    }

    public void Unregister()
    {
        if (Native.Register(Number, 1, null, 0) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    public void Dispose()
    {
        // Those that come after a refused one do not exist.
        _slots?.Dispose();
        _completionRing?.Dispose();
        _submissionRing?.Dispose();
        _descriptor.Dispose();
    }

    private void Enter(uint submit, uint waitFor, EnterFlags flags)
    {
        while (Native.Enter(Number, submit, waitFor, flags) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted) throw new Win32Exception(error);
        }
    }
}
