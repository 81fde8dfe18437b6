using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PinAnalyzers.Testing.Tests.Subjects;

/// <summary>Reports types with a lowercase name; their methods are the additional locations.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LowercaseTypeAnalyzer : DiagnosticAnalyzer
{
    public static readonly DiagnosticDescriptor Rule = new("TEST01", "Lowercase type", "Type '{0}' is lowercase", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(
            node =>
            {
                var type = (ClassDeclarationSyntax)node.Node;
                if (char.IsLower(type.Identifier.ValueText[0]))
                    node.ReportDiagnostic(Diagnostic.Create(Rule, type.Identifier.GetLocation(), type.Members.OfType<MethodDeclarationSyntax>().Select(method => method.Identifier.GetLocation()), type.Identifier.ValueText));
            },
            SyntaxKind.ClassDeclaration);
    }
}

/// <summary>The same rule without respect for generated code.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GeneratedCodeAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [LowercaseTypeAnalyzer.Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterSymbolAction(
            symbol =>
            {
                if (char.IsLower(symbol.Symbol.Name[0]))
                    symbol.ReportDiagnostic(Diagnostic.Create(LowercaseTypeAnalyzer.Rule, symbol.Symbol.Locations[0], symbol.Symbol.Name));
            },
            SymbolKind.NamedType);
    }
}

/// <summary>Two descriptors, one of them off by default.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FieldAnalyzer : DiagnosticAnalyzer
{
    public static readonly DiagnosticDescriptor Public = new("TEST02", "Public field", "Field '{0}' is public", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);
    public static readonly DiagnosticDescriptor Private = new("TEST03", "Private field", "Field '{0}' is private", "Test", DiagnosticSeverity.Info, isEnabledByDefault: false);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Public, Private];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(
            symbol => symbol.ReportDiagnostic(Diagnostic.Create(
                symbol.Symbol.DeclaredAccessibility == Accessibility.Public ? Public : Private, symbol.Symbol.Locations[0], symbol.Symbol.Name)),
            SymbolKind.Field);
    }
}

/// <summary>Reports every class, but only in the first file that the compilation has.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FileOrderAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [LowercaseTypeAnalyzer.Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(
            node =>
            {
                if (node.Compilation.SyntaxTrees.First() == node.Node.SyntaxTree)
                    node.ReportDiagnostic(Diagnostic.Create(LowercaseTypeAnalyzer.Rule, ((ClassDeclarationSyntax)node.Node).Identifier.GetLocation(), "x"));
            },
            SyntaxKind.ClassDeclaration);
    }
}

/// <summary>Reports the lines of additional files that say "bad", and what the option <c>test.report</c> names.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AdditionalFileAnalyzer : DiagnosticAnalyzer
{
    public static readonly DiagnosticDescriptor Rule = new("TEST04", "Bad line", "Bad line {0}", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterAdditionalFileAction(file =>
        {
            var text = file.AdditionalFile.GetText(file.CancellationToken)!;
            foreach (var line in text.Lines.Where(line => line.ToString() == "bad"))
                file.ReportDiagnostic(Diagnostic.Create(Rule, Location.Create(file.AdditionalFile.Path, line.Span, text.Lines.GetLinePositionSpan(line.Span)), line.LineNumber));
        });
        context.RegisterSyntaxTreeAction(tree =>
        {
            var options = tree.Options.AnalyzerConfigOptionsProvider;
            if (options.GetOptions(tree.Tree).TryGetValue("test.report", out var value) || options.GlobalOptions.TryGetValue("test.global", out value))
                tree.ReportDiagnostic(Diagnostic.Create(Rule, tree.Tree.GetRoot(tree.CancellationToken).GetFirstToken().GetLocation(), value));
        });
    }
}

[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ThrowingAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [LowercaseTypeAnalyzer.Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(_ => throw new InvalidOperationException("subject"), SyntaxKind.ClassDeclaration);
    }
}
