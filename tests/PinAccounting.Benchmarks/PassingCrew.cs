using System;
using System.Threading;

namespace PinAccounting.Benchmarks;

/// <summary>Somewhere that one thread writes to and another reads from. A structure implements it, so that the calls are inlined as those of a user would be.</summary>
internal interface IPassage
{
    bool TryWrite(long item);

    bool TryRead(out long item);
}

/// <summary>A thread that writes while the calling one reads, spinning on both sides.</summary>
internal sealed class PassingCrew : IDisposable
{
    private readonly Barrier _barrier = new(2);
    private readonly Thread _writer;
    private Action? _write;

    internal PassingCrew()
    {
        _writer = new Thread(Write) { IsBackground = true };
        _writer.Start();
    }

    public void Dispose()
    {
        _write = null;
        _barrier.SignalAndWait();
        _writer.Join();
        _barrier.Dispose();
    }

    internal void Run<T>(T passage, int count) where T : struct, IPassage
    {
        _write = () =>
        {
            T to = passage;
            SpinWait wait = default;
            for (int i = 0; i < count; i++)
                while (!to.TryWrite(i)) wait.SpinOnce(sleep1Threshold: -1);
        };
        _barrier.SignalAndWait();
        SpinWait wait = default;
        for (int i = 0; i < count; i++)
        {
            long item;
            while (!passage.TryRead(out item)) wait.SpinOnce(sleep1Threshold: -1);
            if (item != i) throw new InvalidOperationException($"Entry {i} came as {item}.");
        }
    }

    private void Write()
    {
        while (true)
        {
            _barrier.SignalAndWait();
            if (_write is not { } write) return;
            write();
        }
    }
}
