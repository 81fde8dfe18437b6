using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>Right programs in which several forms come together, before all rules at once.</summary>
public sealed class CombinedFormsTests
{
    [Fact]
    public Task BalancedInEveryForm_IsSilent() => Verify.Members("""
            void Generic<T>(T[] items, Func<T, bool> test) where T : class
            {
                foreach (T item in items)
                {
                    GCHandle a = GCHandle.Alloc(item);
                    GCHandle b = a;
                    try { if (!test(item)) continue; Calls.Work(); }
                    finally { try { Calls.Quiet(); } finally { b.Free(); } }
                }
            }

            async Task<int> Nested(CancellationToken token)
            {
                await _sem.WaitAsync(token).ConfigureAwait(false);
                try
                {
                    try { await Calls.WorkAsync(); return 1; }
                    catch (IOException) when (token.IsCancellationRequested) { return 2; }
                    finally { Calls.Quiet(); }
                }
                finally { _sem.Release(); }
            }

            void Sized(int n)
            {
                bool big = n > 16;
                if (big) _owner.Charge(n);
                try { Calls.Work(); }
                finally { if (big) _owner.Uncharge(n); }
            }

            void SameDecision(int n)
            {
                if (n > 16) _owner.Charge(n);
                Calls.Quiet();
                if (n > 16) _owner.Uncharge(n);
            }

            void SwitchCharge(int kind)
            {
                switch (kind)
                {
                    case 1: _owner.Charge(8); break;
                    default: return;
                }
                try { Calls.Work(); } finally { _owner.Uncharge(8); }
            }

            void Grow(int n)
            {
                int total = n;
                _owner.Charge(n);
                if (n > 3) { _owner.Charge(5); total += 5; }
                try { Calls.Work(); } finally { _owner.Uncharge(total); }
            }
        """);
}
