using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Reflection;

namespace PinAccounting;

/// <summary>
/// The written specification of an API, from its annotations: parameters and what they must be, the result, errors, locks, interruptions, effects and what
/// reverses them, state transitions, constraints.
/// </summary>
/// <remarks>
/// Annotations are read by name, so a library's own internal copies count like those of this package. Immutable; every member is thread-safe. The
/// specification is that of the members which are still there: publish with trimming only what roots the types it is asked for.
/// </remarks>
/// <example><code>File.WriteAllText("io_setup.md", ApiSpecification.For(typeof(AsyncIo)).ToMarkdown());</code></example>
public sealed class ApiSpecification
{
    private const DynamicallyAccessedMemberTypes Members = DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods
        | DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors
        | DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.NonPublicProperties;

    private static volatile bool s_isValidating = AppContext.TryGetSwitch("PinAccounting.ValidateSpecifications", out bool on) && on;

    private readonly IReadOnlyList<MemberSpecification> _members;
    private readonly IReadOnlyList<ConstraintSpecification> _constraints;

    private ApiSpecification(string name, IReadOnlyList<ConstraintSpecification> constraints, IReadOnlyList<MemberSpecification> members)
    {
        Name = name;
        _constraints = constraints;
        _members = members;
    }

    /// <summary>The type or method that is specified.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether <see cref="Validate"/> and <see cref="ValidateResult"/> look at anything. Off unless set here or by the AppContext switch
    /// <c>PinAccounting.ValidateSpecifications</c>: reflection costs microseconds a call and belongs into tests.
    /// </summary>
    public static bool IsValidating
    {
        get => s_isValidating;
        set => s_isValidating = value;
    }

    /// <summary>The specification of every member that a type declares and annotates, in the order of its declaration.</summary>
    /// <param name="type">The type; members that it inherits are specified where they are declared.</param>
    /// <returns>The specification; without members where nothing is annotated.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="type"/> is null.</exception>
    public static ApiSpecification For([DynamicallyAccessedMembers(Members)] Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        Dictionary<MethodBase, PropertyInfo> accessors = [];
        foreach (PropertyInfo property in type.GetProperties(Declared))
        {
            foreach (MethodInfo accessor in property.GetAccessors(nonPublic: true)) accessors[accessor] = property;
        }

        IEnumerable<MethodBase> all = type.GetConstructors(Declared).Concat<MethodBase>(type.GetMethods(Declared));
        return new ApiSpecification(
            TypeNames.Of(type), SpecificationReader.Constraints(type),
            [.. all.Where(member => SpecificationReader.IsSpecified(member, accessors.GetValueOrDefault(member))).OrderBy(static member => member.MetadataToken)
                .Select(member => SpecificationReader.Read(member, accessors.GetValueOrDefault(member)))]);
    }

    /// <summary>The specification of one method, annotated or not.</summary>
    /// <param name="method">The method. An accessor shares the annotations of its property.</param>
    /// <returns>The specification of just this method.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    public static ApiSpecification For(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return new ApiSpecification(method.DeclaringType is { } type ? $"{TypeNames.Of(type)}.{method.Name}" : method.Name, [], [SpecificationReader.Read(method, SpecificationReader.PropertyOf(method))]);
    }

    /// <summary>Checks arguments against the specification of a method, for tests: ranges, masks, and handles that must be zero.</summary>
    /// <param name="method">The method that is about to be called.</param>
    /// <param name="arguments">Its arguments, in order.</param>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> or <paramref name="arguments"/> is null.</exception>
    /// <exception cref="ArgumentException">The number of arguments is not that of the parameters. Only while <see cref="IsValidating"/>.</exception>
    /// <exception cref="ApiViolationException">An argument is not what the specification says. Only while <see cref="IsValidating"/>.</exception>
    public static void Validate(MethodInfo method, params object?[] arguments)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(arguments);
        if (IsValidating) SpecificationValidation.Arguments(SpecificationReader.Read(method, SpecificationReader.PropertyOf(method)), arguments);
    }

    /// <summary>Checks what a method returned against its specification, for tests: a failure has to be one that the method says it may have.</summary>
    /// <param name="method">The method that was called.</param>
    /// <param name="result">What it returned: a number by its <see cref="Annotations.ErrnoConvention"/>, a <see cref="ChargeResult"/>, or an enum whose 0 is success.</param>
    /// <param name="errno">The errno behind a result of -1; null: <see cref="System.Runtime.InteropServices.Marshal.GetLastPInvokeError"/>.</param>
    /// <remarks>A method that declares no failure declares that it has none. Error numbers are taken for Linux's (asm-generic), whatever the system this runs on.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    /// <exception cref="ApiViolationException">The failure is declared nowhere. Only while <see cref="IsValidating"/>.</exception>
    public static void ValidateResult(MethodInfo method, object? result, int? errno = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (IsValidating) SpecificationValidation.Result(SpecificationReader.Read(method, SpecificationReader.PropertyOf(method)), result, errno);
    }

    /// <summary>The specification as JSON, by the schema that its <c>$schema</c> names. Lines end in LF.</summary>
    /// <returns>A JSON object, indented.</returns>
    public string ToJson() => SpecificationJson.Write(Name, _constraints, _members);

    /// <summary>The specification as Markdown. Lines end in LF.</summary>
    /// <returns>A page with a heading for each member.</returns>
    public string ToMarkdown() => SpecificationMarkdown.Write(Name, _constraints, _members);

    /// <summary>The same as <see cref="ToMarkdown"/>.</summary>
    /// <returns>The same as <see cref="ToMarkdown"/>.</returns>
    public override string ToString() => ToMarkdown();
}
