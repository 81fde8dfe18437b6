using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Pairs;
using PinAnalyzers.Pairs.Declared;
using PinAnalyzers.Pairs.Files;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>
/// PIN4011: declarations that cannot mean anything. Each is reported in the pass over its own file, so that an editor shows it while the file is
/// open; a wrong option has no place in source and comes with the first file.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PairDeclarationAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.PIN4011_DeclarationMustMeanSomething);

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        // The first file may be generated; what is wrong inside such a file is still not reported.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze);
        context.RegisterCompilationStartAction(static start =>
        {
            var catalog = PairCatalog.Shared(start.Compilation, start.Options, start.CancellationToken, tree =>
                start.TryGetValue(tree, SourceDeclarations.Provider, out var cached) ? cached : SourceDeclarations.Read(tree, CancellationToken.None));
            var inSource = catalog.Problems.Where(problem => problem.Location.SourceTree is not null).ToLookup(problem => problem.Location.SourceTree);
            var inFiles = catalog.Problems.Where(problem => problem.Location.SourceTree is null).ToLookup(problem => problem.Location.GetLineSpan().Path);
            var ofOptions = catalog.Options.Problems(start.Compilation.SyntaxTrees);
            var first = start.Compilation.SyntaxTrees.FirstOrDefault();
            var hasAnnotations = !Annotations.Carriers(start.Compilation).IsEmpty;

            start.RegisterSemanticModelAction(context =>
            {
                foreach (var problem in inSource[context.SemanticModel.SyntaxTree])
                    context.ReportDiagnostic(ToDiagnostic(problem));
                if (hasAnnotations)
                {
                    foreach (var problem in AnnotationProblems.Find(context.SemanticModel, context.CancellationToken))
                        context.ReportDiagnostic(ToDiagnostic(problem));
                }
                if (context.SemanticModel.SyntaxTree == first)
                {
                    foreach (var problem in ofOptions)
                        context.ReportDiagnostic(ToDiagnostic(problem));
                }
            });
            start.RegisterAdditionalFileAction(context =>
            {
                if (!PairFile.IsPairFile(context.AdditionalFile.Path))
                    return;
                foreach (var problem in inFiles[context.AdditionalFile.Path])
                    context.ReportDiagnostic(ToDiagnostic(problem));
            });
        });
    }

    private static Diagnostic ToDiagnostic(DeclarationProblem problem) =>
        Diagnostic.Create(Descriptors.PIN4011_DeclarationMustMeanSomething, problem.Location, problem.Message);
}
