using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Benchmarks.Inputs;

namespace PinAnalyzers.Benchmarks.Triage;

/// <summary>Where a checkout takes things and where it gives them back, by name alone: what there is for the rules to look at.</summary>
internal static class CensusReport
{
    public static void Print(SourceSet sources, string root, string? listed)
    {
        var sites = sources.Compile().SelectMany(entry => entry.Compilation.SyntaxTrees).SelectMany(tree => Sites(tree.GetRoot())).ToList();
        Console.WriteLine($"{"family",-18}{"charges",9}{"same member",13}{"same type",11}{"elsewhere",11}{"releases",10}");
        foreach (var family in CensusFamily.All)
        {
            var ofFamily = sites.Where(site => site.Family == family).ToList();
            var releases = ofFamily.Where(site => !site.IsCharge).ToList();
            var members = releases.Select(site => site.Member).ToHashSet();
            var types = releases.Select(site => site.Type).ToHashSet();
            var charges = ofFamily.Where(site => site.IsCharge).ToList();
            var sameMember = charges.Count(site => members.Contains(site.Member));
            var sameType = charges.Count(site => !members.Contains(site.Member) && types.Contains(site.Type));
            Console.WriteLine($"{family.Name,-18}{charges.Count,9}{sameMember,13}{sameType,11}{charges.Count - sameMember - sameType,11}{releases.Count,10}");
        }

        Console.WriteLine($"{sources.LineCount:N0} lines in {sources.Projects.Count} projects");
        foreach (var site in sites.Where(site => site.Family.Name == listed))
            Console.WriteLine($"{Finding.Place(site.Node.GetLocation(), root)}: {(site.IsCharge ? "charge" : "release")} {site.Node.ToString().ReplaceLineEndings(" ")}");
    }

    private static IEnumerable<CensusSite> Sites(SyntaxNode root)
    {
        foreach (var call in root.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            var (receiver, name) = call.Expression switch
            {
                MemberAccessExpressionSyntax access => (access.Expression.ToString(), access.Name.Identifier.Text),
                MemberBindingExpressionSyntax binding => ("", binding.Name.Identifier.Text),
                SimpleNameSyntax simple => ("", simple.Identifier.Text),
                _ => ("", ""),
            };
            foreach (var family in CensusFamily.All)
            {
                if (family.IsCharge(receiver, name) is { } charge) yield return CensusSite.At(family, call, charge);
            }
        }
    }

    private sealed record CensusSite(CensusFamily Family, SyntaxNode Node, bool IsCharge, SyntaxNode? Member, string Type)
    {
        // Types by name, not by node: the parts of a partial type belong together.
        public static CensusSite At(CensusFamily family, SyntaxNode node, bool charge) => new(
            family,
            node,
            charge,
            node.Ancestors().FirstOrDefault(ancestor => ancestor is MemberDeclarationSyntax and not BaseTypeDeclarationSyntax),
            node.Ancestors().OfType<BaseTypeDeclarationSyntax>().LastOrDefault()?.Identifier.Text ?? "");
    }
}
