namespace Ledger;

internal sealed partial class Folder
{
    public void Configure(FolderOptions options)
    {
        // Once kept, always kept.
        if (options.HasFlag(FolderOptions.Keep)) _isKept = true;
    }
}
