using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>The same charge in every form the language has, once lost and once kept.</summary>
public sealed class SyntaxFormsTests
{
    /// <summary>The end of the <c>lock</c> leaves what was left and entered again on the way.</summary>
    [Fact]
    public Task Monitor_InsideALockOfItsOwn() => Verify.Members("""
            int _ready;

            void Until(int n)
            {
                lock (_gate)
                {
                    while (true)
                    {
                        if (_ready < n)
                        {
                            Monitor.Exit(_gate);
                            Thread.Sleep(100);
                            Monitor.Enter(_gate);
                        }
                        else
                        {
                            Monitor.PulseAll(_gate);
                            break;
                        }
                    }
                }
            }

            void Around(int n)
            {
                lock (_gate)
                {
                    Monitor.Exit(_gate);
                    try { Calls.Work(); }
                    finally { Monitor.Enter(_gate); }
                }
            }

            void OfAnother(object other)
            {
                lock (_gate)
                {
                    {|PIN1002i:Monitor.Enter(other)|};
                    Calls.Work();
                    Monitor.Exit(other);
                }
            }

            void Deeper(int n)
            {
                lock (_gate)
                {
                    {|PIN1001:Monitor.Enter(_gate)|};
                    if (n > 3) return;
                    Monitor.Exit(_gate);
                }
            }

            void Later()
            {
                lock (_gate)
                {
                    Action later = () => { {|PIN1002i:Monitor.Enter(_gate)|}; Calls.Work(); Monitor.Exit(_gate); };
                    later();
                }
            }
        """);

    [Fact]
    public Task Using_InAllItsForms() => Verify.Members("""
            int Statement(int n)
            {
                using (IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(n))
                {
                    if (n == 3) return 1;
                    Calls.Work();
                }
                return 0;
            }

            int Declaration(int n)
            {
                using IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(n);
                if (n == 3) throw new InvalidOperationException();
                Calls.Work();
                return 0;
            }

            void OfAnExistingLocal(int n)
            {
                IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(n);
                using (owner) Calls.Work();
            }

            void OfAnExpression(Memory<byte> memory)
            {
                using (memory.Pin()) Calls.Work();
            }

            void Several(Memory<byte> a, Memory<byte> b)
            {
                using MemoryHandle first = a.Pin(), second = b.Pin();
                Calls.Work();
            }

            void LostStruct(Memory<byte> memory, int n)
            {
                MemoryHandle handle = {|PIN1001:memory.Pin()|};
                if (n == 3) return;
                handle.Dispose();
            }

            void Scope(Lock gate)
            {
                using (gate.EnterScope()) Calls.Work();
            }

            void LostLockOfTheNewKind(Lock gate, int n)
            {
                {|PIN1001:gate.Enter()|};
                if (n == 3) return;
                gate.Exit();
            }
        """);

    /// <summary>A scope to a compiler that knows C# 13, a monitor to others.</summary>
    [Fact]
    public Task LockStatementOnALock_IsSilent() => Verify.NewestLanguage("class C { void M(System.Threading.Lock gate) { lock (gate) Calls.Work(); } }");

    [Fact]
    public Task Patterns_DecideOnTheOutcome() => Verify.Members("""
            void IsTrue(int n)
            {
                if (_owner.TryCharge(n) is true) _owner.Uncharge(n);
            }

            void IsNotFalse(int n)
            {
                if (_owner.TryCharge(n) is not false) _owner.Uncharge(n);
            }

            int SwitchExpression(int n) => _owner.TryCharge(n) switch
            {
                true => Give(n),
                false => -1,
            };

            int Give(int n)
            {
                _owner.Uncharge(n);
                return n;
            }

            void NotZero(nint a)
            {
                if (Native.PinOne(a) is not 0 and var page) Native.Unpin(page);
            }

            void LostInAPattern(nint a)
            {
                if ({|PIN1001:Native.PinOne(a)|} is not 0 and var page && page > 100) Native.Unpin(page);
            }

            void ConditionalAnd(Owner other, int n)
            {
                if ({|PIN1001:_owner.TryCharge(n)|} && n > 3) _owner.Uncharge(n);
                else if (n > 5) other.Charge(n);
            }

            void BothOrNeither(Owner other, int n)
            {
                if (_owner.TryCharge(n))
                {
                    if (other.TryCharge(n)) other.Uncharge(n);
                    _owner.Uncharge(n);
                }
            }

            void Ternary(object a, object b, bool first)
            {
                GCHandle handle = first ? GCHandle.Alloc(a) : GCHandle.Alloc(b);
                handle.Free();
            }

            void LostInATernary(object a, object b, bool first)
            {
                GCHandle handle = first ? {|PIN1001:GCHandle.Alloc(a)|} : default;
            }

            void NullConditional(Owner? other, int n)
            {
                if (other?.TryCharge(n) == true) other.Uncharge(n);
            }

            void SwitchOnAType(object o, int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                switch (o)
                {
                    case string { Length: > 3 }: break;
                    case int i when i == n: Marshal.FreeHGlobal(memory); break;
                    default: Marshal.FreeHGlobal(memory); break;
                }
            }
        """);

