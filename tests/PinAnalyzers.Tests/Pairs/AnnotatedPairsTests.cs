using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Pairs;
using Xunit;

namespace PinAnalyzers.Tests.Pairs;

public sealed class AnnotatedPairsTests
{
    private const string Library = """
        using PinAccounting.Annotations;
        using System.Threading.Tasks;
        [assembly: KnownPair("M:Known.Take", "M:Known.Give", Key = "known", SucceedsWhen = SucceedsWhen.NonZero)]
        public static class Known { public static int Take() => 1; public static void Give() { } }
        public class Lease<T> : System.IDisposable
        {
            [Charge("ctor", ReleasedBy = "Dispose")] public Lease(int size) { }
            public void Dispose() { }
        }
        public interface IAccount
        {
            [Charge("pages")] bool TryTake([ChargeAmount] long count);
            [Release("pages")] void Give([ChargeAmount] long count);
        }
        public class Account : IAccount
        {
            public virtual bool TryTake(long count) => true;
            void IAccount.Give(long count) { }
            [Charge("raw", ReleasedBy = nameof(Undo), SucceedsWhen = SucceedsWhen.Zero)] public static int Do([ChargeOwner] object owner, [ChargeToken] out int id) { id = 0; return 0; }
            public static void Undo([ChargeOwner] object owner, [ChargeToken] int id) { }
            [Charge("lease")] public Task<Token> LeaseAsync() => null;
            [Charge("flag")] public void Try([ChargeTaken] ref bool taken) { }
            [Release("flag")] public void Untry() { }
            public void Keep([TransfersObligation] object o) { }
            [Counter(Limit = "_limit")] internal long _used;
            internal long _limit;
        }
        public class Token
        {
            [Release("lease", Idempotent = false)] public void Dispose() { }
            [Release("lease"), Charge("lease")] public Token Detach() => this;
        }
        public class Derived : Account { public override bool TryTake(long count) => false; }
        """;

    private const string Use = """
        class Use
        {
            void M(IAccount i, Derived d, Account a, Token t)
            {
                i.TryTake(1); i.Give(1); d.TryTake(1); new Lease<int>(1).Dispose(); new Lease<int>(1);
                Account.Do(null, out var id); Account.Undo(null, id); a.LeaseAsync(); t.Detach(); t.Dispose();
                bool taken = false; a.Try(ref taken); a.Untry(); Known.Take(); Known.Give(); a.Keep(null);
            }
        }
        """;

