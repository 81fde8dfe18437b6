using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Xunit;

namespace PinAnalyzers.Tests.Contracts;

/// <summary>The checks of rule pages find what is wrong with a page.</summary>
public sealed class RulePageChecksTests
{
    private const string Violation = "void M(object o)\n{\n    GCHandle.Alloc(o); // PIN9001\n}";

    private const string Page = """
        # PIN9001: Alloc is called

        | | |
        | --- | --- |
        | Category | Pin.Test |
        | Severity | Warning (always) |
        | Fix available | No |

        ## Cause
        ## Why it bites
        ## Violation
        ```csharp violation
        void M(object o) => GCHandle.Alloc(o); // PIN9001
        ```
        ## Path
        ## Fix
        ```csharp fixed
        void M(object o) { }
        ```
        ## What stays silent
        ## Known limits
        ## When to suppress
        ## Configuration
        """;

    [Fact]
    public void RightPage_Passes() => Assert.Empty(RulePageTests.Failures(RulePage.Parse("PIN9001", Page), AllocAnalyzer.Rule));

    [Theory]
    [InlineData("PIN9001: Alloc is called", "PIN9001: Alloc", "title")]
    [InlineData("Pin.Test", "Pin.Other", "category")]
    [InlineData("Warning (always)", "Info", "severity")]
    [InlineData("| No |", "| Yes |", "fix available")]
    [InlineData("## Path", "## Way", "sections")]
    [InlineData("csharp violation", "csharp", "no violation block")]
    [InlineData("csharp fixed", "csharp silent", "no fixed block")]
    [InlineData("## What stays silent", "```csharp wrong\n```\n## What stays silent", "unknown role")]
    public void WrongPage_Fails(string text, string replacement, string reason)
        => Assert.Contains(RulePageTests.Failures(RulePage.Parse("PIN9001", Page.Replace(text, replacement, StringComparison.Ordinal)), AllocAnalyzer.Rule), failure => failure.Contains(reason, StringComparison.Ordinal));

    [Theory]
    [InlineData("violation", Violation)]
    [InlineData("violation", "using System.Text;\nclass A\n{\n    object M(object o) => GCHandle.Alloc(o); // PIN9001: lost at once\n    StringBuilder? B;\n}")]
    [InlineData("fixed", "unsafe class A { int* P; }")]
    [InlineData("silent", "private int _f;\nvoid M() => _f++;")]
    [InlineData("fixed", "[Charge(\"x\")] void M() { }")]
    [InlineData("violation pin.report=yes", "void M() { } // PIN9001")]
    [InlineData("violation", "//pairs: M:A => M:B\nvoid M() { } // PIN9001")]
    public async Task RightBlock_Passes(string info, string code) => Assert.Empty(await FailuresAsync(info, code));

    [Theory]
    [InlineData("violation", "void M() { }", "marks no line")]
    [InlineData("violation", "void M() { } // PIN9001", "is not reported")]
    [InlineData("violation", "void M(object o)\n{ // PIN9001\n    GCHandle.Alloc(o);\n}", "not marked")]
    [InlineData("violation", "void M(object o)\n{\n    GCHandle.Alloc(o); GCHandle.Alloc(o); // PIN9001\n}", "2 times")]
    [InlineData("violation", "void M(object o)\n{\n    GCHandle.Alloc(o); // PIN9001, PIN9002\n}", "PIN9002 is not reported")]
    [InlineData("violation", "void M(object o) => GCHandle.Allocate(o); // PIN9001", "CS0117")]
    [InlineData("fixed", "void M(object o) => GCHandle.Alloc(o);", "not marked")]
    [InlineData("fixed", "void M(object o) => GCHandle.Alloc(o); // PIN9001", "marks diagnostics")]
    [InlineData("silent", "void M() => Missing();", "CS0103")]
    public async Task WrongBlock_Fails(string info, string code, string reason)
        => Assert.Contains(await FailuresAsync(info, code), failure => failure.Contains(reason, StringComparison.Ordinal));

    private static Task<System.Collections.Generic.IReadOnlyList<string>> FailuresAsync(string info, string code)
        => CodeBlockCheck.FailuresAsync("PIN9001", new CodeBlock("Violation", ["csharp", .. info.Split(' ')], code, 1), [new AllocAnalyzer()]);

    /// <summary>Reports calls of <c>Alloc</c>; and methods, where an option or a pairs file says so.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class AllocAnalyzer : DiagnosticAnalyzer
    {
        public static readonly DiagnosticDescriptor Rule = new("PIN9001", "Alloc is called", "Alloc", "Pin.Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterOperationAction(
                operation =>
                {
                    if (((IInvocationOperation)operation.Operation).TargetMethod.Name == "Alloc")
                        operation.ReportDiagnostic(Diagnostic.Create(Rule, operation.Operation.Syntax.GetLocation()));
                },
                OperationKind.Invocation);
            context.RegisterOperationBlockAction(block =>
            {
                var options = block.Options.AnalyzerConfigOptionsProvider.GetOptions(block.OperationBlocks[0].Syntax.SyntaxTree);
                if (options.TryGetValue("pin.report", out _) || block.Options.AdditionalFiles.Any(file => file.GetText(block.CancellationToken)!.ToString() == "M:A => M:B"))
                    block.ReportDiagnostic(Diagnostic.Create(Rule, block.OwningSymbol.Locations[0]));
            });
        }
    }
}
