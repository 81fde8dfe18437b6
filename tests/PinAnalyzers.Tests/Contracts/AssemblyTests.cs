using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace PinAnalyzers.Tests.Contracts;

/// <summary>What hosts of analyzers demand of the assemblies.</summary>
public sealed class AssemblyTests
{
    // The command-line compiler has no workspaces: a reference to them makes the analyzer fail to load in a build.
    [Fact]
    public void RulesAndFlow_DoNotReferenceWorkspaces()
        => Assert.DoesNotContain(
            new[] { Shipped.RulesAssembly, Shipped.FlowAssembly }.SelectMany(assembly => assembly.GetReferencedAssemblies()),
            reference => reference.Name!.Contains("Workspaces", StringComparison.Ordinal) || reference.Name.StartsWith("System.Composition", StringComparison.Ordinal));

    [Fact]
    public void NothingShipped_ReferencesTheRuntimeLibrary()
        => Assert.DoesNotContain(
            new[] { Shipped.RulesAssembly, Shipped.FlowAssembly, Shipped.FixersAssembly }.SelectMany(assembly => assembly.GetReferencedAssemblies()),
            reference => reference.Name == "PinAccounting");

    // One compiler server runs many compilations at once and keeps the analyzers between them.
    [Fact]
    public void StaticFields_AreReadonly()
        => Assert.Empty(new[] { Shipped.RulesAssembly, Shipped.FlowAssembly, Shipped.FixersAssembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(IsWritten)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsInitOnly && !field.IsLiteral && !field.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(field => $"{field.DeclaringType}.{field.Name}"));

    [Fact]
    public void Analyzers_KeepNoState()
        => Assert.Empty(Shipped.Analyzers
            .SelectMany(analyzer => analyzer.GetType().GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => !field.IsLiteral && (!field.IsInitOnly || IsMutableCollection(field.FieldType)))
            .Select(field => $"{field.DeclaringType}.{field.Name}"));

    [Fact]
    public void Analyzers_AreDeclaredForCSharp()
        => Assert.Empty(Shipped.Analyzers.Select(analyzer => analyzer.GetType())
            .Where(type => type.GetCustomAttribute<DiagnosticAnalyzerAttribute>()?.Languages is not [LanguageNames.CSharp])
            .Select(type => type.FullName));

    private static bool IsWritten(Type type)
    {
        for (var current = type; current is not null; current = current.DeclaringType)
        {
            if (current.IsDefined(typeof(CompilerGeneratedAttribute)) || current.Name.StartsWith('<'))
                return false;
        }

        return true;
    }

    private static bool IsMutableCollection(Type type)
        => type.IsGenericType && (type.Namespace is "System.Collections.Generic" or "System.Collections.Concurrent" || type.GetGenericTypeDefinition() == typeof(ConditionalWeakTable<,>))
            && !type.IsInterface;
}
