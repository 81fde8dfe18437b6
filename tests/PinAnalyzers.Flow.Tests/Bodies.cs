using System;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace PinAnalyzers.Flow.Tests;

/// <summary>Small sources as compilations and graphs, against the framework the tests run on.</summary>
internal static class Bodies
{
    private static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)).Select(path => MetadataReference.CreateFromFile(path))];

    public static CSharpCompilation Compile(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest));
        var compilation = CSharpCompilation.Create("Bodies", [tree], s_references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        return errors.Count == 0 ? compilation : throw new InvalidOperationException(string.Join('\n', errors));
    }

    /// <summary>The graph of a method <c>M</c> with this body, in a class whose methods have one-letter names.</summary>
    public static ControlFlowGraph Graph(string body, string head = "void M(bool p, bool q, int n)")
    {
        var compilation = Compile($$"""
            using System;
            using System.Collections.Generic;
            using System.Diagnostics.CodeAnalysis;
            class Scope : IDisposable { public void Dispose() { } }
            class C
            {
                bool _flag; readonly bool _fixed; object _gate = new();
                void A() { } void B() { } void F() { } void G() { } void K() { } void L() { }
                void T() { } bool P() => true; [DoesNotReturn] void X() => throw new Exception();
                {{head}}
                {
                    {{body}}
                }
            }
            """);
        var tree = compilation.SyntaxTrees[0];
        var method = tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().Single(m => m.Identifier.ValueText == "M");
        return ControlFlowGraph.Create(method, compilation.GetSemanticModel(tree))!;
    }
}
