using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Symbols;

/// <summary>
/// Which members may subtract, as the characters of their file tell: there is a sign, or something is handed on by <c>ref</c>, as <c>Interlocked</c> wants it. It is asked
/// of every member there is, before anything that costs more.
/// </summary>
internal sealed class Subtractions(NameHits signs, NameHits references)
{
    public static readonly ImmutableHashSet<string> Words = ImmutableHashSet.Create("ref");

    public bool MayBeIn(SyntaxNode member) => signs.Any(member) || references.Any(member);
}
