using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;

namespace PinAnalyzers.Tests.Authority;

/// <summary>What the types of a test are about, and the names that they know it by.</summary>
internal static class AuthorityTypes
{
    private const string Imports = """
        #nullable enable
        using System;
        using System.Collections.Concurrent;
        using System.Collections.Generic;
        using System.Diagnostics;
        using System.Linq;
        using System.Runtime.InteropServices;
        using System.Security.Claims;
        using System.Security.Principal;
        using System.Threading;
        using System.Threading.Tasks;
        using PinAccounting.Annotations;
        using Env = System.Environment;
        using static System.Environment;

        """;

    private const string Subjects = """
        #nullable enable
        using System;
        using PinAccounting.Annotations;
        public class User { public long LockedPages; public bool IsElevated { get; set; } }
        public class Account
        {
            public long Limit, Used;
            [Charge("account", SucceedsWhen = SucceedsWhen.Always)] public void Charge([ChargeAmount] long n) { }
            [Charge("account", SucceedsWhen = SucceedsWhen.True)] public bool TryCharge([ChargeAmount] long n) => n > 0;
            [Release("account")] public void Uncharge([ChargeAmount] long n) { }
            public void Dispose() { }
        }
        public class Owner
        {
            public long Used, Limit = 100;
            public bool TryCharge(long n) { if (n > Limit - Used) return false; Used += n; return true; }
            public void ForceCharge(long n) { Used += n; }
            public void Uncharge(long n) { Used -= n; }
        }
        public static class Session
        {
            [Ambient] public static Account Account => new();
            [Ambient] public static Owner Owner => new();
            [Ambient] public static string Id => "x";
        }
        """;

    private static readonly CategoryVerifier s_verifier = new(Imports, Subjects, "Pin.Balance", "Pin.SharedMemory");

    public static Task Verify(string types) => s_verifier.VerifyAsync(types);
}
