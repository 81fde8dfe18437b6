using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Symbols;

/// <summary>Where a body mentions a name, read from the file's <see cref="IdentifierIndex"/> and not from its tree.</summary>
internal sealed class NameMentions(SyntaxNode body)
{
    private readonly IdentifierIndex _index = IdentifierIndex.Of(body.SyntaxTree.GetText());

    /// <summary>A name is written with escapes somewhere, or a character is: then mentions could be missed.</summary>
    public bool MayMiss => _index.HasEscapes(body.FullSpan);

    public IEnumerable<IdentifierNameSyntax> Of(string name)
    {
        TextSpan span = body.FullSpan;
        uint hash = IdentifierIndex.Hash(name);
        for (int i = _index.FirstAt(span.Start); i < _index.Hashes.Length && _index.PositionAt(i) < span.End; i++)
        {
            if (_index.Hashes[i] == hash && body.FindToken(_index.PositionAt(i)) is { Parent: IdentifierNameSyntax mention } token && token.Span.Contains(_index.PositionAt(i)) && mention.Identifier.ValueText == name)
                yield return mention;
        }
    }

    /// <summary>What is named may have another value afterwards.</summary>
    public static bool IsWrite(IdentifierNameSyntax mention)
    {
        SyntaxNode whole = mention;
        while (whole.Parent is ParenthesizedExpressionSyntax || (whole.Parent is MemberAccessExpressionSyntax access && access.Name == whole)) whole = whole.Parent;
        return whole.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == whole,
            ArgumentSyntax { Parent: TupleExpressionSyntax } => true,
            ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
            PrefixUnaryExpressionSyntax unary => unary.RawKind is (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression or (int)SyntaxKind.AddressOfExpression,
            PostfixUnaryExpressionSyntax unary => unary.RawKind is not (int)SyntaxKind.SuppressNullableWarningExpression,
            RefExpressionSyntax => true,
            _ => false,
        };
    }
}
