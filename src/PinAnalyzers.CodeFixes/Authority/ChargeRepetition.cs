using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>
/// Whether several charges are held at a time. One record remembers the last of them, and a release by it would lose the others: two charges on one way,
/// a charge of the constructor that members add to, a charging member that is called again and again, a total that grows beside the charge.
/// </summary>
internal sealed class ChargeRepetition(INamedTypeSymbol type, AccountEdit edit, IReadOnlyDictionary<DocumentId, TypePart> parts, CancellationToken cancellation)
{
    private static readonly ImmutableHashSet<string> Collecting = ImmutableHashSet.Create("Add", "TryAdd", "Enqueue", "Push", "AddLast", "AddFirst", "Append", "Insert", "AddOrUpdate", "GetOrAdd");

    public bool IsEvident()
    {
        List<(AccountSite Site, MemberDeclarationSyntax Member)> charges = edit.Charges
            .Select(static site => (site, site.Operation.FirstAncestorOrSelf<MemberDeclarationSyntax>(static n => n is BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax)!))
            .Where(static pair => pair.Item2 is not null).ToList();
        bool isConstructed = charges.Any(static c => c.Member is ConstructorDeclarationSyntax);
        if (isConstructed && charges.Any(static c => c.Member is not ConstructorDeclarationSyntax || c.Member is ConstructorDeclarationSyntax { Initializer.ThisOrBaseKeyword.RawKind: (int)SyntaxKind.ThisKeyword })) return true;
        foreach (IGrouping<MemberDeclarationSyntax, (AccountSite Site, MemberDeclarationSyntax Member)> member in charges.GroupBy(static c => c.Member))
        {
            List<SyntaxNode> sites = member.Select(static c => (SyntaxNode)c.Site.Operation).ToList();
            if (Follow(sites) || Accumulates(member.First().Site, member.Key) || member.Key is BaseMethodDeclarationSyntax method && IsCalledRepeatedly(method, parts[member.First().Site.Document])) return true;
        }

        return false;
    }

    /// <summary>Control may come from one of them to another.</summary>
    private static bool Follow(List<SyntaxNode> sites)
    {
        for (int i = 0; i < sites.Count; i++)
        {
            for (int j = i + 1; j < sites.Count; j++)
            {
                if (!AreAlternatives(sites[i], sites[j])) return true;
            }
        }

        return false;
    }

    private static bool AreAlternatives(SyntaxNode left, SyntaxNode right)
    {
        (SyntaxNode first, SyntaxNode second) = left.SpanStart <= right.SpanStart ? (left, right) : (right, left);
        SyntaxNode? shared = first.Ancestors().FirstOrDefault(a => a.Span.Contains(second.Span));
        if (shared is ConditionalExpressionSyntax or SwitchStatementSyntax or SwitchExpressionSyntax || shared is IfStatementSyntax { Else: not null } branches && branches.Statement.Span.Contains(first.Span)) return true;
        return first.Ancestors().TakeWhile(a => a != shared).Any(static a => a is StatementSyntax statement && CapabilityTest.Leaves(statement));
    }

    /// <summary>Something of the type's own grows with each charge: a total, a count, a collection.</summary>
    private bool Accumulates(AccountSite site, MemberDeclarationSyntax member)
    {
        if (member is ConstructorDeclarationSyntax) return false;
        SemanticModel model = parts[site.Document].Model;
        return member.DescendantNodes().Any(node => !site.Operation.Span.Contains(node.Span) && node switch
        {
            AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression, Left: var total } => IsOwn(total, model),
            AssignmentExpressionSyntax { Left: ElementAccessExpressionSyntax element } => IsOwn(element.Expression, model),
            AssignmentExpressionSyntax { Right: BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum, Left: var total } => IsOwn(total, model) && (SyntaxFactory.AreEquivalent(sum.Left, total) || SyntaxFactory.AreEquivalent(sum.Right, total)),
            PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression, Operand: var count } => IsOwn(count, model),
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression, Operand: var count } => IsOwn(count, model),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Add" or "Increment", Expression: var on } } call when LastName(on) == "Interlocked" => call.ArgumentList.Arguments.Count > 0 && IsOwn(call.ArgumentList.Arguments[0].Expression, model),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name, Expression: var on } } when Collecting.Contains(name) => IsOwn(on, model),
            _ => false,
        });
    }

    private bool IsOwn(ExpressionSyntax target, SemanticModel model) =>
        target is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax }
        && model.GetSymbolInfo(target, cancellation).Symbol is IFieldSymbol or IPropertySymbol
        && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(target, cancellation).Symbol!.ContainingType, type);

    /// <summary>Another member calls it in a loop or twice on one way, or the constructor does what everybody may do again.</summary>
    private bool IsCalledRepeatedly(BaseMethodDeclarationSyntax charging, TypePart home)
    {
        if (charging is not MethodDeclarationSyntax { Identifier.ValueText: var name } || home.Model.GetDeclaredSymbol(charging, cancellation) is not IMethodSymbol symbol) return false;
        bool isConstructed = false, isCalledElsewhere = symbol.DeclaredAccessibility != Accessibility.Private;
        foreach (SyntaxReference reference in type.DeclaringSyntaxReferences)
        {
            foreach (MemberDeclarationSyntax member in ((TypeDeclarationSyntax)reference.GetSyntax(cancellation)).Members)
            {
                List<SyntaxNode> calls = member.DescendantNodes().Where(node => node is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var called } } && called == name
                    || node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var qualified } } && qualified == name).ToList();
                if (calls.Count == 0) continue;
                if (Follow(calls) || calls.Any(call => call.Ancestors().TakeWhile(a => a != member).Any(static a => a is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax))) return true;
                isConstructed |= member is ConstructorDeclarationSyntax;
                isCalledElsewhere |= member is not ConstructorDeclarationSyntax;
            }
        }

        return isConstructed && isCalledElsewhere;
    }

    private static string? LastName(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
