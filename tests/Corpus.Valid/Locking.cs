using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Corpus.Valid;

/// <summary>Locks in every form that is right though its two ends are far apart.</summary>
public sealed class Gates : IDisposable
{
    private readonly object _gate = new();
    private readonly Lock _modern = new();
    private readonly ReaderWriterLockSlim _rw = new();
    private readonly SemaphoreSlim _slots = new(4);
    private readonly SemaphoreSlim _items = new(0);
    private readonly Queue<int> _queue = new();
    private SpinLock _spin;
    private int _value;

    public void Enter() => Monitor.Enter(_gate);

    public void Exit() => Monitor.Exit(_gate);

    public bool TryEnter(TimeSpan timeout)
    {
        if (!Monitor.TryEnter(_gate, timeout))
            return false;
        if (_value >= 0)
            return true;
        Monitor.Exit(_gate);
        return false;
    }

    public int UnderBoth()
    {
        Enter();
        try
        {
            lock (_modern)
                return _value;
        }
        finally
        {
            Exit();
        }
    }

    public int Upgrade(Func<int, int> next)
    {
        _rw.EnterUpgradeableReadLock();
        try
        {
            if (_value > 100)
                return _value;
            _rw.EnterWriteLock();
            try
            {
                return _value = next(_value);
            }
            finally
            {
                _rw.ExitWriteLock();
            }
        }
        finally
        {
            _rw.ExitUpgradeableReadLock();
        }
    }

    public int Spin()
    {
        var taken = false;
        try
        {
            _spin.Enter(ref taken);
            return ++_value;
        }
        finally
        {
            if (taken)
                _spin.Exit(useMemoryBarrier: false);
        }
    }

    public async Task<int> ThroughASlotAsync(Func<Task<int>> work, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            _slots.Release();
        }
    }

    public async Task<int?> IfFreeAsync(Func<Task<int>> work)
    {
        if (!await _slots.WaitAsync(0))
            return null;
        try
        {
            return await work();
        }
        finally
        {
            _slots.Release();
        }
    }

    public async Task<Releaser> EnterAsync()
    {
        await _slots.WaitAsync();
        return new Releaser(_slots);
    }

    public async Task WithReleaserAsync(Func<Task> work)
    {
        using (await EnterAsync())
            await work();
    }

    // A semaphore that signals: one side only releases, the other only waits.
    public void Produce(int item)
    {
        lock (_gate)
            _queue.Enqueue(item);
        _items.Release();
    }

    public int Consume()
    {
        _items.Wait();
        lock (_gate)
            return _queue.Dequeue();
    }

    public bool TryConsume(int timeout, out int item)
    {
        item = 0;
        if (!_items.Wait(timeout))
            return false;
        lock (_gate)
            return _queue.TryDequeue(out item);
    }

    // Lets others in while it waits, and takes the lock back before it returns to its caller, who holds it.
    public void Yield(Action wait)
    {
        Monitor.Exit(_gate);
        try
        {
            wait();
        }
        finally
        {
            Monitor.Enter(_gate);
        }
    }

    public void Serve(CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (!cancellation.IsCancellationRequested)
            {
                while (_queue.Count == 0)
                    Monitor.Wait(_gate);
                _value += _queue.Dequeue();
            }
        }
    }

    public void Copy(bool write, Action<int> use)
    {
        if (write)
            _rw.EnterWriteLock();
        else
            _rw.EnterReadLock();
        try
        {
            use(_value);
        }
        finally
        {
            if (write)
                _rw.ExitWriteLock();
            else
                _rw.ExitReadLock();
        }
    }

    public void Dispose()
    {
        _rw.Dispose();
        _slots.Dispose();
        _items.Dispose();
    }

    public readonly struct Releaser(SemaphoreSlim slots) : IDisposable
    {
        public void Dispose() => slots.Release();
    }
}

/// <summary>Locks of many objects in a fixed order, undone backwards.</summary>
public static class LockMany
{
    public static void Run(IReadOnlyList<object> gates, Action work)
    {
        var held = 0;
        try
        {
            for (; held < gates.Count; held++)
                Monitor.Enter(gates[held]);
            work();
        }
        finally
        {
            while (held > 0)
                Monitor.Exit(gates[--held]);
        }
    }

    public static bool TryBoth(SemaphoreSlim first, SemaphoreSlim second, Action work)
    {
        if (!first.Wait(10))
            return false;
        try
        {
            if (!second.Wait(10))
                return false;
            try
            {
                work();
                return true;
            }
            finally
            {
                second.Release();
            }
        }
        finally
        {
            first.Release();
        }
    }
}
