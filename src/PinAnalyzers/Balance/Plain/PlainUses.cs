using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance.Plain;

/// <summary>What else a body does with the names that its charges go by, and what it calls.</summary>
internal sealed class PlainUses
{
    private readonly SemanticModel _model;
    private readonly BalanceContext _context;
    private readonly Dictionary<string, List<IdentifierNameSyntax>> _mentions = [];
    private readonly List<ExpressionSyntax> _calls = [];

    public PlainUses(SyntaxNode body, SemanticModel model, BalanceContext context)
    {
        _model = model;
        _context = context;
        foreach (SyntaxNode node in body.DescendantNodes())
        {
            switch (node)
            {
                case IdentifierNameSyntax name:
                    if (!_mentions.TryGetValue(name.Identifier.ValueText, out List<IdentifierNameSyntax>? mentions)) _mentions.Add(name.Identifier.ValueText, mentions = []);
                    mentions.Add(name);
                    break;
                case InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax:
                    _calls.Add((ExpressionSyntax)node);
                    break;
            }
        }
    }

    /// <summary>The expression names the same thing from the charge to the release.</summary>
    public bool IsStable(ExpressionSyntax owner) => owner is IdentifierNameSyntax or MemberAccessExpressionSyntax && _model.GetSymbolInfo(owner, _context.Cancellation).Symbol switch
    {
        IFieldSymbol field => (field.IsReadOnly || (field.Type.IsValueType && !IsWritten(field.Name))) && (field.IsStatic || owner is not MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax and var of } || IsStable(of)),
        IParameterSymbol { RefKind: RefKind.None } or ILocalSymbol { RefKind: RefKind.None } => owner is IdentifierNameSyntax { Identifier.ValueText: var name } && !IsWritten(name),
        IPropertySymbol { IsStatic: true, SetMethod: null, DeclaringSyntaxReferences.IsEmpty: true } => true,
        _ => false,
    };

    /// <summary>Nothing that is done with the token, the flag or the owner could release it, replace it, or give it another name.</summary>
    public bool AreHarmless(PlainShape shape, ExpressionSyntax? owner)
    {
        if (shape.Flag is { } flag && !Mentions(flag).All(mention => mention == shape.Write || (!IsWrite(mention) && !IsInFunctionOf(mention, shape.Scope)))) return false;
        if (shape.Token is { } token) return Mentions(token).All(mention => mention == shape.Write || IsHarmless(mention, shape));
        if (owner is null) return shape.Release is null;
        return Mentions((owner as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText ?? ((IdentifierNameSyntax)owner).Identifier.ValueText).All(mention => IsHarmless(mention, shape));
    }

    /// <summary>Every call is of something that the compilation does not declare, or that names neither charge nor release.</summary>
    public bool CallsNothingThatTouchesCharges() => _calls.All(call => _model.GetSymbolInfo(call, _context.Cancellation).Symbol is IMethodSymbol method
        ? !_context.Summaries.MayRelease(method.ReducedFrom ?? method) && (method.MethodKind == MethodKind.Ordinary || !_context.Summaries.MayCharge(method))
        : call is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } });

    private List<IdentifierNameSyntax> Mentions(string name) => _mentions.TryGetValue(name, out List<IdentifierNameSyntax>? mentions) ? mentions : [];

    private bool IsWritten(string name) => Mentions(name).Any(IsWrite);

    private static bool IsWrite(IdentifierNameSyntax mention)
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

    private bool IsHarmless(IdentifierNameSyntax mention, PlainShape shape)
    {
        if (IsInFunctionOf(mention, shape.Scope)) return false;
        ExpressionSyntax whole = mention.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } field ? field : mention;
        return whole.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression == whole && (access.Parent is not InvocationExpressionSyntax call || IsForeign(call)),
            ElementAccessExpressionSyntax access => access.Expression == whole,
            BinaryExpressionSyntax test => test.RawKind is (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression,
            CommonForEachStatementSyntax loop => loop.Expression == whole,
            IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax or UnaryPatternSyntax { Pattern: ConstantPatternSyntax } } => true,
            ArgumentSyntax { Parent.Parent: ExpressionSyntax call } argument => argument.RefKindKeyword.IsKind(SyntaxKind.None) && IsForeign(call),
            _ => false,
        };
    }

    /// <summary>The callee is not source of this compilation and its result is not the argument by another name.</summary>
    private bool IsForeign(ExpressionSyntax call) => call is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax
        && _model.GetSymbolInfo(call, _context.Cancellation).Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.ReducedExtension or MethodKind.Constructor } method
        && !_context.Summaries.HasBody(method.ReducedFrom ?? method) && !_context.Catalog.TryGetPassThrough(method.ReducedFrom ?? method, out _);

    /// <summary>In a lambda or local function inside: who knows when that runs.</summary>
    private static bool IsInFunctionOf(SyntaxNode mention, SyntaxNode scope) =>
        mention.Ancestors().TakeWhile(outer => !outer.Span.Contains(scope.Span)).Any(static outer => outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);
}
