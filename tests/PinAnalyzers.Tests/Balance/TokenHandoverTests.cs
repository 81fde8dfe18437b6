using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>What the caller does around a call that cannot be looked into tells whether the callee has the token from there on.</summary>
public sealed class TokenHandoverTests
{
    private const string Natives = """
            [DllImport("user32")] static extern IntPtr SetClipboardData(int format, IntPtr memory);
            [DllImport("user32")] static extern int Look(IntPtr memory);
            [DllImport("cg")] static extern IntPtr Wrap(IntPtr memory, Action<IntPtr> free);

        """;

    private const string Slots = """
        namespace Slots
        {
            public class Slot { private byte[] _kept = new byte[0]; public byte[] Swap(byte[] next) { var old = _kept; _kept = next; return old; } public byte[] Look(byte[] bytes) => bytes; public int Sum(byte[] bytes) => bytes.Length; }
        }
        """;

    [Fact]
    public Task VariableEmptiedBehindTheCall_IsSilent() => Verify.Members(Natives + """
            void InTry(int n)
            {
                IntPtr h = default;
                try
                {
                    h = Marshal.AllocHGlobal(n);
                    Calls.Work();
                    SetClipboardData(13, h);
                    h = default;
                }
                finally
                {
                    if (h != default) Marshal.FreeHGlobal(h);
                }
            }

            void WhereItWentWell(int n)
            {
                IntPtr h = Marshal.AllocHGlobal(n);
                if (SetClipboardData(13, h) != IntPtr.Zero) h = IntPtr.Zero;
                if (h != IntPtr.Zero) Marshal.FreeHGlobal(h);
            }

            void WhereItWentWellInABlock(int n)
            {
                IntPtr h = Marshal.AllocHGlobal(n);
                if (SetClipboardData(13, (IntPtr)h) != IntPtr.Zero) { h = default(IntPtr); Calls.Work(); }
                if (h != IntPtr.Zero) Marshal.FreeHGlobal(h);
            }
        """);

    [Fact]
    public Task FreedOnlyWhereTheNativeCallFailed_IsSilent() => Verify.Members(Natives + """
            void ToClipboard(string text)
            {
                IntPtr h = Marshal.StringToHGlobalUni(text);
                if (SetClipboardData(13, h) == IntPtr.Zero)
                {
                    Marshal.FreeHGlobal(h);
                    throw new IOException();
                }
            }

            int UsedBehindIt(int n)
            {
                IntPtr h = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (Look(h) == 0)
                {
                    Marshal.FreeHGlobal(h);
                    throw new IOException();
                }

                return Marshal.ReadInt32(h);
            }
        """);

    [Fact]
    public Task NativeCodeThatIsToldHowToFree_HasIt() => Verify.Members(Natives + """
            static IntPtr Told(int n)
            {
                IntPtr h = Marshal.AllocHGlobal(n);
                return Wrap(h, Marshal.FreeHGlobal);
            }

            static int NotTold(int n)
            {
                IntPtr h = {|PIN1001:Marshal.AllocHGlobal(n)|};
                return Look(h);
            }
        """);

    // A table is made with what frees its entries, and filled by other functions.
    [Fact]
    public Task NativeTableThatIsToldHowToFree_HasItsEntries() => Verify.Members(Natives + """
            delegate void Destroy(IntPtr p);
            [DllImport("glib")] static extern IntPtr g_hash_table_new_full(Destroy key, Destroy value);
            [DllImport("glib")] static extern void g_hash_table_insert(IntPtr table, IntPtr key, IntPtr value);

            static IntPtr Query(string a, string b, bool both)
            {
                IntPtr table = g_hash_table_new_full(Marshal.FreeHGlobal, Marshal.FreeHGlobal);
                IntPtr key = Marshal.StringToHGlobalAnsi(a), value = Marshal.StringToHGlobalAnsi(b);
                g_hash_table_insert(table, key, value);
                if (both)
                {
                    IntPtr k = Marshal.StringToHGlobalAnsi(b);
                    g_hash_table_insert(table, k, Marshal.StringToHGlobalAnsi(a));
                }

                return table;
            }

            static IntPtr MadeOfADelegate(string a)
            {
                IntPtr table = g_hash_table_new_full(new Destroy(Marshal.FreeHGlobal), null!);
                IntPtr key = Marshal.StringToHGlobalAnsi(a);
                g_hash_table_insert(table, key, key);
                return table;
            }

            static IntPtr ForgetsOne(string a, string b)
            {
                IntPtr table = g_hash_table_new_full(Marshal.FreeHGlobal, Marshal.FreeHGlobal);
                IntPtr key = Marshal.StringToHGlobalAnsi(a), value = {|PIN1001:Marshal.StringToHGlobalAnsi(b)|};
                g_hash_table_insert(table, key, key);
                return table;
            }

            static void NotTold(IntPtr table, string a)
            {
                IntPtr key = {|PIN1001:Marshal.StringToHGlobalAnsi(a)|};
                g_hash_table_insert(table, key, key);
                Action free = () => Marshal.FreeHGlobal(table);
                free();
            }
        """);

