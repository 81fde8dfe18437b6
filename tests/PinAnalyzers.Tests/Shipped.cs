using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PinAnalyzers.Tests;

/// <summary>What the package has, found by reflection: a new rule is checked without being listed anywhere.</summary>
internal static class Shipped
{
    public static Assembly RulesAssembly { get; } = Assembly.Load("PinAnalyzers");

    public static Assembly FixersAssembly { get; } = Assembly.Load("PinAnalyzers.CodeFixes");

    public static Assembly FlowAssembly { get; } = Assembly.Load("PinAnalyzers.Flow");

    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } = [.. Instances<DiagnosticAnalyzer>(RulesAssembly)];

    public static ImmutableArray<CodeFixProvider> Fixers { get; } = [.. Instances<CodeFixProvider>(FixersAssembly)];

    /// <summary>Descriptors in static fields, wherever they are declared, with the names of the fields.</summary>
    public static ImmutableArray<(string Field, DiagnosticDescriptor Descriptor)> DeclaredDescriptors { get; } = [.. RulesAssembly.GetTypes()
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(field => field.FieldType == typeof(DiagnosticDescriptor))
        .Select(field => (field.Name, Descriptor: (DiagnosticDescriptor)field.GetValue(null)!))
        .OrderBy(declared => declared.Descriptor.Id, StringComparer.Ordinal)];

    public static IEnumerable<DiagnosticDescriptor> SupportedDescriptors => Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Distinct();

    private static IEnumerable<T> Instances<T>(Assembly assembly)
        => assembly.GetTypes()
            .Where(type => !type.IsAbstract && typeof(T).IsAssignableFrom(type))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => (T)Activator.CreateInstance(type)!);
}
