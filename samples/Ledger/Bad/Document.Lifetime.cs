using System.IO;
using System.Runtime.InteropServices;

namespace Ledger;

internal sealed partial class Document
{
    private readonly FileStream _file;

    // Dispose closes the file. The content stays pinned.
    private GCHandle _pin;

    public Document(Folder folder, string path)
    {
        Folder = folder;
        _file = File.OpenRead(path);
        Length = _file.Length;
        byte[] content = new byte[Length];
        _file.ReadExactly(content);
        _pin = GCHandle.Alloc(content, GCHandleType.Pinned);
    }

    /// <summary>What somebody pays for it.</summary>
    public long Charged { get; set; }

    public void Dispose() => _file.Dispose();
}
