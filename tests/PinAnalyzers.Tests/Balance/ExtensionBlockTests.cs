using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>C# 14: what <c>extension(T receiver) { … }</c> declares takes, gives back and keeps as any other member does, on what it is called on.</summary>
public sealed class ExtensionBlockTests
{
    [CSharp14Fact]
    public Task MemberThatLoses_IsReported() => Verify.NewestLanguage("""
        static class Gates
        {
            extension(SemaphoreSlim gate)
            {
                public void Loses(int n)
                {
                    {|PIN1001:gate.Wait()|};
                    if (n > 3) return;
                    gate.Release();
                }

                public int Property
                {
                    get
                    {
                        {|PIN1001:gate.Wait()|};
                        if (gate.CurrentCount > 3) return 1;
                        gate.Release();
                        return 2;
                    }
                }

                public static void OfTheType(SemaphoreSlim other, int n)
                {
                    {|PIN1001:other.Wait()|};
                    if (n > 3) return;
                    other.Release();
                }

                public void Keeps(int n)
                {
                    gate.Wait();
                    try
                    {
                        if (n > 3) return;
                        Calls.Work();
                    }
                    finally
                    {
                        gate.Release();
                    }
                }
            }
        }
        """);

    [CSharp14Fact]
    public Task Receiver_IsTakenAndGivenBackByMembers() => Verify.NewestLanguage("""
        static class Gates
        {
            extension(SemaphoreSlim gate)
            {
                public void Take() { gate.Wait(); }
                public void Give() { gate.Release(); }
            }
        }

        class User
        {
            void Lost(SemaphoreSlim gate, int n)
            {
                {|PIN1001:gate.Take()|};
                if (n > 3) return;
                gate.Give();
            }

            void LostToo(SemaphoreSlim gate, int n)
            {
                {|PIN1001:gate.Wait()|};
                if (n > 3) return;
                gate.Give();
            }

            void Balanced(SemaphoreSlim gate) { gate.Take(); gate.Give(); }
            void BalancedByHalf(SemaphoreSlim gate) { gate.Wait(); gate.Give(); }
            void ByTheStaticForm(SemaphoreSlim gate) { Gates.Take(gate); Gates.Give(gate); }
            void ByBothForms(SemaphoreSlim gate) { gate.Wait(); Gates.Give(gate); }
        }
        """);

    [CSharp14Fact]
    public Task Token_IsReleasedByWhatItIsCalledOn() => Verify.NewestLanguage("""
        static class Arrays
        {
            private static byte[] s_kept = [];

            extension(int size)
            {
                public byte[] Rent() => ArrayPool<byte>.Shared.Rent(size);
            }

            extension(byte[] array)
            {
                public void Give() { if (array is null) return; ArrayPool<byte>.Shared.Return(array); }
                public bool GiveIf(bool really) { if (!really) return false; ArrayPool<byte>.Shared.Return(array); return true; }
                public void GiveLater() { Action give = () => ArrayPool<byte>.Shared.Return(array); give(); }
                public void Keep() => s_kept = array;
                public byte[] Self() => array;
                public int Sum() => array.Length;
            }

            extension<T>(T[] array)
            {
                public void GiveAny() => ArrayPool<T>.Shared.Return(array);
            }
        }

        class User
        {
            void Rented(int n) { var b = n.Rent(); b.Give(); }
            void Given(int n) { var b = ArrayPool<byte>.Shared.Rent(n); b.Give(); }
            void GivenIf(int n) { var b = ArrayPool<byte>.Shared.Rent(n); if (!b.GiveIf(n > 3)) ArrayPool<byte>.Shared.Return(b); }
            void GivenLater(int n) { var b = ArrayPool<byte>.Shared.Rent(n); b.GiveLater(); }
            void GivenAny(int n) { var b = ArrayPool<byte>.Shared.Rent(n); b.GiveAny(); }
            void GivenByTheStaticForm(int n) { var b = ArrayPool<byte>.Shared.Rent(n); Arrays.GiveAny(b); }
            void Kept(int n) { var b = ArrayPool<byte>.Shared.Rent(n); b.Keep(); }
            byte[] Returned(int n) { var b = ArrayPool<byte>.Shared.Rent(n); return b.Self(); }

            void InFinally(int n)
            {
                byte[]? b = null;
                try { b = ArrayPool<byte>.Shared.Rent(n); Calls.Work(); }
                finally { b?.Give(); }
            }

            void Lost(int n) { var b = {|PIN1001i:n.Rent()|}; if (n > 3) return; b.Give(); }
            void LostAny(int n) { var b = {|PIN1001i:ArrayPool<byte>.Shared.Rent(n)|}; if (n > 3) return; b.GiveAny(); }
            void OnlyLooked(int n) { var b = {|PIN1001i:ArrayPool<byte>.Shared.Rent(n)|}; if (b.Sum() > 3) b.Give(); }
        }

        static class Pointers
        {
            extension(IntPtr pointer)
            {
                public void Free() => Marshal.FreeHGlobal(pointer);
            }
        }

        class Twice
        {
            void M(int n) { var p = Marshal.AllocHGlobal(n); p.Free(); {|PIN1003:p.Free()|}; }
        }
        """);

    [CSharp14Fact]
    public Task AnnotatedMembers_AreAPairOfTheirReceiver() => Verify.NewestLanguage("""
        using PinAccounting.Annotations;

        sealed class Purse { }

        static class Purses
        {
            extension(Purse purse)
            {
                [Charge("coins", ReleasedBy = nameof(Give))] public void Take([ChargeAmount] long n) { }
                [Release("coins")] public void Give([ChargeAmount] long n) { }
            }
        }

        class User
        {
            void Lost(Purse p, int n) { {|PIN1001:p.Take(n)|}; if (n > 3) return; p.Give(n); }
            void Balanced(Purse p, int n) { p.Take(n); p.Give(n); }
            void Confused(Purse p, Purse q, int n) { p.Take(n); {|PIN1007:q.Give(n)|}; }
            void AnotherAmount(Purse p, int n) { p.Take(n); {|PIN1006:p.Give(n + 1)|}; }
        }
        """);
}
