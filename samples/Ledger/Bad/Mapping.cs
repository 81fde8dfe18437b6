using System;
using System.IO;
using System.IO.MemoryMappedFiles;

namespace Ledger;

/// <summary>A file in the address space. It keeps its tenant alive: who has left is billed when nothing is left of him.</summary>
internal sealed class Mapping : IDisposable
{
    private readonly Tenant _tenant;
    private readonly MemoryMappedFile _file;
    private readonly long _length;

    public Mapping(Tenant tenant, string path)
    {
        _tenant = tenant;
        _length = new FileInfo(path).Length;
        _tenant.Charge(_length);
        _tenant.Get();
        _file = MemoryMappedFile.CreateFromFile(path);
    }

    public void Dispose()
    {
        _file.Dispose();
        // The last one to let go makes out the bill, and this is still on it.
        _tenant.Put();
        _tenant.Uncharge(_length);
    }
}
