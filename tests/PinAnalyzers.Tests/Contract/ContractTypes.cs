using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;

namespace PinAnalyzers.Tests.Contract;

/// <summary>What the types of a test are about, and the names that they know it by.</summary>
internal static class ContractTypes
{
    private const string Imports = """
        #nullable enable
        using System;
        using System.Collections.Generic;
        using System.Diagnostics;
        using System.Linq;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;
        using PinAccounting.Annotations;

        """;

    private const string Subjects = """
        #nullable enable
        using System;
        using System.Runtime.InteropServices;
        using System.Threading.Tasks;
        using PinAccounting.Annotations;
        public static partial class Native
        {
            public static void MakeCtx([MustBeZero] ref Ctx handle) => handle.Value = 1;
            public static void Reserved([MustBeZero] int reserved, [MustBeZero] Mcl flags = Mcl.None, [MustBeZero] object? o = null, [MustBeZero] bool b = false) { }
            public static void Maybe([ValidRange(1, 9)] int? n) { }
            public static void Bytes([ValidRange(0, 255)] byte b, [ValidRange('a', 'z')] char c = 'b') { }
            public static void Wide([ValidMask(unchecked((long)0x8000_0000_0000_0001))] ulong m) { }
            public static void Ext(this Account a, [ValidRange(1, 9)] int n) { }
        }
        public struct Ctx { public nint Value; }
        public class LockState { [Inherited(Inheritance.Copy)] public int Inherit; public Mcl Flags { get; set; } public int Plain; }
        public enum ChargeStatus { Charged, PolicyLimit, ResourceExhausted, Fault }
        public sealed class PinLimitExceededException : Exception { }
        public sealed class Lease : IDisposable { [Charge("lease")] public Lease() { } [Release("lease")] public void Dispose() { } }
        """;

    private static readonly CategoryVerifier s_verifier = new(Imports, Subjects + "\n" + ContractSubjects.Api, "Pin.Balance", "Pin.SharedMemory");

    public static Task Verify(string types) => s_verifier.VerifyAsync(types);
}
