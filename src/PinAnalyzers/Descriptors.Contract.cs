using Microsoft.CodeAnalysis;

namespace PinAnalyzers;

/// <summary>What each rule says; one file a category.</summary>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor PIN4011_DeclarationMustMeanSomething = new(
        "PIN4011",
        "A pair declaration or option cannot mean what it says",
        "{0}",
        "Pin.Contract",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "An annotation, a line of PinPairs.txt or the value of a pin.* option names something that is not there or cannot be. It is ignored, so what it was meant to have checked is not.",
        helpLinkUri: "https://github.com/PinAnalyzers/PinAnalyzers/blob/main/docs/rules/PIN4011.md");
}
