using PinAccounting.Annotations;

namespace Ledger;

internal sealed partial class Catalogue
{
    public bool Add(Folder folder, string path)
    {
        var document = new Document(folder, path);
        // From here on others find it, and may evict what has not been charged.
        lock (_gate) _documents.Add(path, document);
        if (!document.Folder.Owner.TryCharge(document.Length))
        {
            Remove(path)?.Dispose();
            return false;
        }

        document.Charged = document.Length;
        return true;
    }

    [ReleasePath]
    public bool Evict(string path)
    {
        using Document? document = Remove(path);
        if (document is null) return false;
        // Of whoever owns the folder now; it may have been somebody else's then.
        document.Folder.Owner.Uncharge(document.Charged);
        return true;
    }
}
