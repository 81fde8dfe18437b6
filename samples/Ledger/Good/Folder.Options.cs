namespace Ledger;

internal sealed partial class Folder
{
    public void Configure(FolderOptions options) => _isKept = options.HasFlag(FolderOptions.Keep);
}
