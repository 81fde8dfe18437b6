using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>PIN3015: annotated structs whose layout cannot be shared.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SharedLayoutAnalyzer : DiagnosticAnalyzer
{
    private const int CacheLine = 64;

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.PIN3015_SharedStructMustHaveSharedLayout);

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (!Annotations.Carriers(start.Compilation).IsEmpty) start.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
        });
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        if (context.Symbol is not INamedTypeSymbol { TypeKind: TypeKind.Struct } type || SharedAnnotations.Of(type) is null) return;
        FieldLayout layout = FieldLayout.Of(type);
        if (layout.IsAutomatic) Report(type, type.Name, "has an automatic layout, which differs between runtimes");
        List<(IFieldSymbol Field, IndexWriter Writer, int Offset)> indexes = [];
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic && !field.IsConst))
        {
            if (Unshareable(field) is { } reason)
            {
                Report(field, field.Name, reason);
                continue;
            }

            if (!layout.Offsets.TryGetValue(field, out int offset)) continue;
            if (!field.IsFixedSizeBuffer && FieldLayout.SizeOf(field.Type) is (8, 8) && offset % 8 != 0) Report(field, field.Name, $"has eight bytes at offset {offset}: an access is not atomic");
            if (SharedAnnotations.Role(field) is not { } role) continue;
            if (indexes.Any(other => other.Writer != role.Writer && other.Offset / CacheLine == offset / CacheLine))
                Report(field, field.Name, "shares a cache line with an index that the other side writes", DiagnosticSeverity.Info);
            indexes.Add((field, role.Writer, offset));
        }

        void Report(ISymbol at, string name, string reason, DiagnosticSeverity severity = DiagnosticSeverity.Warning) => context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.PIN3015_SharedStructMustHaveSharedLayout, (at as IFieldSymbol)?.AssociatedSymbol?.Locations[0] ?? at.Locations[0], severity, null, null, name, reason));
    }

    private static string? Unshareable(IFieldSymbol field) => field is { IsFixedSizeBuffer: true, Type: IPointerTypeSymbol { PointedAtType: var element } }
        // Characters in a row are text, of two bytes each by their declaration.
        ? element.SpecialType == SpecialType.System_Char ? null : Unshareable(element)
        : Unshareable(field.Type) ?? Inside(field.Type, 0);

    /// <summary>What a struct of the source, a tuple or a nullable brings with it; one that is annotated answers for itself.</summary>
    private static string? Inside(ITypeSymbol type, int depth)
    {
        if (depth > 4 || type is not INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } inner) return null;
        if (inner.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T) return "is nullable, which is a bool and a value";
        if (inner.DeclaringSyntaxReferences.IsEmpty && !inner.IsTupleType || SharedAnnotations.Of(inner) is not null) return null;
        foreach (IFieldSymbol part in inner.GetMembers().OfType<IFieldSymbol>().Where(static part => !part.IsStatic && !part.IsConst))
        {
            if (Unshareable(part.Type) is { } reason) return $"holds '{part.Name}', which {reason}";
            if (Inside(part.Type, depth + 1) is { } deeper) return deeper;
        }

        return null;
    }

    private static string? Unshareable(ITypeSymbol type) => type switch
    {
        { IsReferenceType: true } => "is a reference, which means nothing to the other side",
        { SpecialType: SpecialType.System_Boolean } => "is a bool: values other than 0 and 1 from the other side break comparisons; use a byte",
        { SpecialType: SpecialType.System_Char } => "is a char, which has no size that both sides know; use a ushort",
        { SpecialType: SpecialType.System_Decimal } => "is a decimal, whose layout is the runtime's own",
        { SpecialType: SpecialType.System_DateTime } or { Name: "DateTimeOffset", ContainingNamespace.Name: "System" } => "is a date, which has an automatic layout",
        { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } inner when inner is { IsUnmanagedType: false } => "holds a reference, which means nothing to the other side",
        _ => null,
    };
}
