namespace PinAnalyzers;

internal static class HelpLinks
{
    public static string Of(string id) => "https://github.com/PinAnalyzers/PinAnalyzers/blob/main/docs/rules/" + id + ".md";
}
