using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PinAccounting.Annotations;

namespace PinAccounting;

/// <summary>Compares calls with specifications.</summary>
internal static class SpecificationValidation
{
    public static void Arguments(MemberSpecification member, object?[] arguments)
    {
        if (arguments.Length != member.Parameters.Count) throw new ArgumentException($"'{member.Name}' has {member.Parameters.Count} parameters, not {arguments.Length}.", nameof(arguments));
        for (int i = 0; i < arguments.Length; i++) Check(member, member.Parameters[i], arguments[i]);
    }

    public static void Result(MemberSpecification member, object? result, int? errno)
    {
        if (FailureOf(member, result, errno) is not { } failure) return;
        bool isDeclared = member.Errors.Any(error => IsSame(error.Status, failure)) || member.Interruptions.Any(interruption => interruption.Status is { } status && IsSame(status, failure));
        if (!isDeclared) throw new ApiViolationException(member.Name, $"returned '{failure}', which is none of the failures it declares ({string.Join(", ", member.Errors.Select(static error => error.Status).DefaultIfEmpty("none"))})");
    }

    private static void Check(MemberSpecification member, ParameterSpecification parameter, object? argument)
    {
        if (parameter.MustBeZero && !IsZero(argument)) throw Violation("must be zero before the call");
        if (NumberOf(argument) is not { } number) return;
        if (parameter.Range is { } range && (number < range.Min || number > range.Max)) throw Violation($"must be {range.Min} to {range.Max}");
        if (parameter.Mask is not { } mask) return;
        // The mask speaks of bits: those above the argument's own width are the sign's.
        Int128 bits = number & ulong.MaxValue;
        if ((bits & ~((Int128)mask & ulong.MaxValue) & WidthOf(argument!)) != 0) throw Violation(string.Create(CultureInfo.InvariantCulture, $"may have only the bits 0x{mask:X}"));
        if (parameter.RequireAnyOf != 0 && (bits & parameter.RequireAnyOf) == 0) throw Violation(string.Create(CultureInfo.InvariantCulture, $"must have one of the bits 0x{parameter.RequireAnyOf:X}"));

        ApiViolationException Violation(string what) => new(member.Name, string.Create(CultureInfo.InvariantCulture, $"'{parameter.Name}' is {argument ?? "null"}, but {what}"));
    }

    /// <summary>The name or number of the failure that the result tells of; null for a success.</summary>
    private static string? FailureOf(MemberSpecification member, object? result, int? errno)
    {
        switch (result)
        {
            case ChargeResult charge:
                return charge.Succeeded ? null : charge.Status.ToString();
            case ChargeStatus status:
                return status is ChargeStatus.Charged or ChargeStatus.ChargedOverLimit ? null : status.ToString();
            case Enum value:
                return IsZero(value) ? null : value.ToString();
        }

        if (NumberOf(result) is not { } number) return null;
        return member.Returns.Convention switch
        {
            ErrnoConvention.NegativeErrno => number < 0 ? ErrnoNames.Of(-number) : null,
            ErrnoConvention.MinusOneErrno => number == -1 ? ErrnoNames.Of(errno ?? Marshal.GetLastPInvokeError()) : null,
            ErrnoConvention.ZeroOrErrno => number != 0 ? ErrnoNames.Of(number) : null,
            _ => null,
        };
    }

    private static bool IsSame(string declared, string failure) => string.Equals(ErrnoNames.Common(declared.TrimStart('-')), failure, StringComparison.OrdinalIgnoreCase);

    private static bool IsZero(object? value) => value switch
    {
        null => true,
        bool flag => !flag,
        _ => NumberOf(value) is { } number ? number == 0 : value.GetType().IsValueType && value.Equals(DefaultOf(value.GetType())),
    };

    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "No constructor is run, and the type of a value that is at hand is there.")]
    private static object DefaultOf(Type type) => RuntimeHelpers.GetUninitializedObject(type);

    /// <summary>A whole number of whatever type; null of everything else.</summary>
    internal static Int128? NumberOf(object? value) => value switch
    {
        Enum @enum => @enum.GetTypeCode() == TypeCode.UInt64 ? Convert.ToUInt64(@enum, CultureInfo.InvariantCulture) : Convert.ToInt64(@enum, CultureInfo.InvariantCulture),
        sbyte n => n,
        byte n => n,
        short n => n,
        ushort n => n,
        int n => n,
        uint n => n,
        long n => n,
        ulong n => n,
        nint n => n,
        nuint n => n,
        char n => n,
        _ => null,
    };

    private static Int128 WidthOf(object value) => (value is Enum @enum ? @enum.GetTypeCode() : Type.GetTypeCode(value.GetType())) switch
    {
        TypeCode.SByte or TypeCode.Byte => byte.MaxValue,
        TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Char => ushort.MaxValue,
        TypeCode.Int32 or TypeCode.UInt32 => uint.MaxValue,
        _ => ulong.MaxValue,
    };
}
