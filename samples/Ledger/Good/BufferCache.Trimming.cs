namespace Ledger;

internal sealed partial class BufferCache
{
    public void Trim()
    {
        if (Next() is not { } buffer) return;
        // Wiping takes long, so not under the lock.
        int wiped = Wipe(buffer);
        lock (_gate) _bytes -= wiped;
    }
}
