using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>A charge taken where an expression holds is given back where the same expression holds, however it is spelled.</summary>
public sealed class RepeatedExpressionTests
{
    private const string Settings = """

        public class Settings
        {
            public bool Pin;
            public int Size { get; set; }
            public bool? Maybe;
            public string? Name;
            public Settings? Inner;
        }

        public readonly struct Key
        {
            private readonly int _number;
            public static bool operator ==(Key a, Key b) => a._number == b._number;
            public static bool operator !=(Key a, Key b) => a._number != b._number;
            public override bool Equals(object? other) => other is Key key && key == this;
            public override int GetHashCode() => _number;
        }

        public readonly record struct Ticket(int Number);
        """;

    [Theory]
    [InlineData("Settings? s", "s?.Pin == true", "s?.Pin == true")]
    [InlineData("Settings? s", "s?.Pin == true", "s != null && s.Pin")]
    [InlineData("Settings? s", "s != null && s.Pin", "s?.Pin == true")]
    [InlineData("Settings? s", "s?.Pin ?? false", "s?.Pin == true")]
    [InlineData("Settings? s", "s is { Pin: true }", "s?.Pin == true")]
    [InlineData("Settings? s", "s?.Inner?.Pin == true", "s?.Inner?.Pin == true")]
    [InlineData("Settings? s", "s?.Name is { Length: > 2 }", "s?.Name?.Length > 2")]
    [InlineData("Settings? s", "s?.Name != null", "s?.Name is not null")]
    [InlineData("Settings? s", "s?.Maybe is true", "s?.Maybe == true")]
    [InlineData("Settings? s", "s?.Size is > 3 and < 9", "s?.Size is > 3 and < 9")]
    [InlineData("Settings? s", "s?.Size is 3 or 4", "s?.Size == 3 || s?.Size == 4")]
    [InlineData("Settings? s", "s?.Size > 0", "s != null && s.Size > 0")]
    [InlineData("Settings? s", "s != null", "s?.Size != null")]
    [InlineData("Settings? s", "(s?.Size ?? 0) > 3", "(s?.Size ?? 0) > 3")]
    [InlineData("Settings? s", "string.IsNullOrEmpty(s?.Name)", "string.IsNullOrEmpty(s?.Name)")]
    [InlineData("Settings? s, Settings? t", "(s ?? t)?.Pin == true", "(s ?? t)?.Pin == true")]
    [InlineData("int[]? a", "a?.Length > 0", "a is { Length: > 0 }")]
    [InlineData("int[] a", "a.Length > 0", "a is { Length: > 0 }")]
    [InlineData("IReadOnlyList<int>? l", "l?.Count > 0", "l?.Count > 0")]
    [InlineData("int a, int b, bool f", "(f ? a : b) > 3", "(f ? a : b) > 3")]
    public Task ChosenValues_AreOneValue(string parameters, string taken, string given) => Balanced(parameters, taken, given);

    [Theory]
    [InlineData("int? n", "n > 3", "n > 3")]
    [InlineData("int? n", "n == 0", "n == 0")]
    [InlineData("int? n", "n >= 0", "n != null && n >= 0")]
    [InlineData("int? n", "n.HasValue && n.Value > 4", "n > 4")]
    [InlineData("int? n", "n is int k && k > 4", "n is > 4")]
    [InlineData("int? n", "n is { } k", "n is not null")]
    [InlineData("bool? m", "m == false", "m is false")]
    [InlineData("bool? m", "m == true", "m is true")]
    [InlineData("bool? m", "m.GetValueOrDefault()", "m ?? false")]
    [InlineData("bool? m", "m is bool b && b", "m == true")]
    [InlineData("bool? m", "m != true", "m != true")]
    [InlineData("DayOfWeek? d", "d == DayOfWeek.Sunday", "d == DayOfWeek.Sunday")]
    [InlineData("bool? m", "m ?? true", "m != false")]
    [InlineData("bool? m", "!m == true", "m == false")]
    [InlineData("bool? m", "!m == true", "!m == true")]
    [InlineData("bool? m", "!m ?? false", "m == false")]
    [InlineData("int? n", "n is > 4 and < 10", "n > 4 && n < 10")]
    [InlineData("int? n", "n == 0", "n.HasValue && n.Value == 0")]
    [InlineData("int? a, int? b", "a + b > 3", "a + b > 3")]
    [InlineData("bool? m", "m.GetValueOrDefault(true)", "m.GetValueOrDefault(true)")]
    [InlineData("int? n", "n.GetValueOrDefault(5) > 3", "n.GetValueOrDefault(5) > 3")]
    public Task Nullables_AreNullOrHoldANumber(string parameters, string taken, string given) => Balanced(parameters, taken, given);

