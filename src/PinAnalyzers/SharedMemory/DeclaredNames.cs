using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>Which names of fields and properties may hold a pointer, by the types with which the source declares them. Read when first asked.</summary>
internal sealed class DeclaredNames(Compilation compilation, CancellationToken cancellation)
{
    private readonly HashSet<string> _structs = [];
    private HashSet<string>? _pointing;

    /// <summary>Some field or property of the name is a pointer, or a struct that may have one in it. An object has fields of its own.</summary>
    public bool MayPoint(string name) => (_pointing ??= Find()).Contains(name);

    private HashSet<string> Find()
    {
        // What a handle holds is declared by the framework.
        HashSet<string> pointing = ["handle"];
        List<(TypeSyntax Type, string Name)> named = [];
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            foreach (SyntaxNode node in tree.GetRoot(cancellation).DescendantNodes(static n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
            {
                switch (node)
                {
                    case StructDeclarationSyntax type:
                        _structs.Add(type.Identifier.ValueText);
                        break;
                    case RecordDeclarationSyntax { ClassOrStructKeyword.ValueText: "struct" } type:
                        _structs.Add(type.Identifier.ValueText);
                        break;
                    case FieldDeclarationSyntax { Declaration: var fields }:
                        foreach (VariableDeclaratorSyntax field in fields.Variables) named.Add((fields.Type, field.Identifier.ValueText));
                        break;
                    case PropertyDeclarationSyntax property:
                        named.Add((property.Type, property.Identifier.ValueText));
                        break;
                }
            }
        }

        pointing.UnionWith(named.Where(one => PointerSyntax.MayPoint(one.Type) || IsStruct(one.Type)).Select(static one => one.Name));
        return pointing;
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
