using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>A charge whose task is kept, and asked for what it yields otherwise than by an <c>await</c>.</summary>
public sealed class TaskResultTests
{
    [Fact]
    public Task Result_TellsWhetherItWasTaken() => Verify.Members("""
            private readonly SemaphoreSlim _slots = new(1, 1);

            async Task<int> HotPath(int rounds)
            {
                int count = 0;
                for (int i = 0; i < rounds; i++)
                {
                    var entering = _slots.WaitAsync(30);
                    if (entering.IsCompleted)
                    {
                        if (entering.Result)
                        {
                            count++;
                            _slots.Release();
                        }
                    }
                    else if (await entering)
                    {
                        count++;
                        _slots.Release();
                    }
                }

                return count;
            }

            void Blocking()
            {
                var entering = _slots.WaitAsync(30);
                if (entering.Result) _slots.Release();
            }

            void Waiting()
            {
                var entering = _slots.WaitAsync(30);
                entering.Wait();
                if (entering.Result) _slots.Release();
            }

            void WaitingForAWhile()
            {
                var entering = _slots.WaitAsync(30);
                if (entering.Wait(100) && entering.Result) _slots.Release();
            }

            void Kept()
            {
                var entering = _slots.WaitAsync(30);
                bool entered = entering.Result;
                try { Calls.Work(); } finally { if (entered) _slots.Release(); }
            }

            void AskedTwice()
            {
                var entering = _slots.WaitAsync(30);
                if (!entering.Result) return;
                if (!entering.Result) return;
                _slots.Release();
            }
        """);

    [Fact]
    public Task Result_WrongWayOrWayOut_IsReported() => Verify.Members("""
            private readonly SemaphoreSlim _slots = new(1, 1);

            async Task WrongWay()
            {
                var entering = {|PIN1001:_slots.WaitAsync(30)|};
                if (entering.IsCompleted)
                {
                    if (!entering.Result) {|PIN1004:_slots.Release()|};
                }
                else if (await entering) _slots.Release();
            }

            void WayOut(int n)
            {
                var entering = {|PIN1001:_slots.WaitAsync(30)|};
                entering.Wait();
                if (!entering.Result) return;
                if (n > 3) return;
                _slots.Release();
            }

            void NothingToTell(int n)
            {
                var entering = {|PIN1001:_slots.WaitAsync()|};
                entering.Wait();
                if (n > 3) return;
                _slots.Release();
            }
        """);
}
