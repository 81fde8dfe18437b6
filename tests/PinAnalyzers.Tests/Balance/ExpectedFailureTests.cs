using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>Functions that are expected to throw, told by the exception that is named beside them.</summary>
public sealed class ExpectedFailureTests
{
    [Fact]
    public Task EndOfWhatIsExpectedToThrow_IsSilent() => Verify.Members("""
            void Refused(Memory<string> memory, object[] items)
            {
                Assert.Throws<ArgumentException>(() => { var handle = memory.Pin(); });
                Assert.Throws<ArgumentException>(() => { var handle = GCHandle.Alloc(items, GCHandleType.Pinned); Calls.Work(); });
                Assert.Throws<ArgumentException>(() => memory.Pin());
                Assert.Throws(typeof(ArgumentException), delegate { var handle = memory.Pin(); });
                Assert.That(() => { var handle = memory.Pin(); }, Throws.TypeOf<ArgumentException>());
                Assert.Throws<Refusal>(() => { var handle = memory.Pin(); return 1; });
            }

            private sealed class Refusal : InvalidOperationException { }
        """ + Assert);

    [Fact]
    public Task EndOfNamedFunctionThatIsExpectedToThrow_IsSilent() => Verify.Members("""
            void Refused(Memory<string> memory, object[] items)
            {
                Action act = () => memory.Pin();
                Should(act).Throw<ArgumentException>();
                Action<int> second = n => { var handle = memory.Pin(); };
                Assert.Throws<ArgumentException>(() => second(3));
                Func<object> made = delegate { return GCHandle.Alloc(items[0], GCHandleType.Pinned); };
                Should(() => made()).Throw<ArgumentException>();
                Assert.Throws<ArgumentException>(Local);

                void Local() => memory.Pin();
            }
        """ + Assert);

    [Fact]
    public Task EndOfAnyOtherFunction_IsReported() => Verify.Members("""
            void Wanted(Memory<string> memory)
            {
                Assert.Run<int>(() => { var handle = {|PIN1001:memory.Pin()|}; });
                Assert.Run<int>(() => {|PIN1005:memory.Pin()|});
                Assert.Throws(typeof(string), () => { var handle = {|PIN1001:memory.Pin()|}; });
                Action later = () => { var handle = {|PIN1001:memory.Pin()|}; };
                later();
                Action twice = () => { var handle = {|PIN1001:memory.Pin()|}; };
                Assert.Run<int>(twice);
                Assert.Throws<ArgumentException>(() => { });
                void Local() => {|PIN1005:memory.Pin()|};
                Local();
            }

            // What throws is the last of it.
            void Kept(Memory<string> memory) => Assert.Throws<ArgumentException>(() =>
            {
                var handle = {|PIN1002i:memory.Pin()|};
                Calls.Work();
                handle.Dispose();
            });
        """ + Assert);

    private const string Assert = """

            private static class Assert
            {
                public static void Throws<E>(Action action) where E : Exception { try { action(); } catch (E) { return; } throw new InvalidOperationException(); }
                public static void Throws<E>(Func<int> action) where E : Exception => Throws<E>(() => { _ = action(); });
                public static void Throws(Type type, Action action) { }
                public static void That(Action action, object expected) { }
                public static void Run<T>(Action action) => action();
            }

            private static Subject Should(Action action) => new(action);
            private sealed class Subject { readonly Action action; public Subject(Action action) => this.action = action; public void Throw<E>() where E : Exception => Assert.Throws<E>(action); }
            private static class Throws { public static object TypeOf<E>() where E : Exception => typeof(E); }
        """;
}
