using System.Threading;
using System.Threading.Tasks;
using PinAnalyzers.Balance;
using PinAnalyzers.CodeFixes.SharedMemory;
using PinAnalyzers.Tests.Authority;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Always = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.Authority.ChargeAlwaysFixer>;
using Early = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.Contract.ReturnEarlyFixer>;
using Finally = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.ReleaseInFinallyFixer>;
using Remove = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.RemoveSecondReleaseFixer>;
using Update = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.SharedMemory.UpdateAtomicallyFixer>;

namespace PinAnalyzers.Tests.Fixes;

/// <summary>What all fixes keep: line ends and tabs as the file has them, every comment, and code that compiles without new complaints.</summary>
public sealed class FileConventionsTests
{
    private const string Before = """
        using System;
        using System.Threading;

        class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            void Guarded(Action body)
            {
                {|PIN1002:_gate.Wait()|}; // taken
                body();
                _gate.Release();
            }
        }
        """;

    private const string After = """
        using System;
        using System.Threading;

        class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            void Guarded(Action body)
            {
                _gate.Wait(); // taken
                try
                {
                    body();
                }
                finally
                {
                    _gate.Release();
                }
            }
        }
        """;

    [Fact]
    public Task LineEndsOfTheFile_AreKept() => Finally.CodeFix(Before.ReplaceLineEndings("\r\n"), After.ReplaceLineEndings("\r\n"));

    [Fact]
    public Task LineEndsOfOtherMachines_AreNotBroughtIn() => Finally.CodeFix(Before.ReplaceLineEndings("\n"), After.ReplaceLineEndings("\n"));

    [Fact]
    public Task TabsOfTheFile_AreKept() => Finally.CodeFix(Before.Replace("    ", "\t"), After.Replace("    ", "\t"));

    // What a project has said counts for more than what a file looks like.
    [Fact]
    public Task IndentationOfTheProject_ComesFirst() => Finally.CodeFix(
        Before.Replace("    ", "\t"),
        After.Replace("    ", "\t").Replace("\t\t\tbody", "            body").Replace("\t\t\t_gate", "            _gate").Replace("\t\ttry\n\t\t{", "        try\n        {").Replace("\t\t}\n\t\tfinally\n\t\t{", "        }\n        finally\n        {")
            .Replace("_gate.Release();\n\t\t}\n\t}", "_gate.Release();\n        }\n    }"),
        TestSetup.Plain.Option("indent_style", "space"));

    [Theory]
    [InlineData("  ")]
    [InlineData("   ")]
    public Task StepOfTheFile_IsKept(string step) => Finally.CodeFix(Before.Replace("    ", step), After.Replace("    ", step));

    // The formatter would put a space behind 'for', take the one behind casts, and break the line that ends with a brace.
    [Fact]
    public Task WhatMoves_KeepsItsSpacing() => Finally.CodeFix(
        """
        using System;
        using System.Threading;

        class C {
            private readonly SemaphoreSlim _gate = new(1);

            void Guarded(Func<int, long, string, Action, int> body, int count) {
                {|PIN1002:_gate.Wait()|};
                for(int i = 0;i < count; i++) {
                    var read = body(i+1, (long) count,
                                    @"first
          second",   () => {
                                        Console.WriteLine( i );
                                    });
                    /* counts
                     * from one */
                    if (read==0) continue;

                    // What is told is what was read.
                    Console . WriteLine(read
                        + 1);
                }
                _gate.Release();
            }
        }
        """,
        """
        using System;
        using System.Threading;

        class C {
            private readonly SemaphoreSlim _gate = new(1);

            void Guarded(Func<int, long, string, Action, int> body, int count) {
                _gate.Wait();
                try {
                    for(int i = 0;i < count; i++) {
                        var read = body(i+1, (long) count,
                                        @"first
          second",   () => {
                                            Console.WriteLine( i );
                                        });
                        /* counts
                         * from one */
                        if (read==0) continue;

                        // What is told is what was read.
                        Console . WriteLine(read
                            + 1);
                    }
                }
                finally {
                    _gate.Release();
                }
            }
        }
        """);

    [Fact]
    public Task BracesAndClausesOfTheFile_StandWhereItsOwnDo() => Finally.CodeFix(
        """
        using System;
        using System.Threading;

        class C {
          private readonly SemaphoreSlim _gate = new(1);

          void Guarded(Action body, bool twice) {
            {|PIN1002:_gate.Wait()|};
            if (twice) {
              body();
            } else {
              Console.WriteLine();
            }
            body();
            _gate.Release();
          }
        }
        """,
        """
        using System;
        using System.Threading;

        class C {
          private readonly SemaphoreSlim _gate = new(1);

          void Guarded(Action body, bool twice) {
            _gate.Wait();
            try {
              if (twice) {
                body();
              } else {
                Console.WriteLine();
              }
              body();
            } finally {
              _gate.Release();
            }
          }
        }
        """);

