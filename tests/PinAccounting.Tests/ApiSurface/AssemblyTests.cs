using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using PinAccounting.Annotations;
using Xunit;

namespace PinAccounting.Tests.ApiSurface;

/// <summary>What is promised about the assembly as a whole: no dependencies, safe to trim, and documentation that answers the usual questions.</summary>
public sealed class AssemblyTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly s_assembly = typeof(PinAccount).Assembly;

    private static readonly Dictionary<string, XElement> s_documentation = XDocument.Load(Path.ChangeExtension(s_assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(static member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    [Fact]
    public void References_AreOfTheBaseClassLibraryOnly() =>
        Assert.All(s_assembly.GetReferencedAssemblies(), static name => Assert.StartsWith("System.", name.Name, StringComparison.Ordinal));

    [Fact]
    public void Assembly_IsMarkedAsSafeToTrim() =>
        Assert.Contains(s_assembly.GetCustomAttributes<AssemblyMetadataAttribute>(), static metadata => metadata is { Key: "IsTrimmable", Value: "True" });

    public static TheoryData<string> Types()
    {
        var data = new TheoryData<string>();
        foreach (Type type in s_assembly.GetExportedTypes().Where(static type => HasState(type))) data.Add(type.FullName!);
        return data;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Type_SaysWhichThreadsMayUseIt(string name)
    {
        string text = TextOf("T:" + name);
        Assert.True(
            new[] { "thread", "immutable", "read once" }.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)),
            $"The documentation of {name} says nothing about threads.");
    }

    public static TheoryData<string> Methods()
    {
        var data = new TheoryData<string>();
        foreach (string name in s_documentation.Keys.Where(static name => name.StartsWith("M:", StringComparison.Ordinal))) data.Add(name);
        return data;
    }

    /// <summary>A long is an amount of something, and an int of bytes is not one of pages.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Amount_SaysWhatItCounts(string name)
    {
        foreach (XElement parameter in s_documentation[name].Elements("param").Where(static parameter => parameter.Attribute("name")!.Value is "amount" or "more" or "actual" or "length" or "count" or "offset" or "capacity"))
        {
            string text = Flat(parameter);
            Assert.True(
                new[] { "Unit", "Amount", "amount that was charged", "bytes", "entries", "blocks", "as for a charge" }.Any(word => text.Contains(word, StringComparison.Ordinal)),
                $"{name} does not say what {parameter.Attribute("name")!.Value} counts: {text}");
        }
    }

    /// <summary>Operators, which say it all in their name, and what is documented where it is inherited from are left out.</summary>
    [Fact]
    public void Methods_SayWhatTheyTakeAndWhatTheyReturn()
    {
        var silent = new List<string>();
        IEnumerable<MethodBase> methods = s_assembly.GetExportedTypes().Where(static type => type.Namespace != typeof(EffectAttribute).Namespace)
            .SelectMany(static type => type.GetMethods(Declared).Where(static method => !method.IsSpecialName).Concat<MethodBase>(type.GetConstructors()));
        foreach (MethodBase method in methods)
        {
            string prefix = $"M:{method.DeclaringType!.FullName}.{(method.IsConstructor ? "#ctor" : method.Name)}";
            string[] expected = [.. method.GetParameters().Select(static parameter => parameter.Name!).Append((method as MethodInfo)?.ReturnType is { } type && type != typeof(void) ? "returns" : "").Where(static name => name.Length > 0)];
            string[][] said = [.. s_documentation.Where(member => member.Key == prefix || member.Key.StartsWith(prefix + "(", StringComparison.Ordinal) || member.Key.StartsWith(prefix + "`", StringComparison.Ordinal))
                .Where(static member => !member.Value.Elements("inheritdoc").Any())
                .Select(static member => member.Value.Elements("param").Select(static parameter => parameter.Attribute("name")!.Value).Concat(member.Value.Elements("returns").Select(static _ => "returns")).ToArray())];
            // Of overloads, one that says as much will do: the names of their parameters tell them apart.
            if (said.Length > 0 && !said.Any(words => expected.All(word => words.Contains(word)))) silent.Add($"{prefix}({string.Join(", ", expected)})");
        }

        Assert.Empty(silent);
    }

    /// <summary>A parameter that must not be null says so, whether the method tests it or one that it calls. Attributes and exceptions are left out.</summary>
    [Fact]
    public void Null_IsDocumentedWhereItIsRefused()
    {
        var silent = new List<string>();
        var nullability = new NullabilityInfoContext();
        foreach (MethodBase method in s_assembly.GetExportedTypes().Where(static type => type.Namespace != typeof(EffectAttribute).Namespace && !type.IsSubclassOf(typeof(Exception)) && !type.IsInterface)
            .SelectMany(static type => type.GetMethods(Declared).Where(static method => !method.IsSpecialName && method.GetBaseDefinition() == method).Concat<MethodBase>(type.GetConstructors())))
        {
            if (!method.GetParameters().Any(parameter => !parameter.ParameterType.IsValueType && !parameter.ParameterType.IsByRef && nullability.Create(parameter).WriteState == NullabilityState.NotNull)) continue;
            string prefix = $"M:{method.DeclaringType!.FullName}.{(method.IsConstructor ? "#ctor" : method.Name)}";
            XElement[] documented = [.. s_documentation.Where(member => member.Key.StartsWith(prefix + "(", StringComparison.Ordinal) || member.Key.StartsWith(prefix + "`", StringComparison.Ordinal)).Select(static member => member.Value)];
            if (!documented.SelectMany(static member => member.Elements("exception")).Any(static exception => exception.Attribute("cref")!.Value == "T:System.ArgumentNullException")) silent.Add($"{prefix}: {method}");
        }

        Assert.True(silent.Count == 0, string.Join('\n', silent));
    }

    /// <summary>Whatever charges, or is annotated with an effect that another member reverses, says which one.</summary>
    [Fact]
    public void Effect_SaysWhatReversesIt()
    {
        var silent = new List<string>();
        foreach (MethodInfo method in s_assembly.GetExportedTypes().SelectMany(static type => type.GetMethods(Declared)))
        {
            string? reversedBy = method.GetCustomAttributes<EffectAttribute>().Select(static effect => effect.ReversedBy).FirstOrDefault(static name => name is not null)
                ?? method.GetCustomAttribute<ChargeAttribute>()?.ReleasedBy;
            if (reversedBy is null) continue;
            string prefix = $"M:{method.DeclaringType!.FullName}.{method.Name}";
            string[] texts = s_documentation.Keys.Where(name => name == prefix || name.StartsWith(prefix + "(", StringComparison.Ordinal) || name.StartsWith(prefix + "`", StringComparison.Ordinal)).Select(TextOf).ToArray();
            if (!texts.Any(text => new[] { reversedBy, "everse", "elease", "ispos", "ndone" }.Any(word => text.Contains(word, StringComparison.Ordinal)))) silent.Add(prefix);
        }

        Assert.Empty(silent);
    }

    /// <summary>A class or struct with something in it that could be used by two threads; attributes, exceptions and plain values say nothing new.</summary>
    private static bool HasState(Type type) =>
        !type.IsEnum && !type.IsInterface && !type.IsSubclassOf(typeof(Attribute)) && !type.IsSubclassOf(typeof(Exception)) && !(type.IsAbstract && type.IsSealed)
        && type.Namespace != "PinAccounting.Specification";

    private static string TextOf(string member)
    {
        Assert.True(s_documentation.TryGetValue(member, out XElement? element), $"{member} is not documented.");
        return Flat(element);
    }

    /// <summary>The text, with the names that it refers to.</summary>
    private static string Flat(XElement element) =>
        string.Concat(element.DescendantNodesAndSelf().Select(static node => node switch
        {
            XText text => text.Value,
            XElement reference => reference.Attribute("cref")?.Value ?? reference.Attribute("name")?.Value ?? "",
            _ => "",
        }));
}
