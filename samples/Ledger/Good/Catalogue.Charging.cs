using System.IO;
using PinAccounting;

namespace Ledger;

internal sealed partial class Catalogue
{
    public bool Add(Folder folder, string path)
    {
        if (!folder.Owner.TryCharge(new FileInfo(path).Length, out PinCharge? charge)) return false;
        Document? document = null;
        try
        {
            document = new Document(folder, path, charge);
            // Last: from here on others find it.
            lock (_gate) _documents.Add(path, document);
            return true;
        }
        catch
        {
            document?.Dispose();
            charge.Dispose();
            throw;
        }
    }

    public bool Evict(string path)
    {
        using Document? document = Remove(path);
        return document is not null;
    }
}
