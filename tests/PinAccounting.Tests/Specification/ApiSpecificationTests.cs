using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using System.Threading;
using PinAccounting.Annotations;
using Xunit;

namespace PinAccounting.Tests.Specification;

[Collection(ProcessWideValidation.Name)]
public sealed class ApiSpecificationTests
{
    private static readonly MethodInfo s_setup = typeof(AsyncIo).GetMethod(nameof(AsyncIo.Setup))!;
    private static readonly MethodInfo s_destroy = typeof(AsyncIo).GetMethod(nameof(AsyncIo.Destroy))!;
    private static readonly MethodInfo s_tune = typeof(AsyncIo).GetMethod(nameof(AsyncIo.Tune))!;
    private static readonly MethodInfo s_charge = typeof(AsyncIo).GetMethod(nameof(AsyncIo.Charge))!;

    [Fact]
    public void Markdown_FollowsTheOrderOfTheKernelsSpecification() => Assert.Equal(
        """
        # AsyncIo.Setup

        ## Setup

            int Setup(uint nr_events, ref nint ctxp)

        Creates an asynchronous I/O context.

        ### Parameters

        - `nr_events` (`uint`, in): 1 to 8388608; `nr_events > 0`. the ring may be larger
        - `ctxp` (`nint`, inout): must be zero before the call

        ### Return

        - `int`: NegativeErrno; success when `>= 0`

        ### Errors

        - `EFAULT`: ctxp cannot be read or written
        - `EINVAL`: *ctxp is not 0, or nr_events is out of range
        - `EAGAIN`: the system-wide limit would be exceeded. A policy limit, not exhaustion.
        - `ENOMEM`: memory is short

        ### Locks

        - `aio_nr_lock` (spinlock). protects aio_nr
        - `mmap_lock` (rwlock)

        ### Interruptions

        - `EINTR`: SIGKILL arrives while waiting for mmap_lock

        ### Side effects

        - aio_nr; reversed by `Destroy`
        - process virtual memory; reversed by `Destroy`

        ### State transitions

        - system AIO resources: aio_nr = N → aio_nr = N + nr_events: success

        ### Constraints

        - `CONFIG_AIO`

        """.ReplaceLineEndings("\n"),
        ApiSpecification.For(s_setup).ToMarkdown());

    [Fact]
    public void Json_OfAType_HasItsAnnotatedMembersInOrder()
    {
        using JsonDocument json = JsonDocument.Parse(ApiSpecification.For(typeof(AsyncIo)).ToJson());
        Assert.Equal(["Setup", "Destroy", "Tune", "Charge", "get_Limit"], json.RootElement.GetProperty("members").EnumerateArray().Select(static member => member.GetProperty("name").GetString()));
        Assert.Equal("aio_nr + nr_events <= aio_max_nr", json.RootElement.GetProperty("constraints")[0].GetProperty("expression").GetString());
        JsonElement tune = json.RootElement.GetProperty("members")[2];
        Assert.Equal(0x8000_0003, tune.GetProperty("parameters")[0].GetProperty("mask").GetInt64());
        Assert.Equal(3, tune.GetProperty("parameters")[0].GetProperty("requireAnyOf").GetInt64());
        Assert.Equal("out", tune.GetProperty("parameters")[1].GetProperty("direction").GetString());
    }

    [Fact]
    public void Json_PropertiesStandInTheSchemasOrder()
    {
        using JsonDocument json = JsonDocument.Parse(ApiSpecification.For(s_setup).ToJson());
        Assert.Equal(
            ["name", "signature", "description", "parameters", "return", "errors", "locks", "interruptions", "effects", "transitions", "constraints"],
            json.RootElement.GetProperty("members")[0].EnumerateObject().Select(static property => property.Name));
    }

