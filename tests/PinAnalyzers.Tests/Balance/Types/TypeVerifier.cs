using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Tests.Verification;

namespace PinAnalyzers.Tests.Balance.Types;

/// <summary>Whole types, behind the usual imports and an account that is charged by its owner or with a token.</summary>
internal static class TypeVerifier
{
    public const string Imports = """
        #nullable enable
        using System;
        using System.Buffers;
        using System.Collections.Concurrent;
        using System.Collections.Generic;
        using System.Diagnostics;
        using System.Linq;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;
        using PinAccounting.Annotations;

        """;

    private const string Subjects = Imports + """
        public sealed class Lease : IDisposable
        {
            [Release("lease")]
            public void Dispose() { }
        }

        public sealed class Account
        {
            [Charge("pages", SucceedsWhen = SucceedsWhen.True, ReleasedBy = nameof(Uncharge))]
            public bool TryCharge([ChargeAmount] long n) => n < 100;

            [Charge("pages", ReleasedBy = nameof(Uncharge))]
            public void Charge([ChargeAmount] long n) { }

            [Release("pages")]
            public void Uncharge([ChargeAmount] long n) { }

            [Charge("lease")]
            [return: ChargeToken]
            public Lease Lease(long n) => new();

            [Charge("lease", SucceedsWhen = SucceedsWhen.True)]
            public bool TryLease(long n, [ChargeToken] out Lease? lease) { lease = null; return false; }
        }
        """;

    public static TestSetup Setup { get; } = TestSetup.Annotated.Source("/0/Subjects.cs", Subjects);

    public static Task File(string source, params DiagnosticResult[] expected) => File(source, Setup, expected);

    public static Task File(string source, TestSetup setup, params DiagnosticResult[] expected) =>
        new PinTest<PinFlowAnalyzer, EmptyCodeFixProvider>(Imports + source, setup, expected).RunAsync(CancellationToken.None);
}