    [Fact]
    public Task Handlers_NestedAndFiltered() => Verify.Members("""
            void NestedFinally(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try
                {
                    try { Calls.Work(); }
                    finally { Calls.Work(); }
                }
                finally { Marshal.FreeHGlobal(memory); }
            }

            void InnerOfTwo(int n)
            {
                nint outer = {|PIN1002i:Marshal.AllocHGlobal(n)|};
                nint inner = Marshal.AllocHGlobal(n);
                try { Calls.Work(); }
                finally { Marshal.FreeHGlobal(inner); }
                Marshal.FreeHGlobal(outer);
            }

            int ReturnsOutOfTheTry(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try
                {
                    if (n == 3) return 1;
                    for (int i = 0; i < n; i++)
                    {
                        if (i == 4) break;
                        if (i == 5) goto done;
                    }
                }
                finally { Marshal.FreeHGlobal(memory); }
            done:
                return 0;
            }

            void FilterThatSaysNo(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try { Calls.Work(); }
                catch (Exception e) when (Log(e)) { }
                finally { Marshal.FreeHGlobal(memory); }
            }

            static bool Log(Exception e) => false;

            void FilterThatKnows(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                bool isFreed = false;
                try
                {
                    Calls.Work();
                    Marshal.FreeHGlobal(memory);
                    isFreed = true;
                    Calls.Work();
                }
                catch (Exception) when (!isFreed)
                {
                    Marshal.FreeHGlobal(memory);
                    throw;
                }
            }

            void TwoFiltersThatLeaveNothing(int n, bool quiet)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try { Calls.Work(); }
                catch (Exception) when (quiet) { Calls.Quiet(); }
                catch (Exception) when (!quiet) { Marshal.FreeHGlobal(memory); throw; }
                Marshal.FreeHGlobal(memory);
            }

            void FilterThatKnowsTheContrary(int n)
            {
                nint memory = {|PIN1002i:Marshal.AllocHGlobal(n)|};
                bool isFreed = false;
                try
                {
                    Calls.Work();
                    Marshal.FreeHGlobal(memory);
                    isFreed = true;
                }
                catch (Exception) when (isFreed)
                {
                    throw;
                }
            }

            void RethrownWithItsStack(int n)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo? error = null;
                nint memory = Marshal.AllocHGlobal(n);
                try { Calls.Work(); }
                catch (Exception e) { error = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e); }
                Marshal.FreeHGlobal(memory);
                error?.Throw();
            }

            void RethrowsByHand(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try { Calls.Work(); }
                catch (IOException e)
                {
                    Marshal.FreeHGlobal(memory);
                    throw new InvalidOperationException("wrapped", e);
                }
                catch (Exception)
                {
                    Marshal.FreeHGlobal(memory);
                    throw;
                }
                Marshal.FreeHGlobal(memory);
            }

            void ChargesInAFinally(int n)
            {
                nint memory = 0;
                try { }
                finally { memory = Marshal.AllocHGlobal(n); }
                Marshal.FreeHGlobal(memory);
            }

            void ThrowsOutOfACatch(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                try { Calls.Work(); }
                catch (IOException e)
                {
                    throw new InvalidOperationException("wrapped", e);
                }
                catch
                {
                    Marshal.FreeHGlobal(memory);
                    throw;
                }
                Marshal.FreeHGlobal(memory);
            }
        """);

