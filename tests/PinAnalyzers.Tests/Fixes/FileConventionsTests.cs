using System.Threading;
using System.Threading.Tasks;
using PinAnalyzers.Balance;
using PinAnalyzers.CodeFixes.SharedMemory;
using PinAnalyzers.Tests.Verification;
using Xunit;
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
}
