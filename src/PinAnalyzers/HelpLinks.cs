namespace PinAnalyzers;

internal static class HelpLinks
{
    public static string Of(string id) => ProjectAddress.Root + "/blob/main/docs/rules/" + id + ".md";
}
