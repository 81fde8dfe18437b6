using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Tests.Robustness;
using Xunit;

namespace PinAnalyzers.Tests.Contracts;

/// <summary>The code of docs/accounting.md is whole programs: each compiles as it stands, and the analyzers have nothing to say about it.</summary>
public sealed class AccountingPageTests
{
    /// <summary>What a project gets without asking (ImplicitUsings), and the sample that a block is about.</summary>
    private const string Imports = "global using System;\nglobal using System.IO;\nglobal using System.Runtime.InteropServices;\nglobal using ApiContract;\n";

    private static readonly CodeBlock[] s_blocks =
        [.. RulePage.Parse("accounting", RepositoryFiles.Read("docs", "accounting.md")).Blocks.Where(block => block.Info is ["csharp", ..])];

    [Fact]
    public async Task Code_CompilesAndIsSilent()
    {
        var failures = new List<string>();
        foreach (var block in s_blocks)
        {
            var page = AnalyzerRun.Parse(block.Code, "/0/Page.cs");
            var compilation = await AnalyzerRun.CompileAsync(
                page, AnalyzerRun.Parse(Imports, "/0/Imports.cs"), AnalyzerRun.Parse(RepositoryFiles.Read("samples", "ApiContract", "Shared", "AsyncIo.cs"), "/0/AsyncIo.cs"));
            compilation = compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication));
            var found = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ToList();
            if (found.All(diagnostic => diagnostic.Severity < DiagnosticSeverity.Error))
                found.AddRange((await AnalyzerRun.RunAsync(compilation, Shipped.Analyzers)).Where(diagnostic => diagnostic.Location.SourceTree == page));
            failures.AddRange(found.Select(diagnostic => $"accounting.md, block at line {block.Line}: {diagnostic}"));
        }

        Assert.Empty(failures);
    }

    [Fact]
    public void Page_HasWhatItPromises()
    {
        Assert.True(s_blocks.Length >= 2);
        var text = RepositoryFiles.Read("docs", "accounting.md");
        Assert.Contains("stateDiagram-v2", text, StringComparison.Ordinal);
        foreach (var status in Enum.GetNames<PinAccounting.ChargeStatus>().Where(name => name is not ("Charged" or "ChargedOverLimit")))
            Assert.True(text.Contains(status, StringComparison.Ordinal), $"accounting.md does not mention {status}.");
    }
}
