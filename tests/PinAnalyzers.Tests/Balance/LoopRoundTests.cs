using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>Charges that one round of a loop takes and a later one, or what follows the loop, releases.</summary>
public sealed class LoopRoundTests
{
    /// <summary>A round that locks nothing leaves what the rounds before have locked as it is.</summary>
    [Fact]
    public Task HandOverHandWithGaps_ReleasesTheLastOne() => Verify.Members("""
            void Some(object?[] gates, bool all)
            {
                object? last = null;
                try
                {
                    foreach (object? gate in gates)
                    {
                        if (all && gate != null)
                        {
                            Monitor.Enter(gate);
                            if (last != null) Monitor.Exit(last);
                            last = gate;
                        }

                        Work();
                    }
                }
                finally
                {
                    if (last != null) Monitor.Exit(last);
                }
            }

            IEnumerable<int> InTwoParts(object[] first, object?[] second)
            {
                bool late = !s_on;
                object? last = null;
                try
                {
                    if (!Aborted && first.Length != 0)
                    {
                        for (int i = 0; i < first.Length; i++)
                        {
                            object gate = first[i];
                            Monitor.Enter(gate);
                            if (last != null) Monitor.Exit(last);
                            last = gate;
                            yield return 1;
                        }

                        if (!late && last != null) { Work(); Monitor.Exit(last); last = null; }
                    }

                    if (!Aborted)
                    {
                        foreach (object? gate in second)
                        {
                            if (late)
                            {
                                object? box = gate;
                                if (box != null)
                                {
                                    Monitor.Enter(box);
                                    if (last != null) Monitor.Exit(last);
                                    last = box;
                                }
                            }

                            yield return 2;
                            Work();
                        }

                        if (late && last != null) { Work(); Monitor.Exit(last); last = null; }
                    }
                }
                finally
                {
                    if (last != null) Monitor.Exit(last);
                }
            }

            static bool s_on;
            bool Aborted => s_on;
            static void Work() => Console.WriteLine();
        """);

    /// <summary>What has been locked is not null, by whatever name it is asked for.</summary>
    [Fact]
    public Task HandOverHand_ReleasesTheLastOne() => Verify.Members("""
            void ByGate(LinkedList<object> gates)
            {
                object? previous = null;
                foreach (object gate in gates)
                {
                    Monitor.Enter(gate);
                    if (previous != null) Monitor.Exit(previous);
                    previous = gate;
                }
                if (previous != null) Monitor.Exit(previous);
            }

            void BySemaphore(SemaphoreSlim[] gates)
            {
                SemaphoreSlim? previous = null;
                foreach (SemaphoreSlim gate in gates)
                {
                    gate.Wait();
                    previous?.Release();
                    previous = gate;
                }
                previous?.Release();
            }

            void LastIsKept(LinkedList<object> gates, bool release)
            {
                object? previous = null;
                foreach (object gate in gates)
                {
                    {|PIN1001:Monitor.Enter(gate)|};
                    if (previous != null) Monitor.Exit(previous);
                    previous = gate;
                }
                if (previous != null && release) Monitor.Exit(previous);
            }
        """);

    /// <summary>Elements that a counter picks: each round of each path is the same charge taken again, however many rounds there were before the paths met.</summary>
    [Fact]
    public Task HandOverHandOverAnArray_ReleasesTheLastOne() => Verify.Members("""
            void Skips(object?[] items)
            {
                object? held = null;
                for (int i = 0; i < items.Length; i++)
                {
                    object? next = items[i];
                    if (next == null) continue;
                    Monitor.Enter(next);
                    if (held != null) Monitor.Exit(held);
                    held = next;
                }
                if (held != null) Monitor.Exit(held);
            }

            void FromAParameter(object?[] items, int i)
            {
                object? held = null;
                while (i < 10)
                {
                    object? next = items[i];
                    if (next != null)
                    {
                        Monitor.Enter(next);
                        if (held != null) Monitor.Exit(held);
                        held = next;
                    }
                    i++;
                }
                if (held != null) Monitor.Exit(held);
            }

            void Generic<T>(T?[] items) where T : class
            {
                T? held = null;
                for (int i = 0; i < items.Length; i++)
                {
                    if (items[i] is { } next)
                    {
                        Monitor.Enter(next);
                        if (held != null) Monitor.Exit(held);
                        held = next;
                    }
                }
                if (held != null) Monitor.Exit(held);
            }

            void ThroughAnIndexArray(object?[] items, int[] order)
            {
                object? held = null;
                foreach (int i in order)
                {
                    object? next = items[i];
                    if (next != null)
                    {
                        Monitor.Enter(next);
                        if (held != null) Monitor.Exit(held);
                        held = next;
                    }
                }
                if (held != null) Monitor.Exit(held);
            }

            void LosesOneAtSeven(object?[] items)
            {
                object? held = null;
                for (int i = 0; i < items.Length; i++)
                {
                    object? next = items[i];
                    if (next == null) continue;
                    {|PIN1001:Monitor.Enter(next)|};
                    if (held != null) Monitor.Exit(held);
                    held = next;
                    if (i == 7) held = null;
                }
                if (held != null) Monitor.Exit(held);
            }

            void LosesOneAtAGap(object?[] items)
            {
                object? held = null;
                for (int i = 0; i < items.Length; i++)
                {
                    object? next = items[i];
                    if (next == null) { held = null; continue; }
                    {|PIN1001:Monitor.Enter(next)|};
                    if (held != null) Monitor.Exit(held);
                    held = next;
                }
                if (held != null) Monitor.Exit(held);
            }
        """);

