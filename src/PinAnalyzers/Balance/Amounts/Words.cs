using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;

namespace PinAnalyzers.Balance;

/// <summary>The words that a name is made of. Names prove nothing; they only decide what is left alone.</summary>
internal static class Words
{
    /// <summary>One takes the place of the other: a charge made anew before the old one is given back.</summary>
    public static readonly ImmutableHashSet<string> OfReplacement = ImmutableHashSet.Create(
        "old", "new", "previous", "prev", "prior", "former", "next", "current", "before", "after", "first", "second", "last", "delta", "diff", "excess", "unused", "refund");

    /// <summary>A charge goes from one owner to another on purpose.</summary>
    public static readonly ImmutableHashSet<string> OfTransfer = ImmutableHashSet.Create(
        "transfer", "move", "migrate", "reassign", "rebind", "change", "switch", "swap", "replace", "adopt", "inherit", "hand", "handover", "take", "takeover", "pass", "exchange", "promote", "demote", "upgrade",
        "downgrade", "from", "to", "old", "new", "previous", "prev", "prior", "former", "next", "source", "target", "destination", "dest", "origin", "giver", "receiver", "sender", "parent", "child");

    public static IEnumerable<string> Of(string name)
    {
        StringBuilder word = new();
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            bool startsWord = char.IsUpper(c) && (i == 0 || !char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if ((startsWord || !char.IsLetter(c)) && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }

            if (char.IsLetter(c)) word.Append(char.ToLowerInvariant(c));
        }

        if (word.Length > 0) yield return word.ToString();
    }
}
