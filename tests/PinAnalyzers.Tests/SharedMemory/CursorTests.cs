using System.Threading.Tasks;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>PIN3009, PIN3012 and PIN3013 in the shapes that rings are written in.</summary>
public sealed class CursorTests
{
    [Fact]
    public Task AliasByAnyWay_IsReported() => Only("PIN3009", [
        "long* _privateSum; void M() { {|PIN3009:_privateSum = (long*)&_ring->Sum|}; }",
        "uint* _headCopy; void M() { uint* head = &_ring->Head; {|PIN3009:_headCopy = head|}; }",
        "void M([SharedMemory] ref Header h) { ref uint {|PIN3009:cachedHead = ref h.Head|}; Use(cachedHead); }",
        "static uint* s_cachedTail; void M() => {|PIN3009:s_cachedTail = &_ring->Tail|};",
        "uint* _cachedTail1; void M() { {|PIN3009:_cachedTail1 = (uint*)Unsafe.AsPointer(ref _ring->Tail)|}; }",
        "uint* _shadowFlags; void M() { {|PIN3009:_shadowFlags = (uint*)((byte*)_ring + 12)|}; }",
        "uint* _internalHead; void Attach1(uint* p) { {|PIN3009:_internalHead = p|}; } void M() => Attach1(&_ring->Head);",
        "uint* _copyAt; void M(bool b) { {|PIN3009:_copyAt = b ? &_ring->Head : &_ring->Tail|}; }",
        "sealed class Mine { readonly uint* _localTail; public Mine(uint* at) { {|PIN3009:_localTail = at|}; } public bool Any => _localTail != null; } bool M() => new Mine(&_ring->Tail).Any;",
        "void M() { uint* tail = &_ring->Tail; uint* {|PIN3009:shadow = tail|}; Use(Volatile.Read(ref *shadow)); }",
    ]);

    [Fact]
    public Task NoAlias_IsSilent() => Only("PIN3009", [
        "uint _localTail = 3; void M() { _localTail = Volatile.Read(ref _ring->Tail); }",
        "void M() { var cachedHead = Volatile.Read(ref _ring->Head); Use(cachedHead); }",
        "uint* _localBuffer; void M(uint[] own) { fixed (uint* p = own) _localBuffer = p; }",
        "Sqe* _cachedSlots; void M() { _cachedSlots = _sqes; }",
        "void M() { ref uint localOwn = ref _entries; localOwn = 3; }",
        "uint* _tailAddress; void M() { _tailAddress = &_ring->Tail; }",
        "[SharedMemory] uint* _cachedAnnotated; void M() { _cachedAnnotated = &_ring->Head; }",
        "void M() { uint own = 3; uint* localOwn = &own; Use(*localOwn); }",
        "byte* _copyTarget; void M(byte[] to) { fixed (byte* p = to) _copyTarget = p; }",
        "uint* _internalOwn; void Attach2(uint* p) { _internalOwn = p; } void M() { uint own = 3; Attach2(&own); }",
    ]);

    [Fact]
    public Task PeersIndexWrittenByAnyWay_IsReported() => Only("PIN3012", [
        "void M(uint n) { {|PIN3012:_ring->Head += n|}; }",
        "void M() { {|PIN3012:--_ring->Head|}; }",
        "void M(uint n) { {|PIN3012:Interlocked.Exchange(ref _ring->Head, n)|}; }",
        "void M(uint n) { {|PIN3012:Interlocked.CompareExchange(ref _ring->Head, n + 1, n)|}; }",
        "void M(uint n) { uint* head = &_ring->Head; {|PIN3012:*head|} = n; }",
        "void M(uint n) { ref Header h = ref *_ring; {|PIN3012:Volatile.Write(ref h.Head, n)|}; }",
        "void M(uint n) { ref uint head = ref _ring->Head; {|PIN3012:head|} = n; }",
        "void M(uint n) => {|PIN3012:Volatile.Write(ref Unsafe.AsRef<Header>(_ring).Head, n)|};",
        "[SharedIndex(RingSide.Peer)] ulong* _peer2; void M() { {|PIN3012:(*_peer2)++|}; }",
        "void Forget1() => {|PIN3012:Volatile.Write(ref _ring->Head, _cachedTail)|};",
    ]);

