using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1018: an object is put where others find it before it is charged.</summary>
public sealed class EarlyPublishingTests
{
    private const string Subjects = """
        using PinAccounting.Annotations;

        class Handle
        {
            public int Id;
            public long Pages;
            public nint Page;
            public bool IsOpen;
        }

        """;

    [Fact]
    public Task PublishedBeforeCharged_IsSuggested() => Verify.File(Subjects + """
        class C
        {
            private static Handle? s_current;
            private volatile Handle? _latest;
            private Handle? _slot;
            private readonly Dictionary<int, Handle> _table = new();
            private readonly ConcurrentQueue<Handle> _queue = new();
            private readonly Handle[] _handles = new Handle[8];
            private readonly Owner _owner = new();
            private readonly object _gate = new();
            private event Action<Handle>? Opened;

            // The catalogue's D1.
            Handle Open(int id)
            {
                var h = new Handle { Id = id };
                lock (_gate) {|PIN1018i:_table[id] = h|};
                _owner.Charge(h.Pages = 4);
                return h;
            }

            void Added(int id)
            {
                Handle h = new() { Pages = 3 };
                {|PIN1018i:_table.Add(id, h)|};
                _owner.Charge(h.Pages);
            }

            void Queued()
            {
                var h = new Handle { Pages = 2 };
                {|PIN1018i:_queue.Enqueue(h)|};
                _owner.Charge(h.Pages);
            }

            bool Tried(int id)
            {
                var h = new Handle { Pages = 2 };
                if (!{|PIN1018i:_table.TryAdd(id, h)|}) return false;
                if (_owner.TryCharge(h.Pages)) return true;
                _table.Remove(id);
                return false;
            }

            void Static()
            {
                var h = new Handle { Pages = 2 };
                {|PIN1018i:s_current = h|};
                _owner.Charge(h.Pages);
            }

            void Volatile_()
            {
                var h = new Handle { Pages = 2 };
                {|PIN1018i:_latest = h|};
                _owner.Charge(h.Pages);
            }

            void Exchanged()
            {
                var h = new Handle { Pages = 2 };
                {|PIN1018i:Interlocked.Exchange(ref _slot, h)|};
                _owner.Charge(h.Pages);
            }

            void Element(int i)
            {
                var h = new Handle { Pages = 2 };
                {|PIN1018i:_handles[i] = h|};
                _owner.Charge(h.Pages);
            }

            void Raised()
            {
                var h = new Handle { Pages = 2 };
                {|PIN1018i:Opened?.Invoke(h)|};
                _owner.Charge(h.Pages);
            }

            void Token(int id, nint address)
            {
                var h = new Handle();
                {|PIN1018i:_table[id] = h|};
                h.Page = Native.PinOne(address);
            }

            void Given(ICollection<Handle> all)
            {
                var h = new Handle { Pages = 2 };
                {|PIN1018i:all.Add(h)|};
                _owner.Charge(h.Pages);
            }
        }
        """);

    [Fact]
    public Task ChargedFirstOrUnseen_IsSilent() => Verify.File(Subjects + """
        class C
        {
            private static readonly List<Handle> s_all = new();
            private readonly Dictionary<int, Handle> _table = new();
            private readonly Owner _owner = new();
            private readonly object _gate = new();
            private Handle? _current;

            C(int id)
            {
                var h = new Handle { Pages = 4 };
                _table[id] = h;
                _owner.Charge(h.Pages);
            }

            Handle Open(int id)
            {
                var h = new Handle { Id = id, Pages = 4 };
                _owner.Charge(h.Pages);
                try { lock (_gate) _table.Add(id, h); return h; }
                catch { _owner.Uncharge(h.Pages); throw; }
            }

            void UnderOneLock(int id)
            {
                var h = new Handle { Pages = 4 };
                lock (_gate)
                {
                    _table[id] = h;
                    _owner.Charge(h.Pages);
                }
            }

            List<Handle> OwnList()
            {
                var list = new List<Handle>();
                var h = new Handle { Pages = 4 };
                list.Add(h);
                _owner.Charge(h.Pages);
                return list;
            }

            void OtherObject(int id, Handle other)
            {
                var h = new Handle { Pages = 4 };
                _table[id] = h;
                _owner.Charge(other.Pages);
            }

            void NotNew(int id, Handle h)
            {
                _table[id] = h;
                _owner.Charge(h.Pages);
            }

            void Grown(int id)
            {
                var h = new Handle { Pages = 4 };
                _owner.Charge(h.Pages);
                _table[id] = h;
                _owner.Charge(h.Pages += 2);
            }

            void OwnField()
            {
                var h = new Handle { Pages = 4 };
                _current = h;
                _owner.Charge(h.Pages);
            }

            void EitherOr(int id, bool listed)
            {
                var h = new Handle { Pages = 4 };
                if (listed) _table[id] = h;
                else _owner.Charge(h.Pages);
            }

            void Leaves(int id, bool listed)
            {
                var h = new Handle { Pages = 4 };
                if (listed)
                {
                    _table[id] = h;
                    return;
                }
                _owner.Charge(h.Pages);
            }

            void Locked(int id)
            {
                var h = new Handle();
                _table[id] = h;
                Monitor.Enter(h);
                Monitor.Exit(h);
            }

            void NoCharge()
            {
                var h = new Handle();
                s_all.Add(h);
            }
        }
        """);

