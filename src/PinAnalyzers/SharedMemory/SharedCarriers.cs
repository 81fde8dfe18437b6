using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// Follows names from the members that mention a root of shared memory: to the fields and properties that are assigned there, to the pointers that are
/// returned there, and to the methods and constructors that are handed a pointer there. By syntax alone, so it follows more than there is.
/// </summary>
internal static class SharedCarriers
{
    private const int Rounds = 8;

    /// <summary>Adds the names by which more members reach what the names reach.</summary>
    /// <returns>Names of methods that are called with pointers there: what they get is to be looked at in their own bodies, and their results only where they hand it back.</returns>
    public static HashSet<string> Add(Compilation compilation, HashSet<string> names, SharedSites sites, CancellationToken cancellation)
    {
        HashSet<string> called = [], handed = [];
        HashSet<(string Name, SyntaxNode Member)> accessors = [];
        FollowedMembers carriers = new(compilation, cancellation), callees = new(compilation, cancellation);
        foreach (string root in names) carriers.AddAll(root);
        IReadOnlyCollection<string> fresh = [.. names];
        DeclaredNames declared = new(compilation, cancellation);
        for (int round = 0; round < Rounds && fresh.Count > 0; round++)
        {
            NameScan scan = new(fresh);
            Found found = new(carriers, callees);
            foreach (SyntaxTree tree in compilation.SyntaxTrees)
            {
                SyntaxNode? last = null;
                foreach (SyntaxToken token in SharedNames.Tokens(tree, scan, cancellation))
                {
                    if (!token.IsKind(SyntaxKind.IdentifierToken)) continue;
                    string name = token.ValueText;
                    bool isCarrier = names.Contains(name) && carriers.IsMeant(token);
                    sites.Note(token, name, isCarrier);
                    if (called.Contains(name) && DeclaredBy(token) is { } declaration && TakesPointer(declaration) && callees.Declares(name, declaration))
                    {
                        // A constructor only stores.
                        if (declaration is not ConstructorDeclarationSyntax) handed.Add(name);
                        isCarrier = true;
                    }

                    SyntaxNode? member = token.Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>();
                    if (!isCarrier || member is null or BaseTypeDeclarationSyntax || member == last) continue;
                    last = member;
                    Collect(member, new CarriedNames(member, names, IsHanded(member, handed, called) && IsCalled(member, callees)), found, declared);
                    if (CellAccessors.MayBe(member) && NameOf(member) is { } accessor) accessors.Add((accessor, member));
                }
            }

            names.UnionWith(found.Carriers);
            called.UnionWith(found.Callees);
            found.Carriers.UnionWith(found.Callees);
            fresh = found.Carriers;
        }

        // Who uses an accessor is looked at, and nobody beyond.
        foreach ((string name, SyntaxNode member) in accessors)
        {
            names.Add(name);
            carriers.AddDeclared(name, member);
        }

        sites.MayReach = carriers.IsMeant;
        return handed;
    }

    private static string? NameOf(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        _ => null,
    };

    /// <summary>A method that is called with a pointer, or a constructor.</summary>
    private static bool IsHanded(SyntaxNode member, HashSet<string> handed, HashSet<string> called) => member switch
    {
        MethodDeclarationSyntax { Identifier.ValueText: var name } => handed.Contains(name),
        ConstructorDeclarationSyntax { Identifier.ValueText: var name } => called.Contains(name),
        IndexerDeclarationSyntax or OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax => true,
        _ => false,
    };

    private static bool IsCalled(SyntaxNode member, FollowedMembers callees) => member switch
    {
        MethodDeclarationSyntax { Identifier.ValueText: var name } => callees.Declares(name, member),
        ConstructorDeclarationSyntax { Identifier.ValueText: var name } => callees.Declares(name, member),
        _ => true,
    };

    /// <summary>What one round finds: names that say something new, and to look for in the next.</summary>
    private sealed class Found(FollowedMembers carriers, FollowedMembers callees)
    {
        public HashSet<string> Carriers { get; } = [];

        public HashSet<string> Callees { get; } = [];

        /// <summary>What is assigned to a field or property.</summary>
        public void AddAssigned(string name, SyntaxNode target)
        {
            ISymbol? symbol = carriers.SymbolAt(target);
            if (FollowedMembers.MayPoint(symbol) && carriers.Add(name, symbol)) Carriers.Add(name);
        }

        public void AddDeclared(string name, SyntaxNode declaration)
        {
            if (carriers.AddDeclared(name, declaration)) Carriers.Add(name);
        }

        public void AddCalled(string name, SyntaxNode call)
        {
            if (callees.Add(name, callees.SymbolAt(call))) Callees.Add(name);
        }

