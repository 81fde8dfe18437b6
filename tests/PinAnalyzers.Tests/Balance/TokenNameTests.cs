using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>By which variables a token is known: after paths have met, after tuples, and when it is compared with something else.</summary>
public sealed class TokenNameTests
{
    [Fact]
    public Task Exchanged_BothAreStillKnown() => Verify.Members("""
            void OnOnePath(int n)
            {
                IntPtr a = Marshal.AllocHGlobal(n), b = Marshal.AllocHGlobal(n);
                if (n > 3) { var t = a; a = b; b = t; }
                Marshal.FreeHGlobal(a);
                Marshal.FreeHGlobal(b);
            }

            void EachRound(int n)
            {
                IntPtr from = Marshal.AllocHGlobal(n), to = Marshal.AllocHGlobal(n);
                for (int i = 0; i < n; i++) { var t = from; from = to; to = t; }
                Marshal.FreeHGlobal(from);
                Marshal.FreeHGlobal(to);
            }

            unsafe void ThroughCopies(nuint n)
            {
                byte* first = (byte*)NativeMemory.Alloc(n), second = (byte*)NativeMemory.Alloc(n);
                byte* from = first, to = second;
                for (nuint width = 1; width < n; width *= 2) { byte* t = from; from = to; to = t; }
                NativeMemory.Free(first);
                NativeMemory.Free(second);
            }

            void AsTuple(int n)
            {
                IntPtr a = Marshal.AllocHGlobal(n), b = Marshal.AllocHGlobal(n);
                while (n-- > 0) (a, b) = (b, a);
                Marshal.FreeHGlobal(a);
                Marshal.FreeHGlobal(b);
            }

            void FilledLater(int n)
            {
                IntPtr current = Marshal.AllocHGlobal(n), spare = IntPtr.Zero;
                for (int i = 0; i < n; i++)
                {
                    if (spare == IntPtr.Zero) spare = Marshal.AllocHGlobal(n);
                    var t = current;
                    current = spare;
                    spare = t;
                }

                Marshal.FreeHGlobal(current);
                if (spare != IntPtr.Zero) Marshal.FreeHGlobal(spare);
            }

            void Handles(object x, object y, int n)
            {
                GCHandle h = default, g = default;
                try
                {
                    h = GCHandle.Alloc(x);
                    g = GCHandle.Alloc(y);
                    if (n > 3) { var t = h; h = g; g = t; }
                }
                finally
                {
                    if (h.IsAllocated) h.Free();
                    if (g.IsAllocated) g.Free();
                }
            }
        """);

    [Fact]
    public Task OneOfTwoIsChosen_TheOtherIsReleased() => Verify.Members("""
            IntPtr ByTwoNames(int n)
            {
                IntPtr a = Marshal.AllocHGlobal(n), b = Marshal.AllocHGlobal(n);
                IntPtr keep, drop;
                if (n > 3) { keep = a; drop = b; } else { keep = b; drop = a; }
                Marshal.FreeHGlobal(drop);
                return keep;
            }

            IntPtr ByComparison(int n)
            {
                IntPtr a = Marshal.AllocHGlobal(n), b = Marshal.AllocHGlobal(n);
                IntPtr best = n > 3 ? a : b;
                Marshal.FreeHGlobal(best == a ? b : a);
                return best;
            }

            void MovedOnOnePath(int n)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                IntPtr q;
                if (n > 3) { q = p; p = IntPtr.Zero; } else { q = IntPtr.Zero; }
                Marshal.FreeHGlobal(p);
                Marshal.FreeHGlobal(q);
            }

            void OverwrittenOnOnePath(int n)
            {
                IntPtr a = {|PIN1001:Marshal.AllocHGlobal(n)|};
                IntPtr b = Marshal.AllocHGlobal(n);
                if (n > 3) a = b;
                Marshal.FreeHGlobal(a);
                if (n <= 3) Marshal.FreeHGlobal(b);
            }
        """);