    [Theory]
    [InlineData("string? a", "!string.IsNullOrEmpty(a)", "a is { Length: > 0 }")]
    [InlineData("string? a", "a is { Length: > 0 }", "!string.IsNullOrEmpty(a)")]
    [InlineData("string? a", "!string.IsNullOrEmpty(a)", "a != null && a.Length != 0")]
    [InlineData("string? a", "a?.Length > 0", "!string.IsNullOrEmpty(a)")]
    [InlineData("string a", "a.Length > 0", "!string.IsNullOrEmpty(a)")]
    [InlineData("string a", "a != \"\"", "a != string.Empty")]
    [InlineData("string a", "!string.Equals(a, \"\")", "a.Length > 0")]
    [InlineData("string? a", "string.IsNullOrEmpty(a)", "a is null or \"\"")]
    [InlineData("int[] a", "a.Length != 0", "a.Length > 0")]
    [InlineData("List<int> a", "a.Count == 0", "!(a.Count > 0)")]
    [InlineData("Memory<byte> a", "!a.IsEmpty", "a.Length > 0")]
    public Task Lengths_AreNeverNegative(string parameters, string taken, string given) => Balanced(parameters, taken, given);

    [Theory]
    [InlineData("int? a", "a + 1 != null", "a != null")]
    [InlineData("int? a", "(a + 1).HasValue", "a.HasValue")]
    [InlineData("int? a, int? b", "a * b is null", "a is null || b is null")]
    [InlineData("int? a", "-a > 3", "-a > 3")]
    [InlineData("int? a", "~a is null", "a is null")]
    [InlineData("bool? a, bool? b", "(a & b) == true", "a == true && b == true")]
    [InlineData("bool? a, bool? b", "(a | b) == false", "a == false && b == false")]
    [InlineData("bool? a, bool? b", "(a | b) == true", "a == true || b == true")]
    public Task OperatorsOfNullables_AreNullWhereOneIs(string parameters, string taken, string given) => Balanced(parameters, taken, given);

    [Theory]
    [InlineData("object o", "o as Settings != null", "o is Settings")]
    [InlineData("object o", "o is Settings", "(o as Settings) is not null")]
    [InlineData("object o", "(o as Settings)?.Size > 3", "o is Settings { Size: > 3 }")]
    [InlineData("object o", "(o as Settings)?.Pin == true", "o is Settings s && s.Pin")]
    [InlineData("object o", "o as int? != null", "o is int")]
    [InlineData("Stream o", "o as FileStream == null", "o is not FileStream")]
    public Task CastThatMayFail_AsksForTheType(string parameters, string taken, string given) => Balanced(parameters, taken, given);

    [Fact]
    public Task CastThatMayFail_IsTheSameThing() => Verify.Members("""
            void Kept(object o)
            {
                Owner? owner = o as Owner;
                if (owner == null) return;
                owner.Charge(1);
                try { Calls.Work(); }
                finally { ((Owner)o).Uncharge(1); }
            }

            void Certain(object o)
            {
                (o as Owner)!.Charge(1);
                try { Calls.Work(); }
                finally { ((Owner)o).Uncharge(1); }
            }

            void OfAToken(int n)
            {
                object owner = MemoryPool<byte>.Shared.Rent(n);
                try { Calls.Work(); }
                finally { (owner as IDisposable)?.Dispose(); }
            }

            void Lost(object o)
            {
                nint memory = 0;
                if (o as Owner != null) memory = {|PIN1001:Marshal.AllocHGlobal(8)|};
                if (o is string) Marshal.FreeHGlobal(memory);
            }
        """);