        /// <summary>An extension may take what stands before it; a member of its own type is reached by the fields of that.</summary>
        public void AddExtension(string name, SyntaxNode call)
        {
            if (callees.SymbolAt(call) is var symbol and (null or IMethodSymbol { ReducedFrom: not null }) && callees.Add(name, symbol)) Callees.Add(name);
        }
    }

    /// <summary>What is assigned or returned in a member, and what is called, where it may be with a shared pointer.</summary>
    private static void Collect(SyntaxNode member, CarriedNames carried, Found found, DeclaredNames declared)
    {
        HashSet<string> locals = [];
        List<(string Name, SyntaxNode Target)> assigned = [];
        bool returns = false;
        foreach (SyntaxNode node in member.DescendantNodes())
        {
            switch (node)
            {
                case VariableDeclaratorSyntax { Parent.Parent: not BaseFieldDeclarationSyntax } local:
                    locals.Add(local.Identifier.ValueText);
                    break;
                case VariableDeclaratorSyntax { Initializer.Value: var value } field when carried.AreIn(value):
                    assigned.Add((field.Identifier.ValueText, field));
                    break;
                case ParameterSyntax parameter:
                    locals.Add(parameter.Identifier.ValueText);
                    break;
                case AssignmentExpressionSyntax { Right: not LiteralExpressionSyntax, Left: IdentifierNameSyntax or MemberAccessExpressionSyntax } assignment when carried.AreIn(assignment.Right):
                    assigned.Add((SharedNames.NameOf(assignment.Left)!, assignment.Left));
                    break;
                case ReturnStatementSyntax or ArrowExpressionClauseSyntax or YieldStatementSyntax:
                    returns = returns || carried.AreIn(node);
                    break;
                case InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax:
                    if (SharedSites.CalleeOf(node) is { } callee && ArgumentsOf(node)?.Any(argument => carried.AreIn(argument.Expression)) == true) found.AddCalled(callee, node);
                    else if (SharedSites.CalleeOf(node) is { } extension && carried.AreIn(ReceiverOf(node))) found.AddExtension(extension, node);
                    break;
            }
        }

        foreach ((string name, SyntaxNode target) in assigned)
        {
            if (locals.Contains(name) || !declared.MayPoint(name)) continue;
            if (target is VariableDeclaratorSyntax) found.AddDeclared(name, target);
            else found.AddAssigned(name, target);
        }

        if (member is MethodDeclarationSyntax { ReturnType: var returned, Identifier: var method } declaration && ((returns && PointerSyntax.MayPoint(returned)) || declaration.ParameterList.Parameters.Any(parameter => IsPointerOut(parameter) && carried.IsCarried(parameter.Identifier.ValueText))))
            found.AddDeclared(method.ValueText, declaration);
        else if (member is PropertyDeclarationSyntax { Type: var type, Identifier: var property } && PointerSyntax.MayPoint(type)) found.AddDeclared(property.ValueText, member);
    }

    /// <summary>An extension may take what stands before by reference.</summary>
    private static ExpressionSyntax? ReceiverOf(SyntaxNode call) => (call as InvocationExpressionSyntax)?.Expression is MemberAccessExpressionSyntax { Expression: var receiver } ? receiver : null;

    private static bool IsPointerOut(ParameterSyntax parameter) => PointerSyntax.MayPoint(parameter.Type) && parameter.Modifiers.Any(static modifier => modifier.IsKind(SyntaxKind.OutKeyword));

    private static SyntaxNode? DeclaredBy(SyntaxToken token) => token.Parent switch
    {
        MethodDeclarationSyntax method when method.Identifier == token => method,
        ConstructorDeclarationSyntax constructor when constructor.Identifier == token => constructor,
        LocalFunctionStatementSyntax function when function.Identifier == token => function,
        RecordDeclarationSyntax record when record.Identifier == token => record,
        _ => null,
    };

    private static bool TakesPointer(SyntaxNode declaration)
    {
        ParameterListSyntax? parameters = declaration switch
        {
            BaseMethodDeclarationSyntax method => method.ParameterList,
            LocalFunctionStatementSyntax function => function.ParameterList,
            RecordDeclarationSyntax record => record.ParameterList,
            _ => null,
        };
        return parameters?.Parameters.Any(static parameter => parameter.Modifiers.Any(static modifier => modifier.IsKind(SyntaxKind.RefKeyword) || modifier.IsKind(SyntaxKind.InKeyword)) || PointerSyntax.MayPoint(parameter.Type)) == true;
    }

    private static SeparatedSyntaxList<ArgumentSyntax>? ArgumentsOf(SyntaxNode call) => SharedSites.ArgumentsOf(call)?.Arguments;
}
