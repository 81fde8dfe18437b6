namespace PinAnalyzers.Tests.Contract;

/// <summary>An API with a written contract, which all tests of these rules use: statuses of three conventions, a handle that must be zero, flags, an account.</summary>
internal static class ContractSubjects
{
    public const string Api = """
        public static partial class Native
        {
            [return: Errno(ErrnoConvention.NegativeErrno)] public static int PinPages(nint a, int n) => n;
            [return: Errno(ErrnoConvention.MinusOneErrno)] public static int Lock(nint a) => 0;
            [return: Errno(ErrnoConvention.ZeroOrErrno)] public static int Attach(nint a) => 0;
            [return: Errno(ErrnoConvention.NegativeErrno)] public static Task<int> PinAsync(nint a) => Task.FromResult(0);
            public static int Undo() => 0;
            public static int Setup([ValidRange(1, 8_388_608)] uint events, [MustBeZero] ref nint handle) { handle = 1; return 0; }
            public static bool TrySetup(long events, [MustBeZero] ref nint handle) { handle = 1; return true; }
            public static void Make([MustBeZero] ref nint handle) => handle = 1;
            public static void Open([MustBeZero] ref object? handle) => handle = new object();
            public static void Adopt([MustBeZero] nint handle) { }
            public static void Destroy(ref nint handle) => handle = 0;
            public static int io_destroy(nint handle) => 0;
            public static void Use(nint handle) { }
            public static void SetPolicy([ValidMask(15, RequireAnyOf = 3)] Mcl flags) { }
            public static void Small([ValidRange(-5, 5)] int n, [ValidMask(0x8000_0001)] int bits = 0) { }
        }

        [Flags]
        public enum Mcl { None = 0, Current = 1, Future = 2, Inherit = 4, Recursive = 8, All = Current | Future | Inherit | Recursive, Unknown = 64 }

        public sealed class Account
        {
            [Charge("account", ReleasedBy = nameof(Uncharge))]
            public bool TryCharge([ChargeAmount] long n) => n < 100;

            [Release("account")]
            public void Uncharge([ChargeAmount] long n) { }
        }
        """;
}
