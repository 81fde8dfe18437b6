using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1013: a value that stands for a charge exists twice.</summary>
public sealed class TokenCopyTests
{
    private const string Lease = """
        using PinAccounting.Annotations;

        public struct Lease : IDisposable
        {
            public long Size;

            [Charge("lease", ReleasedBy = nameof(Dispose))]
            public Lease(long size) => Size = size;

            [Release("lease")]
            public void Dispose() { }
        }

        public sealed record Ticket(int Id) : IDisposable
        {
            [Charge("ticket", ReleasedBy = nameof(Dispose))]
            public static Ticket Take(int id) => new(id);

            [Release("ticket")]
            public void Dispose() { }
        }

        """;

    [Fact]
    public Task CopyThatLeaves_IsReported() => Verify.File(Lease + """
        class C
        {
            private GCHandle _handle;
            private Lease _lease;
            private object? _boxed;
            private readonly List<Lease> _leases = new();
            private readonly Lease[] _slots = new Lease[4];

            void StoredAndReleased(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                _handle = {|PIN1013:handle|};
                Calls.Quiet();
                handle.Free();
            }

            void AddedAndReleased(Lease lease)
            {
                _leases.Add({|PIN1013:lease|});
                lease.Dispose();
            }

            void InAUsing()
            {
                using var lease = new Lease(3);
                _lease = {|PIN1013:lease|};
            }

            void InAUsingStatement()
            {
                using (Lease lease = new(3))
                {
                    _slots[0] = {|PIN1013:lease|};
                }
            }

            void InAUsingOfAVariable()
            {
                var lease = new Lease(3);
                using (lease)
                {
                    Calls.Work();
                    _leases.Add({|PIN1013:lease|});
                }
            }

            void Boxed(Lease lease)
            {
                _boxed = {|PIN1013:lease|};
                lease.Dispose();
            }

            void InFinally(Lease lease)
            {
                try
                {
                    _lease = {|PIN1013:lease|};
                    Calls.Work();
                }
                finally { lease.Dispose(); }
            }

            Holder Handed(Lease lease)
            {
                var holder = new Holder({|PIN1013:lease|});
                lease.Dispose();
                return holder;
            }

            void Transferred(Lease lease)
            {
                Keep({|PIN1013:lease|});
                lease.Dispose();
            }

            void CapturedTwice(GCHandle handle)
            {
                ThreadPool.QueueUserWorkItem(_ => handle.Free());
                ThreadPool.QueueUserWorkItem(_ => {|PIN1013:handle|}.Free());
            }

            Ticket Cloned(Ticket ticket)
            {
                Ticket other = {|PIN1013:ticket with { Id = 2 }|};
                ticket.Dispose();
                return other;
            }

            void StructClone(Lease lease)
            {
                _lease = {|PIN1013:lease with { Size = 2 }|};
                lease.Dispose();
            }

            static void Keep([TransfersObligation] Lease lease) { }

            sealed class Holder { public Holder(Lease lease) => Lease = lease; public Lease Lease { get; } }
        }

        class Token : IDisposable
        {
            [Charge("token", ReleasedBy = nameof(Dispose))]
            public Token() { }

            [Release("token")]
            public void Dispose() { }

            public Token Copy() => (Token){|PIN1013:MemberwiseClone()|};
        }
        """);

