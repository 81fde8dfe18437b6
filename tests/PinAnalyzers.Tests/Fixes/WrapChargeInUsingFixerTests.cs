using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.WrapChargeInUsingFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class WrapChargeInUsingFixerTests
{
    private const string EarlyReturn =
        """
        using System;
        using System.Buffers;

        static unsafe class C
        {
            static int Early(Memory<byte> memory, bool skip)
            {
                // Pinned while it is read.
                MemoryHandle handle = {|PIN1001:memory.Pin()|};
                if (skip) return 0;
                byte* first = (byte*)handle.Pointer;
                int value = *first;
                handle.Dispose();
                return value;
            }
        }
        """;

    [Fact]
    public Task Token_IsDeclaredWithUsing() => Verify.CodeFix(
        EarlyReturn,
        """
        using System;
        using System.Buffers;

        static unsafe class C
        {
            static int Early(Memory<byte> memory, bool skip)
            {
                // Pinned while it is read.
                using MemoryHandle handle = memory.Pin();
                if (skip) return 0;
                byte* first = (byte*)handle.Pointer;
                int value = *first;
                return value;
            }
        }
        """);

    [Fact]
    public Task CommentsOnTheRelease_StayWhereItWas() => Verify.CodeFix(
        """
        using System;
        using System.Buffers;

        static unsafe class C
        {
            static int Early(Memory<byte> memory, bool skip)
            {
                MemoryHandle handle = {|PIN1001:memory.Pin()|};
                if (skip)
                {
                    // Nothing to read.
                    handle.Dispose(); // early
                    return 0;
                }
                if (memory.Length == 3) return 1;
                int value = *(byte*)handle.Pointer;

                // Read.
                handle.Dispose(); // late
                return value;
            }
        }
        """,
        """
        using System;
        using System.Buffers;

        static unsafe class C
        {
            static int Early(Memory<byte> memory, bool skip)
            {
                using MemoryHandle handle = memory.Pin();
                if (skip)
                {
                    // Nothing to read.
                    // early
                    return 0;
                }
                if (memory.Length == 3) return 1;
                int value = *(byte*)handle.Pointer;

                // Read.
                // late
                return value;
            }
        }
        """);

    [Fact]
    public Task ReleaseBeforeTheEnd_StaysThere() => Verify.CodeFix(
        """
        using System;
        using System.Buffers;
        using System.Runtime.InteropServices;

        static unsafe class C
        {
            static void Early(Memory<byte> memory, bool skip, Action after)
            {
                var handle = {|PIN1001:memory.Pin()|};
                if (skip) return;
                *(byte*)handle.Pointer = 1;
                handle.Dispose();
                after();
            }

            static void Never(object o)
            {
                var handle = {|PIN1001:new GCHandle<object>(o)|};
                Console.WriteLine(handle.Target);
            }
        }
        """,
        """
        using System;
        using System.Buffers;
        using System.Runtime.InteropServices;

        static unsafe class C
        {
            static void Early(Memory<byte> memory, bool skip, Action after)
            {
                using (var handle = memory.Pin())
                {
                    if (skip) return;
                    *(byte*)handle.Pointer = 1;
                }

                after();
            }

            static void Never(object o)
            {
                using var handle = new GCHandle<object>(o);
                Console.WriteLine(handle.Target);
            }
        }
        """);

    [Fact]
    public Task NoUsingPossible_NoFix() => Verify.NoFix(
        """
        using System;
        using System.Buffers;
        using System.Runtime.InteropServices;

        static unsafe class C
        {
            static void NotDisposable(byte[] data)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(data)|};
                Console.WriteLine(handle.IsAllocated);
            }

            static void Reassigned(Memory<byte> memory, bool again)
            {
                MemoryHandle handle = {|PIN1001:memory.Pin()|};
                if (again) handle = default;
                handle.Dispose();
            }

            static void Written(object a, object b)
            {
                GCHandle<object> handle = {|PIN1001:new GCHandle<object>(a)|};
                handle.Target = b;
            }
        }
        """);

    [Fact]
    public Task OldLanguage_NoFix() => Verify.NoFix(EarlyReturn, TestSetup.Plain.Language(LanguageVersion.CSharp7_3), new DiagnosticResult("CS8630", DiagnosticSeverity.Error));
}
