using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>Which calls may do something in their arguments, told by characters alone: code is full of asserts, and hardly any of them changes anything.</summary>
internal static class EffectText
{
    /// <param name="text">The file.</param>
    /// <param name="calls">Where the names of conditional methods stand.</param>
    /// <param name="effects">Where names stand that change something.</param>
    public static ImmutableArray<int> In(SourceText text, ImmutableArray<int> calls, ImmutableArray<int> effects) => calls.RemoveAll(call => !MayHaveEffect(text, call, effects));

    private static bool MayHaveEffect(SourceText text, int call, ImmutableArray<int> effects)
    {
        int depth = 0, i = call;
        for (; i < text.Length; i++)
        {
            char c = text[i], next = i + 1 < text.Length ? text[i + 1] : '\0';
            switch (c)
            {
                case '(':
                    depth++;
                    break;
                case ')' when --depth <= 0:
                case ';' when depth == 0:
                    return NameScan.Hits(effects, TextSpan.FromBounds(call + 1, i));
                case '+' when next == '+':
                case '-' when next == '-':
                case '=' when next is not ('=' or '>') && IsAssignment(text, i):
                    return true;
                case '"':
                    // What is not a plain string on one line is left to the parser, and so is an interpolation in which something may change.
                    int end = text[i - 1] == '@' ? -1 : EndOfString(text, i + 1);
                    if (end < 0 || (text[i - 1] == '$' && HasChange(text, i + 1, end))) return true;
                    i = end;
                    break;
                case '\'' when i + 2 < text.Length && text[i + 2] == '\'':
                    i += 2;
                    break;
            }
        }

        return NameScan.Hits(effects, TextSpan.FromBounds(call + 1, i));
    }

    private static bool IsAssignment(SourceText text, int equals) => text[equals - 1] switch
    {
        '=' or '!' => false,
        '<' or '>' => text[equals - 2] == text[equals - 1],
        _ => true,
    };

    private static bool HasChange(SourceText text, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            if (text[i] == '=' || (text[i] is '+' or '-' && text[i + 1] == text[i])) return true;
        }

        return false;
    }

    private static int EndOfString(SourceText text, int start)
    {
        for (int i = start; i < text.Length && text[i] is not ('\r' or '\n'); i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') return i;
        }

        return -1;
    }
}
