using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Benchmarks.Inputs;
using PinAnalyzers.Benchmarks.Measuring;

namespace PinAnalyzers.Benchmarks.Triage;

/// <summary>A diagnostic with what a reader needs to judge it.</summary>
internal sealed record Finding(Diagnostic Diagnostic, string Member)
{
    public string Id => Diagnostic.Id;

    public bool IsFailure => Id == "AD0001";

    /// <summary>Everything a subject says about a source set, and the time spent inside its callbacks.</summary>
    public static (List<Finding> Findings, TimeSpan Callbacks) In(SourceSet sources, Subject subject, AnalyzerSettings settings)
    {
        List<Finding> findings = [];
        var callbacks = TimeSpan.Zero;
        if (subject.Analyzers.IsEmpty) return (findings, callbacks);

        var run = new AnalyzerRun(settings);
        foreach (var (project, compilation) in sources.Compile())
        {
            var result = run.Execute(project, compilation, subject, CancellationToken.None);
            findings.AddRange(result.GetAllDiagnostics().Select(At));
            callbacks += AnalyzerRun.Callbacks(result);
        }

        return (findings, callbacks);
    }

    public static Finding At(Diagnostic diagnostic) => new(diagnostic, MemberAt(diagnostic.Location));

    /// <summary>Path relative to the checkout, and the line as an editor counts.</summary>
    public static string Place(Location location, string root)
    {
        if (location == Location.None) return "(nowhere)";
        var span = location.GetLineSpan();
        return $"{Path.GetRelativePath(Path.GetFullPath(root), span.Path)}:{span.StartLinePosition.Line + 1}";
    }

    /// <summary>Type and member around a place. Lines move between two versions of a file; names rarely do.</summary>
    private static string MemberAt(Location location)
    {
        if (location.SourceTree is not { } tree) return "";
        var names = tree.GetRoot().FindNode(location.SourceSpan).AncestorsAndSelf().Select(NameOf).OfType<string>().Reverse();
        return string.Join('.', names);
    }

    private static string? NameOf(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax => ".ctor",
        DestructorDeclarationSyntax => "~",
        PropertyDeclarationSyntax property => property.Identifier.Text,
        IndexerDeclarationSyntax => "this[]",
        EventDeclarationSyntax @event => @event.Identifier.Text,
        OperatorDeclarationSyntax @operator => @operator.OperatorToken.Text,
        ConversionOperatorDeclarationSyntax conversion => conversion.Type.ToString(),
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } field => field.Identifier.Text,
        _ => null,
    };
}
