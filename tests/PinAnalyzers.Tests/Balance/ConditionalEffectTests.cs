using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1014: effects inside arguments of calls that are only made in some builds.</summary>
public sealed class ConditionalEffectTests
{
    [Fact]
    public Task Effect_IsReported() => Verify.Members("""
            private int _state, _count;
            private long _total;

            void Charge(long n) => Debug.Assert({|PIN1014:_owner.TryCharge(n)|});

            void Release(nint page) => Log(() => {|PIN1014:Native.Unpin(page)|});

            void Exchange() => Debug.Assert({|PIN1014:Interlocked.CompareExchange(ref _state, 1, 0)|} == 0);

            int Count()
            {
                Debug.Assert({|PIN1014:Interlocked.Increment(ref _count)|} < 10, "too many");
                return _count;
            }

            int Step(int i)
            {
                Debug.Assert({|PIN1014:i++|} < 5);
                return i;
            }

            int Assign(int[] items)
            {
                int first = 0;
                Debug.Assert(({|PIN1014:first = items[0]|}) > 0);
                first = Math.Max(1, first);
                return first;
            }

            void Compound(long n)
            {
                Trace.WriteLine({|PIN1014:_total += n|});
                Calls.Quiet();
                Console.WriteLine(_total);
            }

            void OfTheBody(int[] items)
            {
                for (int i = 0; i < items.Length; i++) Log(() => {|PIN1014:i += items[0]|});
            }

            int InTheMessage(int i)
            {
                Debug.WriteLine($"now {{|PIN1014:++i|}}");
                return i;
            }

            int Twice(string text, int i)
            {
                Debug.Assert(i + 2 < text.Length && text[{|PIN1014:++i|}] == '.' && text[++i] == '.');
                return i;
            }

            int Both(int i, int j)
            {
                Debug.Assert({|PIN1014:i++|} < {|PIN1014:j++|});
                return i + j;
            }

            void BehindATest(bool on, long n) => Debug.Assert(!on || {|PIN1014:_owner.TryCharge(n)|});

            void Enter() => Debug.Assert({|PIN1014:Monitor.TryEnter(_gate)|});

            int Own(int n)
            {
                Check(({|PIN1014:n = n - 1|}) > 0);
                return n;
            }

            int Read() => _state;

            [Conditional("CHECKED")]
            static void Check(bool condition) { }

            [Conditional("VERBOSE")]
            static void Log(Action what) { }
        """);

    /// <summary>What happens in the assert does not outlive it.</summary>
    [Fact]
    public Task SetAnewBehindTheAsserts_IsSilent() => Verify.Members("""
            private int _x;

            void Position(System.IO.Stream reader, long start)
            {
                Debug.Assert((reader.Position = start) == start);
                Debug.Assert(reader.ReadByte() == 3);
                Debug.Assert((reader.Position = start + 4) == start + 4);
                reader.Position = start;
            }

            void UsedInBetween(System.IO.Stream reader, long start)
            {
                Debug.Assert(({|PIN1014:reader.Position = start|}) == start);
                reader.ReadByte();
                reader.Position = start;
            }

            void InACase(int n)
            {
                switch (n)
                {
                    case 3: Debug.Assert(_x++ == 3); _x = 4; break;
                    case 4: Debug.Assert({|PIN1014:_x++|} == 3); break;
                }
            }

            void FromItself(int n) { Debug.Assert(({|PIN1014:_x = n|}) == 3); _x = _x + 1; }
            void FromACall(int n) { Debug.Assert(({|PIN1014:_x = n|}) == 3); _x = Get(); }
            void OfAnother(int n, C other) { Debug.Assert(({|PIN1014:_x = n|}) == 3); other._x = 4; }
            void BehindAnIf(int n) { if (n > 3) Debug.Assert({|PIN1014:_x++|} == 3); _x = 4; }
            int Get() => _x;
        """);

    [Fact]
    public Task PureArgument_IsSilent() => Verify.Members("""
            private int _state, _depth;
            private long _used;

            void Pure(int n, string text, List<int> items)
            {
                Debug.Assert(n > 0 && text.Length >= n);
                Debug.Assert(items.Count == n, "count of " + items.Count);
                Debug.Assert(Interlocked.CompareExchange(ref _state, 0, 0) == 0);
                Debug.Assert(Interlocked.Read(ref _used) >= 0);
                Debug.Assert(Volatile.Read(ref _state) == 1 || n == 2);
                Debug.Assert(Monitor.IsEntered(_gate));
                Debug.Assert(new Box { Value = 3 }.Value == 3);
                Debug.Assert(items.All(i => i > 0));
                Debug.WriteLine($"{n}: {text}");
            }

            void OnlyForAsserts(int[] items)
            {
                int last = int.MinValue;
                foreach (int item in items)
                {
                    Debug.Assert(last <= item);
                    Debug.Assert((last = item) >= item);
                }
            }

            void OfItsOwn(int[] items)
            {
                for (int i = 0; i < items.Length; i++) items[i] = i;
                Check(delegate { for (int i = 0; i < items.Length; i++) { if (items[i] == 3) return false; } return true; });
                Check(() => { int i = 0; i += items[0]; return i > 0; });
                Debug.Assert(items.All(i => i++ > 0));
            }

            [Conditional("DEBUG")]
            static void Check(Func<bool> holds) { }

            void Enter() => Debug.Assert(_depth++ == 0);

            void Leave() => Debug.Assert(--_depth == 0);

            [Conditional("DEBUG")]
            void Checked(int n) => Debug.Assert(n++ > 0 && n > 0);

            void Hoisted(long n)
            {
                bool charged = _owner.TryCharge(n);
                Debug.Assert(charged);
            }

            int Unconditional(int i)
            {
                Assert.That(i++ > 0);
                Console.WriteLine(i++);
                return i;
            }

            int Discarded(int n)
            {
                Debug.Assert(int.TryParse("4", out _));
                return n;
            }

            void Read() => Console.WriteLine(_state);

            private sealed class Box { public int Value { get; set; } }

            private static class Assert { public static void That(bool condition) { } }
        """);

    [Fact]
    public Task DebugRegion_IsSilent() => Verify.File("""
        class C
        {
            int M(int i)
            {
        #if !DEBUG
                Debug.Assert({|PIN1014:i++|} > 0);
        #endif
                return i;
            }
        }
        """);
}