    [Fact]
    public Task ConstructorHandsOutItself_IsSuggested() => Verify.File(Subjects + """
        class Registry { public void Add(object o) { } }

        class Listed
        {
            private static readonly List<Listed> s_all = new();
            private static readonly Dictionary<int, Listed> s_byId = new();
            private static Listed? s_current;
            private readonly Owner _owner = new();

            Listed(long n)
            {
                {|PIN1018i:s_all.Add(this)|};
                _owner.Charge(n);
            }

            Listed(int id)
            {
                lock (s_byId) {|PIN1018i:s_byId[id] = this|};
                _owner.Charge(4);
            }

            Listed(string name)
            {
                {|PIN1018i:s_current = this|};
                if (name.Length > 3) _owner.Charge(name.Length);
            }
        }
        """);

    [Fact]
    public Task ConstructorChargesFirstOrKeepsToItself_Silent() => Verify.File(Subjects + """
        class Listed
        {
            private static readonly List<Listed> s_all = new();
            private readonly List<Listed> _own = new();
            private readonly Owner _owner = new();
            private Listed? _self;

            Listed(long n)
            {
                _owner.Charge(n);
                s_all.Add(this);
            }

            // Nobody else has its members yet.
            Listed(int n)
            {
                _own.Add(this);
                _self = this;
                _owner.Charge(n);
            }

            Listed(string name)
            {
                s_all.Add(this);
                Calls.Quiet();
            }

            Listed(bool later)
            {
                lock (s_all)
                {
                    s_all.Add(this);
                    _owner.Charge(1);
                }
            }

            // What is published in a method was charged for elsewhere.
            void Again()
            {
                s_all.Add(this);
                _owner.Charge(1);
            }
        }
        """);

    /// <summary>Whoever finds it waits.</summary>
    [Fact]
    public Task LocksOfEveryKindAroundBoth_AreSilent() => Verify.File(Subjects + """
        class C
        {
            private readonly Dictionary<int, Handle> _table = new();
            private readonly ReaderWriterLockSlim _slim = new();
            private readonly Owner _owner = new();

            void Entered(int id)
            {
                Monitor.Enter(_table);
                try
                {
                    var h = new Handle { Pages = 4 };
                    _table[id] = h;
                    _owner.Charge(h.Pages);
                }
                finally
                {
                    Monitor.Exit(_table);
                }
            }

            void Written(int id)
            {
                _slim.EnterWriteLock();
                try
                {
                    var h = new Handle { Pages = 4 };
                    _table[id] = h;
                    _owner.Charge(h.Pages);
                }
                finally
                {
                    _slim.ExitWriteLock();
                }
            }

            void Scoped(int id)
            {
                using var held = WriteLock();
                var h = new Handle { Pages = 4 };
                _table[id] = h;
                _owner.Charge(h.Pages);
            }

            void NotLocked(int id)
            {
                var h = new Handle { Pages = 4 };
                try
                {
                    {|PIN1018i:_table[id] = h|};
                    _owner.Charge(h.Pages);
                }
                finally
                {
                    Calls.Quiet();
                }
            }

            private IDisposable WriteLock() => throw new NotSupportedException();
        }
        """);
}
