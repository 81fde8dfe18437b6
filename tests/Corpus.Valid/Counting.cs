using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Corpus.Valid;

/// <summary>Counts that go up here and down there.</summary>
public static class Counting
{
    public static void RunAll(IReadOnlyList<Action> works)
    {
        using var left = new CountdownEvent(1);
        foreach (var work in works)
        {
            left.AddCount();
            ThreadPool.QueueUserWorkItem(_ =>
            {
                try
                {
                    work();
                }
                finally
                {
                    left.Signal();
                }
            });
        }

        left.Signal();
        left.Wait();
    }

    public static async Task ThrottleAsync(IEnumerable<Func<Task>> works, int width)
    {
        using var slots = new SemaphoreSlim(width);
        var running = new List<Task>();
        foreach (var work in works)
        {
            await slots.WaitAsync();
            running.Add(RunAsync(work, slots));
        }

        await Task.WhenAll(running);
    }

    private static async Task RunAsync(Func<Task> work, SemaphoreSlim slots)
    {
        try
        {
            await work();
        }
        finally
        {
            slots.Release();
        }
    }

    public static void Subscribe(CancellationToken cancellation, Action work)
    {
        using var registration = cancellation.Register(static state => ((Action)state!)(), work);
        work();
    }
}

/// <summary>A latch whose users are counted: the last one out closes it.</summary>
public sealed class Latch(Action close)
{
    private int _users = 1;

    public bool TryAddRef()
    {
        var seen = Volatile.Read(ref _users);
        while (seen > 0)
        {
            var current = Interlocked.CompareExchange(ref _users, seen + 1, seen);
            if (current == seen)
                return true;
            seen = current;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            close();
    }
}
