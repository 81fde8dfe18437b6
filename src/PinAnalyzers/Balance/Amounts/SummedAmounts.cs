using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// PIN1006 across members: one member charges a size and what it adds to it (a header, an alignment), another gives back the size alone. Told only where the
/// outermost type charges in one place and releases in one place, and both call the size by one name.
/// </summary>
internal sealed class SummedAmounts(TimingContext context, NameHits charges, NameHits releases, NameHits arithmetic)
{
    private readonly ConcurrentDictionary<SyntaxNode, ImmutableArray<SummedCharge>> _inTypes = new();

    /// <summary>Seen without binding: the type has a charge of <c>size + extra</c>, and the member calls something with <c>size</c>.</summary>
    public bool MayBeIn(SyntaxNode member)
    {
        member = member.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? member;
        if (!releases.Any(member) || Outermost(member) is not { } type || !charges.Any(type)) return false;
        ImmutableArray<SummedCharge> sums = ChargesIn(type);
        if (sums.IsEmpty) return false;
        List<string> given = CallsAt(releases, member).SelectMany(static call => call.ArgumentList.Arguments).Select(static a => Bare(a.Expression)).OfType<string>().ToList();
        return sums.Any(charge => charge.Member != member && given.Contains(charge.Part));
    }

    public IEnumerable<Diagnostic> Find(IOperation root, SyntaxNode member)
    {
        member = member.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? member;
        if (Outermost(member) is not { } type) yield break;
        List<SummedCharge> sums = ChargesIn(type).Where(c => c.Member != member).ToList();
        foreach (AccountEvent release in context.Events.In(root).Where(static e => e is { IsRelease: true, Release.Amount.Place: ValuePlace.Argument }))
        {
            if (AccountEvent.OperandAt(release.Operation, release.Release!.Amount) is not { } amount || Origin(amount) is not { } given || Bare((ExpressionSyntax)given.Syntax) is not { } name) continue;
            List<InvocationExpressionSyntax> all = CallsAt(charges, type).Where(call => IsOf(call, release.Pair, isRelease: false)).ToList();
            if (all.Count != 1 || CallsAt(releases, type).Count(call => IsOf(call, release.Pair, isRelease: true)) != 1) continue;
            if (sums.FirstOrDefault(s => s.Call == all[0] && s.Part == name) is not { Call: { } charge, Sum: var sum } || IsGivenASum(type, member, name)) continue;
            yield return BalanceDiagnostics.Create(
                Descriptors.PIN1006_AmountReleasedMustBeAmountCharged, null, release.Pair, release.Operation.Syntax, [charge], [],
                BalanceDiagnostics.TextOf(amount.Syntax), BalanceDiagnostics.LineOf(charge), BalanceDiagnostics.TextOf(sum));
        }
    }

    private static SyntaxNode? Outermost(SyntaxNode member) => member.Ancestors().OfType<TypeDeclarationSyntax>().LastOrDefault();

