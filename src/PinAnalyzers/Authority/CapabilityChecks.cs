using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Pairs.BuiltIn;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>Which members answer "is the caller privileged" by what is known of them; what their bodies say is <see cref="CapabilitySummaries"/>' business.</summary>
internal static class CapabilityChecks
{
    /// <summary>Names by which checks that need no declaration are found.</summary>
    public static readonly ImmutableHashSet<string> Names = ImmutableHashSet.Create(
        "IsPrivilegedProcess", "IsInRole", "HasClaim", "geteuid", "getuid", "capget",
        "HasCapability", "IsCapable", "Capable", "IsPrivileged", "IsElevated", "IsAdministrator", "IsRoot");

    private static readonly ImmutableHashSet<string> EntryPoints = ImmutableHashSet.Create("geteuid", "getuid", "capget");

    private static readonly ImmutableHashSet<string> ConventionalNames = ImmutableHashSet.Create(
        "HasCapability", "IsCapable", "Capable", "IsPrivileged", "IsElevated", "IsAdministrator", "IsRoot");

    private static readonly ImmutableArray<string> SubjectWords = ImmutableArray.Create("User", "Principal", "Process", "Credential", "Credentials", "Capability", "Capabilities", "Privilege", "Privileges", "Identity");

    /// <summary>What is called a node, or has a parent or children, is part of a tree, and its root is the tree's.</summary>
    private static readonly ImmutableArray<string> TreeWords = ImmutableArray.Create("Node", "Tree", "Control", "Element", "Item", "Scope", "Folder", "Directory");

    public static bool IsCheck(ISymbol member, PinOptions options)
    {
        ISymbol definition = member.OriginalDefinition;
        if (IsRecorded(definition)) return false;
        for (ISymbol? current = definition; current is not null; current = Overridden(current))
        {
            if (Annotations.Has(current, Annotations.CapabilityCheck) || IsKnown(current) || IsConfigured(current, options)) return true;
        }

        foreach (ISymbol contract in ContractsOf(definition))
        {
            if (Annotations.Has(contract, Annotations.CapabilityCheck) || IsKnown(contract) || IsConfigured(contract, options)) return true;
        }

        return IsConventional(definition);
    }

    /// <summary>What was decided when the charge was taken, whatever it was decided from.</summary>
    public static bool IsRecorded(ISymbol member) => Annotations.Has(member, Annotations.RecordedDecision)
        || Overridden(member) is { } overridden && IsRecorded(overridden) || ContractsOf(member).Any(static contract => Annotations.Has(contract, Annotations.RecordedDecision))
        || member is IPropertySymbol { IsStatic: true, SetMethod: null } property && property.IsAutoProperty();

    private static bool IsKnown(ISymbol member) => member switch
    {
        IPropertySymbol { Name: "IsPrivilegedProcess", ContainingType: { Name: "Environment", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } } => true,
        IMethodSymbol { Name: "IsInRole" } method => method.ContainingType.IsOrInherits("System.Security.Principal.IPrincipal"),
        IMethodSymbol { Name: "HasClaim" } method => method.ContainingType.IsOrInherits("System.Security.Claims.ClaimsPrincipal"),
        IMethodSymbol { IsStatic: true } method => NativeImports.EntryPointOf(method) is { } entry && EntryPoints.Contains(entry),
        _ => false,
    };

    private static bool IsConfigured(ISymbol member, PinOptions options)
    {
        foreach (string entry in options.CapabilityChecks)
        {
            bool isId = entry.Length > 2 && entry[1] == ':';
            if (isId ? string.Equals(member.GetDocumentationCommentId(), entry, StringComparison.Ordinal) : member.Name == entry) return true;
        }

        return false;
    }

    /// <summary>By name alone: only where the name can mean nothing else. A tree node has an <c>IsRoot</c> too.</summary>
    private static bool IsConventional(ISymbol member)
    {
        if (!ConventionalNames.Contains(member.Name)) return false;
        (ITypeSymbol? type, ImmutableArray<IParameterSymbol> parameters) = member switch
        {
            IMethodSymbol { MethodKind: MethodKind.Ordinary } method => (method.AwaitedReturnType(), method.Parameters),
            IPropertySymbol { IsIndexer: false } property => (property.Type, ImmutableArray<IParameterSymbol>.Empty),
            _ => (null, ImmutableArray<IParameterSymbol>.Empty),
        };
        if (type?.SpecialType != SpecialType.System_Boolean || RememberedAnswers.Contain(member)) return false;
        if (member.Name == "IsRoot" && (IsInTree(member.ContainingType) || parameters.Any(static p => IsInTree(p.Type)) || RememberedAnswers.IsArithmetic(member))) return false;
        if (IsSubject(member.ContainingType)) return true;
        if (!member.IsStatic) return false;
        foreach (IParameterSymbol parameter in parameters)
        {
            if (parameter.Type.TypeKind != TypeKind.Enum && !parameter.Type.IsIntegral() && !IsSubject(parameter.Type)) return false;
        }

        return true;
    }

    private static bool IsSubject(ITypeSymbol? type) => IsNamedAfter(type, SubjectWords);

    private static bool IsInTree(ITypeSymbol? type)
    {
        if (IsNamedAfter(type, TreeWords)) return true;
        for (ITypeSymbol? current = type; current is { SpecialType: not SpecialType.System_Object }; current = current.BaseType)
        {
            if (!current.GetMembers("Parent").IsEmpty || !current.GetMembers("Children").IsEmpty || !current.GetMembers("_parent").IsEmpty) return true;
        }

        return false;
    }

    /// <summary>One of the words stands whole in the name of the type or of a base: a <c>Processor</c> is no process.</summary>
    private static bool IsNamedAfter(ITypeSymbol? type, ImmutableArray<string> words)
    {
        for (ITypeSymbol? current = type; current is { SpecialType: not SpecialType.System_Object }; current = current.BaseType)
        {
            foreach (string word in words)
            {
                int start = current.Name.IndexOf(word, StringComparison.Ordinal);
                if (start >= 0 && (start + word.Length == current.Name.Length || !char.IsLower(current.Name[start + word.Length]))) return true;
            }
        }

        return false;
    }

    private static IEnumerable<ISymbol> ContractsOf(ISymbol member) => member switch
    {
        IMethodSymbol method => InterfaceMembers.ImplementedBy(method),
        IPropertySymbol property => property.ContainingType.AllInterfaces
            .SelectMany(contract => contract.GetMembers(property.Name))
            .Where(contract => SymbolEqualityComparer.Default.Equals(property.ContainingType.FindImplementationForInterfaceMember(contract), property)),
        _ => [],
    };

    private static ISymbol? Overridden(ISymbol member) => member switch
    {
        IMethodSymbol method => method.OverriddenMethod?.OriginalDefinition,
        IPropertySymbol property => property.OverriddenProperty?.OriginalDefinition,
        _ => null,
    };
}
