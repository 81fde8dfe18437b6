using System;
using System.Threading;

namespace DmaMap;

/// <summary>Another thread of the target sits in the kernel with the lock of its address space, until this is disposed.</summary>
internal sealed class Contention : IDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private readonly Thread _holder;

    public Contention(object mmapLock)
    {
        using var held = new ManualResetEventSlim();
        _holder = new Thread(() =>
        {
            lock (mmapLock)
            {
                held.Set();
                _release.Wait();
            }
        });
        _holder.Start();
        held.Wait();
    }

    public void Dispose()
    {
        _release.Set();
        _holder.Join();
        _release.Dispose();
    }
}