    [Fact]
    public Task BracesOfTheProject_ComeFirst() => Finally.CodeFix(
        Before.Replace("class C\n{", "class C {").Replace("body)\n    {", "body) {").Replace("        body();", "        if (body is null) {\n            return;\n        }\n        body();").Replace("{|PIN1002:_gate.Wait()|}; // taken\n        if", "if")
            .Replace("        body();", "        {|PIN1002:_gate.Wait()|};\n        body();"),
        After.Replace("class C\n{", "class C {").Replace("body)\n    {", "body) {").Replace("        _gate.Wait(); // taken", "        if (body is null) {\n            return;\n        }\n        _gate.Wait();"),
        TestSetup.Plain.Option("csharp_new_line_before_open_brace", "all"));

    // What was reported is gone with the end of the file.
    [Fact]
    public Task EndOfTheFile_MayGo() => Remove.CodeFix(
        """
        using System;
        using System.Runtime.InteropServices;
        class C { static void M(int n) { IntPtr p = Marshal.AllocHGlobal(n); Marshal.FreeHGlobal(p); {|PIN1003:Marshal.FreeHGlobal(p)|}; } }
        """,
        """
        using System;
        using System.Runtime.InteropServices;
        class C { static void M(int n) { IntPtr p = Marshal.AllocHGlobal(n); Marshal.FreeHGlobal(p); } }
        """);

    // The new field moves what is complained of away from where it was.
    [Fact]
    public Task ComplaintBehindANewMember_IsSeen() => Update.Create(Volatile, Volatile, TestSetup.Annotated, UpdateAtomicallyFixer.Key_PrivateCopy).RunAsync(CancellationToken.None);

    private const string Volatile =
        """
        using System.Threading;
        using PinAccounting.Annotations;

        struct Header
        {
            public volatile uint Live;
        }

        unsafe class Ring
        {
            [SharedMemory] Header* _ring;
            public void Step() { {|PIN3003:_ring->Live++|}; }
        }
        """;

    // The line's end belongs to what is left on the line.
    [Fact]
    public Task OneOfTwoOnALine_GoesAlone() => Remove.CodeFix(
        """
        using System;
        using System.Runtime.InteropServices;
        class C
        {
            static void M(int n)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                Marshal.FreeHGlobal(p);{|PIN1003:Marshal.FreeHGlobal(p)|};
            }
        }
        """,
        """
        using System;
        using System.Runtime.InteropServices;
        class C
        {
            static void M(int n)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                Marshal.FreeHGlobal(p);
            }
        }
        """);

    [Fact]
    public Task CommentOfSeveralLines_MovesAsOne() => Finally.CodeFix(
        Before.Replace("        body();", "        /*\n         * Under\n         *   the lock.\n         */\n        body();").ReplaceLineEndings("\n"),
        After.Replace("            body();", "            /*\n             * Under\n             *   the lock.\n             */\n            body();").ReplaceLineEndings("\n"));

    // What is disposed of at the end would now be disposed of with the lock held; a release that is never come to with the lock would be one too many.
    [Fact]
    public Task OrderOfReleases_IsNotChanged() => Finally.NoFix(
        """
        using System;
        using System.Threading;

        class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            void Disposes(Func<IDisposable> open)
            {
                {|PIN1002:_gate.Wait()|};
                using var opened = open();
                _gate.Release();
            }

            void Section(int k, Action f)
            {
                switch (k)
                {
                    case 0:
                        {
                            {|PIN1002:_gate.Wait()|};
                            f();
                            if (k > 3) { _gate.Release(); break; }
                            f();
                            _gate.Release();
                            break;
                        }
                }
            }
        }
        """);

    [Fact]
    public Task CommentsOfWhatGoes_Stay() => Always.CodeFix(
        """
        using PinAccounting.Annotations;

        class Ring
        {
            private long _pages;
            [CapabilityCheck] private static bool May() => false;

            public void Map(long n)
            {
                // Root may have more.
                if ({|PIN2002:May()|}) return; // at once
                _pages += n;
            }

            public void Unmap(long n)
            {
                _pages -= n;
            }
        }
        """,
        """
        using PinAccounting.Annotations;

        class Ring
        {
            private long _pages;
            [CapabilityCheck] private static bool May() => false;

            public void Map(long n)
            {
                // Root may have more.
                // at once
                _pages += n;
            }

            public void Unmap(long n)
            {
                _pages -= n;
            }
        }
        """,
        AuthoritySetup.Alone);

    [Fact]
    public Task StatementOnASharedLine_IsJoinedByAnother() => Early.CodeFix(
        Status + "class C { int M() { int r = Native.Attach(); {|PIN4001:r = 5|}; return r; } }",
        Status + "class C { int M() { int r = Native.Attach(); if (r != 0) return r; r = 5; return r; } }",
        TestSetup.Annotated);

    private const string Status = """
        using PinAccounting.Annotations;
        static class Native { [return: Errno(ErrnoConvention.ZeroOrErrno)] public static int Attach() => 0; }

        """;

    // Added to itself it is read once more, before.
    [Fact]
    public Task UpdateByItself_IsNoOneStep() => Update.NoFix(
        """
        using PinAccounting.Annotations;
        struct Header { public int Sum; }
        unsafe class Ring
        {
            [SharedMemory] Header* _ring;
            public void Clear() { {|PIN3003:_ring->Sum -= _ring->Sum|}; }
        }
        """,
        TestSetup.Annotated);
}
