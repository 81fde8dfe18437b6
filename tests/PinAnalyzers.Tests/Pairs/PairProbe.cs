using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Pairs;

using Xunit;

namespace PinAnalyzers.Tests.Pairs;

/// <summary>A compilation, its catalog, and the calls that its source makes: tests ask what the catalog says about a call as it is written.</summary>
internal sealed class PairProbe
{
    /// <summary>The pair attributes as a user would copy them: internal, and nothing more than is used.</summary>
    public const string Annotations = """
        namespace PinAccounting.Annotations
        {
            using System;
            internal enum SucceedsWhen { NotNull, Zero, True, Always, NonNegative, NotMinusOne, NonZero }
            [AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
            internal sealed class ChargeAttribute : Attribute { public ChargeAttribute(string key) { Key = key; } public string Key { get; } public string ReleasedBy { get; set; } public SucceedsWhen SucceedsWhen { get; set; } }
            [AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
            internal sealed class ReleaseAttribute : Attribute { public ReleaseAttribute(string key) { Key = key; } public string Key { get; } public bool Idempotent { get; set; } }
            internal sealed class ChargeAmountAttribute : Attribute { }
            internal sealed class ChargeOwnerAttribute : Attribute { }
            internal sealed class ChargeTokenAttribute : Attribute { }
            internal sealed class ChargeTakenAttribute : Attribute { }
            internal sealed class TransfersObligationAttribute : Attribute { }
            internal sealed class CounterAttribute : Attribute { public string Limit { get; set; } public string GuardedBy { get; set; } }
            internal sealed class EffectAttribute : Attribute { public EffectAttribute(string target) { Target = target; } public string Target { get; } public string ReversedBy { get; set; } }
            [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
            internal sealed class KnownPairAttribute : Attribute { public KnownPairAttribute(string charge, string release) { Charge = charge; Release = release; } public string Charge { get; } public string Release { get; } public SucceedsWhen SucceedsWhen { get; set; } public string Key { get; set; } }
        }
        """;

    private static readonly Lazy<ImmutableArray<MetadataReference>> s_framework = new(() => ReferenceAssemblies.Net.Net100.ResolveAsync(LanguageNames.CSharp, default).GetAwaiter().GetResult());
    private readonly SemanticModel _model;

    public PairProbe(string source, IEnumerable<MetadataReference>? references = null, string? pairsFile = null, Dictionary<string, string>? options = null, bool withAnnotations = false)
    {
        Compilation = Compile("Probed", withAnnotations ? [source, Annotations] : [source], references);
        _model = Compilation.GetSemanticModel(Compilation.SyntaxTrees.First());
        AdditionalText[] files = pairsFile is null ? [] : [new PairsText("/app/PinPairs.txt", pairsFile)];
        Options = new AnalyzerOptions([.. files], new FixedOptionsProvider(options ?? []));
        Catalog = PairCatalog.Create(Compilation, Options, CancellationToken.None);
    }

    public CSharpCompilation Compilation { get; }

    public AnalyzerOptions Options { get; }

    public PairCatalog Catalog { get; }

    public static CSharpCompilation Compile(string name, IEnumerable<string> sources, IEnumerable<MetadataReference>? references = null) => CSharpCompilation.Create(
        name,
        sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, path: $"/app/File{index}.cs")),
        s_framework.Value.AddRange(references ?? []),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

    public static MetadataReference ToMetadata(Compilation compilation)
    {
        using var image = new System.IO.MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    /// <summary>The statements as the body of an unsafe method, with the usual namespaces.</summary>
    public static PairProbe Body(string statements, string members = "", Dictionary<string, string>? options = null) => new(
        $$"""
        using System;
        using System.Buffers;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Security;
        using System.Threading;
        using System.Threading.Tasks;
        unsafe partial class C
        {
            {{members}}
            void M() { {{statements}} }
        }
        """,
        options: options);

    public ImmutableArray<ChargeSpec> Charges(string call) => Catalog.ChargesOf(MethodOf(call, out var receiver), receiver);

    public ImmutableArray<ReleaseSpec> Releases(string call) => Catalog.ReleasesOf(MethodOf(call, out var receiver), receiver);

    public ChargeSpec Charge(string call) => Assert.Single(Charges(call));

    public ReleaseSpec Release(string call) => Assert.Single(Releases(call));

    /// <summary>The method that the call starting with this text (the shortest one) means, and its receiver's type.</summary>
    public IMethodSymbol MethodOf(string call, out ITypeSymbol? receiver)
    {
        var node = _model.SyntaxTree.GetRoot().DescendantNodes().OfType<ExpressionSyntax>()
            .Where(expression => expression is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax && expression.ToString().StartsWith(call, StringComparison.Ordinal))
            .OrderBy(expression => expression.Span.Length)
            .First();
        receiver = node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } ? _model.GetTypeInfo(access.Expression).Type : null;
        return (IMethodSymbol)_model.GetSymbolInfo(node).Symbol!;
    }

    private sealed class PairsText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class FixedOptionsProvider(Dictionary<string, string> values) : AnalyzerConfigOptionsProvider
    {
        private readonly FixedOptions _options = new(values);

        public override AnalyzerConfigOptions GlobalOptions => _options;

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _options;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => _options;
    }

    private sealed class FixedOptions(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value)
        {
            var found = values.TryGetValue(key, out var stored);
            value = stored ?? "";
            return found;
        }
    }
}
