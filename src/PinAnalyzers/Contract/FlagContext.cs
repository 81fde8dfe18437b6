using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Contract;

/// <summary>
/// Looks at the characters around a name, so that a member is bound only where a flag is tested in it: flags are named far more often than they are
/// compared. It may say yes too often, never no where a test stands.
/// </summary>
internal static class FlagContext
{
    public static bool IsTested(SourceText text, int start)
    {
        int next = start;
        while (next < text.Length && IsPart(text[next])) next++;
        next = Skip(text, next, 1, ')');
        if (next + 1 < text.Length && (IsEquality(text, next) || IsMask(text, next) || IsComment(text, next))) return true;

        int previous = BeforeQualifiers(text, start);
        while (previous >= 0 && text[previous] is '(' or '|' or ')')
        {
            // Masks of several flags: what stands before the first of them counts.
            if (text[previous] == '(' && EndsWith(text, Skip(text, previous - 1, -1), "HasFlag")) return true;
            if (text[previous] == '|') return true;
            previous = Skip(text, previous - 1, -1);
        }

        if (previous < 0) return false;
        if (previous > 0 && text[previous] == '=' && text[previous - 1] is '=' or '!') return true;
        if (text[previous] == '&') return previous == 0 || text[previous - 1] != '&';
        return EndsWith(text, previous, "is") || EndsWith(text, previous, "not") || EndsWith(text, previous, "or") || EndsWith(text, previous, "and") || IsCommentBefore(text, previous);
    }

    /// <summary>True in <c>case Flags.X:</c> and <c>Flags.X => …</c>.</summary>
    public static bool IsCase(SourceText text, int start)
    {
        int next = start;
        while (next < text.Length && IsPart(text[next])) next++;
        next = Skip(text, next, 1);
        int before = BeforeQualifiers(text, start);
        return next + 1 < text.Length && (text[next] == '=' && text[next + 1] == '>' || IsComment(text, next)) || EndsWith(text, before, "case") || IsCommentBefore(text, before);
    }

    /// <summary>True when the call whose name starts here is given something by <c>ref</c>.</summary>
    public static bool HasRefArgument(SourceText text, int start)
    {
        for (int i = start; i + 3 < text.Length && text[i] is not (';' or '{'); i++)
        {
            if (text[i] == 'r' && text[i + 1] == 'e' && text[i + 2] == 'f' && !IsPart(text[i + 3]) && !IsPart(text[i - 1])) return true;
        }

        return false;
    }

    /// <summary>True for the <c>base</c> or <c>this</c> of a constructor that calls another: a colon stands before it.</summary>
    public static bool IsChained(SourceText text, int start)
    {
        int before = Skip(text, start - 1, -1);
        return before >= 0 && text[before] == ':';
    }

    /// <summary>True when an opening brace follows the word that starts here: <c>with</c> is a word of comments too.</summary>
    public static bool IsFollowedByBrace(SourceText text, int start)
    {
        while (start < text.Length && IsPart(text[start])) start++;
        start = Skip(text, start, 1);
        return start < text.Length && text[start] == '{';
    }

    /// <summary>The last character before a name and what qualifies it; -1 at the beginning of the file.</summary>
    public static int BeforeQualifiers(SourceText text, int start)
    {
        int i = Skip(text, start - 1, -1);
        while (i >= 0 && text[i] is '.' or ':' && (text[i] == '.' || (i > 0 && text[i - 1] == ':')))
        {
            i = Skip(text, text[i] == ':' ? i - 2 : i - 1, -1);
            while (i >= 0 && IsPart(text[i])) i--;
            i = Skip(text, i, -1);
        }

        return i;
    }

    private static bool IsEquality(SourceText text, int i) => text[i] is '=' or '!' && text[i + 1] == '=';

    private static bool IsMask(SourceText text, int i) => text[i] == '&' && text[i + 1] != '&';

    private static bool IsComment(SourceText text, int i) => text[i] == '/' && text[i + 1] is '/' or '*';

    /// <summary>What stands behind a comment is seen only by whoever binds it.</summary>
    private static bool IsCommentBefore(SourceText text, int last)
    {
        if (last > 0 && text[last] == '/' && text[last - 1] == '*') return true;
        for (int i = last; i > 0 && text[i] is not ('\r' or '\n'); i--)
        {
            if (text[i] == '/' && text[i - 1] == '/') return true;
        }

        return false;
    }

    private static bool EndsWith(SourceText text, int last, string word)
    {
        int start = last - word.Length + 1;
        if (start < 0 || (start > 0 && IsPart(text[start - 1]))) return false;
        for (int i = 0; i < word.Length; i++)
        {
            if (text[start + i] != word[i]) return false;
        }

        return true;
    }

    private static int Skip(SourceText text, int i, int step, char also = ' ')
    {
        while (i >= 0 && i < text.Length && (char.IsWhiteSpace(text[i]) || text[i] == also)) i += step;
        return i;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '_';
}
