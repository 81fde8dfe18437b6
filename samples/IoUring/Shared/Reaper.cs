using System.Threading;

namespace IoUring;

/// <summary>Takes completions on a thread of its own until it is stopped and nothing is left.</summary>
internal sealed partial class Reaper
{
    private readonly IoRing _ring;
    private readonly Thread _thread;
    private bool _isStopping;
    private int _reaped;

    public Reaper(IoRing ring)
    {
        _ring = ring;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public int Reaped => Volatile.Read(ref _reaped);

    public void Stop()
    {
        Volatile.Write(ref _isStopping, true);
        _thread.Join();
    }
}
