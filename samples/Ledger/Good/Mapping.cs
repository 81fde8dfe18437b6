using System;
using System.IO;
using System.IO.MemoryMappedFiles;
using PinAccounting;

namespace Ledger;

/// <summary>A file in the address space. It keeps its tenant alive: who has left is billed when nothing is left of him.</summary>
internal sealed class Mapping : IDisposable
{
    private readonly Tenant _tenant;
    private readonly MemoryMappedFile _file;
    private readonly PinCharge _charge;

    public Mapping(Tenant tenant, string path)
    {
        _tenant = tenant;
        _charge = tenant.Charge(new FileInfo(path).Length);
        _tenant.Get();
        _file = MemoryMappedFile.CreateFromFile(path);
    }

    public void Dispose()
    {
        _file.Dispose();
        _charge.Dispose();
        _tenant.Put();
    }
}