    [Fact]
    public Task Deconstructed_IsWhatItWas() => Verify.Members("""
            bool Signal(long n)
            {
                var (ok, m) = (_owner.TryCharge(n), n);
                if (ok) _owner.Uncharge(m);
                return ok;
            }

            void TwoAtOnce(int n)
            {
                IntPtr p, q;
                (p, q) = (Marshal.AllocHGlobal(n), Marshal.AllocHGlobal(n));
                Marshal.FreeHGlobal(p);
                Marshal.FreeHGlobal(q);
            }

            void OneIsForgotten(int n)
            {
                var (p, q) = ({|PIN1001:Marshal.AllocHGlobal(n)|}, Marshal.AllocHGlobal(n));
                if (n > 3) Marshal.FreeHGlobal(p);
                Marshal.FreeHGlobal(q);
            }
        """);

    [Fact]
    public Task ComparedWithWhatWasThereBefore_IsAnotherThing() => Verify.Members("""
            private static readonly byte[] s_small = new byte[64];

            unsafe void OnTheStack(int n)
            {
                byte* stack = stackalloc byte[128];
                byte* p = n > 128 ? (byte*)NativeMemory.Alloc((nuint)n) : stack;
                p[0] = 1;
                if (p != stack) NativeMemory.Free(p);
            }

            unsafe void AddressOfALocal(int n)
            {
                byte local;
                byte* p = &local;
                if (n > 1) p = (byte*)NativeMemory.Alloc((nuint)n);
                *p = 1;
                if (p != &local) NativeMemory.Free(p);
            }

            void GivenOrAllocated(int n, IntPtr given)
            {
                IntPtr p = given == IntPtr.Zero || n > 8 ? Marshal.AllocHGlobal(n) : given;
                if (p != given) Marshal.FreeHGlobal(p);
            }

            void SharedArray(int n)
            {
                byte[] b = n > 64 ? ArrayPool<byte>.Shared.Rent(n) : s_small;
                b[0] = 1;
                if (b != s_small) ArrayPool<byte>.Shared.Return(b);
            }

            void LocalArray(int n)
            {
                byte[] local = new byte[4];
                byte[] b = n > 64 ? ArrayPool<byte>.Shared.Rent(n) : local;
                if (!ReferenceEquals(b, local)) ArrayPool<byte>.Shared.Return(b);
            }

            void EmptyArray(int n)
            {
                byte[] b = Array.Empty<byte>();
                if (n > 0) b = ArrayPool<byte>.Shared.Rent(n);
                if (b != Array.Empty<byte>()) ArrayPool<byte>.Shared.Return(b);
            }

            unsafe void TheWrongWayRound(int n)
            {
                byte* stack = stackalloc byte[128];
                byte* p = n > 128 ? (byte*){|PIN1001:NativeMemory.Alloc((nuint)n)|} : stack;
                if (p == stack) NativeMemory.Free(p);
            }

            // A freed address may come again: nothing is known of this comparison.
            void Again(int n)
            {
                IntPtr old = Marshal.AllocHGlobal(n);
                Marshal.FreeHGlobal(old);
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (p != old) Marshal.FreeHGlobal(p);
            }
        """);

    [Fact]
    public Task OwnersMadeHere_AreTwo() => Verify.Members("""
            void Pools(int n)
            {
                var mine = ArrayPool<byte>.Create();
                var b = ArrayPool<byte>.Shared.Rent(n);
                {|PIN1007:mine.Return(b)|};
            }

            void TwoPools(int n)
            {
                var mine = ArrayPool<byte>.Create();
                var yours = ArrayPool<byte>.Create();
                var b = mine.Rent(n);
                {|PIN1007:yours.Return(b)|};
            }

            void Accounts(long n)
            {
                var a = new Owner();
                var b = new Owner();
                a.Charge(n);
                Calls.Quiet();
                {|PIN1007:b.Uncharge(n)|};
            }

            void OnePool(int n)
            {
                var mine = ArrayPool<byte>.Create();
                var same = mine;
                same.Return(mine.Rent(n));
            }
        """);
}
