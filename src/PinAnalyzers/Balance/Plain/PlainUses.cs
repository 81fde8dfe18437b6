using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Plain;

/// <summary>What else a body does with the names that its charges go by, and what it calls.</summary>
internal sealed class PlainUses
{
    private readonly SyntaxNode _body;
    private readonly SemanticModel _model;
    private readonly BalanceContext _context;
    private readonly NameMentions _mentions;

    public PlainUses(SyntaxNode body, SemanticModel model, BalanceContext context)
    {
        _body = body;
        _model = model;
        _context = context;
        _mentions = new NameMentions(body);
    }

    /// <summary>Some use of a name may be overlooked.</summary>
    public bool MayMiss => _mentions.MayMiss;

    /// <summary>The expression names the same thing from the charge to the release.</summary>
    public bool IsStable(ExpressionSyntax owner) => owner is IdentifierNameSyntax or MemberAccessExpressionSyntax && _model.GetSymbolInfo(owner, _context.Cancellation).Symbol switch
    {
        IFieldSymbol field => (field.IsReadOnly || (field.Type.IsValueType && !IsWritten(field.Name))) && (field.IsStatic || owner is not MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax and var of } || IsStable(of)),
        IParameterSymbol { RefKind: RefKind.None } or ILocalSymbol { RefKind: RefKind.None } => owner is IdentifierNameSyntax { Identifier.ValueText: var name } && !IsWritten(name),
        IPropertySymbol { IsStatic: true, SetMethod: null } property => !property.IsWrittenIn(_context.Compilation),
        _ => false,
    };

    /// <summary>The expression names a field of the object or of the type.</summary>
    public bool IsField(ExpressionSyntax target) => target is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } && _model.GetSymbolInfo(target, _context.Cancellation).Symbol is IFieldSymbol;

    /// <summary>An amount that a body only hands on: what it does not compare or change it cannot know to be negative.</summary>
    public bool IsHandedOn(ExpressionSyntax amount) => amount switch
    {
        LiteralExpressionSyntax => true,
        IdentifierNameSyntax { Identifier.ValueText: var name } => IsNoLocal(amount) && Mentions(name).All(static mention => mention.Parent is ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.None }),
        _ => false,
    };

    /// <summary>The expression names something that was there before the body ran.</summary>
    public bool IsNoLocal(ExpressionSyntax owner) => _model.GetSymbolInfo(owner, _context.Cancellation).Symbol is IFieldSymbol or IPropertySymbol or IParameterSymbol;

    /// <summary>The call stands in a loop, or where a jump may come back to.</summary>
    public static bool IsRepeated(ExpressionSyntax call, SyntaxNode body)
    {
        for (SyntaxNode? outer = call.Parent; outer is not null && outer != body; outer = outer.Parent)
        {
            if (outer is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax) return true;
        }

        return BodyShapes.Has(body, BodyShape.Label);
    }

    /// <summary>Nothing that is done with the token, the flag or the owner could release it, replace it, or give it another name.</summary>
    public bool AreHarmless(PlainShape shape, ExpressionSyntax? owner)
    {
        if (shape.Flag is { } flag && !Mentions(flag).All(mention => mention == shape.Write || (!NameMentions.IsWrite(mention) && !IsInFunctionOf(mention, shape.Scope)))) return false;
        if (shape.Token is { } token) return Mentions(token).All(mention => mention == shape.Write || mention == shape.Returned || IsHarmless(mention, shape));
        if (owner is null) return shape.Release is null;
        return Mentions((owner as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText ?? ((IdentifierNameSyntax)owner).Identifier.ValueText).All(mention => IsHarmless(mention, shape));
    }

    /// <summary>Every call from a position on is of something that the compilation does not declare, or that names neither charge nor release.</summary>
    public bool CallsNothingThatTouchesCharges(int from = 0)
    {
        foreach (ExpressionSyntax call in BodyShapes.CallsIn(_body))
        {
            if (call.SpanStart >= from && MayTouchCharges(call)) return false;
        }

        return true;
    }

    private bool MayTouchCharges(ExpressionSyntax call) => _model.GetSymbolInfo(call, _context.Cancellation).Symbol is IMethodSymbol method
        ? _context.Summaries.MayRelease(method.ReducedFrom ?? method) || (method.MethodKind != MethodKind.Ordinary && _context.Summaries.MayCharge(method))
        : call is not InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } };

    private IEnumerable<IdentifierNameSyntax> Mentions(string name) => _mentions.Of(name);

    private bool IsWritten(string name) => Mentions(name).Any(NameMentions.IsWrite);

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
        && !_context.Summaries.HasBody(method.ReducedFrom ?? method) && !method.IsMadeOfExtensionMember() && !_context.Catalog.TryGetPassThrough(method.ReducedFrom ?? method, out _);

    /// <summary>In a lambda or local function inside: who knows when that runs.</summary>
    private static bool IsInFunctionOf(SyntaxNode mention, SyntaxNode scope)
    {
        for (SyntaxNode? outer = mention.Parent; outer is not null && !outer.Span.Contains(scope.Span); outer = outer.Parent)
        {
            if (outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax) return true;
        }

        return false;
    }
}
