using System;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers;

/// <summary>What one group of rules does with whole types. Made once per compilation; thread-safe.</summary>
internal interface ITypeCheck
{
    /// <summary>Whether there is anything to look for in a part of a type; asked of syntax alone.</summary>
    bool IsCandidate(SyntaxNode part);

    /// <summary>Judges an outermost type over all its parts.</summary>
    void Check(TypeParts type, Action<Diagnostic> report);
}