    private static IOperation? Origin(IOperation amount) => amount switch
    {
        IConversionOperation conversion => Origin(conversion.Operand),
        IParameterReferenceOperation or IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } => amount,
        _ => null,
    };

    private static IEnumerable<InvocationExpressionSyntax> CallsAt(NameHits hits, SyntaxNode node)
    {
        foreach (int hit in hits.In(node))
        {
            SyntaxToken token = node.FindToken(hit);
            if (token.Parent is SimpleNameSyntax name && (name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : (SyntaxNode)name).Parent is InvocationExpressionSyntax call) yield return call;
        }
    }

    /// <summary>Calls that may charge a sum, with the part of it that has a name. Every member of the type asks for them.</summary>
    private ImmutableArray<SummedCharge> ChargesIn(SyntaxNode type) => _inTypes.GetOrFind(type, this, static (self, t) => self.FindCharges(t).ToImmutableArray());

    private IEnumerable<SummedCharge> FindCharges(SyntaxNode type)
    {
        if (!Sums(type)) yield break;
        foreach (InvocationExpressionSyntax call in CallsAt(charges, type))
        {
            if (call.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member || !Sums(member)) continue;
            foreach (ArgumentSyntax argument in call.ArgumentList.Arguments)
            {
                if (Given(argument.Expression, member) is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum) continue;
                if (Bare(sum.Left) is { } left && IsFixed(sum.Right)) yield return new SummedCharge(call, sum, left, member);
                if (Bare(sum.Right) is { } right && IsFixed(sum.Left)) yield return new SummedCharge(call, sum, right, member);
            }
        }
    }

    private bool Sums(SyntaxNode member)
    {
        ImmutableArray<int> hits = arithmetic.In(member);
        if (hits.IsEmpty) return false;
        SourceText text = member.SyntaxTree.GetText();
        foreach (int hit in hits)
        {
            // Most are steps: told by their characters, so that the tree is not searched for them.
            if (text[hit] == '+' && (hit + 1 == text.Length || text[hit + 1] is not ('+' or '=')) && member.FindToken(hit).IsKind(SyntaxKind.PlusToken)) return true;
        }

        return false;
    }

    /// <summary>What a local was given, where it is given something once.</summary>
    private static ExpressionSyntax Given(ExpressionSyntax value, MemberDeclarationSyntax member)
    {
        while (value is ParenthesizedExpressionSyntax parenthesized) value = parenthesized.Expression;
        if (value is not IdentifierNameSyntax { Identifier.ValueText: var name }) return value;
        List<ExpressionSyntax> given = member.DescendantNodes().Select(node => node switch
        {
            VariableDeclaratorSyntax { Initializer.Value: { } initial } declarator when declarator.Identifier.ValueText == name => initial,
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax target } assignment when target.Identifier.ValueText == name => assignment.Right,
            _ => null,
        }).OfType<ExpressionSyntax>().ToList();
        ExpressionSyntax only = given.Count == 1 ? given[0] : value;
        while (only is ParenthesizedExpressionSyntax parenthesized) only = parenthesized.Expression;
        return only;
    }

    /// <summary>Something that is added to every size: a constant, or a member with a capital letter.</summary>
    private static bool IsFixed(ExpressionSyntax extra) => extra switch
    {
        LiteralExpressionSyntax { Token.Value: int and not 0 or long and not 0 } => true,
        IdentifierNameSyntax { Identifier.ValueText: var name } => char.IsUpper(name[0]),
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } => char.IsUpper(name[0]) && name is not ("Length" or "Count"),
        SizeOfExpressionSyntax => true,
        _ => false,
    };

    /// <summary><c>length</c>, <c>_length</c> and <c>this.Length</c> are one name.</summary>
    private static string? Bare(ExpressionSyntax value) => value switch
    {
        IdentifierNameSyntax { Identifier.ValueText: var name } => name.TrimStart('_').ToLowerInvariant(),
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var name } => name.TrimStart('_').ToLowerInvariant(),
        _ => null,
    };

    private bool IsOf(InvocationExpressionSyntax call, Pair pair, bool isRelease) =>
        call.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member && !BodyGraphs.IsTooDeep(member)
        && SemanticModels.Of(call.SyntaxTree, context.Compilation).GetSymbolInfo(call, context.Cancellation).Symbol is IMethodSymbol method
        && (isRelease ? context.Catalog.ReleasesOf(method).Any(r => ReferenceEquals(r.Pair, pair)) : context.Catalog.ChargesOf(method).Any(c => ReferenceEquals(c.Pair, pair)));

    /// <summary>A field of that name is set to a sum, or somebody in the type hands the member one: then the name may mean all of it.</summary>
    private static bool IsGivenASum(SyntaxNode type, SyntaxNode member, string name) => type.DescendantNodes().Any(node => node switch
    {
        AssignmentExpressionSyntax { Right: BinaryExpressionSyntax } assignment => Bare(assignment.Left) == name,
        InvocationExpressionSyntax { Expression: var called } call => member is MethodDeclarationSyntax method && NameOf(called) == method.Identifier.ValueText && call.ArgumentList.Arguments.Any(static a => a.Expression is BinaryExpressionSyntax),
        _ => false,
    });

    private static string? NameOf(ExpressionSyntax called) => called switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };

    /// <summary>A call with an argument that is a sum, the part of the sum that has a name, and the member that calls.</summary>
    private sealed record SummedCharge(InvocationExpressionSyntax Call, ExpressionSyntax Sum, string Part, SyntaxNode Member);
}
