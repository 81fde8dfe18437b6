using System;
using System.Threading;

namespace PinAccounting.Benchmarks;

/// <summary>Runs one action on several threads at once, without starting them anew for each invocation.</summary>
internal sealed class Crew : IDisposable
{
    private readonly Barrier _barrier;
    private readonly Thread[] _threads;
    private Action? _action;

    internal Crew(int others)
    {
        _barrier = new Barrier(others + 1);
        _threads = new Thread[others];
        for (int i = 0; i < others; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true };
            _threads[i].Start();
        }
    }

    public void Dispose()
    {
        _action = null;
        _barrier.SignalAndWait();
        foreach (Thread thread in _threads) thread.Join();
        _barrier.Dispose();
    }

    /// <summary>Returns when every thread, the caller's included, has run it.</summary>
    internal void Run(Action action)
    {
        _action = action;
        _barrier.SignalAndWait();
        action();
        _barrier.SignalAndWait();
    }

    private void Work()
    {
        while (true)
        {
            _barrier.SignalAndWait();
            if (_action is not { } action) return;
            action();
            _barrier.SignalAndWait();
        }
    }
}
