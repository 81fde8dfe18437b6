namespace Ledger;

internal sealed partial class BufferCache
{
    public void Trim()
    {
        if (Next() is not { } buffer) return;
        // Wiping takes long, so not under the lock. But the sum is read before and written after it.
        _bytes -= Wipe(buffer);
    }
}
