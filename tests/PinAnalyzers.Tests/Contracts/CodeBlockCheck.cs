using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Tests.Robustness;

namespace PinAnalyzers.Tests.Contracts;

/// <summary>Compiles a block of a rule page and compares what is reported with what its comments say.</summary>
internal static partial class CodeBlockCheck
{
    private static readonly string[] s_imports =
    [
        "System", "System.Buffers", "System.Collections.Generic", "System.IO", "System.IO.MemoryMappedFiles", "System.Runtime.CompilerServices",
        "System.Runtime.InteropServices", "System.Threading", "System.Threading.Tasks",
        "PinAccounting", "PinAccounting.Annotations", "PinAccounting.Memory", "PinAccounting.SharedMemory",
    ];

    /// <returns>What is wrong with the block; nothing where it is right.</returns>
    public static async Task<IReadOnlyList<string>> FailuresAsync(string id, CodeBlock block, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        var where = $"{id}.md, block at line {block.Line}";
        var expected = Marks(block.Code).ToList();
        if (block.Role is "fixed" or "silent" && expected.Count > 0)
            return [$"{where}: a '{block.Role}' block marks diagnostics"];
        if (block.Role == "violation" && !expected.Any(mark => mark.Id == id))
            return [$"{where}: a violation block marks no line with '// {id}'"];

        var tree = AnalyzerRun.Parse(Wrapped(block.Code), "/0/Block.cs");
        var compilation = await AnalyzerRun.CompileAsync(tree);
        var known = s_imports.Where(name => IsNamespace(compilation, name));
        compilation = compilation.AddSyntaxTrees(AnalyzerRun.Parse(string.Concat(known.Select(name => $"global using {name};\n")), "/0/Imports.cs"));
        compilation = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics)
            .Where(descriptor => !descriptor.IsEnabledByDefault).DistinctBy(descriptor => descriptor.Id)
            .ToImmutableDictionary(descriptor => descriptor.Id, descriptor => descriptor.DefaultSeverity == DiagnosticSeverity.Info ? ReportDiagnostic.Info : ReportDiagnostic.Warn)));
        var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        if (errors.Count > 0)
            return [.. errors.Select(error => $"{where}: {error}")];

        var options = new AnalyzerOptions([.. PairsFile(block)], new BlockOptionsProvider(block.Options));
        var actual = (await AnalyzerRun.RunAsync(compilation, analyzers, options))
            .Select(diagnostic => (Line: diagnostic.Location.GetLineSpan().StartLinePosition.Line, diagnostic.Id, Text: diagnostic.ToString())).ToList();
        return
        [
            .. expected.Where(mark => !actual.Any(reported => (reported.Line, reported.Id) == mark)).Select(mark => $"{where}: {mark.Id} is not reported at line {mark.Line + 1} of the block"),
            .. actual.Where(reported => expected.Count(mark => mark == (reported.Line, reported.Id)) == 0).Select(reported => $"{where}: not marked: {reported.Text}"),
            .. actual.GroupBy(reported => (reported.Line, reported.Id)).Where(group => group.Count() > 1).Select(group => $"{where}: {group.Key.Id} is reported {group.Count()} times at line {group.Key.Line + 1} of the block"),
        ];
    }

    /// <summary>The block as a file of its own, with the imports that the pages take for granted.</summary>
    public static string FileOf(CodeBlock block) => $"{string.Concat(s_imports.Select(static name => $"global using {name};\n"))}{Wrapped(block.Code)}";

    private static IEnumerable<(int Line, string Id)> Marks(string code)
        => code.Split('\n').SelectMany((line, number) => Mark().Match(line) is { Success: true } mark
            ? mark.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries).Select(id => (number, id))
            : []);

    // Members without a type get one, on the line they begin on, so that line numbers stay those of the page.
    private static string Wrapped(string code)
    {
        var root = (CompilationUnitSyntax)AnalyzerRun.Parse(code).GetRoot();
        var loose = root.Members.FirstOrDefault(member => member is not (BaseTypeDeclarationSyntax or BaseNamespaceDeclarationSyntax or DelegateDeclarationSyntax));
        if (loose is null)
            return code;
        var start = root.Members[0].SpanStart;
        return $"{code[..start]}unsafe partial class Example {{ {code[start..]}\n}}";
    }

    private static bool IsNamespace(Compilation compilation, string name)
    {
        INamespaceSymbol? space = compilation.GlobalNamespace;
        foreach (var part in name.Split('.'))
            space = space?.GetNamespaceMembers().FirstOrDefault(member => member.Name == part);
        return space is not null;
    }

    private static IEnumerable<AdditionalText> PairsFile(CodeBlock block)
    {
        var lines = block.Code.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("//pairs:", StringComparison.Ordinal)).ToList();
        return lines.Count == 0 ? [] : [new PairsText(string.Join('\n', lines.Select(line => line["//pairs:".Length..].Trim())))];
    }

    [GeneratedRegex(@"//\s*(PIN\d{4}(?:\s*,\s*PIN\d{4})*)")]
    private static partial Regex Mark();

    private sealed class PairsText(string text) : AdditionalText
    {
        public override string Path => "/0/PinPairs.txt";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class BlockOptionsProvider(IEnumerable<(string Key, string Value)> options) : AnalyzerConfigOptionsProvider
    {
        private readonly BlockOptions _options = new(options.ToImmutableDictionary(option => option.Key, option => option.Value, AnalyzerConfigOptions.KeyComparer));

        public override AnalyzerConfigOptions GlobalOptions => BlockOptions.None;

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _options;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => BlockOptions.None;
    }

    private sealed class BlockOptions(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public static BlockOptions None { get; } = new(ImmutableDictionary<string, string>.Empty);

        public override IEnumerable<string> Keys => values.Keys;

#pragma warning disable CS8765 // NotNullWhenAttribute cannot be named here: the internal ones of the assemblies under test are visible too
        public override bool TryGetValue(string key, out string? value) => values.TryGetValue(key, out value);
#pragma warning restore CS8765
    }
}