    /// <summary>What was used as an index is none of the numbers that stand for no lock.</summary>
    [Fact]
    public Task HandOverHandByIndex_ReleasesTheLastOne() => Verify.Members("""
            private readonly object[] _stripes = new object[16];
            private static int Stripe(int key) => key * 7 % 16;

            void Each(int[] keys)
            {
                int last = -1;
                foreach (int key in keys)
                {
                    int stripe = Stripe(key);
                    if (stripe == last) continue;
                    Monitor.Enter(_stripes[stripe]);
                    if (last >= 0) Monitor.Exit(_stripes[last]);
                    last = stripe;
                }
                if (last >= 0) Monitor.Exit(_stripes[last]);
            }

            void LosesTheFirst(int key)
            {
                int stripe = Stripe(key);
                {|PIN1001:Monitor.Enter(_stripes[stripe])|};
                if (stripe > 0) Monitor.Exit(_stripes[stripe]);
            }
        """);

    /// <summary>A wait that was cancelled in several rounds is denied once; the round in which it is not has what it took.</summary>
    [Theory]
    [InlineData("while (true) { bool taken; try { await _slots.WaitAsync(t); taken = true; } catch { taken = false; } if (taken) { _slots.Release(); } Calls.Work(); }")]
    [InlineData("while (true) { var taken = false; try { await _slots.WaitAsync(t); taken = true; Calls.Work(); _slots.Release(); taken = false; } catch (Exception) { if (taken) { _slots.Release(); } } }")]
    [InlineData("while (!t.IsCancellationRequested) { var taken = false; try { await _slots.WaitAsync(t).ConfigureAwait(false); taken = true; Calls.Work(); } catch { } if (taken) { _slots.Release(); } Calls.Work(); }")]
    [InlineData("while (true) { var taken = false; try { await _slots.WaitAsync(t); taken = true; Calls.Work(); } catch (TimeoutException) { } finally { if (taken) { _slots.Release(); } } Calls.Work(); }")]
    [InlineData("while (true) { var taken = false; try { try { await _slots.WaitAsync(t); taken = true; Calls.Work(); } finally { if (taken) { _slots.Release(); } } } catch { } }")]
    [InlineData("while (true) { try { await _slots.WaitAsync(t); try { Calls.Work(); } finally { _slots.Release(); } } finally { await Task.Yield(); } }")]
    [InlineData("while (true) { try { await _slots.WaitAsync(t); Calls.Work(); } catch (OperationCanceledException) { } finally { {|PIN1004:_slots.Release()|}; } }")]
    [InlineData("while (true) { var taken = false; try { await _slots.WaitAsync(t); taken = true; Calls.Work(); } catch (TimeoutException) { } finally { if (!taken) { {|PIN1004:_slots.Release()|}; } else { _slots.Release(); } } }")]
    [InlineData("while (true) { var taken = false; try { await _slots.WaitAsync(t); taken = true; if (s_on) continue; Task.Run(() => _slots.Release()); Calls.Work(); } catch (Exception) { if (taken) { _slots.Release(); } } }")]
    [InlineData("while (true) { var taken = false; try { await _slots.WaitAsync(t); taken = true; if (s_on) { await Task.Delay(3, t); continue; } Schedule(() => Later()); } catch (Exception) { if (taken) { _slots.Release(); } await Task.Yield(); } }")]
    public Task CancelledRounds_AreOneDenial(string body) => Verify.Members($$"""
            private readonly SemaphoreSlim _slots = new(1);
            private static bool s_on => Environment.TickCount > 3;
            private static void Schedule(Func<Task> work) => Task.Run(async () => { try { await work(); } catch (Exception e) { Console.WriteLine(e); } });
            private async Task Later() { try { await Task.Yield(); } finally { _slots.Release(); } }
            async Task Run(CancellationToken t) { {{body}} }
        """);
}
