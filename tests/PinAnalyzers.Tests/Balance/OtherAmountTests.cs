using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1006: what is given back is not what was charged.</summary>
public sealed class OtherAmountTests
{
    [Fact]
    public Task AnotherAmount_IsReported() => Verify.Members("""
            void AnotherParameter(long asked, long used)
            {
                _owner.Charge(asked);
                try { Calls.Work(); }
                finally { {|PIN1006:_owner.Uncharge(used)|}; }
            }

            void OtherConstants()
            {
                _owner.Charge(2);
                Calls.Quiet();
                {|PIN1006:_owner.Uncharge(1)|};
            }

            void OffByOne(long n)
            {
                _owner.Charge(n + 1);
                {|PIN1006:_owner.Uncharge(n)|};
            }

            void Grown(long n)
            {
                _owner.Charge(n);
                n++;
                {|PIN1006:_owner.Uncharge(n)|};
            }

            void Reassigned(long n)
            {
                _owner.Charge(n);
                n = Next();
                {|PIN1006:_owner.Uncharge(n)|};
            }

            void ReassignedOnOnePath(long n, bool less)
            {
                if (!_owner.TryCharge(n)) return;
                if (less) n = 1;
                {|PIN1006:_owner.Uncharge(n)|};
            }

            void FieldReassigned()
            {
                _pages = Next();
                _owner.Charge(_pages);
                _pages = Next();
                {|PIN1006:_owner.Uncharge(_pages)|};
            }

            void Doubled(int n)
            {
                _owner.Charge(n);
                n *= 2;
                {|PIN1006:_owner.Uncharge(n)|};
            }

            long _pages;
            static long Next() => Environment.TickCount64;
        """);

    [Fact]
    public Task RequestedAgainstActual_IsReported() => Verify.Members("""
            void Rented(int n)
            {
                _owner.Charge(n);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(n);
                ArrayPool<byte>.Shared.Return(buffer);
                {|PIN1006:_owner.Uncharge(buffer.Length)|};
            }

            void RentedByALong(long n)
            {
                _owner.Charge(n);
                byte[] buffer = ArrayPool<byte>.Shared.Rent((int)n);
                ArrayPool<byte>.Shared.Return(buffer);
                {|PIN1006:_owner.Uncharge(buffer.Length)|};
            }

            void RentedTheOtherWayRound(int n)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(n);
                _owner.Charge(buffer.Length);
                ArrayPool<byte>.Shared.Return(buffer);
                {|PIN1006:_owner.Uncharge(n)|};
            }

            void ShortRead(Stream stream, byte[] buffer, int n)
            {
                if (!_owner.TryCharge(n)) return;
                int got = n;
                try { got = stream.Read(buffer, 0, n); }
                catch (IOException) { _owner.Uncharge(n); throw; }
                catch { _owner.Uncharge(n); throw; }
                {|PIN1006:_owner.Uncharge(got)|};
            }

            void Acquired(nint address, int n)
            {
                _owner.Charge(n);
                int pinned = PinPages(address, n);
                {|PIN1006:_owner.Uncharge(pinned)|};
            }

            void OwnedMemory(int n)
            {
                using (IMemoryOwner<byte> memory = MemoryPool<byte>.Shared.Rent(n))
                {
                    _owner.Charge(n);
                    {|PIN1006:_owner.Uncharge(memory.Memory.Length)|};
                }
            }

            static int PinPages(nint address, int n) => n > 10 ? 10 : address == 0 ? 0 : n - 1;
        """);

    [Fact]
    public Task OtherUnits_AreReported() => Verify.Members("""
            const int PageSize = 4096;

            void PagesAndBytes(long bytes)
            {
                _owner.Charge(bytes / PageSize);
                {|PIN1006:_owner.Uncharge(bytes)|};
            }

            void RoundedUpAndDown(long bytes)
            {
                _owner.Charge((bytes + PageSize - 1) / PageSize);
                {|PIN1006:_owner.Uncharge(bytes / PageSize)|};
            }

            void Scaled(int n)
            {
                GC.AddMemoryPressure(n * 4);
                {|PIN1006:GC.RemoveMemoryPressure(n)|};
            }

            void WithAndWithoutHeader(int length)
            {
                nint memory = Marshal.AllocHGlobal(length + 64);
                GC.AddMemoryPressure(length + 64);
                Marshal.FreeHGlobal(memory);
                {|PIN1006:GC.RemoveMemoryPressure(length)|};
            }

            void Shifted(long bytes)
            {
                _owner.Charge(bytes >> 12);
                {|PIN1006:_owner.Uncharge(bytes >> 10)|};
            }

            void Area(long width, long height)
            {
                _owner.Charge(width * height * 4);
                {|PIN1006:_owner.Uncharge(width * height)|};
            }
        """);

