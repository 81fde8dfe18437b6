using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1007: given back to another owner, or as something else, than was charged.</summary>
public sealed class OtherOwnerTests
{
    [Fact]
    public Task OtherAccount_IsReported() => Verify.Members("""
            private readonly Owner _user = new(), _group = new();

            void OtherField(long n)
            {
                _user.Charge(n);
                try { Calls.Work(); }
                finally { {|PIN1007:_group.Uncharge(n)|}; }
            }

            bool OtherFieldAfterTry(long n)
            {
                if (!_user.TryCharge(n)) return false;
                Calls.Quiet();
                {|PIN1007:_group.Uncharge(n)|};
                return true;
            }

            void OtherParameter(Owner mine, Owner yours)
            {
                mine.Charge(4);
                Calls.Quiet();
                {|PIN1007:yours.Uncharge(4)|};
            }

            void CopyTo(Owner from, Owner to, long n)
            {
                from.Charge(n);
                try { Calls.Work(); }
                finally { {|PIN1007:to.Uncharge(n)|}; }
            }

            bool OnOnePath(long n)
            {
                if (!_user.TryCharge(n)) return false;
                if (n > 5)
                {
                    {|PIN1007:_group.Uncharge(n)|};
                    return false;
                }
                _user.Uncharge(n);
                return true;
            }

            void OtherMode(ReaderWriterLockSlim left, ReaderWriterLockSlim right)
            {
                left.EnterReadLock();
                try { Calls.Work(); }
                finally { {|PIN1007:right.ExitReadLock()|}; }
            }
        """);

    [Fact]
    public Task OtherPool_IsReported() => Verify.Members("""
            private readonly ArrayPool<byte> _pool = ArrayPool<byte>.Create();
            private readonly ArrayPool<byte> _given;
            public C(ArrayPool<byte>? pool) => _given = pool ?? ArrayPool<byte>.Shared;

            void ToTheSharedOne(int n)
            {
                byte[] buffer = _pool.Rent(n);
                {|PIN1007:ArrayPool<byte>.Shared.Return(buffer)|};
            }

            void FromTheSharedOne(int n)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(n);
                try { Calls.Work(); }
                finally { {|PIN1007:_given.Return(buffer)|}; }
            }

            void OfTwoParameters(ArrayPool<int> small, ArrayPool<int> large)
            {
                int[] items = small.Rent(10);
                {|PIN1007:large.Return(items)|};
            }
        """);

    [Fact]
    public Task OtherFamily_IsReported() => Verify.File("""
        unsafe class Allocators
        {
            void Aligned(nuint n)
            {
                void* p = NativeMemory.AlignedAlloc(n, 64);
                {|PIN1007:NativeMemory.Free(p)|};
            }

            void NotAligned(nuint n)
            {
                byte* p = (byte*)NativeMemory.Alloc(n);
                p[0] = 1;
                {|PIN1007:NativeMemory.AlignedFree(p)|};
            }

            void Global(int n)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                try { Calls.Work(); }
                finally { {|PIN1007:Marshal.FreeCoTaskMem(p)|}; }
            }

            void Text(string text)
            {
                IntPtr p = Marshal.StringToCoTaskMemUTF8(text);
                {|PIN1007:Marshal.FreeHGlobal(p)|};
            }

            void Basic(string text)
            {
                IntPtr p = Marshal.StringToBSTR(text);
                {|PIN1007:Marshal.FreeCoTaskMem(p)|};
            }

            void Mixed(int n)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                {|PIN1007:NativeMemory.Free((void*)p)|};
            }

            void Modes(ReaderWriterLockSlim rw)
            {
                rw.EnterReadLock();
                try { Calls.Work(); }
                finally { {|PIN1007:rw.ExitWriteLock()|}; }
            }

            void LockAndMonitor(Lock gate)
            {
                gate.Enter();
        #pragma warning disable CS9216
                {|PIN1007:Monitor.Exit(gate)|};
        #pragma warning restore CS9216
            }

            void OwnAllocator(int n)
            {
                nint page = Native.PinOne(n);
                if (page == 0) return;
                {|PIN1007:Marshal.FreeHGlobal(page)|};
            }
        }
        """);

    [Fact]
    public Task Aliases_AreSilent() => Verify.Members("""
            private readonly Owner _user, _same;
            private readonly ArrayPool<byte> _pool = ArrayPool<byte>.Shared;
            private Owner Account => _user;

            public C(Owner owner)
            {
                _user = owner;
                _same = owner;
            }

            void Local(long n)
            {
                Owner owner = _user;
                _user.Charge(n);
                owner.Uncharge(n);
            }

            void OneParameterTwoFields(long n)
            {
                _user.Charge(n);
                try { Calls.Work(); }
                finally { _same.Uncharge(n); }
            }

            void Property(long n)
            {
                _user.Charge(n);
                try { Calls.Work(); }
                finally { Account.Uncharge(n); }
            }

            void SharedPool(int n)
            {
                byte[] buffer = _pool.Rent(n);
                ArrayPool<byte>.Shared.Return(buffer);
            }

            void LocalPool(int n)
            {
                var pool = ArrayPool<byte>.Shared;
                byte[] buffer = pool.Rent(n);
                ArrayPool<byte>.Shared.Return(buffer);
            }

            void PoolOrDefault(ArrayPool<byte>? pool, int n)
            {
                pool ??= ArrayPool<byte>.Shared;
                byte[] buffer = pool.Rent(n);
                pool.Return(buffer);
            }
        """);

