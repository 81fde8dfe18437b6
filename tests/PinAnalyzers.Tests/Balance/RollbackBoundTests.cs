using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1019: a batch that failed half-way is undone to the end that was asked for.</summary>
public sealed class RollbackBoundTests
{
    [Fact]
    public Task RequestedBound_IsSuggested() => Verify.Members("""
            // The catalogue's A4; the page in hand is forgotten, too.
            bool PinAll(nint[] pages)
            {
                for (int i = 0; i < pages.Length; i++)
                {
                    nint p = {|PIN1001:Native.PinOne(pages[i])|};
                    if (_owner.TryCharge(1)) continue;
                    {|PIN1019i:for (int j = 0; j < pages.Length; j++) Native.Unpin(pages[j]);|}
                    return false;
                }
                return true;
            }

            bool ChargeAll(long[] sizes)
            {
                for (int i = 0; i < sizes.Length; i++)
                {
                    if (!_owner.TryCharge(sizes[i]))
                    {
                        {|PIN1019i:for (int j = 0; j < sizes.Length; j++) _owner.Uncharge(sizes[j]);|}
                        return false;
                    }
                }
                return true;
            }

            bool Each(List<Owner> owners)
            {
                foreach (Owner owner in owners)
                {
                    if (owner.TryCharge(1)) continue;
                    {|PIN1019i:foreach (Owner charged in owners) charged.Uncharge(1);|}
                    return false;
                }
                return true;
            }

            bool Counted(int count)
            {
                for (int i = 0; i < count; i++)
                {
                    if (!_owner.TryCharge(1))
                    {
                        {|PIN1019i:for (int j = 0; j < count; ++j)
                        {
                            _owner.Uncharge(1);
                        }|}
                        throw new InvalidOperationException();
                    }
                }
                return true;
            }

            bool BackwardsByTheTest(int count)
            {
                for (int i = 0; i < count; i++)
                {
                    if (_owner.TryCharge(1)) continue;
                    {|PIN1019i:for (int j = count; j-- > 0;) _owner.Uncharge(1);|}
                    return false;
                }
                return true;
            }

            bool BackwardsInAWhile(int count)
            {
                for (int i = 0; i < count; i++)
                {
                    if (_owner.TryCharge(1)) continue;
                    int left = count;
                    {|PIN1019i:while (--left >= 0) _owner.Uncharge(1);|}
                    return false;
                }
                return true;
            }

            int ByALabelBackwards(Owner[] owners, int count)
            {
                int result = 0;
                for (int i = 0; i < count; i++)
                {
                    if (owners[i].TryCharge(1)) continue;
                    result = -12;
                    goto undo;
                }
                goto done;
            undo:
                Calls.Quiet();
                {|PIN1019i:for (int i = count - 1; i > -1; i--)
                {
                    owners[i].Uncharge(1);
                }|}
            done:
                return result;
            }

            bool Afterwards(Owner[] owners)
            {
                bool failed = false;
                for (int i = 0; i < owners.Length; i++)
                {
                    if (!owners[i].TryCharge(1))
                    {
                        failed = true;
                        break;
                    }
                }
                if (failed)
                {
                    {|PIN1019i:for (int i = 0; i < owners.Length; i++) owners[i].Uncharge(1);|}
                    return false;
                }
                return true;
            }

            void InCatch(Owner[] owners)
            {
                try
                {
                    for (int i = 0; i < owners.Length; i++)
                    {
                        owners[i].Charge(1);
                        Calls.Work();
                    }
                }
                catch
                {
                    {|PIN1019i:for (int i = 0; i < owners.Length; i++) owners[i].Uncharge(1);|}
                    throw;
                }
            }

            bool InTheElse(Owner[] owners)
            {
                for (int i = 0; i < owners.Length; i++)
                {
                    if (owners[i].TryCharge(1))
                    {
                        Calls.Quiet();
                    }
                    else
                    {
                        {|PIN1019i:for (int j = 0; j < owners.Length; j++) owners[j].Uncharge(1);|}
                        return false;
                    }
                }
                return true;
            }

            async Task<bool> Asynchronously(Owner[] owners)
            {
                for (int i = 0; i < owners.Length; i++)
                {
                    await Calls.WorkAsync();
                    if (!owners[i].TryCharge(1))
                    {
                        {|PIN1019i:for (int j = 0; j < owners.Length; j++) owners[j].Uncharge(1);|}
                        return false;
                    }
                }
                return true;
            }

            bool InALocalFunction(Owner[] owners)
            {
                return Go();
                bool Go()
                {
                    for (int i = 0; i < owners.Length; i++)
                    {
                        if (owners[i].TryCharge(1)) continue;
                        {|PIN1019i:for (int j = 0; j < owners.Length; j++) owners[j].Uncharge(1);|}
                        return false;
                    }
                    return true;
                }
            }

            GCHandle[]? Handles(object[] targets)
            {
                var handles = new GCHandle[targets.Length];
                for (int i = 0; i < targets.Length; i++)
                {
                    handles[i] = GCHandle.Alloc(targets[i]);
                    if (_owner.TryCharge(1)) continue;
                    {|PIN1019i:for (int j = 0; j < targets.Length; j++) handles[j].Free();|}
                    return null;
                }
                return handles;
            }
        """);

