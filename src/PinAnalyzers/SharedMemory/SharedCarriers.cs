using System;
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
                    SyntaxNode? member = token.Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>();

                    // A member is collected once a round, for whichever of its names is meant.
                    bool isCarrier = names.Contains(name) && ((member is not null && member == last) || carriers.IsMeant(token));
                    sites.Note(token, name);
                    if (called.Contains(name) && token.Parent is TypeDeclarationSyntax type && type.Identifier == token)
                    {
                        CollectMade(type, CarriedIn, found, declared, sites);
                        continue;
                    }

                    if (called.Contains(name) && DeclaredBy(token) is { } declaration && TakesPointer(declaration) && callees.Declares(name, declaration))
                    {
                        // A constructor only stores.
                        if (declaration is not ConstructorDeclarationSyntax) handed.Add(name);
                        isCarrier = true;
                    }

                    if (isCarrier && token.Parent?.FirstAncestorOrSelf<PrimaryConstructorBaseTypeSyntax>() is { } given) found.AddCalled(given);
                    if (!isCarrier || member is null or BaseTypeDeclarationSyntax || member == last) continue;
                    last = member;
                    Collect(member, CarriedIn(member), found, declared);
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

        HashSet<string> parameters = [.. sites.Made.Values.SelectMany(static made => made)];
        sites.MayReach = token => parameters.Contains(token.ValueText) || carriers.IsMeant(token);
        return handed;

        // With the parameters of the types around it, where these are handed pointers.
        CarriedNames CarriedIn(SyntaxNode member) =>
            new(member, names, IsHanded(member, handed, called) && IsCalled(member, callees), PrimaryParameters.TypesAround(member).Where(called.Contains).SelectMany(declared.ParametersOf));
    }

    /// <summary>A type whose parameters are handed pointers: what its members, and its base, get of them.</summary>
    private static void CollectMade(TypeDeclarationSyntax type, Func<SyntaxNode, CarriedNames> carriedIn, Found found, DeclaredNames declared, SharedSites sites)
    {
        if (declared.ParametersOf(type.Identifier.ValueText) is not { Count: > 0 } parameters) return;
        sites.Made[type.Identifier.ValueText] = parameters;
        if (type is RecordDeclarationSyntax) found.AddPositional(type, parameters);
        foreach (MemberDeclarationSyntax member in type.Members)
        {
            if (member is not BaseTypeDeclarationSyntax) Collect(member, carriedIn(member), found, declared);
        }

        if (type.BaseList?.Types.FirstOrDefault() is PrimaryConstructorBaseTypeSyntax made && made.ArgumentList.DescendantNodes().Any(node => node is SimpleNameSyntax { Identifier.ValueText: var given } && parameters.Contains(given))) found.AddCalled(made);
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

        /// <summary>The properties of a record that its parameters declare.</summary>
        public void AddPositional(TypeDeclarationSyntax type, IEnumerable<string> parameters)
        {
            foreach (string name in parameters)
            {
                if (carriers.Add(name, (carriers.DeclaredBy(type) as INamedTypeSymbol)?.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault())) Carriers.Add(name);
            }
        }

        /// <summary>What is called or created. What a creation does not say is what it is bound to.</summary>
        public void AddCalled(SyntaxNode call)
        {
            ISymbol? symbol = callees.SymbolAt(call);
            string? name = call is ImplicitObjectCreationExpressionSyntax && symbol is not null ? symbol.ContainingType.Name : SharedSites.CalleeOf(call);
            if (name is not null && callees.Add(name, symbol)) Callees.Add(name);
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
                case ArgumentSyntax { Expression: var target } argument when (!argument.RefKindKeyword.IsKind(SyntaxKind.None) || argument.Parent is TupleExpressionSyntax { Parent: AssignmentExpressionSyntax { Left: var left } } && left == argument.Parent)
                    && SharedNames.NameOf(target) is { } put && carried.IsCarried(put):
                    assigned.Add((put, target));
                    break;
                case ReturnStatementSyntax or ArrowExpressionClauseSyntax or YieldStatementSyntax:
                    returns = returns || carried.AreIn(node);
                    break;
                case InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax:
                    if (ArgumentsOf(node)?.Any(argument => carried.AreIn(argument.Expression)) == true) found.AddCalled(node);
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

        if (member is MethodDeclarationSyntax { ReturnType: var returned, Identifier: var method } declaration && ((returns && PointerSyntax.MayPoint(returned)) || declaration.ParameterList.Parameters.Any(parameter => IsPointerReference(parameter) && carried.IsCarried(parameter.Identifier.ValueText))))
            found.AddDeclared(method.ValueText, declaration);
        else if (member is PropertyDeclarationSyntax { Type: var type, Identifier: var property } && PointerSyntax.MayPoint(type)) found.AddDeclared(property.ValueText, member);
    }

    /// <summary>An extension may take what stands before by reference.</summary>
    private static ExpressionSyntax? ReceiverOf(SyntaxNode call) => (call as InvocationExpressionSyntax)?.Expression is MemberAccessExpressionSyntax { Expression: var receiver } ? receiver : null;

    private static bool IsPointerReference(ParameterSyntax parameter) => PointerSyntax.MayPoint(parameter.Type) && parameter.Modifiers.Any(static modifier => modifier.IsKind(SyntaxKind.OutKeyword) || modifier.IsKind(SyntaxKind.RefKeyword));

    private static SyntaxNode? DeclaredBy(SyntaxToken token) => token.Parent switch
    {
        MethodDeclarationSyntax method when method.Identifier == token => method,
        ConstructorDeclarationSyntax constructor when constructor.Identifier == token => constructor,
        LocalFunctionStatementSyntax function when function.Identifier == token => function,
        _ => null,
    };

    private static bool TakesPointer(SyntaxNode declaration)
    {
        ParameterListSyntax? parameters = declaration switch
        {
            BaseMethodDeclarationSyntax method => method.ParameterList,
            LocalFunctionStatementSyntax function => function.ParameterList,
            _ => null,
        };
        return parameters?.Parameters.Any(PrimaryParameters.MayPoint) == true;
    }

    private static SeparatedSyntaxList<ArgumentSyntax>? ArgumentsOf(SyntaxNode call) => SharedSites.ArgumentsOf(call)?.Arguments;
}