    [Fact]
    public Task AsyncIteratorsAndLambdas_HaveBodiesOfTheirOwn() => Verify.Members("""
            void InALambda()
            {
                Action<int> work = n =>
                {
                    nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                    if (n == 3) return;
                    Marshal.FreeHGlobal(memory);
                };
                work(3);
            }

            void InALocalFunction(int n)
            {
                Do();
                void Do()
                {
                    nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                    if (n == 3) return;
                    Marshal.FreeHGlobal(memory);
                }
            }

            void ReleasedByALocalFunction(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try { Calls.Work(); }
                finally { Give(); }
                void Give() => Marshal.FreeHGlobal(memory);
            }

            async Task<int> Async(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (n == 3) return 1;
                await Calls.WorkAsync();
                Marshal.FreeHGlobal(memory);
                return 0;
            }

            async ValueTask AsyncInATry(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try { await Calls.WorkAsync().ConfigureAwait(false); }
                finally { Marshal.FreeHGlobal(memory); }
            }

            async IAsyncEnumerable<int> AsyncIterator(int n)
            {
                await _sem.WaitAsync();
                try
                {
                    for (int i = 0; i < n; i++)
                    {
                        await Calls.WorkAsync();
                        yield return i;
                    }
                }
                finally { _sem.Release(); }
            }

            IEnumerable<int> YieldBreaks(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (n == 3) yield break;
                Marshal.FreeHGlobal(memory);
                yield return 1;
            }

            void NestedLambdas() => Run(() => Run(() =>
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(3)|};
                if (memory == 7) return;
                Marshal.FreeHGlobal(memory);
            }));

            static void Run(Action action) => action();
        """);

    [Fact]
    public Task MembersOfEveryKind_AreLookedAt() => Verify.File("""
        public partial class Parts
        {
            private nint _field = Marshal.AllocHGlobal(3);
            private static readonly GCHandle s_handle = GCHandle.Alloc(new object());

            public Parts(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (n == 3) return;
                Marshal.FreeHGlobal(memory);
            }

            static Parts()
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(4)|};
                if (Environment.TickCount == 3) return;
                Marshal.FreeHGlobal(memory);
            }

            ~Parts()
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(4)|};
                if (_field == 3) return;
                Marshal.FreeHGlobal(memory);
            }

            public int Property
            {
                get
                {
                    nint memory = {|PIN1001:Marshal.AllocHGlobal(4)|};
                    if (_field == 3) return 1;
                    Marshal.FreeHGlobal(memory);
                    return 2;
                }
                set
                {
                    nint memory = {|PIN1001:Marshal.AllocHGlobal(value)|};
                    if (value == 3) return;
                    Marshal.FreeHGlobal(memory);
                }
            }

            public int this[int i]
            {
                get
                {
                    nint memory = {|PIN1001:Marshal.AllocHGlobal(i)|};
                    if (i == 3) return 1;
                    Marshal.FreeHGlobal(memory);
                    return 2;
                }
            }

            public event Action Changed
            {
                add
                {
                    nint memory = {|PIN1001:Marshal.AllocHGlobal(4)|};
                    if (_field == 3) return;
                    Marshal.FreeHGlobal(memory);
                }
                remove { }
            }

            public static Parts operator +(Parts left, int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (n == 3) return left;
                Marshal.FreeHGlobal(memory);
                return left;
            }

            public static explicit operator int(Parts parts)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(4)|};
                if (parts._field == 3) return 3;
                Marshal.FreeHGlobal(memory);
                return 4;
            }

            partial void Later(int n);
        }

        public partial class Parts
        {
            partial void Later(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (n == 3) return;
                Marshal.FreeHGlobal(memory);
            }
        }

        public static class Generic<T> where T : class
        {
            public static void Lost(T target, int n)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(target)|};
                if (n == 3) return;
                handle.Free();
            }

            public static void Kept<TOther>(TOther[] items)
            {
                TOther[] rented = ArrayPool<TOther>.Shared.Rent(items.Length);
                items.CopyTo(rented, 0);
                ArrayPool<TOther>.Shared.Return(rented);
            }
        }

        public ref struct Holder
        {
            private nint _memory;

            public Holder(int n) => _memory = Marshal.AllocHGlobal(n);

            public void Dispose() => Marshal.FreeHGlobal(_memory);

            public static void Use(int n)
            {
                using Holder holder = new(n);
                Calls.Work();
            }
        }

        public record Rec(int N)
        {
            public void Lost()
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(N)|};
                if (N == 3) return;
                Marshal.FreeHGlobal(memory);
            }
        }

        public interface IDefault
        {
            void Lost(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (n == 3) return;
                Marshal.FreeHGlobal(memory);
            }
        }
        """);

    [Fact]
    public Task TopLevelStatements_AreABody() => Verify.Program("""
        nint memory = {|PIN1001:Marshal.AllocHGlobal(8)|};
        if (args.Length == 3) return 1;
        Marshal.FreeHGlobal(memory);
        return 0;
        """);

