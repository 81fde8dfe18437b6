namespace Ledger;

internal sealed class Admission(Operators operators, long largest)
{
    /// <summary>Only operators may keep files as large as they like. Everybody is looked up for it, also with the smallest file.</summary>
    public bool Allows(string name, long length) => operators.Include(name) || length <= largest;
}