    [Fact]
    public Task ProvablyEqual_IsSilent() => Verify.Members("""
            const long Fixed = 4;
            private readonly long _size = 16;
            private long _recorded;

            void Copies(long n)
            {
                long copy = n;
                _owner.Charge(n);
                long again = copy;
                _owner.Uncharge(again);
            }

            void Constants()
            {
                _owner.Charge(Fixed);
                _owner.Uncharge(2 + 2);
            }

            void ReadonlyField()
            {
                _owner.Charge(_size);
                Calls.Quiet();
                _owner.Uncharge(_size);
            }

            void Recorded(long n)
            {
                _owner.Charge(n);
                _recorded = n;
                _owner.Uncharge(_recorded);
            }

            void SumOfParts(long a, long b)
            {
                _owner.Charge(a);
                _owner.Charge(b);
                _owner.Uncharge(a + b);
            }

            void PartsOfSum(long a, long b)
            {
                _owner.Charge(a + b);
                _owner.Uncharge(a);
                Calls.Quiet();
                _owner.Uncharge(b);
            }

            void PartsOfConstant()
            {
                _owner.Charge(10);
                _owner.Uncharge(4);
                Calls.Quiet();
                _owner.Uncharge(6);
            }

            void FirstInFirstOut(long a, long b)
            {
                _owner.Charge(a);
                _owner.Charge(b);
                _owner.Uncharge(a);
                _owner.Uncharge(b);
            }

            void Converted(int n)
            {
                _owner.Charge(n);
                _owner.Uncharge((long)n);
            }

            void OtherOrder(long a, long b)
            {
                _owner.Charge(a + b + 1);
                _owner.Uncharge(1 + b + a);
            }

            void SameRounding(long bytes)
            {
                _owner.Charge((bytes + 4095) / 4096);
                _owner.Uncharge((bytes + 4095) / 4096);
            }

            void ArrayOfThatLength(int n)
            {
                byte[] buffer = new byte[n];
                _owner.Charge(n);
                Array.Clear(buffer);
                _owner.Uncharge(buffer.Length);
            }

            void NarrowedAndBack(long n)
            {
                int length = (int)n;
                _owner.Charge(length);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
                ArrayPool<byte>.Shared.Return(buffer);
                _owner.Uncharge(n);
            }

            void RecordedLength(int n)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(n);
                _owner.Charge(buffer.Length);
                ArrayPool<byte>.Shared.Return(buffer);
                _owner.Uncharge(buffer.Length);
            }

            void ExactlyWhatWasAsked(nint address, int n)
            {
                _owner.Charge(n);
                int got = PinPages(address, n);
                if (got != n) Environment.FailFast(null);
                _owner.Uncharge(got);
            }

            static int PinPages(nint address, int n) => address == 0 ? 0 : n;
        """);