    public static TheoryData<bool> Sources => [true, false];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Annotations_MeanTheSameInSourceAndInAReferenceWithItsOwnCopies(bool inSource)
    {
        var probe = Probe(inSource);
        Assert.Empty(probe.Catalog.Problems);

        var take = probe.Charge("i.TryTake");
        Assert.Equal((ValueSource.Receiver, ValueSource.Argument(0), SuccessSignal.True, false), (take.Identity, take.Amount, take.Success, take.Pair.HasToken));
        Assert.Same(take.Pair, probe.Charge("d.TryTake").Pair);
        Assert.Same(take.Pair, probe.Release("i.Give").Pair);
        Assert.True(take.Pair.ExceptionalLossMatters);

        var made = probe.Charge("new Lease<int>(1)");
        Assert.Equal((ValueSource.Result, true), (made.Identity, made.Pair.HasToken));
        Assert.Equal((ValueSource.Receiver, true), (probe.Release("new Lease<int>(1).Dispose").Identity, probe.Release("new Lease<int>(1).Dispose").Idempotent));

        var done = probe.Charge("Account.Do");
        Assert.Equal((ValueSource.Argument(1), ValueSource.Argument(0), SuccessSignal.Zero), (done.Identity, done.Owner, done.Success));
        Assert.Equal((ValueSource.Argument(1), ValueSource.Argument(0)), (probe.Release("Account.Undo").Identity, probe.Release("Account.Undo").Owner));

        Assert.Equal((SuccessSignal.Taken, 0), (probe.Charge("a.Try").Success, probe.Charge("a.Try").TakenOrdinal));
        Assert.Equal(("known", SuccessSignal.NonZero), (probe.Charge("Known.Take").Pair.Key, probe.Charge("Known.Take").Success));
        Assert.True(probe.Catalog.TakesObligation(probe.MethodOf("a.Keep", out _).Parameters[0]));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void ReturnedObjectWithTheRelease_IsTheToken_AndDetachMovesIt(bool inSource)
    {
        var probe = Probe(inSource);
        var lease = probe.Charge("a.LeaseAsync");
        Assert.Equal((ValueSource.Result, ValueSource.Receiver, true), (lease.Identity, lease.Owner, lease.Pair.HasToken));
        Assert.Equal((true, ValueSource.Result), (probe.Charge("t.Detach").IsMove, probe.Charge("t.Detach").Identity));
        Assert.Equal((true, ValueSource.Receiver), (probe.Release("t.Detach").IsMove, probe.Release("t.Detach").Identity));
        Assert.Equal((ValueSource.Receiver, false), (probe.Release("t.Dispose").Identity, probe.Release("t.Dispose").Idempotent));
    }

    [Fact]
    public void Counter_IsKnownByItsField()
    {
        var probe = Probe(inSource: true);
        var field = (IFieldSymbol)probe.Compilation.GetTypeByMetadataName("Account")!.GetMembers("_used").Single();
        Assert.True(probe.Catalog.TryGetCounter(field, out var counter));
        Assert.Equal(("_limit", null), (counter!.Limit, counter.GuardedBy));
        Assert.Contains("_used", probe.Catalog.ChargeNames);
        Assert.False(probe.Catalog.TryGetCounter((IFieldSymbol)probe.Compilation.GetTypeByMetadataName("Account")!.GetMembers("_limit").Single(), out _));
    }

    [Fact]
    public void AttributesOfOtherNamespaces_MeanNothing()
    {
        var probe = new PairProbe("namespace Mine { class ChargeAttribute : System.Attribute { public ChargeAttribute(string k) { } } } class C { [Mine.Charge(\"x\")] void Take() { Take(); } }", withAnnotations: true);
        Assert.Empty(probe.Catalog.Problems);
        Assert.Empty(probe.Charges("Take"));
    }

    [Theory]
    [InlineData("[Charge(\"k\", ReleasedBy = \"Gvie\")] void Take() { } void Give() { }", "ReleasedBy names 'Gvie', but 'C' has no such method; did you mean 'Give'?")]
    [InlineData("[Charge(\"k\")] void Take() { }", "has no [Release(\"k\")]")]
    [InlineData("[Release(\"k\")] void Give() { }", "has no [Charge(\"k\")]")]
    [InlineData("[Charge(\"k\", ReleasedBy = \"Give\")] void Take([ChargeAmount] string n) { } void Give() { }", "no integral number")]
    [InlineData("[Charge(\"k\", ReleasedBy = \"Give\")] void Take([ChargeTaken] bool n) { } void Give() { }", "no 'ref bool' or 'out bool'")]
    [InlineData("[Charge(\"k\", ReleasedBy = \"Give\", SucceedsWhen = SucceedsWhen.NotNull)] bool Take() => true; void Give() { }", "returns 'bool', which is never null")]
    [InlineData("[Charge(\"k\", ReleasedBy = \"Give\", SucceedsWhen = SucceedsWhen.True)] int Take() => 0; void Give() { }", "returns 'int' and not 'bool'")]
    [InlineData("[Charge(\"k\", ReleasedBy = \"Give\")] [return: ChargeToken] int Take([ChargeToken] int n) => 0; void Give() { }", "second [ChargeToken]")]
    [InlineData("[Counter(Limit = \"max\")] long used;", "Limit names 'max'")]
    [InlineData("[Effect(\"world\")] void Do() { }", "names no ReversedBy")]
    public void BrokenAnnotation_IsReported(string members, string message)
    {
        var problem = Assert.Single(Broken(members).Catalog.Problems);
        Assert.Contains(message, problem.Message, System.StringComparison.Ordinal);
        Assert.NotNull(problem.Location.SourceTree);
    }

    [Fact]
    public void HalfTypedAnnotations_NeverThrow()
    {
        var whole = "using PinAccounting.Annotations;\n" + Library.Replace("using PinAccounting.Annotations;", "", System.StringComparison.Ordinal) + Use;
        for (var length = 0; length < whole.Length; length += 41)
        {
            var probe = new PairProbe(whole[..length], withAnnotations: true);
            _ = probe.Catalog.Problems;
        }
    }

    private static PairProbe Broken(string members) => new("using PinAccounting.Annotations; class C { " + members + " }", withAnnotations: true);

    private static PairProbe Probe(bool inSource) => inSource
        ? new PairProbe(Library + Use, withAnnotations: true)
        : new PairProbe(Use, [PairProbe.ToMetadata(PairProbe.Compile("Library", [Library, PairProbe.Annotations]))]);
}
