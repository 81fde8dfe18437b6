using System;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace IoUring;

/// <summary>Operations that do nothing, to see the queues alone.</summary>
internal static class Nops
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>More completions than the completion ring holds, and none taken until all are submitted: every one must come out in the end.</summary>
    public static int Overflow(IoRing ring, int operations, TextWriter output)
    {
        bool isSeen = false;
        for (int i = 0; i < operations; i++)
        {
            Push(ring, i);
            ring.Submit();
            isSeen |= ring.Submissions.HasOverflow;
        }

        int taken = 0;
        for (int round = 0; taken < operations && round < operations; round++)
        {
            while (ring.Completions.TryPop(out _)) taken++;
            ring.Flush();
        }

        using RingMonitor monitor = ring.Monitor();
        uint lost = ring.Completions.TakeLost();
        output.WriteLine($"{operations} submitted, {taken} completed, {lost} lost, overflow {(isSeen ? "seen" : "not seen")}, monitor counts {monitor.Completed}");
        bool isOnce = taken == operations;
        for (int i = 0; i < operations; i++) isOnce &= ring.Completions.Answers[i] == 1;
        return isOnce && lost == 0 && isSeen && monitor.Completed == operations ? 0 : 1;
    }

    /// <summary>One thread submits, another completes.</summary>
    public static int Hammer(IoRing ring, int operations, TextWriter output)
    {
        var reaper = new Reaper(ring);
        for (int i = 0; i < operations; i++)
        {
            Push(ring, i % 1024);
            ring.Submit();
        }

        var watch = Stopwatch.StartNew();
        while (reaper.Reaped < operations && watch.Elapsed < s_patience)
        {
            if (!ring.Submissions.IsIdle) ring.Submit();
            if (ring.Submissions.HasOverflow) ring.Flush();
            Thread.Yield();
        }

        reaper.Stop();
        output.WriteLine($"{operations} submitted, {reaper.Reaped} completed");
        return reaper.Reaped == operations ? 0 : 1;
    }

    private static void Push(IoRing ring, int request)
    {
        Sqe sqe = default;
        sqe.Opcode = Opcode.Nop;
        sqe.UserData = (ulong)request;
        while (!ring.Submissions.TryPush(sqe)) ring.Submit();
    }
}
