using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using PinAccounting;
using PinAccounting.Annotations;

namespace Corpus.Valid;

/// <summary>An account of one's own, with the annotations and nothing else.</summary>
public sealed class PageAccount
{
    private readonly long _limit;
    private long _used;

    public PageAccount(long limit) => _limit = limit;

    public long Used => Volatile.Read(ref _used);

    [Charge("corpus pages", SucceedsWhen = SucceedsWhen.True, ReleasedBy = nameof(Uncharge))]
    public bool TryCharge([ChargeAmount] long pages)
    {
        var seen = Volatile.Read(ref _used);
        while (pages <= _limit - seen)
        {
            var current = Interlocked.CompareExchange(ref _used, seen + pages, seen);
            if (current == seen)
                return true;
            seen = current;
        }

        return false;
    }

    [Charge("corpus pages", ReleasedBy = nameof(Uncharge))]
    public void Charge([ChargeAmount] long pages)
    {
        if (!TryCharge(pages))
            throw new InvalidOperationException("limit");
    }

    [Release("corpus pages")]
    public void Uncharge([ChargeAmount] long pages) => Interlocked.Add(ref _used, -pages);
}

/// <summary>Uses of it that are right.</summary>
public sealed class PageUser(PageAccount account)
{
    private readonly List<long> _sizes = [];

    public bool Add(long pages)
    {
        if (!account.TryCharge(pages))
            return false;
        lock (_sizes)
            _sizes.Add(pages);
        return true;
    }

    public void Clear()
    {
        long sum = 0;
        lock (_sizes)
        {
            foreach (var pages in _sizes)
                sum += pages;
            _sizes.Clear();
        }

        account.Uncharge(sum);
    }

    public bool AddAll(IReadOnlyList<long> sizes)
    {
        long charged = 0;
        foreach (var size in sizes)
        {
            if (!account.TryCharge(size))
            {
                account.Uncharge(charged);
                return false;
            }

            charged += size;
        }

        return true;
    }

    public async Task<int> CopyAsync(Stream from, Stream to, int pages)
    {
        account.Charge(pages);
        try
        {
            await from.CopyToAsync(to, pages * 4096);
            return pages;
        }
        finally
        {
            account.Uncharge(pages);
        }
    }

    public int TryMap(int pages, Func<int, int> map)
    {
        if (!account.TryCharge(pages))
            return -12;
        int result;
        try
        {
            result = map(pages);
        }
        catch (IOException)
        {
            account.Uncharge(pages);
            return -5;
        }
        catch
        {
            account.Uncharge(pages);
            throw;
        }

        if (result >= 0)
            return 0;
        account.Uncharge(pages);
        return result;
    }

    public bool Retry(int pages, int rounds)
    {
        var charged = false;
        for (var i = 0; i < rounds && !charged; i++)
            charged = account.TryCharge(pages);
        if (!charged)
            return false;
        account.Uncharge(pages);
        return true;
    }
}

/// <summary>The runtime's own account, whose charges are objects.</summary>
public sealed class ChargedBuffers : IDisposable
{
    private readonly PinAccount _account = new("buffers", 1 << 20);
    private readonly List<PinCharge> _charges = [];
    private PinCharge? _last;

    public byte[] Rent(int length)
    {
        var charge = _account.Charge(length);
        lock (_charges)
            _charges.Add(charge);
        return new byte[length];
    }

    public bool TryReplace(int length)
    {
        if (!_account.TryCharge(length, out var charge, out _))
            return false;
        Interlocked.Exchange(ref _last, charge)?.Dispose();
        return true;
    }

    public void Measure(int length, Action<byte[]> use)
    {
        using var charge = _account.Charge(length);
        use(new byte[length]);
    }

    public PinCharge Open(int length) => _account.Charge(length);

    public void Dispose()
    {
        lock (_charges)
        {
            foreach (var charge in _charges)
                charge.Dispose();
            _charges.Clear();
        }

        Interlocked.Exchange(ref _last, null)?.Dispose();
        _account.Dispose();
    }
}
