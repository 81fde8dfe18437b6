using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace PinAccounting.Tests.Accounts;

/// <summary>Many threads do anything to one tree of accounts; a watcher sees no limit exceeded, and at rest everything adds up.</summary>
public sealed class StressTests
{
    private const int Threads = 6;
    private const int OperationsPerThread = 25_000;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void RandomUse_ByManyThreads_NeverExceedsALimitAndAddsUpAtRest(int shards)
    {
        var user = new PinAccount(new PinAccountOptions { Name = "user", Limit = 150, Shards = shards });
        PinAccount[] rings = Enumerable.Range(0, 3).Select(i => new PinAccount(new PinAccountOptions
        {
            Name = $"ring {i}", Limit = 60 + i, Parent = user, Shards = i == 2 ? shards : 1,
        })).ToArray();
        var left = new List<PinCharge>();
        bool done = false;
        string? seen = null;
        var watcher = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                foreach (PinAccount account in rings.Prepend(user))
                    if (account.Used is var used && (used < 0 || used > account.Limit)) seen = $"{account.Name}: {used}";
                Thread.Yield();
            }
        });
        watcher.Start();
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            List<PinCharge> mine = Work(new Random(thread), rings);
            lock (left) left.AddRange(mine);
        });
        Volatile.Write(ref done, true);
        watcher.Join();

        Assert.Null(seen);
        foreach (PinAccount ring in rings) Assert.Equal(left.Where(charge => charge.Account == ring).Sum(static charge => charge.Amount), ring.Used);
        Assert.Equal(rings.Sum(static ring => ring.Used), user.Used);
        Assert.True(user.Peak <= user.Limit);
        Parallel.ForEach(left, static charge => charge.Dispose());
        foreach (PinAccount account in rings.Append(user)) account.AssertBalanced();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Limit_UnderContention_IsReachedExactly(int shards)
    {
        const int Limit = 1000;
        var account = new PinAccount(new PinAccountOptions { Limit = Limit, Shards = shards });
        for (int round = 0; round < 20; round++)
        {
            int taken = 0;
            // Demand exceeds the limit and nothing is released: exactly the limit must be granted.
            Parallel.For(0, Limit * 2, _ =>
            {
                if (account.TryCharge(1)) Interlocked.Increment(ref taken);
            });
            Assert.Equal((Limit, Limit), (taken, account.Used));
            Parallel.For(0, Limit, _ => account.Uncharge(1));
            account.AssertBalanced();
        }
    }

    [Fact]
    public void Shards_WithRoomForEverybody_NeverDeny()
    {
        // Each thread holds at most 1 of a limit of one for each: any denial would be one too many.
        var account = new PinAccount(new PinAccountOptions { Limit = Threads, Shards = 4 });
        int denied = 0;
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ =>
        {
            for (int i = 0; i < 50_000; i++)
            {
                if (account.TryCharge(1)) account.Uncharge(1);
                else Interlocked.Increment(ref denied);
            }
        });
        Assert.Equal(0, denied);
        account.AssertBalanced();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Retire_RacedByCharges_LetsNoneInAfterwards(int shards)
    {
        for (int round = 0; round < 100; round++)
        {
            var account = new PinAccount(new PinAccountOptions { Limit = 1_000_000, Shards = shards });
            long taken = 0, atRetirement = -1;
            Parallel.For(0, 4, thread =>
            {
                if (thread == 0)
                {
                    account.Retire();
                    atRetirement = account.Used;
                    return;
                }

                for (int i = 0; i < 200; i++)
                    if (account.TryCharge(1)) Interlocked.Increment(ref taken);
            });
            Assert.Equal((taken, taken), (account.Used, atRetirement));
        }
    }

    [Fact]
    public void OneCharge_ChangedByManyThreads_IsReturnedOnce()
    {
        PinAccount user = new("user", 10_000), other = new(new PinAccountOptions { Parent = user }), account = new(new PinAccountOptions { Parent = user });
        for (int round = 0; round < 400; round++)
        {
            PinCharge charge = account.Charge(10);
            PinCharge?[] parts = new PinCharge?[6];
            Parallel.For(0, 6, thread =>
            {
                try
                {
                    switch (thread)
                    {
                        case 0: parts[0] = charge.Split(3); break;
                        case 1: charge.TryGrow(5); break;
                        case 2: charge.TryTransferTo(other); break;
                        case 3: charge.SettleTo(2); break;
                        case 4: parts[4] = charge.Detach(); break;
                        default: charge.Dispose(); break;
                    }
                }
                catch (ObjectDisposedException)
                {
                    // Lost against Detach or Dispose, as it may.
                }
                catch (ArgumentOutOfRangeException)
                {
                    // The charge had shrunk below what was asked.
                }
            });
            foreach (PinCharge? part in parts) part?.Dispose();
            charge.Dispose();
            Assert.Equal((0, 0, 0), (user.Used, account.Used, other.Used));
        }

        foreach (PinAccount each in new[] { user, account, other }) each.AssertBalanced();
    }

    private static List<PinCharge> Work(Random random, PinAccount[] rings)
    {
        var mine = new List<PinCharge>();
        for (int i = 0; i < OperationsPerThread; i++)
        {
            PinAccount ring = rings[random.Next(rings.Length)];
            int which = mine.Count == 0 ? -1 : random.Next(mine.Count);
            switch (random.Next(8))
            {
                case 0 or 1:
                    if (ring.TryCharge(random.Next(8), out PinCharge? charge, out _)) mine.Add(charge);
                    break;
                case 2 when ring.TryCharge(2):
                    ring.Uncharge(2);
                    break;
                case 3 or 4 when which >= 0:
                    mine[which].Dispose();
                    mine.RemoveAt(which);
                    break;
                case 5 when which >= 0:
                    mine[which].TryTransferTo(ring);
                    break;
                case 6 when which >= 0:
                    mine.Add(mine[which].Split(mine[which].Amount / 2));
                    break;
                case 7 when which >= 0:
                    if (!mine[which].TryGrow(1)) mine[which].SettleTo(0);
                    break;
            }
        }

        return mine;
    }
}
