using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance.Types;

internal enum HostKind
{
    /// <summary>A body of the type to be completed.</summary>
    Existing,

    /// <summary><c>Dispose(bool)</c> of a base class is overridden.</summary>
    OverrideDisposeBool,

    /// <summary>A virtual <c>Dispose()</c> of a base class is overridden.</summary>
    OverrideDispose,

    /// <summary>Nobody disposes yet.</summary>
    New,
}

/// <summary>Where a type gives back what it holds, or will.</summary>
/// <param name="Kind">What has to be written.</param>
/// <param name="Method">The declaration to be completed; null where a member is added.</param>
/// <param name="Overridden">The base class's member to be overridden.</param>
internal sealed record DisposalHost(HostKind Kind, MethodDeclarationSyntax? Method = null, IMethodSymbol? Overridden = null)
{
    public static DisposalHost? Find(INamedTypeSymbol type, CancellationToken cancellation)
    {
        if (Own(type, static m => IsDisposeBool(m), cancellation) is { } disposing) return new DisposalHost(HostKind.Existing, disposing);
        if (InBase(type, IsDisposeBool) is { } inherited) return inherited.IsSealed || inherited is { IsVirtual: false, IsOverride: false, IsAbstract: false } ? null : new DisposalHost(HostKind.OverrideDisposeBool, Overridden: inherited);
        if (Own(type, static m => IsDispose(m), cancellation) is { } dispose) return new DisposalHost(HostKind.Existing, dispose);
        if (InBase(type, static m => IsDispose(m)) is { } virtualDispose)
            return virtualDispose.DeclaredAccessibility == Accessibility.Public && !virtualDispose.IsSealed && (virtualDispose.IsVirtual || virtualDispose.IsOverride) ? new DisposalHost(HostKind.OverrideDispose, Overridden: virtualDispose) : null;
        if (Own(type, static m => m is { Name: "DisposeAsync", Parameters.IsEmpty: true }, cancellation) is { } later) return new DisposalHost(HostKind.Existing, later);
        if (Own(type, static m => m is { Name: "Close" or "Free", Parameters.IsEmpty: true, ReturnsVoid: true, IsStatic: false }, cancellation) is { } close) return new DisposalHost(HostKind.Existing, close);
        bool isDisposable = type.AllInterfaces.Any(static i => i.SpecialType == SpecialType.System_IDisposable);
        return type.TypeKind == TypeKind.Class && !type.IsStatic && !isDisposable && !type.GetMembers("Dispose").Any() ? new DisposalHost(HostKind.New) : null;
    }

    public static bool IsDisposeBool(IMethodSymbol method) => method is { Name: "Dispose", IsStatic: false, Parameters: { Length: 1 } parameters } && parameters[0].Type.SpecialType == SpecialType.System_Boolean;

    private static bool IsDispose(IMethodSymbol method) =>
        method is { Parameters.IsEmpty: true, ReturnsVoid: true, IsStatic: false } && (method.Name == "Dispose" || method.ExplicitInterfaceImplementations.Any(static i => i is { Name: "Dispose", ContainingType.SpecialType: SpecialType.System_IDisposable }));

    private static MethodDeclarationSyntax? Own(INamedTypeSymbol type, System.Func<IMethodSymbol, bool> isIt, CancellationToken cancellation) => type.GetMembers().OfType<IMethodSymbol>().Where(isIt)
        .SelectMany(m => m.DeclaringSyntaxReferences).Select(r => r.GetSyntax(cancellation)).OfType<MethodDeclarationSyntax>()
        .FirstOrDefault(static m => m.Body is not null || m.ExpressionBody is not null);

    private static IMethodSymbol? InBase(INamedTypeSymbol type, System.Func<IMethodSymbol, bool> isIt)
    {
        for (INamedTypeSymbol? current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (current.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(isIt) is { } found) return found;
        }

        return null;
    }
}
