using System.Threading;

namespace IoUring;

internal sealed partial class Reaper
{
    private void Run()
    {
        SpinWait pause = default;
        while (!Volatile.Read(ref _isStopping) || _ring.Completions.HasMore)
        {
            if (_ring.Completions.TryPop(out _)) Volatile.Write(ref _reaped, _reaped + 1);
            else pause.SpinOnce();
        }
    }
}
