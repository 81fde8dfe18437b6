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
}
