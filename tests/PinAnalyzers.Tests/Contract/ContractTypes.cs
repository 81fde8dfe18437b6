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
        public static class Native
        {
            [return: Errno(ErrnoConvention.NegativeErrno)] public static int PinPages(nint a, int n) => n;
            [return: Errno(ErrnoConvention.MinusOneErrno)] public static int Lock(nint a) => 0;
            [return: Errno(ErrnoConvention.ZeroOrErrno)] public static int Attach(nint a) => 0;
            [return: Errno(ErrnoConvention.NegativeErrno)] public static Task<int> PinAsync(nint a) => Task.FromResult(0);
            public static int Undo() => 0;
            public static int Setup([ValidRange(1, 8_388_608)] uint events, [MustBeZero] ref nint handle) { handle = 1; return 0; }
            public static bool TrySetup(long events, [MustBeZero] ref nint handle) { handle = 1; return true; }
            public static void Make([MustBeZero] ref nint handle) => handle = 1;
            public static void MakeCtx([MustBeZero] ref Ctx handle) => handle.Value = 1;
            public static void Open([MustBeZero] ref object? handle) => handle = new object();
            public static void Adopt([MustBeZero] nint handle) { }
            public static void Reserved([MustBeZero] int reserved, [MustBeZero] Mcl flags = Mcl.None, [MustBeZero] object? o = null, [MustBeZero] bool b = false) { }
            public static void Destroy(ref nint handle) => handle = 0;
            public static void Use(nint handle) { }
            public static void SetPolicy([ValidMask(15, RequireAnyOf = 3)] Mcl flags) { }
            public static void Small([ValidRange(-5, 5)] int n, [ValidMask(0x8000_0001)] int bits = 0) { }
            public static void Maybe([ValidRange(1, 9)] int? n) { }
            public static void Bytes([ValidRange(0, 255)] byte b, [ValidRange('a', 'z')] char c = 'b') { }
            public static void Wide([ValidMask(unchecked((long)0x8000_0000_0000_0001))] ulong m) { }
            public static void Ext(this Account a, [ValidRange(1, 9)] int n) { }
        }
        public struct Ctx { public nint Value; }
        [Flags] public enum Mcl { None = 0, Current = 1, Future = 2, Inherit = 4, Recursive = 8, All = Current | Future | Inherit | Recursive, Unknown = 64 }
        public sealed class Account
        {
            [Charge("account", ReleasedBy = nameof(Uncharge))] public bool TryCharge([ChargeAmount] long n) => n < 100;
            [Release("account")] public void Uncharge([ChargeAmount] long n) { }
        }
        public class LockState { [Inherited(Inheritance.Copy)] public int Inherit; public Mcl Flags { get; set; } public int Plain; }
        public enum ChargeStatus { Charged, PolicyLimit, ResourceExhausted, Fault }
        public sealed class PinLimitExceededException : Exception { }
        public sealed class Lease : IDisposable { [Charge("lease")] public Lease() { } [Release("lease")] public void Dispose() { } }
        """;

    private static readonly CategoryVerifier s_verifier = new(Imports, Subjects, "Pin.Balance", "Pin.SharedMemory");

    public static Task Verify(string types) => s_verifier.VerifyAsync(types);
}