    [Fact]
    public Task NotProvable_IsSilent() => Verify.Members("""
            private long _pages;

            void ItemByItem(long[] sizes)
            {
                long total = 0;
                foreach (long size in sizes)
                {
                    _owner.Charge(size);
                    total += size;
                }
                _owner.Uncharge(total);
            }

            void OneByOne(int n)
            {
                _owner.Charge(n);
                for (int i = 0; i < n; i++) _owner.Uncharge(1);
            }

            void ChargedOneByOne(int n)
            {
                int done = 0;
                for (; done < n; done++) _owner.Charge(1);
                _owner.Uncharge(done);
            }

            // The new size is charged, the old one given back.
            void Resize(long size)
            {
                _owner.Charge(size);
                _owner.Uncharge(_pages);
                _pages = size;
            }

            void ResizeFrom(long oldSize, long newSize)
            {
                _owner.Charge(newSize);
                Calls.Quiet();
                _owner.Uncharge(oldSize);
            }

            // Of an entry that there was before, or that makes room.
            void Replace(int key, long size)
            {
                _owner.Charge(size);
                if (_sizes.TryGetValue(key, out long old)) _owner.Uncharge(old);
                _sizes[key] = size;
            }

            void Exchanged(Entry entry)
            {
                _owner.Charge(entry.Size);
                Entry? former = Interlocked.Exchange(ref _entry, entry);
                if (former != null) _owner.Uncharge(former.Size);
            }

            void Assigned(Entry entry)
            {
                _owner.Charge(entry.Size);
                var was = _entry;
                _entry = entry;
                if (was is null) return;
                _owner.Uncharge(was.Size);
            }

            void Evict(long size)
            {
                _owner.Charge(size);
                _queue.Enqueue(size);
                if (_queue.Count > 10) _owner.Uncharge(_queue.Dequeue());
            }

            private readonly Dictionary<int, long> _sizes = new();
            private readonly Queue<long> _queue = new();
            private Entry? _entry;
            sealed class Entry { public long Size; }

            // Charged as asked for, settled to what was got.
            void Settle(nint address, int asked)
            {
                _owner.Charge(asked);
                int got = PinPages(address, asked);
                if (got < asked) _owner.Uncharge(asked - got);
                _pages = got;
            }

            void SizeOfTheSame(Stream stream)
            {
                _owner.Charge(Pages(stream.Length));
                Calls.Quiet();
                _owner.Uncharge(Pages(stream.Length));
            }

            void Checked(long n)
            {
                {|PIN1002i:_owner.Charge(n)|};
                _owner.Uncharge(Validated(n));
            }

            void PartThenRest(long n, long part)
            {
                _owner.Charge(n);
                _owner.Uncharge(part);
                n -= part;
                _owner.Uncharge(n);
            }

            void Aligned(long bytes)
            {
                if (bytes % 4096 != 0) return;
                _owner.Charge(bytes / 4096);
                _owner.Uncharge((bytes + 4095) / 4096);
            }

            void FilledByReference(int n)
            {
                _owner.Charge(n);
                Touch(ref n);
                _owner.Uncharge(n);
            }

            void CountedParticipants(CountdownEvent all)
            {
                all.AddCount(3);
                all.Signal(2);
            }

            static void Touch(ref int n) { }
            static long Validated(long n) => n < 0 ? throw new ArgumentOutOfRangeException(nameof(n)) : n;
            static long Pages(long bytes) => bytes / 4096;
            static int PinPages(nint address, int n) => address == 0 ? 0 : n;
        """);

    [Fact]
    public Task RequestedAgainstLength_AcrossMembers() => Verify.Members("""
            private byte[]? _buf, _exact, _plain;
            private int _asked;

            // The catalogue's A5.
            void Open(int n) { _asked = n; _owner.Charge(n); _buf = ArrayPool<byte>.Shared.Rent(n); }
            void Close() { {|PIN1006:_owner.Uncharge(_buf!.Length)|}; ArrayPool<byte>.Shared.Return(_buf!); }

            void OpenExact(int n) { _exact = ArrayPool<byte>.Shared.Rent(n); _owner.Charge(_exact.Length); }
            void CloseExact() { _owner.Uncharge(_exact!.Length); ArrayPool<byte>.Shared.Return(_exact!); }

            void OpenPlain(int n) { _owner.Charge(n); _plain = new byte[n]; }
            void ClosePlain() => _owner.Uncharge(_plain!.Length);

            int Asked => _asked;
        """);

    [Theory]
    [InlineData("void Open(int length) { _owner.Charge(length + Alignment); } void Close(int length) { {|PIN1006:_owner.Uncharge(length)|}; }")]
    [InlineData("void Open(int length) { int size = length + Alignment; _owner.Charge(size); } sealed class Freer { void Release(Owner o, int length) { {|PIN1006:o.Uncharge(length)|}; } }")]
    [InlineData("void Open(int length, out int taken) { taken = (length + Alignment); _owner.Charge(taken); } void Close(int length) => {|PIN1006:_owner.Uncharge(length)|};")]
    [InlineData("int _length; void Open(int length) { _length = length; _owner.Charge(64 + length); } void Close() { {|PIN1006:_owner.Uncharge(_length)|}; }")]
    [InlineData("int _length; void Open(int length) { _length = length; GC.AddMemoryPressure(length + sizeof(long)); } ~C() { {|PIN1006:GC.RemoveMemoryPressure(_length)|}; }")]
    public Task SizeWithoutItsHeader_AcrossMembers(string members) => Verify.Members("private const int Alignment = 64; " + members);