    [Theory]
    [InlineData("{|PIN1019i:for (int j = owners.Length - 1; j >= 0; j--) owners[j].Uncharge(1);|}")]
    [InlineData("for (int j = i - 1; j >= 0; j--) owners[j].Uncharge(1);")]
    [InlineData("for (int j = 0; j < i; j++) owners[j].Uncharge(1);")]
    public Task RollbackInTheLoop_EndsAtItsIndex(string rollback) => Verify.Members($$"""
            bool ChargeAll(Owner[] owners)
            {
                for (int i = 0; i < owners.Length; i++)
                {
                    if (owners[i].TryCharge(1)) continue;
                    {{rollback}}
                    return false;
                }
                return true;
            }
        """);

    [Theory]
    [InlineData("{|PIN1019i:for (i = 0; i < count; i++) owners[i].Uncharge(1);|}")]
    [InlineData("while (--i >= 0) owners[i].Uncharge(1);")]
    public Task RollbackBehindALabel_EndsAtTheIndex(string rollback) => Verify.Members($$"""
            int ChargeAll(Owner[] owners, int count)
            {
                int i;
                for (i = 0; i < count; i++)
                {
                    if (!owners[i].TryCharge(1)) goto undo;
                }
                return 0;
            undo:
                {{rollback}}
                return -1;
            }
        """);

    [Fact]
    public Task WhatWasDone_IsSilent() => Verify.Members("""
            bool PinAll(nint[] pages)
            {
                int done = 0;
                for (; done < pages.Length; done++)
                {
                    nint p = Native.PinOne(pages[done]);
                    if (_owner.TryCharge(1)) continue;
                    Native.Unpin(p);
                    while (done-- > 0) { Native.Unpin(pages[done]); _owner.Uncharge(1); }
                    return false;
                }
                return true;
            }

            GCHandle[]? Allocated(object[] targets)
            {
                var handles = new GCHandle[targets.Length];
                for (int i = 0; i < targets.Length; i++)
                {
                    handles[i] = GCHandle.Alloc(targets[i]);
                    if (_owner.TryCharge(1)) continue;
                    for (int j = 0; j < targets.Length; j++)
                    {
                        if (handles[j].IsAllocated) handles[j].Free();
                    }
                    return null;
                }
                return handles;
            }

            unsafe bool FreeOfNull(void*[] blocks)
            {
                for (int i = 0; i < blocks.Length; i++)
                {
                    blocks[i] = NativeMemory.Alloc(10);
                    if (_owner.TryCharge(1)) continue;
                    for (int j = 0; j < blocks.Length; j++) NativeMemory.Free(blocks[j]);
                    return false;
                }
                return true;
            }

            int ByALabelAndCount(Owner[] owners, int count)
            {
                int done = 0;
                for (; done < count; done++)
                {
                    if (!owners[done].TryCharge(1)) goto undo;
                }
                return 0;
            undo:
                for (int j = done - 1; j >= 0; j--) owners[j].Uncharge(1);
                return -1;
            }

            // Everything comes by the label: what is behind it belongs to the work, not to its failure.
            int ThroughTheLabel(Owner[] owners, int count, bool stop)
            {
                for (int i = 0; i < count; i++)
                {
                    owners[i].Charge(1);
                    if (stop) goto next;
                }
            next:
                for (int i = 0; i < count; i++) owners[i].Uncharge(1);
                return 0;
            }

            // The label behind is only for what failed after the batch.
            int LaterLabel(Owner[] owners, int count, bool stop)
            {
                for (int i = 0; i < count; i++)
                {
                    if (!owners[i].TryCharge(1)) goto failed;
                }
                if (stop) goto undo;
                return 0;
            undo:
                for (int i = count - 1; i >= 0; i--) owners[i].Uncharge(1);
                return -2;
            failed:
                return -1;
            }

            bool BackwardsFromTheIndex(Owner[] owners)
            {
                for (int i = 0; i < owners.Length; i++)
                {
                    if (owners[i].TryCharge(1)) continue;
                    for (int j = i; j-- > 0;) owners[j].Uncharge(1);
                    return false;
                }
                return true;
            }

            bool BackwardsInAWhile(Owner[] owners)
            {
                for (int i = 0; i < owners.Length; i++)
                {
                    if (owners[i].TryCharge(1)) continue;
                    int left = i;
                    while (left-- > 0) owners[left].Uncharge(1);
                    return false;
                }
                return true;
            }

            bool ByCount(Owner[] owners)
            {
                int done = 0;
                foreach (Owner owner in owners)
                {
                    if (!owner.TryCharge(1))
                    {
                        for (int j = 0; j < done; j++) owners[j].Uncharge(1);
                        return false;
                    }
                    done++;
                }
                return true;
            }

            bool Kept(List<Owner> owners)
            {
                var charged = new List<Owner>();
                foreach (Owner owner in owners)
                {
                    if (owner.TryCharge(1)) { charged.Add(owner); continue; }
                    foreach (Owner one in charged) one.Uncharge(1);
                    return false;
                }
                return true;
            }

            bool UpToAndWith(Owner[] owners)
            {
                for (int i = 0; i < owners.Length; i++)
                {
                    owners[i].Charge(1);
                    if (owners[i].TryCharge(0)) continue;
                    for (int j = 0; j <= i; j++) owners[j].Uncharge(1);
                    return false;
                }
                return true;
            }

            // All of them were charged: this is no rollback.
            void InFull(Owner[] owners)
            {
                for (int i = 0; i < owners.Length; i++) owners[i].Charge(1);
                Calls.Quiet();
                for (int i = 0; i < owners.Length; i++) owners[i].Uncharge(1);
            }

            void OtherBatch(Owner[] owners, Owner[] others)
            {
                for (int i = 0; i < owners.Length; i++)
                {
                    if (owners[i].TryCharge(1)) continue;
                    for (int j = 0; j < others.Length; j++) others[j].Uncharge(1);
                    return;
                }
            }

            bool AllAtOnce(Owner[] owners, long n)
            {
                foreach (Owner owner in owners) owner.Charge(n);
                if (n > 10)
                {
                    foreach (Owner owner in owners) owner.Uncharge(n);
                    return false;
                }
                return true;
            }
        """);

