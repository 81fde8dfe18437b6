namespace Ledger;

internal sealed class Admission(Operators operators, long largest)
{
    /// <summary>Only operators may keep files as large as they like, and only with such a file is it asked who is one.</summary>
    public bool Allows(string name, long length) => length <= largest || operators.Include(name);
}
