using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Reflection;
using PinAccounting.Annotations;

namespace PinAccounting;

/// <summary>
/// Reads annotations by name, so that a library's own internal copies count like ours, and without making them, so that nothing but their metadata has to
/// survive trimming.
/// </summary>
internal static class SpecificationReader
{
    private const string Space = "PinAccounting.Annotations";

    private static readonly HashSet<string> s_specifying =
    [
        nameof(FailsWithAttribute), nameof(TakesLockAttribute), nameof(InterruptibleAttribute), nameof(StateTransitionAttribute), nameof(ConstraintAttribute), nameof(EffectAttribute),
        nameof(ChargeAttribute), nameof(ReleaseAttribute), nameof(ErrnoAttribute), nameof(ValidRangeAttribute), nameof(ValidMaskAttribute), nameof(MustBeZeroAttribute),
    ];

    /// <summary>True when something about the member is specified.</summary>
    public static bool IsSpecified(MethodBase member, PropertyInfo? property) =>
        Annotations(member).Any()
        || (property is not null && Annotations(property).Any())
        || member.GetParameters().Any(static parameter => Annotations(parameter).Any())
        || (member is MethodInfo method && Annotations(method.ReturnParameter).Any());

    /// <summary>The property or indexer whose accessor a method is; null of every other method.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A property is kept with each of its accessors, and the accessor is at hand.")]
    public static PropertyInfo? PropertyOf(MethodInfo method)
    {
        if (!method.IsSpecialName || method.DeclaringType is not { } type) return null;
        return type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .FirstOrDefault(property => property.GetAccessors(nonPublic: true).Any(method.HasSameMetadataDefinitionAs));
    }

    /// <param name="member">The method or constructor.</param>
    /// <param name="property">The property whose accessor it is: the specification stands there, and the accessors share it.</param>
    public static MemberSpecification Read(MethodBase member, PropertyInfo? property = null)
    {
        List<CustomAttributeData> own = [.. Annotations(member), .. property is null ? [] : Annotations(property)];
        return new MemberSpecification(member.IsConstructor ? TypeNames.Of(member.DeclaringType!) : member.Name, TypeNames.SignatureOf(member))
        {
            Description = DescriptionOf(member.GetCustomAttributesData()),
            Parameters = [.. member.GetParameters().Select(Read)],
            Returns = new ReturnSpecification(
                member is MethodInfo method ? TypeNames.Of(method.ReturnType) : TypeNames.Of(member.DeclaringType!),
                member is MethodInfo { ReturnParameter: { } result } && Find(result, nameof(ErrnoAttribute)) is { } errno && Number(errno, 0) is { } convention ? (ErrnoConvention)(int)convention : null),
            Errors = [.. Of(own, nameof(FailsWithAttribute)).Select(static a => new FailureSpecification(Text(a), Named(a, nameof(FailsWithAttribute.When)), Named(a, nameof(FailsWithAttribute.Description))))],
            Locks = [.. Of(own, nameof(TakesLockAttribute)).Select(static a => new LockSpecification(Text(a), Named(a, nameof(TakesLockAttribute.Kind)), Named(a, nameof(TakesLockAttribute.Description))))],
            Interruptions = [.. Of(own, nameof(InterruptibleAttribute)).Select(static a => new InterruptionSpecification(Named(a, nameof(InterruptibleAttribute.Status)), Named(a, nameof(InterruptibleAttribute.When))))],
            Effects =
            [
                .. Of(own, nameof(EffectAttribute)).Select(static a => new EffectSpecification(Text(a), Named(a, nameof(EffectAttribute.ReversedBy)))),
                .. Of(own, nameof(ChargeAttribute)).Select(static a => new EffectSpecification($"charge of '{Text(a)}'", Named(a, nameof(ChargeAttribute.ReleasedBy)))),
            ],
            Transitions =
            [
                .. Of(own, nameof(StateTransitionAttribute)).Select(static a => new TransitionSpecification(
                    Text(a), Named(a, nameof(StateTransitionAttribute.From)), Named(a, nameof(StateTransitionAttribute.To)), Named(a, nameof(StateTransitionAttribute.When)))),
            ],
            Constraints = Constraints(own),
        };
    }