    [Fact]
    public Task HalfTypedCode_IsNotJudged() => Verify.Members("""
            void Unknown(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                {|CS0103:Relese|}(handle);
            }

            void Checked(SemaphoreSlim gate)
            {
                {|CS0103:Assert|}.True(gate.Wait(10));
                {|CS0103:Assert|}.False(!gate.Wait(10));
                try { Calls.Work(); }
                finally { gate.Release(2); }
            }

            void MissingMember(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                handle.{|CS1061:Fre|}();
            }

            void MissingArgument()
            {
                GCHandle handle = GCHandle.{|CS1501:Alloc|}();
            }

            void UnknownType(int n)
            {
                {|CS0246:Missing|} memory = Marshal.AllocHGlobal(n);
            }
        """);

    [Fact]
    public Task MemberBeingTyped_IsNotJudged() => Verify.Members("""
            void ConditionToCome(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                if ({|CS1525:{|CS1525:{|CS1026:{|CS1002:}|}|}|}|}

            void ReleaseToCome(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                handle.{|CS1001:{|CS1002:|}|}
            }

            int {|CS0161:ReturnToCome|}(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                if (n > 3) return {|CS1525:{|CS1002:}|}|}
        """);

    [Fact]
    public Task InitialValues_AreBodies() => Verify.Members("""
            private readonly Action<object> _field = target =>
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(target)|};
                if (target is string) return;
                handle.Free();
            };

            private Action<object> Property { get; } = target =>
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(target)|};
                if (target is string) return;
                handle.Free();
            };

            private readonly Action<object>? _first = null, _second = target =>
            {
                GCHandle handle = GCHandle.Alloc(target);
                handle.Free();
            };
        """);

    // A property in a pattern is the property: what is known of one is known of the other.
    [Fact]
    public Task PropertiesInPatterns_AreRead() => Verify.Members("""
            sealed class Job { public int Kind { get; init; } public Job? Next { get; init; } }

            void LiveByPattern(object target)
            {
                if (GCHandle.Alloc(target) is { IsAllocated: true } handle) handle.Free();
            }

            void OfALocal(object target, bool pins)
            {
                GCHandle handle = default;
                if (pins) handle = GCHandle.Alloc(target);
                if (handle is { IsAllocated: true }) handle.Free();
            }

            void Correlated(Job job)
            {
                if (job is { Kind: 3 }) _owner.Charge(1);
                Calls.Quiet();
                if (job.Kind == 3) _owner.Uncharge(1);
            }

            void NestedAndNegated(Job job)
            {
                bool isLast = job is not { Next: { Kind: > 0 } };
                if (!isLast) _owner.Charge(1);
                Calls.Quiet();
                if (job is { Next.Kind: > 0 }) _owner.Uncharge(1);
            }

            void LostOtherwise(Job job)
            {
                {|PIN1001:_owner.Charge(1)|};
                if (job is { Kind: 3, Next: null }) _owner.Uncharge(1);
            }

            void LostByTheOther(object target, Job job)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(target)|};
                if (handle is { IsAllocated: true } && job is { Kind: 2 }) handle.Free();
            }

            void NoToken(object target)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(target)|};
                if (handle is { IsAllocated: false }) handle.Free();
            }
        """);

    [Fact]
    public Task LocalByReference_IsAnotherNameForTheVariable() => Verify.Members("""
            void ReleasedByTheOtherName(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                ref nint place = ref memory;
                Marshal.FreeHGlobal(place);
            }

            void ReadOnly(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                ref readonly nint place = ref memory;
                try { Calls.Work(); }
                finally { Marshal.FreeHGlobal(place); }
            }

            void ChargedByTheOtherName(object target)
            {
                GCHandle handle = default;
                ref GCHandle place = ref handle;
                try
                {
                    place = GCHandle.Alloc(target);
                    Calls.Work();
                }
                finally { if (handle.IsAllocated) handle.Free(); }
            }

            void OneOfTwo(int n, bool first)
            {
                nint a = Marshal.AllocHGlobal(n), b = 0;
                ref nint place = ref (first ? ref a : ref b);
                if (first) Marshal.FreeHGlobal(place);
                else Marshal.FreeHGlobal(a);
            }

            void Retargeted(int n)
            {
                nint a = 0, b = Marshal.AllocHGlobal(n);
                ref nint place = ref a;
                place = ref b;
                Marshal.FreeHGlobal(place);
            }

            void Lost(int n)
            {
                nint memory = 0;
                ref nint place = ref memory;
                place = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (n == 3) return;
                Marshal.FreeHGlobal(memory);
            }
        """);
}
