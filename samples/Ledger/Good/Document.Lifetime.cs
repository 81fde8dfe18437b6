using System.IO;
using System.Runtime.InteropServices;
using PinAccounting;
using PinAccounting.Annotations;

namespace Ledger;

internal sealed partial class Document
{
    private readonly FileStream _file;
    private readonly PinCharge _charge;
    private GCHandle _pin;

    /// <param name="folder">Where it is.</param>
    /// <param name="path">Which file.</param>
    /// <param name="charge">What it costs, and whom; disposed of with the document.</param>
    public Document(Folder folder, string path, [TransfersObligation] PinCharge charge)
    {
        Folder = folder;
        _charge = charge;
        _file = File.OpenRead(path);
        Length = _file.Length;
        byte[] content = new byte[Length];
        _file.ReadExactly(content);
        _pin = GCHandle.Alloc(content, GCHandleType.Pinned);
    }

    public void Dispose()
    {
        _file.Dispose();
        if (_pin.IsAllocated) _pin.Free();
        _charge.Dispose();
    }
}
