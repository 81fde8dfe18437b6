using System;
using System.Collections.Generic;
using System.Numerics;
using System.Threading;

namespace PinAccounting;

/// <summary>The sentinels of one account: free ones to rent, and weak references to all of them, so that outstanding charges can be listed.</summary>
internal sealed class SentinelPool
{
    /// <summary>More free ones than this a stripe are left to the garbage collector.</summary>
    private const int MaxFree = 1024;

    /// <summary>A leaking program should not be drowned by its leak reports' memory.</summary>
    private const int MaxKeptLeaks = 1024;

    private readonly PinAccount _account;
    private readonly Stripe[] _stripes;
    private readonly object _gate = new();

    /// <summary>These last until the sentinels are gone for good: a lost charge is still held while its sentinel waits for its finalizer, and for the collection after it.</summary>
    private readonly List<WeakReference<LeakSentinel>> _all = [];
    private readonly List<LeakSentinel> _kept = [];
    private LostCharges _others;
    private int _sweepAt = 64;
    private long _leaked;

    internal SentinelPool(PinAccount account)
    {
        _account = account;
        _stripes = new Stripe[BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 16))];
        for (int i = 0; i < _stripes.Length; i++) _stripes[i] = new Stripe();
    }

    internal long Leaked => Volatile.Read(ref _leaked);

    internal LeakSentinel Rent(SentinelHome home)
    {
        Stripe stripe = Mine;
        LeakSentinel? sentinel = null;
        if (stripe.Gate.TryEnter())
        {
            sentinel = stripe.Head;
            if (sentinel is not null)
            {
                stripe.Head = sentinel.Next;
                stripe.Count--;
            }

            stripe.Gate.Exit();
        }

        sentinel ??= Create();
        sentinel.Next = null;
        sentinel.Home = home;
        return sentinel;
    }

    /// <summary>Takes a clean sentinel back. On release paths: allocates nothing, never throws.</summary>
    internal void Return(LeakSentinel sentinel)
    {
        Stripe stripe = Mine;
        stripe.Gate.Enter();
        bool kept = stripe.Count < MaxFree;
        if (kept)
        {
            sentinel.Next = stripe.Head;
            stripe.Head = sentinel;
            stripe.Count++;
        }

        stripe.Gate.Exit();
        if (!kept) GC.SuppressFinalize(sentinel);
    }

    /// <summary>The charges that are guarded now, lost ones included.</summary>
    /// <param name="others">The lost ones that are too many to be kept one by one.</param>
    internal List<GuardedCharge> Live(out LostCharges others)
    {
        lock (_gate)
        {
            others = _others;
            var live = new List<GuardedCharge>();
            foreach (LeakSentinel sentinel in _kept)
                if (sentinel.TryLook(out GuardedCharge lost)) live.Add(lost);
            foreach (WeakReference<LeakSentinel> reference in _all)
                if (reference.TryGetTarget(out LeakSentinel? sentinel) && !sentinel.IsLeaked && sentinel.TryLook(out GuardedCharge charge)) live.Add(charge);
            return live;
        }
    }

    internal void KeepLeaked(LeakSentinel sentinel, long amount)
    {
        Interlocked.Increment(ref _leaked);
        lock (_gate)
        {
            // Under the lock: for everybody else it is on one list or the other.
            sentinel.IsLeaked = true;
            if (_kept.Count < MaxKeptLeaks) _kept.Add(sentinel);
            else _others = new LostCharges(_others.Count + 1, _others.Amount + amount);
        }
    }

    private Stripe Mine => _stripes[Thread.GetCurrentProcessorId() & (_stripes.Length - 1)];

    private LeakSentinel Create()
    {
        var sentinel = new LeakSentinel(_account);
        sentinel.Self = new WeakReference<LeakSentinel>(sentinel);
        lock (_gate)
        {
            if (_all.Count >= _sweepAt)
            {
                _all.RemoveAll(static reference => !reference.TryGetTarget(out _));
                _sweepAt = Math.Max(64, _all.Count * 2);
            }

            _all.Add(new WeakReference<LeakSentinel>(sentinel, trackResurrection: true));
        }

        return sentinel;
    }

    /// <summary>Lost charges of which only number and sum are known.</summary>
    internal readonly record struct LostCharges(int Count, long Amount);

    private sealed class Stripe
    {
        internal SpinGate Gate;
        internal LeakSentinel? Head;
        internal int Count;
#pragma warning disable CS0169 // Padding: stripes are allocated one after the other and must not share a cache line.
        private readonly long _p0, _p1, _p2, _p3, _p4, _p5, _p6, _p7, _p8, _p9, _p10, _p11, _p12, _p13;
#pragma warning restore CS0169
    }
}
