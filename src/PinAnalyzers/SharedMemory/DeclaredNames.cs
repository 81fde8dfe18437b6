using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>Which names of fields and properties may hold a pointer, by the types with which the source declares them, and which types have parameters of their own. Read when first asked.</summary>
internal sealed class DeclaredNames(Compilation compilation, CancellationToken cancellation)
{
    private readonly HashSet<string> _structs = [];
    private readonly Dictionary<string, HashSet<string>> _parameters = [];
    private readonly List<(TypeSyntax Type, string Name)> _members = [];
    private HashSet<string>? _pointing;

    /// <summary>Some field or property of the name is a pointer, or a struct that may have one in it. An object has fields of its own.</summary>
    public bool MayPoint(string name) => (_pointing ??= Find()).Contains(name);

    /// <summary>Names of the parameters of a type of the name that may be handed a pointer.</summary>
    public IReadOnlyCollection<string> ParametersOf(string type)
    {
        _pointing ??= Find();
        return _parameters.TryGetValue(type, out HashSet<string>? names) ? names : [];
    }

    private HashSet<string> Find()
    {
        // What a handle holds is declared by the framework.
        HashSet<string> pointing = ["handle"];
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            foreach (SyntaxNode node in tree.GetRoot(cancellation).DescendantNodes(static n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)) Add(node);
        }

        pointing.UnionWith(_members.Where(one => PointerSyntax.MayPoint(one.Type) || IsStruct(one.Type)).Select(static one => one.Name));
        return pointing;
    }

    private void Add(SyntaxNode node)
    {
        switch (node)
        {
            case FieldDeclarationSyntax { Declaration: var fields }:
                foreach (VariableDeclaratorSyntax field in fields.Variables) _members.Add((fields.Type, field.Identifier.ValueText));
                break;
            case PropertyDeclarationSyntax property:
                _members.Add((property.Type, property.Identifier.ValueText));
                break;
            case TypeDeclarationSyntax type:
                if (type is StructDeclarationSyntax or RecordDeclarationSyntax { ClassOrStructKeyword.ValueText: "struct" }) _structs.Add(type.Identifier.ValueText);
                if (PrimaryParameters.ListOf(type) is { } list) AddParameters(type, list);
                break;
        }
    }

    private void AddParameters(TypeDeclarationSyntax type, ParameterListSyntax list)
    {
        HashSet<string> names = [.. list.Parameters.Where(PrimaryParameters.MayPoint).Select(static parameter => parameter.Identifier.ValueText)];
        if (_parameters.TryGetValue(type.Identifier.ValueText, out HashSet<string>? known)) known.UnionWith(names);
        else if (names.Count > 0) _parameters.Add(type.Identifier.ValueText, names);
        // A record has a property for each.
        if (type is not RecordDeclarationSyntax) return;
        foreach (ParameterSyntax parameter in list.Parameters)
        {
            if (parameter.Type is { } declared) _members.Add((declared, parameter.Identifier.ValueText));
        }
    }

    private bool IsStruct(TypeSyntax type) => type switch
    {
        SimpleNameSyntax { Identifier.ValueText: var name } => _structs.Contains(name),
        QualifiedNameSyntax { Right.Identifier.ValueText: var name } => _structs.Contains(name),
        NullableTypeSyntax { ElementType: var inner } => PointerSyntax.MayPoint(inner) || IsStruct(inner),
        ArrayTypeSyntax { ElementType: var inner } => PointerSyntax.MayPoint(inner) || IsStruct(inner),
        _ => false,
    };
}
