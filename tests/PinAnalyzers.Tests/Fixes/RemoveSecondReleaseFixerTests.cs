using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.RemoveSecondReleaseFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class RemoveSecondReleaseFixerTests
{
    [Fact]
    public Task RedundantRelease_IsRemoved() => Verify.CodeFix(
        """
        using System;
        using System.Runtime.InteropServices;

        static class C
        {
            static void Twice(int size)
            {
                IntPtr p = Marshal.AllocHGlobal(size);
                Marshal.FreeHGlobal(p);

                // once more
                {|PIN1003:Marshal.FreeHGlobal(p)|};
                GC.Collect();
            }

            static int AlsoInFinally(int size)
            {
                IntPtr p = Marshal.AllocHGlobal(size);
                try
                {
                    int first = Marshal.ReadByte(p);
                    Marshal.FreeHGlobal(p);
                    return first;
                }
                finally
                {
                    {|PIN1003:Marshal.FreeHGlobal(p)|};
                }
            }
        }
        """,
        """
        using System;
        using System.Runtime.InteropServices;

        static class C
        {
            static void Twice(int size)
            {
                IntPtr p = Marshal.AllocHGlobal(size);
                Marshal.FreeHGlobal(p);

                // once more
                GC.Collect();
            }

            static int AlsoInFinally(int size)
            {
                IntPtr p = Marshal.AllocHGlobal(size);
                try
                {
                    int first = Marshal.ReadByte(p);
                    return first;
                }
                finally
                {
                    Marshal.FreeHGlobal(p);
                }
            }
        }
        """);

    [Fact]
    public Task EitherMayBeNeeded_NoFix() => Verify.NoFix(
        """
        using System;
        using System.Runtime.InteropServices;

        static class C
        {
            static void Sometimes(int size, bool early)
            {
                IntPtr p = Marshal.AllocHGlobal(size);
                if (early) Marshal.FreeHGlobal(p);
                {|PIN1003:Marshal.FreeHGlobal(p)|};
            }
        }
        """);

    [Fact]
    public Task OneReleaseInALoop_NoFix() => Verify.NoFix(
        """
        using System;
        using System.Runtime.InteropServices;

        static class C
        {
            static void Each(int size, int rounds)
            {
                IntPtr p = Marshal.AllocHGlobal(size);
                do { {|PIN1003:Marshal.FreeHGlobal(p)|}; } while (--rounds > 0);
            }
        }
        """);

    // The release in the body is all there is where the finally ends before its own.
    [Fact]
    public Task FinallyThatMayThrowBefore_NoFix() => Verify.NoFix(
        """
        using System;
        using System.Runtime.InteropServices;

        static class C
        {
            static int AlsoInFinally(int size)
            {
                IntPtr p = Marshal.AllocHGlobal(size);
                try
                {
                    int first = Marshal.ReadByte(p);
                    Marshal.FreeHGlobal(p);
                    return first;
                }
                finally
                {
                    if (Environment.TickCount == 9) throw new InvalidOperationException();
                    {|PIN1003:Marshal.FreeHGlobal(p)|};
                }
            }
        }
        """);

    [Fact]
    public Task FinallyThatGivesOthersBackFirst_IsTheOneThatStays() => Verify.CodeFix(
        """
        using System;
        using System.Runtime.InteropServices;

        static class C
        {
            static int AlsoInFinally(int size, object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                IntPtr p = Marshal.AllocHGlobal(size);
                try
                {
                    int first = Marshal.ReadByte(p);
                    Marshal.FreeHGlobal(p);
                    return first;
                }
                finally
                {
                    handle.Free();
                    {|PIN1003:Marshal.FreeHGlobal(p)|};
                }
            }
        }
        """,
        """
        using System;
        using System.Runtime.InteropServices;

        static class C
        {
            static int AlsoInFinally(int size, object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                IntPtr p = Marshal.AllocHGlobal(size);
                try
                {
                    int first = Marshal.ReadByte(p);
                    return first;
                }
                finally
                {
                    handle.Free();
                    Marshal.FreeHGlobal(p);
                }
            }
        }
        """);
}