    [Theory]
    [InlineData("string a", "a.StartsWith(\"x\", StringComparison.Ordinal)", "a.StartsWith(\"x\", StringComparison.Ordinal)")]
    [InlineData("string a, string b", "a.Equals(b)", "a.Equals(b)")]
    [InlineData("string a", "a.Length > 2 && !a.Contains('x')", "a.Length > 2 && !a.Contains('x')")]
    [InlineData("DayOfWeek d", "d.HasFlag(DayOfWeek.Monday)", "d.HasFlag(DayOfWeek.Monday)")]
    [InlineData("int a, int b", "a.CompareTo(b) > 0", "a.CompareTo(b) > 0")]
    [InlineData("int a, int b", "Math.Max(a, b) > 3", "Math.Max(a, b) > 3")]
    [InlineData("char c", "char.IsDigit(c)", "char.IsDigit(c)")]
    [InlineData("Guid g", "g == Guid.Empty", "g == Guid.Empty")]
    [InlineData("TimeSpan t", "t > TimeSpan.Zero", "t > TimeSpan.Zero")]
    [InlineData("Guid g", "g != Guid.Empty", "!(g == Guid.Empty)")]
    [InlineData("Key a, Key b", "a == b", "a == b")]
    [InlineData("Key a, Key b", "a != b", "!(a == b)")]
    [InlineData("Ticket a, Ticket b", "a == b", "a == b")]
    [InlineData("DayOfWeek d", "(d & DayOfWeek.Monday) != 0", "(d & DayOfWeek.Monday) == DayOfWeek.Monday")]
    [InlineData("DayOfWeek d", "d.HasFlag(DayOfWeek.Tuesday)", "(d & DayOfWeek.Tuesday) != 0")]
    [InlineData("string s, string t", "s == t", "string.Equals(s, t)")]
    [InlineData("string s, string t", "s.Equals(t)", "!(s != t)")]
    [InlineData("string s", "s.Equals(\"x\")", "s is \"x\"")]
    [InlineData("ArraySegment<byte> s", "s.Array == null", "s.Array == null")]
    public Task QuestionsToUnchangingThings_HaveOneAnswer(string parameters, string taken, string given) => Balanced(parameters, taken, given);

    [Theory]
    [InlineData("Settings? s", "s?.Pin == true", "s?.Pin == false")]
    [InlineData("Settings? s", "s?.Pin != false", "s?.Pin == true")]
    [InlineData("Settings? s, Settings? t", "s?.Pin == true", "t?.Pin == true")]
    [InlineData("Settings? s", "s?.Size > 3", "s?.Size > 4")]
    [InlineData("int? n", "n != null", "n > 0")]
    [InlineData("int? n, int? m", "n + m != null", "n != null && m == 3")]
    [InlineData("bool? n, bool? m", "(n & m) != true", "(n & m) == false")]
    [InlineData("string? s", "!string.IsNullOrEmpty(s)", "s is { Length: > 1 }")]
    [InlineData("string? s", "string.IsNullOrEmpty(s)", "s == null")]
    [InlineData("string? s", "s != null", "!string.IsNullOrEmpty(s)")]
    [InlineData("int? n", "!(n < 5)", "n >= 5")]
    [InlineData("int? n", "n.GetValueOrDefault(5) > 3", "n.GetValueOrDefault(2) > 3")]
    [InlineData("int? n", "n.GetValueOrDefault(5) > 3", "n > 3")]
    [InlineData("Guid g", "g == Guid.Empty", "g != Guid.Empty")]
    [InlineData("Key a, Key b, Key c", "a == b", "a == c")]
    [InlineData("DayOfWeek d", "(d & DayOfWeek.Wednesday) != 0", "(d & DayOfWeek.Wednesday) == DayOfWeek.Wednesday")]
    [InlineData("DayOfWeek d", "d.HasFlag(DayOfWeek.Wednesday)", "(d & DayOfWeek.Wednesday) != DayOfWeek.Wednesday")]
    [InlineData("bool? m", "m != null", "m == true")]
    [InlineData("bool? m", "m != true", "m == false")]
    [InlineData("string a", "a.StartsWith('x')", "a.StartsWith('y')")]
    [InlineData("int a, int b, int c", "Math.Max(a, b) > 3", "Math.Max(a, c) > 3")]
    [InlineData("int a, int b, bool f", "(f ? a : b) > 3", "(f ? b : a) > 3")]
    [InlineData("CancellationToken t", "t.IsCancellationRequested", "Volatile.Read(ref _stop)")]
    public Task OtherExpressions_AreOtherConditions(string parameters, string taken, string given) => Verify.Members($$"""
            bool _stop;

            void M({{parameters}})
            {
                nint memory = 0;
                if ({{taken}}) memory = {|PIN1001:Marshal.AllocHGlobal(8)|};
                if ({{given}}) Marshal.FreeHGlobal(memory);
            }
        }
        {{Settings}}

        public partial class D
        {
        """);

