using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.ReleaseToOwnerFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class ReleaseToOwnerFixerTests
{
    [Fact]
    public Task Release_GoesWhereTheChargeWas() => Verify.CodeFix(
        """
        using System;
        using System.Buffers;
        using System.Runtime.InteropServices;
        using System.Threading;

        unsafe class C
        {
            private readonly ArrayPool<byte> _pool = ArrayPool<byte>.Create();

            void Pool(int n)
            {
                byte[] buffer = _pool.Rent(n);
                {|PIN1007:ArrayPool<byte>.Shared.Return(buffer)|};
            }

            void Family(int n)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                {|PIN1007:Marshal.FreeCoTaskMem(p)|};
            }

            void Cast(int n)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                {|PIN1007:NativeMemory.Free((void*)p)|};
            }

            void Mode(ReaderWriterLockSlim rw)
            {
                rw.EnterReadLock();
                try { GC.KeepAlive(this); }
                finally { {|PIN1007:rw.ExitWriteLock()|}; }
            }
        }
        """,
        """
        using System;
        using System.Buffers;
        using System.Runtime.InteropServices;
        using System.Threading;

        unsafe class C
        {
            private readonly ArrayPool<byte> _pool = ArrayPool<byte>.Create();

            void Pool(int n)
            {
                byte[] buffer = _pool.Rent(n);
                _pool.Return(buffer);
            }

            void Family(int n)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                Marshal.FreeHGlobal(p);
            }

            void Cast(int n)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                Marshal.FreeHGlobal(p);
            }

            void Mode(ReaderWriterLockSlim rw)
            {
                rw.EnterReadLock();
                try { GC.KeepAlive(this); }
                finally { rw.ExitReadLock(); }
            }
        }
        """);

    [Fact]
    public Task OwnerOutOfScope_IsLeftAlone() => Verify.NoFix(
        """
        using System.Buffers;

        class C
        {
            void Pool(int n)
            {
                byte[] buffer;
                {
                    ArrayPool<byte> pool = ArrayPool<byte>.Create();
                    buffer = pool.Rent(n);
                }
                {|PIN1007:ArrayPool<byte>.Shared.Return(buffer)|};
            }

            void Text(string text, System.Security.SecureString secret)
            {
                nint p = System.Runtime.InteropServices.Marshal.SecureStringToGlobalAllocUnicode(secret);
                {|PIN1007:System.Runtime.InteropServices.Marshal.FreeCoTaskMem(p)|};
            }
        }
        """);
}