    [Theory]
    [InlineData("void Open(int length) { _owner.Charge(length + Alignment); } void Close(int length) { _owner.Uncharge(length + Alignment); }")]
    [InlineData("void Open(int length) { _owner.Charge(length + Alignment); } void Close(int size) { _owner.Uncharge(size); }")]
    [InlineData("int _length; void Open(int length) { _length = length + Alignment; _owner.Charge(length + Alignment); } void Close() { _owner.Uncharge(_length); }")]
    [InlineData("void Open(int length) { _owner.Charge(length + Alignment); } void Give(int length) { _owner.Uncharge(length); } void Close(int n) => Give(n + Alignment);")]
    [InlineData("void Open(int length) { _owner.Charge(length + Alignment); } void Close(int length) { _owner.Uncharge(length); _owner.Uncharge(Alignment); }")]
    [InlineData("void Open(int length) { _owner.Charge(length + Alignment); } void OpenRaw(int length) { _owner.Charge(length); } void Close(int length) { _owner.Uncharge(length); }")]
    [InlineData("void Open(int length, int extra) { _owner.Charge(length + extra); } void Close(int length) { _owner.Uncharge(length); }")]
    public Task SizeAndHeader_AcrossMembersAreSilent(string members) => Verify.Members("private const int Alignment = 64; " + members);

    [Theory]
    [InlineData("void M(int n) { if (n <= 0) return; _owner.Charge(n); Calls.Quiet(); n = Math.Max(n, 1); _owner.Uncharge(n); }")]
    [InlineData("void M(int n) { if (n > 100) return; _owner.Charge(n); Calls.Quiet(); _owner.Uncharge(Math.Min(n, 100)); }")]
    [InlineData("void M(int n) { if (n > 100) return; _owner.Charge(n); Calls.Quiet(); _owner.Uncharge(Math.Min(200, n)); }")]
    [InlineData("void M(int n) { if (n <= 0) return; _owner.Charge(n); Calls.Quiet(); n = Math.Max(n, 2); {|PIN1006:_owner.Uncharge(n)|}; }")]
    public Task LargerOfTwo_IsTheOneThatIsKnownToBe(string member) => Verify.Members(member);

    [Fact]
    public Task WrongAmount_EndsTheCharge() => Verify.Members("""
            // One mistake, one message: neither lost nor released twice.
            bool Rollback(long n, long m)
            {
                if (!_owner.TryCharge(n)) return false;
                if (n > 10)
                {
                    {|PIN1006:_owner.Uncharge(n - 1)|};
                    return false;
                }
                _owner.Uncharge(n);
                return true;
            }

            void EveryRound(int rounds)
            {
                for (int i = 0; i < rounds; i++)
                {
                    _owner.Charge(3);
                    {|PIN1006:_owner.Uncharge(2)|};
                }
            }
        """);

    /// <summary>What went into the amount by another name is the same charge.</summary>
    [Theory]
    [InlineData("long charged = n; {|PIN1001:_owner.Charge(n)|}; if (failed) return; _owner.Uncharge(charged);")]
    [InlineData("_size = n; {|PIN1001:_owner.Charge(n)|}; Calls.Quiet(); if (failed) return; _owner.Uncharge(_size);")]
    [InlineData("int length = data.Length; {|PIN1001:_owner.Charge(data.Length)|}; if (failed) return; _owner.Uncharge(length);")]
    [InlineData("if (!_sizes.TryGetValue(3, out long size)) return; {|PIN1001:_owner.Charge(size)|}; if (failed) return; _owner.Uncharge(_sizes[3]);")]
    [InlineData("object any = data; if (any is not byte[] bytes) return; {|PIN1001:_owner.Charge(bytes.Length)|}; if (failed) return; _owner.Uncharge(data.Length);")]
    public Task SameAmountByAnotherName_IsReported(string body) => Verify.Members($$"""
            private readonly Dictionary<int, long> _sizes = new();
            private long _size;
            void M(long n, bool failed, byte[] data) { {{body}} }
        """);
}
