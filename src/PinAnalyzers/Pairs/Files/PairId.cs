using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace PinAnalyzers.Pairs.Files;

/// <summary>What is wrong with a documentation id as it is written in a pairs file. Whether there is such a method is another question: a shared file may name more than one project references.</summary>
internal static class PairId
{
    private static readonly ImmutableDictionary<string, string> s_keywords = new Dictionary<string, string>
    {
        ["bool"] = "System.Boolean", ["byte"] = "System.Byte", ["sbyte"] = "System.SByte", ["char"] = "System.Char", ["decimal"] = "System.Decimal", ["double"] = "System.Double", ["float"] = "System.Single",
        ["int"] = "System.Int32", ["uint"] = "System.UInt32", ["long"] = "System.Int64", ["ulong"] = "System.UInt64", ["short"] = "System.Int16", ["ushort"] = "System.UInt16",
        ["nint"] = "System.IntPtr", ["nuint"] = "System.UIntPtr", ["object"] = "System.Object", ["string"] = "System.String", ["void"] = "System.Void",
    }.ToImmutableDictionary();

    /// <summary>In words what keeps <paramref name="id"/> from being the id of a method, and where in it, with how many characters; null where nothing does.</summary>
    public static (int Start, int Length, string Problem)? ProblemIn(string id)
    {
        for (var i = 0; i < id.Length; i++)
        {
            if (id[i] == '\uFFFD')
                return (i, 1, "the file is not UTF-8 here: save it as UTF-8");
            if (char.GetUnicodeCategory(id[i]) is UnicodeCategory.Control or UnicodeCategory.Format)
                return (i, 1, $"an invisible character, U+{(int)id[i]:X4}, stands in {Quoted(id)}: take it out");
        }

        const string Kind = "M:";
        if (!id.StartsWith(Kind, StringComparison.Ordinal))
            return (0, id.Length, $"{Quoted(id)} is not the documentation id of a method; expected it to start with 'M:'{Suggestion(id)}");
        return ShapeProblem(id) is { } shape ? (shape.Start, shape.Length, $"{shape.Problem}; expected 'M:Namespace.Type.Method(ParameterType,…)' without spaces, and no parentheses when there are no parameters") : null;
    }

    /// <summary>Text as a message shows it: a line may be very long.</summary>
    public static string Quoted(string text) => text.Length <= MaxShown ? $"'{text}'" : $"'{text.Substring(0, MaxShown)}…'";

    private static (int Start, int Length, string Problem)? ShapeProblem(string id)
    {
        var whole = (Start: 0, id.Length);
        if (id.EndsWith("()", StringComparison.Ordinal))
            return (whole.Start, whole.Length, $"{Quoted(id)} is not a well-formed documentation id: of a method without parameters it is '{Shortened(id.Substring(0, id.Length - 2))}'");
        var second = id.IndexOf("=>", StringComparison.Ordinal);
        if (second >= 0)
            return (second, 2, "a second '=>' on one line; write each pair on its own line");
        var blank = id.ToList().FindIndex(char.IsWhiteSpace);
        if (blank >= 0)
            return (blank, 1, $"{Quoted(id)} is not a well-formed documentation id: there is a space in it");
        int opened = id.Count(static c => c == '('), closed = id.Count(static c => c == ')');
        if (opened != closed || opened > 1)
            return (whole.Start, whole.Length, $"{Quoted(id)} is not a well-formed documentation id: {opened} '(' and {closed} ')' stand in it");
        var constructor = id.IndexOf("..ctor", StringComparison.Ordinal);
        if (constructor >= 0)
            return (constructor, "..ctor".Length, $"{Quoted(id)} is not a well-formed documentation id: a constructor is called '#ctor' in one");
        var name = id.Substring(0, opened == 0 ? id.Length : id.IndexOf('(')).Substring("M:".Length);
        if (name.IndexOf('.') < 0)
            return (whole.Start, whole.Length, $"{Quoted(id)} is not a well-formed documentation id: the type of the method is missing");
        if (name.Split('.').Any(static part => part.Length == 0))
            return (whole.Start, whole.Length, $"{Quoted(id)} is not a well-formed documentation id: a name is missing at a '.'");
        var generic = id.IndexOf('<');
        if (generic > 0 && id[generic - 1] != '.')
            return (generic, 1, $"{Quoted(id)} is not a well-formed documentation id: a generic method is written 'Method``1', and a generic parameter 'System.Collections.Generic.List{{System.Int32}}'");
        return KeywordIn(id, opened == 0 ? id.Length : id.IndexOf('('));
    }

    private static (int Start, int Length, string Problem)? KeywordIn(string id, int from)
    {
        for (int start = from, i = from; i < id.Length; i++)
        {
            if (char.IsLetterOrDigit(id[i]) || id[i] is '_' or '.' or '`' or '#')
                continue;
            var word = id.Substring(start, i - start);
            if (s_keywords.TryGetValue(word, out var type))
                return (start, word.Length, $"'{word}' is a word of C#, for which a documentation id has '{type}'");
            start = i + 1;
        }
        return null;
    }

    /// <summary>What was meant where quotes, brackets or slashes stand around an id, where only its kind is missing, or is in small letters.</summary>
    private static string Suggestion(string id)
    {
        if (id.StartsWith("//", StringComparison.Ordinal))
            return "; a comment starts with '#'";
        var meant = id.Trim('"', '\'', '`', '[', ']', '<', '>', ' ');
        if (meant.StartsWith("m:", StringComparison.Ordinal))
            meant = "M:" + meant.Substring(2);
        if (meant.Length > 1 && meant[1] != ':')
            meant = "M:" + meant;
        return meant.StartsWith("M:", StringComparison.Ordinal) && ShapeProblem(meant) is null ? $"; did you mean {Quoted(meant)}?" : "";
    }

    private static string Shortened(string text) => Quoted(text).Trim('\'');

    private const int MaxShown = 120;
}