    [Fact]
    public Task CountedByWhile_IsSuggested() => Verify.Members("""
            bool ChargeAll(long[] sizes)
            {
                int i = 0;
                while (i < sizes.Length)
                {
                    if (!_owner.TryCharge(sizes[i]))
                    {
                        int j = 0;
                        {|PIN1019i:while (j < sizes.Length) { _owner.Uncharge(sizes[j]); j++; }|}
                        return false;
                    }

                    i++;
                }

                return true;
            }

            bool Done(long[] sizes)
            {
                int i = 0;
                while (i < sizes.Length)
                {
                    if (!_owner.TryCharge(sizes[i]))
                    {
                        int j = 0;
                        while (j < i) { _owner.Uncharge(sizes[j]); j++; }
                        return false;
                    }

                    i++;
                }

                return true;
            }
        """);

    [Fact]
    public Task IndexAskedAfterBreakingOff_IsSuggested() => Verify.Members("""
            bool ChargeAll(long[] sizes, int count)
            {
                int i = 0;
                for (; i < count; i++) if (!_owner.TryCharge(sizes[i])) break;
                if (i < count)
                {
                    {|PIN1019i:for (int j = 0; j < count; j++) _owner.Uncharge(sizes[j]);|}
                    return false;
                }

                return true;
            }

            bool Done(long[] sizes, int count)
            {
                int i = 0;
                for (; i < count; i++) if (!_owner.TryCharge(sizes[i])) break;
                if (i < count)
                {
                    for (int j = 0; j < i; j++) _owner.Uncharge(sizes[j]);
                    return false;
                }

                return true;
            }
        """);

    /// <summary>The rollback stands before the charge, and runs after those of earlier rounds.</summary>
    [Fact]
    public Task RollbackBeforeTheChargeInOneLoop_IsSuggested() => Verify.Members("""
            bool ChargeAll(long[] sizes, Func<int, bool> fits)
            {
                for (int i = 0; i < sizes.Length; i++)
                {
                    if (!fits(i))
                    {
                        {|PIN1019i:for (int j = 0; j < sizes.Length; j++) _owner.Uncharge(sizes[j]);|}
                        return false;
                    }

                    _owner.Charge(sizes[i]);
                }

                return true;
            }

            bool Done(long[] sizes, Func<int, bool> fits)
            {
                for (int i = 0; i < sizes.Length; i++)
                {
                    if (!fits(i))
                    {
                        for (int j = 0; j < i; j++) _owner.Uncharge(sizes[j]);
                        return false;
                    }

                    _owner.Charge(sizes[i]);
                }

                return true;
            }

            // All were charged before the loop.
            bool UseAll(long[] sizes, Func<int, bool> use)
            {
                for (int i = 0; i < sizes.Length; i++) _owner.Charge(sizes[i]);
                for (int i = 0; i < sizes.Length; i++)
                {
                    if (!use(i))
                    {
                        for (int j = 0; j < sizes.Length; j++) _owner.Uncharge(sizes[j]);
                        return false;
                    }
                }

                return true;
            }
        """);
}
