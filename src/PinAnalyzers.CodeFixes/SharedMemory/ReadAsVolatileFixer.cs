using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>PIN3010: a read that writes becomes one that does not.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReadAsVolatileFixer)), Shared]
public sealed class ReadAsVolatileFixer : SharedMemoryCodeFix
{
    public const string Key_ReadAsVolatile = "PinAnalyzers.ReadAsVolatile";

    public ReadAsVolatileFixer()
        : base(("Read it as volatile", Key_ReadAsVolatile))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3010");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.At is not InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } call) return null;
        return new VolatileForms(target.Model, VolatileForms.Bare(arguments[0].Expression)).Read() is { } read ? target.Root.ReplaceNode(call, read.WithTriviaFrom(call)) : null;
    }
}