    [Theory]
    [InlineData(typeof(AsyncIo))]
    [InlineData(typeof(PinAccount))]
    [InlineData(typeof(PinHandleTable<>))]
    [InlineData(typeof(PinReservation))]
    [InlineData(typeof(string))]
    public void Json_FitsTheSchema(Type type)
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(SchemaFile()));
        using JsonDocument json = JsonDocument.Parse(ApiSpecification.For(type).ToJson());
        Assert.Empty(JsonSchema.Failures(schema.RootElement, schema.RootElement, json.RootElement, "$"));
        Assert.Equal(schema.RootElement.GetProperty("$id").GetString(), json.RootElement.GetProperty("$schema").GetString());
    }

    [Fact]
    public void Schema_RejectsWhatIsNoSpecification()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(SchemaFile()));
        using JsonDocument json = JsonDocument.Parse("""{ "name": 3, "members": [ { "name": "a" } ], "more": true }""");
        Assert.Equal(6, JsonSchema.Failures(schema.RootElement, schema.RootElement, json.RootElement, "$").Count());
    }

    [Fact]
    public void For_OwnApi_ReadsItsContract() =>
        Assert.Contains("reversed by `TryDestroy`", ApiSpecification.For(typeof(PinHandleTable<string>)).ToMarkdown(), StringComparison.Ordinal);

    [Fact]
    public void For_MethodWithoutAnnotations_SaysWhatTheSignatureSays() =>
        Assert.Contains("int NotSpecified()", ApiSpecification.For(typeof(AsyncIo).GetMethod(nameof(AsyncIo.NotSpecified))!).ToMarkdown(), StringComparison.Ordinal);

    [Theory]
    [InlineData(0u, 0, "'nr_events' is 0, but must be 1 to 8388608")]
    [InlineData(8_388_609u, 0, "must be 1 to 8388608")]
    [InlineData(1u, 5, "'ctxp' is 5, but must be zero before the call")]
    public void Validate_BrokenArgument_Throws(uint events, int handle, string expected)
    {
        using var on = new ProcessWideValidation();
        var broken = Assert.Throws<ApiViolationException>(() => ApiSpecification.Validate(s_setup, events, (nint)handle));
        Assert.Contains(expected, broken.Message, StringComparison.Ordinal);
        Assert.Equal("Setup", broken.Member);
    }

    [Theory]
    [InlineData(4, "only the bits 0x80000003")]
    [InlineData(int.MinValue, "one of the bits 0x3")]
    public void Validate_BrokenMask_Throws(int flags, string expected)
    {
        using var on = new ProcessWideValidation();
        Assert.Contains(expected, Assert.Throws<ApiViolationException>(() => ApiSpecification.Validate(s_tune, flags, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_RightArguments_Passes()
    {
        using var on = new ProcessWideValidation();
        ApiSpecification.Validate(s_setup, 1u, (nint)0);
        ApiSpecification.Validate(s_setup, 8_388_608u, (nint)0);
        ApiSpecification.Validate(s_tune, int.MinValue | 1, 0);
        Assert.Throws<ArgumentException>(() => ApiSpecification.Validate(s_setup, 1u));
    }

    [Fact]
    public void ValidateResult_UndeclaredFailure_Throws()
    {
        using var on = new ProcessWideValidation();
        Assert.Contains("'EPERM'", Assert.Throws<ApiViolationException>(() => ApiSpecification.ValidateResult(s_setup, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("'EBADF'", Assert.Throws<ApiViolationException>(() => ApiSpecification.ValidateResult(s_destroy, -1, errno: 9)).Message, StringComparison.Ordinal);
        Assert.Contains("(none)", Assert.Throws<ApiViolationException>(() => ApiSpecification.ValidateResult(s_tune, 22)).Message, StringComparison.Ordinal);
        Assert.Contains("'Fault'", Assert.Throws<ApiViolationException>(() => ApiSpecification.ValidateResult(s_charge, ChargeStatus.Fault)).Message, StringComparison.Ordinal);
        Assert.Throws<ApiViolationException>(() => ApiSpecification.ValidateResult(s_charge, ChargeResult.Failure(ChargeStatus.Fault, 1, null)));
    }

    [Fact]
    public void ValidateResult_SuccessOrDeclaredFailure_Passes()
    {
        using var on = new ProcessWideValidation();
        ApiSpecification.ValidateResult(s_setup, 0);
        ApiSpecification.ValidateResult(s_setup, -11);
        ApiSpecification.ValidateResult(s_setup, -4); // EINTR, by [Interruptible]
        ApiSpecification.ValidateResult(s_destroy, 5);
        ApiSpecification.ValidateResult(s_destroy, -1, errno: 22);
        ApiSpecification.ValidateResult(s_tune, 0);
        ApiSpecification.ValidateResult(s_charge, ChargeStatus.ChargedOverLimit);
        ApiSpecification.ValidateResult(s_charge, ChargeStatus.PolicyLimit);
    }

    /// <summary>A number of 64 bits that has a declared error in its lower 32 is not that error.</summary>
    [Fact]
    public void ValidateResult_OfMoreThan32Bits_IsNotCut()
    {
        using var on = new ProcessWideValidation();
        Assert.Contains("'4294967307'", Assert.Throws<ApiViolationException>(() => ApiSpecification.ValidateResult(Method(nameof(Wide.Negative)), -((1L << 32) + 11))).Message, StringComparison.Ordinal);
        Assert.Contains("'9223372036854775808'", Assert.Throws<ApiViolationException>(() => ApiSpecification.ValidateResult(Method(nameof(Wide.Negative)), long.MinValue)).Message, StringComparison.Ordinal);
        Assert.Contains("'4294967307'", Assert.Throws<ApiViolationException>(() => ApiSpecification.ValidateResult(Method(nameof(Wide.Positive)), (1UL << 32) + 11)).Message, StringComparison.Ordinal);
        ApiSpecification.ValidateResult(Method(nameof(Wide.Negative)), -11L);
        ApiSpecification.ValidateResult(Method(nameof(Wide.Positive)), 11UL);
    }

    /// <summary>Declared failures of every part of the table, and those whose number has two names.</summary>
    [Theory]
    [InlineData(61)]
    [InlineData(71)]
    [InlineData(98)]
    [InlineData(114)]
    [InlineData(115)]
    [InlineData(133)]
    [InlineData(11)]
    [InlineData(95)]
    public void ValidateResult_OfADeclaredErrno_PassesByAnyOfItsNames(int errno)
    {
        using var on = new ProcessWideValidation();
        ApiSpecification.ValidateResult(Method(nameof(Wide.Rare)), -errno);
        Assert.Throws<ApiViolationException>(() => ApiSpecification.ValidateResult(Method(nameof(Wide.Rare)), -errno - 1000));
    }

    /// <summary>The attribute speaks of zero, false, null and default; a handle need not be a number.</summary>
    [Fact]
    public void Validate_HandleThatIsNoNumber_MustBeTheDefaultOfItsType()
    {
        using var on = new ProcessWideValidation();
        MethodInfo method = Method(nameof(Wide.Handles));
        ApiSpecification.Validate(method, Guid.Empty, 0.0, default(CancellationToken), 0m, default(Wide.Slot), null);
        object?[][] wrong =
        [
            [Guid.NewGuid(), 0.0, default(CancellationToken), 0m, default(Wide.Slot), null], [Guid.Empty, 0.5, default(CancellationToken), 0m, default(Wide.Slot), null],
            [Guid.Empty, 0.0, new CancellationToken(true), 0m, default(Wide.Slot), null], [Guid.Empty, 0.0, default(CancellationToken), 1m, default(Wide.Slot), null],
            [Guid.Empty, 0.0, default(CancellationToken), 0m, new Wide.Slot(1), null], [Guid.Empty, 0.0, default(CancellationToken), 0m, default(Wide.Slot), "taken"],
        ];
        foreach (object?[] arguments in wrong) Assert.Throws<ApiViolationException>(() => ApiSpecification.Validate(method, arguments));
    }

    /// <summary>Annotations count by name, so a library may have written its own with numbers of another type, or with none; that must not end in a cast.</summary>
    [Fact]
    public void OwnCopy_WithOtherArguments_IsReadAsFarAsItGoes()
    {
        (string Attribute, object[] Arguments, string Expected)[] copies =
        [
            ("ValidRangeAttribute", [1, 5], "`value` (`int`, in): 1 to 5\n"),
            ("ValidRangeAttribute", [(byte)1, ulong.MaxValue], "`value` (`int`, in): 1 to 9223372036854775807\n"),
            ("ValidRangeAttribute", [1L], "`value` (`int`, in)\n"),
            ("ValidRangeAttribute", [], "`value` (`int`, in)\n"),
            ("ValidRangeAttribute", ["1", "5"], "`value` (`int`, in)\n"),
            ("ValidMaskAttribute", [0x8000_0003u], "`value` (`int`, in): only bits 0x80000003\n"),
            ("ValidMaskAttribute", [ulong.MaxValue], "`value` (`int`, in): only bits 0xFFFFFFFFFFFFFFFF\n"),
            ("ValidMaskAttribute", [], "`value` (`int`, in)\n"),
            ("ConstraintAttribute", [5], "`value` (`int`, in): ``\n"),
        ];
        foreach ((string attribute, object[] arguments, string expected) in copies)
            Assert.Contains(expected, ApiSpecification.For(OwnCopies.Annotated(attribute, arguments)).ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_WithFunctionPointers_NamesThem() =>
        Assert.Contains("void Call(delegate* unmanaged<int, void> native, delegate*<nint> managed)", ApiSpecification.For(Method(nameof(Wide.Call))).ToMarkdown(), StringComparison.Ordinal);

    [Fact]
    public void Lines_OfADescriptionFromAnotherSystem_EndInLf()
    {
        ApiSpecification specification = ApiSpecification.For(Method(nameof(Wide.Rare)));
        Assert.Contains("nothing\nat all", specification.ToMarkdown(), StringComparison.Ordinal);
        Assert.All([specification.ToMarkdown(), specification.ToJson()], static text => Assert.DoesNotContain('\r', text));
    }

    private static MethodInfo Method(string name) => typeof(Wide).GetMethod(name)!;

    private static unsafe class Wide
    {
        [FailsWith("EAGAIN")]
        [return: Errno(ErrnoConvention.NegativeErrno)]
        public static long Negative() => 0;

        [FailsWith("EAGAIN")]
        [return: Errno(ErrnoConvention.ZeroOrErrno)]
        public static ulong Positive() => 0;

        [System.ComponentModel.Description("nothing\r\nat all")]
        [FailsWith("ENODATA"), FailsWith("EPROTO"), FailsWith("EADDRINUSE"), FailsWith("EALREADY"), FailsWith("-EINPROGRESS"), FailsWith("EHWPOISON"), FailsWith("EWOULDBLOCK"), FailsWith("ENOTSUP")]
        [return: Errno(ErrnoConvention.NegativeErrno)]
        public static int Rare() => 0;

        public static void Handles([MustBeZero] Guid id, [MustBeZero] double value, [MustBeZero] CancellationToken token, [MustBeZero] decimal sum, [MustBeZero] Slot slot, [MustBeZero] string? name)
        {
        }

        public static void Call(delegate* unmanaged<int, void> native, delegate*<nint> managed)
        {
        }

        public readonly record struct Slot(int Number);
    }

    [Fact]
    public void Validate_IsOffUnlessAskedFor()
    {
        Assert.False(ApiSpecification.IsValidating);
        ApiSpecification.Validate(s_setup, 0u, (nint)5);
        ApiSpecification.ValidateResult(s_setup, -1);
    }

    private static string SchemaFile() => Path.Combine(
        typeof(ApiSpecificationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static metadata => metadata.Key == "ApiSurfaceDirectory").Value!,
        "..", "..", "..", "docs", "api-specification.schema.json");

    [Fact]
    public void Accessor_SharesTheAnnotationsOfItsProperty()
    {
        MethodInfo getter = typeof(AsyncIo).GetProperty(nameof(AsyncIo.Limit))!.GetMethod!;
        using JsonDocument whole = JsonDocument.Parse(ApiSpecification.For(typeof(AsyncIo)).ToJson()), one = JsonDocument.Parse(ApiSpecification.For(getter).ToJson());
        JsonElement expected = whole.RootElement.GetProperty("members").EnumerateArray().Single(static member => member.GetProperty("name").GetString() == "get_Limit");
        Assert.Equal(expected.GetRawText(), one.RootElement.GetProperty("members")[0].GetRawText());

        // Reflected through a derived type, and of a closed generic one, it is the same accessor.
        foreach (Type type in new[] { typeof(Limited<int>), typeof(Derived) })
        {
            MethodInfo accessor = type.GetProperty(nameof(Derived.Quota))!.SetMethod!;
            Assert.Contains("EPERM", ApiSpecification.For(accessor).ToMarkdown(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("EPERM", ApiSpecification.For(typeof(Derived).GetMethod(nameof(Derived.Reset))!).ToMarkdown(), StringComparison.Ordinal);
    }

    private class Limited<T>
    {
        [FailsWith("EPERM")] public T? Quota { get; set; }
    }

    private sealed class Derived : Limited<long>
    {
        public void Reset() => Quota = 1;
    }
}