    [Fact]
    public Task MovesAndReads_AreSilent() => Verify.File(Lease + """
        class C
        {
            private GCHandle _handle;
            private Lease _lease;
            private Ticket? _ticket;
            private readonly List<Lease> _leases = new();

            void Stored(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                _handle = handle;
            }

            Lease Returned()
            {
                Lease lease = new(3);
                return lease;
            }

            void Added()
            {
                Lease lease = new(3);
                _leases.Add(lease);
            }

            void Renamed()
            {
                Lease first = new(3);
                Lease second = first;
                second.Dispose();
            }

            object? Members(GCHandle handle)
            {
                object? target = handle.Target;
                bool live = handle.IsAllocated;
                handle.Free();
                return live ? target : null;
            }

            void ForEach(Lease[] leases)
            {
                foreach (Lease lease in leases) lease.Dispose();
            }

            void ByReference(Lease lease)
            {
                Look(in lease);
                lease.Dispose();
            }

            static long Look(in Lease lease) => lease.Size;

            void OnFailure(object target, bool ok)
            {
                GCHandle handle = GCHandle.Alloc(target);
                _handle = handle;
                try { Calls.Work(); }
                catch
                {
                    handle.Free();
                    throw;
                }
            }

            void OneOrTheOther(Lease lease, bool keep)
            {
                if (keep) _lease = lease;
                else lease.Dispose();
            }

            void KeptAndGone(Lease lease, bool keep)
            {
                if (keep)
                {
                    _lease = lease;
                    return;
                }
                lease.Dispose();
            }

            void ResetAfter(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                _handle = handle;
                Calls.Quiet();
                handle.Free();
                _handle = default;
            }

            void Replaced(Lease lease)
            {
                _lease = lease;
                lease = new Lease(4);
                lease.Dispose();
            }

            void Address(GCHandle handle)
            {
                Use(GCHandle.ToIntPtr(handle));
                handle.Free();
            }

            static void Use(nint value) { }

            void PutBack(Ticket ticket)
            {
                ticket = ticket with { Id = 3 };
                ticket.Dispose();
            }

            void LastUse(Ticket ticket) => _ticket = ticket with { Id = 3 };

            int ReadOnly(Ticket ticket)
            {
                _ticket = ticket with { Id = 3 };
                return ticket.Id;
            }

            // Two releases of one token are another rule's, and one of either is none.
            void OneOfThem(Ticket ticket, bool first)
            {
                Ticket other = ticket with { Id = 3 };
                if (first) ticket.Dispose();
                else other.Dispose();
            }

            void OneDelegate(GCHandle handle) => ThreadPool.QueueUserWorkItem(_ => handle.Free());

            void Alternatives(GCHandle handle, bool now)
            {
                if (now) Task.Run(() => handle.Free());
                else Task.Delay(1).ContinueWith(_ => handle.Free());
            }

            record Point(int X);
            Point Plain(Point point) => point with { X = point.X + 1 };
        }
        """);

    // Two releases in one body: one message, at the later one.
    [Fact]
    public Task CopyReleasedHere_IsTheOtherRules() => Verify.Members("""
            void CopiedStruct(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                GCHandle copy = handle;
                handle.Free();
                {|PIN1003:copy.Free()|};
            }
        """);

    /// <summary>Released only where the collection did not take it, whether the branch has braces or not.</summary>
    [Fact]
    public Task ReleasedWhereItWasNotKept_IsSilent() => Verify.Members("""
            private readonly ConcurrentDictionary<int, GCHandle> _handles = new();
            private readonly Queue<GCHandle> _queue = new();

            void Tried(int key, object target)
            {
                var handle = GCHandle.Alloc(target);
                if (!_handles.TryAdd(key, handle)) handle.Free();
            }

            void TriedInALoop(int key, object target)
            {
                var handle = GCHandle.Alloc(target);
                while (!_handles.TryAdd(key++, handle))
                    if (key == 10) { handle.Free(); return; }
            }

            void KeptAndReleased(object target)
            {
                var handle = GCHandle.Alloc(target);
                _queue.Enqueue({|PIN1013:handle|});
                handle.Free();
            }
        """);

    [Fact]
    public Task StoredBeforeATryWhoseFinallyReleases_IsReported() => Verify.File(Lease + """
        class C
        {
            private GCHandle _handle;

            void Kept(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                _handle = {|PIN1013:handle|};
                try { Calls.Quiet(); } finally { handle.Free(); }
            }

            void Forgotten(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                _handle = handle;
                try { Calls.Quiet(); } finally { handle.Free(); _handle = default; }
            }
        }
        """);

    /// <summary>The call says whether it has kept the token.</summary>
    [Fact]
    public Task AskedWhetherItWasKept_IsReportedWhereItWas() => Verify.File(Lease + """
        class C
        {
            private readonly Dictionary<int, Lease> _all = new();

            void Direct()
            {
                var lease = new Lease(1);
                if (_all.TryAdd(1, lease)) return;
                lease.Dispose();
            }

            void Named()
            {
                var lease = new Lease(1);
                bool kept = _all.TryAdd(1, lease);
                if (kept) return;
                lease.Dispose();
            }

            void Kept()
            {
                var lease = new Lease(1);
                if (!_all.TryAdd(1, {|PIN1013:lease|})) return;
                lease.Dispose();
            }
        }
        """);

    [Fact]
    public Task TakenOutAgain_IsSilent() => Verify.File(Lease + """
        class C
        {
            private readonly Dictionary<int, Lease> _all = new();
            private readonly Stack<Lease> _stack = new();

            void Removed()
            {
                var lease = new Lease(1);
                _all[1] = lease;
                Calls.Quiet();
                _all.Remove(1);
                lease.Dispose();
            }

            void Popped()
            {
                var lease = new Lease(1);
                _stack.Push(lease);
                Calls.Quiet();
                _stack.Pop();
                lease.Dispose();
            }

            void OfAnother()
            {
                var lease = new Lease(1);
                _all[1] = {|PIN1013:lease|};
                _stack.Clear();
                lease.Dispose();
            }
        }
        """);
}