    [Fact]
    public Task FlagOfOwnership_SaysWhoseItIs() => Verify.Members(Natives + """
            void Token(int n)
            {
                IntPtr h = Marshal.AllocHGlobal(n);
                bool owns = true;
                try
                {
                    Calls.Work();
                    owns = false;
                    Look(h);
                }
                finally
                {
                    if (owns) Marshal.FreeHGlobal(h);
                }
            }

            async Task Semaphore(SemaphoreSlim gate, Func<Task> then)
            {
                await gate.WaitAsync();
                var handedOn = false;
                try
                {
                    Calls.Work();
                    handedOn = true;
                    await then();
                }
                finally
                {
                    if (!handedOn)
                    {
                        gate.Release();
                    }
                }
            }

            void Account(long n, Action<long> then)
            {
                _owner.Charge(n);
                bool gives = true;
                try
                {
                    Calls.Work();
                    gives = false;
                    then(n);
                }
                finally
                {
                    if (gives) _owner.Uncharge(n);
                }
            }

            async Task SetBehindTheCharge(SemaphoreSlim gate, Task<int> sent)
            {
                bool taken = false;
                try
                {
                    await gate.WaitAsync();
                    taken = true;
                    try
                    {
                        Console.WriteLine(await sent);
                    }
                    catch
                    {
                        if (!sent.IsCompleted) taken = false; // stays closed: what was sent may still arrive
                        throw;
                    }
                }
                finally
                {
                    if (taken) gate.Release();
                }
            }

            async Task SetLater(SemaphoreSlim gate, Func<Task> then)
            {
                bool taken = false;
                try
                {
                    await {|PIN1001:gate.WaitAsync()|};
                    if (_owner == null) return;
                    taken = true;
                    await then();
                }
                finally
                {
                    if (taken) gate.Release();
                }
            }

            void NeverSet(long n, bool whole)
            {
                {|PIN1001:_owner.Charge(n)|};
                bool gives = n > 3;
                try { Calls.Work(); }
                finally { if (gives) _owner.Uncharge(n); }
            }

            void AnotherFlag(long n, bool whole)
            {
                bool gives = false;
                {|PIN1001:_owner.Charge(n)|};
                try { Calls.Work(); if (whole) gives = true; }
                finally { if (gives) _owner.Uncharge(n); }
            }
        """);

    [Fact]
    public Task VariableEmptiedElsewhere_IsReported() => Verify.Members(Natives + """
            void Later(int n)
            {
                IntPtr h = {|PIN1001:Marshal.AllocHGlobal(n)|};
                Look(h);
                Calls.Work();
                h = default;
            }

            void Overwritten(int n, IntPtr other)
            {
                IntPtr h = {|PIN1001:Marshal.AllocHGlobal(n)|};
                Look(h);
                h = other;
            }

            void BehindTheFramework(byte[] bytes)
            {
                IntPtr h = {|PIN1001:Marshal.AllocHGlobal(bytes.Length)|};
                Marshal.Copy(bytes, 0, h, bytes.Length);
                h = IntPtr.Zero;
            }
        """);

    [Fact]
    public Task WhatTheCalleeGivesForItIsReturned_IsSilent() => Verify.BesideLibrary("""
        class Buffer
        {
            private readonly Slots.Slot _slot = new();

            void Grow(int n)
            {
                byte[] rented = ArrayPool<byte>.Shared.Rent(n);
                byte[] old = _slot.Swap(rented);
                ArrayPool<byte>.Shared.Return(old);
            }

            void AtOnce(int n) => ArrayPool<byte>.Shared.Return(_slot.Swap(ArrayPool<byte>.Shared.Rent(n)));

            void BothKept(int n)
            {
                byte[] rented = {|PIN1001i:ArrayPool<byte>.Shared.Rent(n)|};
                byte[] seen = _slot.Look(rented);
                if (seen.Length > 3) return;
                rented[0] = 1;
            }

            void Looked(int n)
            {
                byte[] rented = {|PIN1001i:ArrayPool<byte>.Shared.Rent(n)|}, other = ArrayPool<byte>.Shared.Rent(n);
                int sum = _slot.Sum(rented);
                ArrayPool<byte>.Shared.Return(other);
            }
        }
        """, nameof(Slots), Slots);

    [Fact]
    public Task KeptAsAnyObject_IsToldByItsTypeAgain() => Verify.Members("""
            void OneOrMany(int n)
            {
                object kept = null;
                for (int i = 0; i < n; i++)
                {
                    var segment = new ArraySegment<byte>(ArrayPool<byte>.Shared.Rent(n), 0, n);
                    if (kept is null) kept = segment;
                    else if (kept is ArraySegment<byte> one) kept = new List<ArraySegment<byte>> { one, segment };
                    else if (kept is List<ArraySegment<byte>> more) more.Add(segment);
                }

                if (kept is List<ArraySegment<byte>> all)
                {
                    foreach (var segment in all) ArrayPool<byte>.Shared.Return(segment.Array);
                }
                else if (kept is ArraySegment<byte> single) ArrayPool<byte>.Shared.Return(single.Array);
            }

            void Boxed()
            {
                object kept = GCHandle.Alloc(this);
                if (kept is GCHandle handle) handle.Free();
            }

            void Typed(int n)
            {
                GCHandle kept = {|PIN1001:GCHandle.Alloc(this)|};
                if (n > 3) return;
                kept.Free();
            }
        """);
}