    public static IReadOnlyList<ConstraintSpecification> Constraints(Type type) => Constraints(Annotations(type));

    private static ParameterSpecification Read(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        string direction = parameter.IsOut && type.IsByRef ? "out" : (type.IsByRef && !parameter.IsIn) || type.IsPointer ? "inout" : "in";
        CustomAttributeData? range = Find(parameter, nameof(ValidRangeAttribute));
        CustomAttributeData? mask = Find(parameter, nameof(ValidMaskAttribute));
        return new ParameterSpecification(parameter.Name ?? $"argument{parameter.Position}", TypeNames.Of(type.IsByRef ? type.GetElementType()! : type), direction)
        {
            Description = DescriptionOf(parameter.GetCustomAttributesData()),
            Range = range is not null && Number(range, 0) is { } min && Number(range, 1) is { } max ? (Nearest(min), Nearest(max)) : null,
            Mask = mask is not null && Number(mask, 0) is { } bits ? Bits(bits) : null,
            RequireAnyOf = mask is null ? 0 : Bits(SpecificationValidation.NumberOf(mask.NamedArguments.FirstOrDefault(static named => named.MemberName == nameof(ValidMaskAttribute.RequireAnyOf)).TypedValue.Value) ?? 0),
            MustBeZero = Find(parameter, nameof(MustBeZeroAttribute)) is not null,
            Constraints = Constraints(Annotations(parameter)),
        };
    }

    private static List<ConstraintSpecification> Constraints(IEnumerable<CustomAttributeData> annotations) =>
        [.. Of(annotations, nameof(ConstraintAttribute)).Select(static a => new ConstraintSpecification(Text(a), Named(a, nameof(ConstraintAttribute.Description))))];

    private static IEnumerable<CustomAttributeData> Annotations(MemberInfo member) => Ours(member.GetCustomAttributesData());

    private static IEnumerable<CustomAttributeData> Annotations(ParameterInfo parameter) => Ours(parameter.GetCustomAttributesData());

    private static IEnumerable<CustomAttributeData> Ours(IEnumerable<CustomAttributeData> all) =>
        all.Where(static attribute => attribute.AttributeType.Namespace == Space && s_specifying.Contains(attribute.AttributeType.Name));

    private static IEnumerable<CustomAttributeData> Of(IEnumerable<CustomAttributeData> annotations, string name) => annotations.Where(attribute => attribute.AttributeType.Name == name);

    private static CustomAttributeData? Find(ParameterInfo parameter, string name) => Of(Annotations(parameter), name).FirstOrDefault();

    /// <summary>A copy of ours may have arguments of other types, or none: what cannot be read says nothing.</summary>
    private static Int128? Number(CustomAttributeData attribute, int index) =>
        index < attribute.ConstructorArguments.Count ? SpecificationValidation.NumberOf(attribute.ConstructorArguments[index].Value) : null;

    private static long Nearest(Int128 number) => (long)Int128.Clamp(number, long.MinValue, long.MaxValue);

    private static long Bits(Int128 number) => unchecked((long)(ulong)(number & ulong.MaxValue));

    private static string Text(CustomAttributeData attribute) => attribute.ConstructorArguments.Count > 0 ? attribute.ConstructorArguments[0].Value as string ?? "" : "";

    private static string? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(named => named.MemberName == name).TypedValue.Value as string;

    private static string? DescriptionOf(IEnumerable<CustomAttributeData> all) =>
        all.FirstOrDefault(static attribute => attribute.AttributeType.FullName == "System.ComponentModel.DescriptionAttribute") is { ConstructorArguments: [{ Value: string text }] } ? text : null;
}
