using System.Threading.Tasks;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Members are followed, and those that stand for them: what only shares their name is not, and does not hide them.</summary>
public sealed class FollowedMembersTests
{
    [Fact]
    public Task MembersThatStandForOneAnother_AreFollowed() => Only("PIN3001, PIN3002", [
        // A contract, and what overrides.
        "interface IMap1 { uint* Cell { get; } } sealed class Map1 : IMap1 { readonly uint* _cell; public Map1(uint* cell) { _cell = cell; } public uint* Cell => _cell; public uint Get() => {|PIN3001:*Cell|}; } uint M() => new Map1(&_ring->Flags).Get();",
        "abstract class Map2 { protected abstract uint* Cell(); } sealed class Real2 : Map2 { readonly uint* _cell; public Real2(uint* cell) { _cell = cell; } protected override uint* Cell() => _cell; public uint Get() => {|PIN3001:*Cell()|}; } uint M() => new Real2(&_ring->Flags).Get();",
        // The same name elsewhere, first and later.
        "sealed class Other4 { uint* _own; public uint* Cell => _own; public uint* Made() => _own; } sealed class Map4 { readonly uint* _cell; public Map4(uint* cell) { _cell = cell; } public uint* Cell => _cell; } uint M() { var m = new Map4(&_ring->Flags); return {|PIN3001:*m.Cell|}; }",
        "uint* Cell5; sealed class Own5 { public uint* Cell5; } void Init5(Own5 own) { own.Cell5 = null; Cell5 = &_ring->Flags; } uint M() => {|PIN3001:*Cell5|};",
        "ref struct Cursor6 { ref uint _at; public Cursor6(ref uint at) { _at = ref at; } public uint Get() => {|PIN3001:_at|}; } uint M() => new Cursor6(ref _ring->Flags).Get();",
    ]);

    [Fact]
    public Task WhatOnlySharesTheName_IsSilent() => Only("PIN3001, PIN3002", [
        "sealed class Own1 { public uint* Cell; public uint Get() => *Cell; } sealed class Map1 { public uint* Cell; } void M(Map1 m) { m.Cell = &_ring->Flags; }",
        "sealed class Own2 { uint* _p; public uint* Cell() => _p; public uint Get() => *Cell(); } uint* Cell() => &_ring->Flags; void M() => Volatile.Read(ref *Cell());",
        "static class Own3 { public static uint Load(uint* at) => *at; } static uint Load(uint* at) => Volatile.Read(ref *at); uint M(uint* own) => Load(&_ring->Flags) + Own3.Load(own);",
    ]);

    /// <summary>However the object is named whose member hands out the pointer.</summary>
    [Theory]
    [InlineData("uint Use(Map map) => {|PIN3001:*map.Cell|};")]
    [InlineData("uint Use(Map[] maps) { uint sum = 0; foreach (var each in maps) sum += {|PIN3001:*each.Cell|}; return sum; }")]
    [InlineData("uint Use(Map map) { var same = map; { return {|PIN3001:*same.Cell|}; } }")]
    [InlineData("uint Use(object o) => o is Map map ? {|PIN3001:*map.Cell|} : 0;")]
    [InlineData("uint Use(object o) { switch (o) { case Map map: return {|PIN3001:*map.Cell|}; default: return 0; } }")]
    [InlineData("bool Get(out Map map) { map = null; return false; } uint Use() => Get(out var map) ? {|PIN3001:*map.Cell|} : 0;")]
    [InlineData("(Map, int) Get() => default; uint Use() { var (map, n) = Get(); return {|PIN3001:*map.Cell|}; }")]
    [InlineData("uint Use(Func<Map, uint> f) => f(null); uint M() => Use(map => {|PIN3001:*map.Cell|});")]
    [InlineData("uint Use(Map map) { return Inner(map); static uint Inner(Map inner) => {|PIN3001:*inner.Cell|}; }")]
    [InlineData("uint Use<T>(T map) where T : Map => {|PIN3001:*map.Cell|};")]
    [InlineData("class Deep : Map { public Deep() : base(null) { } public uint Get() => {|PIN3001:*Cell|} + {|PIN3001:*this.Cell|} + {|PIN3001:*base.Cell|}; } uint Use(Deep map) => {|PIN3001:*map.Cell|};")]
    [InlineData("class Holder { protected Map Kept; } class User : Holder { public uint Get() => {|PIN3001:*Kept.Cell|}; }")]
    [InlineData("class Holder { public Map Map { get; set; } public uint Get() => {|PIN3001:*Map.Cell|}; } uint Use(Holder of) => {|PIN3001:*of.Map.Cell|};")]
    [InlineData("class Box<T> { public T Value; } uint Use(Box<Map> box) => {|PIN3001:*box.Value.Cell|};")]
    [InlineData("Own map; uint Use(Map map) => {|PIN3001:*map.Cell|} + *this.map.Cell;")]
    [InlineData("Map map; uint Use(Own map) => *map.Cell + {|PIN3001:*this.map.Cell|};")]
    [InlineData("Map map; uint Use(int n) { { Own own = null; n += (int)*own.Cell; } return {|PIN3001:*map.Cell|}; }")]
    [InlineData("Map map; class Inside { Map _of; uint Get() => {|PIN3001:*_of.Cell|}; }")]
    [InlineData("uint Use(Map map) { using var stream = new System.IO.MemoryStream(); for (Map m = map; ;) return {|PIN3001:*m.Cell|}; }")]
    [InlineData("uint[] Use(Map[] maps) => Array.ConvertAll(maps, map => {|PIN3001:*map.Cell|});")]
    [InlineData("uint Use(Map map) { try { return 0; } catch (Failure failure) { return {|PIN3001:*failure.Cell|}; } } class Failure : Exception { readonly Map _of = null; public uint* Cell => _of.Cell; }")]
    public Task WhateverTheReceiverIs_TheMemberIsFollowed(string members) => Only("PIN3001", [
        "class Own { readonly uint* _p = null; public uint* Cell => _p; public uint Get() => *Cell; } class Map { readonly uint* _cell; public Map(uint* cell) { _cell = cell; } public uint* Cell => _cell; } Map Made() => new Map(&_ring->Flags);",
        members,
    ]);
}