    [Fact]
    public Task OwnSideOnly_IsSilent() => Only("PIN3012", [
        "void M(uint n) => Volatile.Write(ref _ring->Tail, n);",
        "void M() => Interlocked.Exchange(ref _ring->Tail, _cachedTail);",
        "uint M() => unchecked(_cachedTail - Volatile.Read(ref _ring->Head));",
        "uint M() => Interlocked.CompareExchange(ref _ring->Head, 0, 0);",
        "void M(uint n) { Header own = default; own.Head = n; own.Tail = own.Head; }",
        "void Reset() { Volatile.Write(ref _ring->Head, 0); }",
        "void M() { Volatile.Write(ref _ring->Flags, 0); }",
        "void OpenAgain() { _cachedTail = Volatile.Read(ref _ring->Tail); }",
        "[SharedIndex(RingSide.Both)] uint* _both2; void M() { Volatile.Write(ref *_both2, Volatile.Read(ref *_both2)); }",
        "uint* M() => &_ring->Head;",
    ]);

    [Fact]
    public Task ComparisonOfRunningIndexes_IsReported() => Only("PIN3013", [
        "bool M() => {|PIN3013:_cachedTail >= Volatile.Read(ref _ring->Head)|};",
        "bool M() { uint head = Volatile.Read(ref _ring->Head); return {|PIN3013:_cachedTail < head|}; }",
        "void M() { uint head = Volatile.Read(ref _ring->Head), tail = Volatile.Read(ref _ring->Tail); while ({|PIN3013:head < tail|}) head++; }",
        "void M() { for (uint at = Volatile.Read(ref _ring->Head); {|PIN3013:at < _cachedTail|}; at++) Use(at); }",
        "bool M() => {|PIN3013:(Volatile.Read(ref _ring->Head)) > (_cachedTail)|};",
        "bool M() => {|PIN3013:_ring->Head <= _ring->Tail|};",
        "[SharedIndex(RingSide.Peer)] ulong* _far; [PrivateCopy(\"_far\")] ulong _near; bool M() => {|PIN3013:Volatile.Read(ref *_far) > _near|};",
        "bool M() { uint next = _cachedTail + 1; return {|PIN3013:next > Volatile.Read(ref _ring->Head)|}; }",
        "int M() => {|PIN3013:Volatile.Read(ref _ring->Head) < _cachedTail|} ? 1 : 0;",
        "void M() { if ({|PIN3013:_cachedTail + 8 <= Volatile.Read(ref _ring->Head)|}) Wake(); }",
    ]);

    [Fact]
    public Task OtherComparisons_AreSilent() => Only("PIN3013", [
        "bool M() => unchecked((int)(_cachedTail - Volatile.Read(ref _ring->Head))) > 0;",
        "bool M() => Volatile.Read(ref _ring->Head) != _cachedTail;",
        "bool M() => (_cachedTail & _mask) < (Volatile.Read(ref _ring->Head) & _mask);",
        "bool M(uint i) => i < _entries;",
        "bool M() => Volatile.Read(ref _ring->Overflow) > _cachedTail;",
        "bool M() => Volatile.Read(ref _ring->Sum) > 3;",
        "bool M(uint head, uint tail) => head < tail;",
        "bool M() { uint n = unchecked(_cachedTail - Volatile.Read(ref _ring->Head)); return n > _entries; }",
        "bool M() { int head = (int)Volatile.Read(ref _ring->Head); int tail = 3; return head > tail; }",
        "bool M() { uint left = Math.Min(_cachedTail, 8u); return left < _entries; }",
    ]);
}
