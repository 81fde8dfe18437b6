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

    public static void Add(Compilation compilation, HashSet<string> names, SharedSites sites, CancellationToken cancellation)
    {
        HashSet<string> called = [], accessors = [];
        HashSet<string> known = [.. names];
        IReadOnlyCollection<string> fresh = [.. names];
        for (int round = 0; round < Rounds && fresh.Count > 0; round++)
        {
            NameScan scan = new(fresh);
            HashSet<string> carriers = [], callees = [];
            foreach (SyntaxTree tree in compilation.SyntaxTrees)
            {
                SyntaxNode? last = null;
                foreach (SyntaxToken token in SharedNames.Tokens(tree, scan, cancellation))
                {
                    if (!token.IsKind(SyntaxKind.IdentifierToken)) continue;
                    string name = token.ValueText;
                    bool isCarrier = names.Contains(name);
                    sites.Note(token, name, isCarrier);
                    if (called.Contains(name) && DeclaredBy(token) is { } declaration && TakesPointer(declaration))
                    {
                        // A constructor only stores; a method's own body is to be looked at, and what it hands on.
                        if (declaration is not ConstructorDeclarationSyntax && names.Add(name)) carriers.Add(name);
                        isCarrier = true;
                    }

                    SyntaxNode? member = token.Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>();
                    if (!isCarrier || member is null or BaseTypeDeclarationSyntax || member == last) continue;
                    last = member;
                    Collect(member, carriers, callees);
                    if (CellAccessors.MayBe(member) && NameOf(member) is { } accessor) accessors.Add(accessor);
                }
            }

            names.UnionWith(carriers);
            called.UnionWith(callees);
            carriers.UnionWith(callees);
            carriers.RemoveWhere(name => !known.Add(name));
            fresh = carriers;
        }

        // Who uses an accessor is looked at, and nobody beyond.
        names.UnionWith(accessors);
    }

    private static string? NameOf(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        _ => null,
    };

    /// <summary>What is assigned or returned in a member, and what is called with something.</summary>
    private static void Collect(SyntaxNode member, HashSet<string> carriers, HashSet<string> callees)
    {
        HashSet<string> locals = [];
        HashSet<string> assigned = [];
        foreach (SyntaxNode node in member.DescendantNodes())
        {
            switch (node)
            {
                case VariableDeclaratorSyntax local:
                    locals.Add(local.Identifier.ValueText);
                    break;
                case ParameterSyntax parameter:
                    locals.Add(parameter.Identifier.ValueText);
                    break;
                case AssignmentExpressionSyntax { Right: not LiteralExpressionSyntax, Left: IdentifierNameSyntax or MemberAccessExpressionSyntax } assignment:
                    assigned.Add(SharedNames.NameOf(assignment.Left)!);
                    break;
                case InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax:
                    if (SharedSites.CalleeOf(node) is { } callee && (ArgumentsOf(node)?.Any(static argument => argument.Expression is not LiteralExpressionSyntax) == true || IsOnCell(node))) callees.Add(callee);
                    break;
            }
        }

        assigned.ExceptWith(locals);
        assigned.RemoveWhere(name => IsPlainMember(name, member));
        carriers.UnionWith(assigned);
        if (member is MethodDeclarationSyntax { ReturnType: var returned, Identifier: var method } declaration && (MayPoint(returned) || declaration.ParameterList.Parameters.Any(IsPointerOut))) carriers.Add(method.ValueText);
        else if (member is PropertyDeclarationSyntax { Type: var type, Identifier: var property } && MayPoint(type)) carriers.Add(property.ValueText);
    }

    /// <summary>An extension may take what stands before by reference.</summary>
    private static bool IsOnCell(SyntaxNode call) => call is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.PointerMemberAccessExpression } or MemberAccessExpressionSyntax { Expression: ElementAccessExpressionSyntax } };

    private static bool IsPointerOut(ParameterSyntax parameter) => MayPoint(parameter.Type) && parameter.Modifiers.Any(static modifier => modifier.IsKind(SyntaxKind.OutKeyword));

    /// <summary>Declared next to the member as a number, a text or the like, which never points anywhere.</summary>
    private static bool IsPlainMember(string name, SyntaxNode member)
    {
        if (member.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type) return false;
        foreach (MemberDeclarationSyntax other in type.Members)
        {
            if (other is FieldDeclarationSyntax { Declaration: var fields } && fields.Variables.Any(variable => variable.Identifier.ValueText == name)) return fields.Type is PredefinedTypeSyntax or ArrayTypeSyntax;
            if (other is PropertyDeclarationSyntax property && property.Identifier.ValueText == name) return property.Type is PredefinedTypeSyntax or ArrayTypeSyntax;
        }

        return false;
    }

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
        return parameters?.Parameters.Any(static parameter => parameter.Modifiers.Any(static modifier => modifier.IsKind(SyntaxKind.RefKeyword) || modifier.IsKind(SyntaxKind.InKeyword)) || MayPoint(parameter.Type)) == true;
    }

    private static bool MayPoint(TypeSyntax? type) => type is PointerTypeSyntax or RefTypeSyntax or TupleTypeSyntax
        or GenericNameSyntax { Identifier.ValueText: "Span" or "ReadOnlySpan" }
        or IdentifierNameSyntax { Identifier.ValueText: "nint" or "IntPtr" or "nuint" or "UIntPtr" or "MemoryMappedFile" or "MemoryMappedViewAccessor" }
        // Handles wrap pointers, the system's and those of the source.
        || type is IdentifierNameSyntax named && named.Identifier.ValueText.EndsWith("Handle", System.StringComparison.Ordinal);

    private static SeparatedSyntaxList<ArgumentSyntax>? ArgumentsOf(SyntaxNode call) => SharedSites.ArgumentsOf(call)?.Arguments;
}
