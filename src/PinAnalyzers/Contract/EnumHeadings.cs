using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Contract;

/// <summary>Comments and regions that divide the members of an enum into sets: <c>// These apply to contacts only.</c></summary>
internal static class EnumHeadings
{
    /// <summary>A heading stands between the two. A remark above one member is none, nor is one of those that every member has.</summary>
    public static bool Separate(EnumMemberDeclarationSyntax one, EnumMemberDeclarationSyntax other)
    {
        if (one.Parent is not EnumDeclarationSyntax { Members: var members } || other.Parent != one.Parent) return false;
        int first = Math.Min(members.IndexOf(one), members.IndexOf(other)), last = Math.Max(members.IndexOf(one), members.IndexOf(other));
        int headings = members.Count(IsHeaded);
        return 2 * headings <= members.Count && Enumerable.Range(first + 1, last - first).Any(at => IsHeaded(members[at]));
    }

    /// <summary>Above it, and apart from the member before, stands a line that documents nothing, or a region begins.</summary>
    private static bool IsHeaded(EnumMemberDeclarationSyntax member)
    {
        bool isApart = false, isLine = true;
        foreach (SyntaxTrivia trivia in member.GetLeadingTrivia())
        {
            switch (trivia.Kind())
            {
                case SyntaxKind.EndOfLineTrivia:
                    isApart |= isLine;
                    isLine = true;
                    break;
                case SyntaxKind.RegionDirectiveTrivia:
                    return true;
                case SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia:
                    if (isApart) return true;
                    isLine = false;
                    break;
                case SyntaxKind.SingleLineDocumentationCommentTrivia:
                    // Has its line's end with it.
                    isLine = true;
                    break;
                case not SyntaxKind.WhitespaceTrivia:
                    isLine = false;
                    break;
            }
        }

        return false;
    }
}