    [Fact]
    public Task InLoopsAndAfterAChange_TheyAreAskedAnew() => Verify.Members($$"""
            void EveryRound(Settings?[] all)
            {
                foreach (Settings? s in all)
                {
                    nint memory = 0;
                    if (s?.Pin == true) memory = Marshal.AllocHGlobal(8);
                    if (s?.Pin == true) Marshal.FreeHGlobal(memory);
                }
            }

            void SameEveryRound(Settings? s)
            {
                for (int i = 0; i < 4; i++)
                {
                    nint memory = 0;
                    if (s?.Size > 3) memory = Marshal.AllocHGlobal(8);
                    if (s?.Size > 3) Marshal.FreeHGlobal(memory);
                }
            }

            void OverAList(Settings? first)
            {
                nint memory = 0;
                for (Settings? s = first; s != null; s = s.Inner)
                {
                    if (s.Pin) memory = Marshal.AllocHGlobal(8);
                    if (s.Pin) Marshal.FreeHGlobal(memory);
                }
            }

            void LookingAhead(Settings? s)
            {
                nint memory = 0;
                for (; s != null; s = s.Inner)
                {
                    if (s.Inner != null && s.Inner.Pin) memory = Marshal.AllocHGlobal(8);
                    if (s.Inner != null && s.Inner.Pin) Marshal.FreeHGlobal(memory);
                }
            }

            void OverAListByNullable(Settings? first)
            {
                for (Settings? s = first; s != null; s = s.Inner)
                {
                    nint memory = 0;
                    if (s?.Pin == true) memory = Marshal.AllocHGlobal(8);
                    if (s?.Pin == true) Marshal.FreeHGlobal(memory);
                }
            }

            void OverAListTwoDeep(Settings? first)
            {
                for (Settings? s = first; s != null; s = s.Inner)
                {
                    nint memory = 0;
                    if (s.Inner?.Name != null) memory = Marshal.AllocHGlobal(8);
                    if (s.Inner?.Name != null) Marshal.FreeHGlobal(memory);
                }
            }

            void OverAListByTwoNullables(Settings? s)
            {
                while (s != null)
                {
                    nint memory = 0;
                    if (s?.Inner?.Size > 3) memory = Marshal.AllocHGlobal(8);
                    if (s?.Inner?.Size > 3) Marshal.FreeHGlobal(memory);
                    s = s!.Inner;
                }
            }

            void LostInAListTwoDeep(Settings? s)
            {
                for (; s != null; s = s.Inner)
                {
                    nint memory = 0;
                    if (s?.Inner?.Size > 3) memory = {|PIN1001:Marshal.AllocHGlobal(8)|};
                    if (s?.Inner?.Size > 4) Marshal.FreeHGlobal(memory);
                }
            }

            void LostInAList(Settings? s)
            {
                for (; s != null; s = s.Inner)
                {
                    nint memory = 0;
                    if (s.Pin) memory = {|PIN1001:Marshal.AllocHGlobal(8)|};
                    s = s.Inner;
                    if (s!.Pin) Marshal.FreeHGlobal(memory);
                }
            }

            void Reassigned(Settings? s)
            {
                nint memory = 0;
                if (s?.Pin == true) memory = {|PIN1001:Marshal.AllocHGlobal(8)|};
                s = new Settings();
                if (s?.Pin == true) Marshal.FreeHGlobal(memory);
            }

            void Written(Settings s)
            {
                nint memory = 0;
                if (s?.Pin == true) memory = {|PIN1001:Marshal.AllocHGlobal(8)|};
                s!.Pin = false;
                if (s?.Pin == true) Marshal.FreeHGlobal(memory);
            }

            void HandleOrNull(bool pin, object target)
            {
                GCHandle? handle = pin ? GCHandle.Alloc(target) : null;
                try { Calls.Work(); }
                finally { handle?.Free(); }
            }

            void FlowOrNull(bool suppress)
            {
                AsyncFlowControl? flow = suppress ? ExecutionContext.SuppressFlow() : null;
                try { Calls.Work(); }
                finally { flow?.Undo(); }
            }
        }
        {{Settings}}

        public partial class D
        {
        """);

    private static Task Balanced(string parameters, string taken, string given) => Verify.Members($$"""
            void M({{parameters}})
            {
                nint memory = 0;
                try
                {
                    if ({{taken}}) memory = Marshal.AllocHGlobal(8);
                    Calls.Work();
                }
                finally
                {
                    if ({{given}}) Marshal.FreeHGlobal(memory);
                }
            }
        }
        {{Settings}}

        public partial class D
        {
        """);
}
