using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace PinAnalyzers.Balance;

/// <summary>A diagnostic to fix, bound in the document as it is now.</summary>
internal sealed class BalanceTarget(Document document, SemanticModel model, BalanceSites sites, CancellationToken cancellation)
{
    public SemanticModel Model { get; } = model;

    public BalanceSites Sites { get; } = sites;

    public BalanceProperties Properties => Sites.Properties;

    public CancellationToken Cancellation { get; } = cancellation;

    public SyntaxNode Root { get; } = model.SyntaxTree.GetRoot(cancellation);

    public ExpressionSyntax? Charge => Sites.Path[0] as ExpressionSyntax;

    public bool Allows(LanguageVersion version) => Model.SyntaxTree.Options is CSharpParseOptions options && options.LanguageVersion >= version;

    public SyntaxEditor Edit() => new(Root, document.Project.Solution.Workspace.Services);
}