    [Fact]
    public Task Moves_AreSilent() => Verify.Members("""
            private Owner _user = new();

            bool TransferTo(Owner other, long n)
            {
                if (!other.TryCharge(n)) return false;
                _user.Uncharge(n);
                return true;
            }

            bool Belongs(Owner whom, long n)
            {
                if (!whom.TryCharge(n)) return false;
                _user.Uncharge(n);
                _user = whom;
                return true;
            }

            void Hand(Owner from, Owner to, long n)
            {
                to.Charge(n);
                from.Uncharge(n);
            }

            void HandInATry(Owner from, Owner to, long n)
            {
                to.Charge(n);
                try { from.Uncharge(n); }
                finally { Calls.Quiet(); }
            }

            void OtherAmount(Owner mine, Owner yours, long a, long b)
            {
                mine.Charge(a);
                yours.Uncharge(b);
            }

            void Chain(object first, object second)
            {
                Monitor.Enter(second);
                Monitor.Exit(first);
            }

            void Both(Owner mine, Owner yours, long n)
            {
                mine.Charge(n);
                yours.Uncharge(n);
                Calls.Quiet();
                mine.Uncharge(n);
            }

            void Downgrade(ReaderWriterLockSlim rw)
            {
                rw.EnterReadLock();
                rw.ExitUpgradeableReadLock();
            }
        """);

    [Fact]
    public Task OwnerThatIsReplaced_GivesBackItsOwn() => Verify.Members("""
            sealed class Context { public SafeHandle? Handle; public SafeHandle? Credential { get; set; } }

            static int InFinally(SafeHandle handle, Context context, int n)
            {
                int error = -1;
                try
                {
                    bool added = false;
                    handle.DangerousAddRef(ref added);
                    error = n - 3; Calls.Work();
                }
                finally
                {
                    if (context.Handle != handle && error >= 0)
                    {
                        context.Handle?.DangerousRelease();
                        context.Handle = handle;
                    }
                    else
                    {
                        handle.DangerousRelease();
                    }
                }

                return error;
            }

            static int InAProperty(ref SafeHandle handle, Context context, int n)
            {
                int error = -1;
                try
                {
                    bool added = false;
                    handle.DangerousAddRef(ref added);
                    error = n - 3; Calls.Work();
                }
                finally
                {
                    if (context.Credential == handle || error < 0)
                    {
                        handle.DangerousRelease();
                    }
                    else
                    {
                        context.Credential?.DangerousRelease();
                        context.Credential = handle;
                    }
                }

                return error;
            }
        """);

    [Fact]
    public Task OwnerThatIsNotReplaced_IsReported() => Verify.Members("""
            sealed class Context { public SafeHandle? Handle; public SafeHandle? Credential { get; set; } }

            static void M(SafeHandle handle, Context context, int n)
            {
                bool added = false;
                handle.DangerousAddRef(ref added);
                try
                {
                    Calls.Work();
                }
                finally
                {
                    {|PIN1007:context.Handle!.DangerousRelease()|};
                    context.Credential = handle;
                }
            }
        """);

    [Fact]
    public Task RightFamily_IsSilent() => Verify.File("""
        unsafe class Allocators
        {
            void Each(nuint n, int m, string text, System.Security.SecureString secret, ReaderWriterLockSlim rw)
            {
                NativeMemory.Free(NativeMemory.Alloc(n));
                NativeMemory.AlignedFree(NativeMemory.AlignedAlloc(n, 16));
                IntPtr ansi = Marshal.SecureStringToGlobalAllocAnsi(secret);
                Marshal.ZeroFreeGlobalAllocAnsi(ansi);
                IntPtr plain = Marshal.StringToHGlobalAnsi(text);
                Marshal.ZeroFreeGlobalAllocAnsi(plain);
                IntPtr bstr = Marshal.SecureStringToBSTR(secret);
                Marshal.FreeBSTR(bstr);
                rw.EnterUpgradeableReadLock();
                rw.EnterWriteLock();
                rw.ExitWriteLock();
                rw.ExitUpgradeableReadLock();
            }

            void Wrapped(int n)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                Own.Free(p);
            }
        }

        static class Own
        {
            [PinAccounting.Annotations.Charge("own", ReleasedBy = nameof(Free))]
            [return: PinAccounting.Annotations.ChargeToken]
            public static IntPtr Alloc(int n) => Marshal.AllocHGlobal(n);

            [PinAccounting.Annotations.Release("own")]
            public static void Free([PinAccounting.Annotations.ChargeToken] IntPtr p) => Marshal.FreeHGlobal(p);
        }
        """);
}
