using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>A ring as the rules of shared memory know it, for members under test.</summary>
internal static class RingSources
{
    internal const string Start = """
        using System;
        using System.IO.MemoryMappedFiles;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;
        using PinAccounting.Annotations;

        enum Op : byte { Nop, Read }
        enum Mode { Off, On }

        struct Cqe { public ulong UserData; public int Res; public uint Flags; }

        struct Sqe { public byte Opcode; public int Fd; public uint Len; public int Off; public Op Kind; }

        """;

    /// <summary>Bytes that messages run round in, with lengths that nobody checks.</summary>
    internal const string CircularBuffer = """
        sealed unsafe class CircularBuffer
        {
            readonly byte* _buffer;
            public CircularBuffer(byte* buffer, long capacity) { _buffer = buffer; Capacity = capacity; }
            public long Capacity { get; }
            public byte* At(long offset) { Adjust(ref offset); return _buffer + offset; }
            void Adjust(ref long offset) => offset %= Capacity;
            public byte[] Read(long offset, long length)
            {
                if (length == 0) return Array.Empty<byte>();
                var result = new byte[length];
                Adjust(ref offset);
                fixed (byte* to = result) Buffer.MemoryCopy(_buffer + offset, to, length, Math.Min(Capacity - offset, length));
                return result;
            }
        }

        """;

    /// <summary>Members of one class, each <c>M</c> by a number of its own: one compilation serves many programs.</summary>
    internal static string Numbered(IEnumerable<string> members) => string.Join("\n    ", members.Select(static (member, i) => Regex.Replace(member, @"\bM\b(?=\(| =>)", "M" + i)));

    /// <summary>In a class that has mapped a ring which both sides know.</summary>
    internal static string InRing(string members) => Start + $$"""
        unsafe struct Header
        {
            [SharedIndex(RingSide.Peer)] public uint Head;
            [SharedIndex(RingSide.Local, Payload = "_cqes")] public uint Tail;
            public uint Overflow;
            public uint Flags;
            public uint Mask;
            public long Sum;
            public volatile uint Live;
            public byte Small;
            public Op Kind;
            public Mode Mode;
            public char Letter;
            public Cqe Inline;
            public fixed uint Counts[8];
            public byte* Next;
            [SharedMemory(Stable = true)] public uint Entries;
        }

        unsafe class Ring
        {
            [SharedMemory] Header* _ring;
            [SharedMemory] Cqe* _cqes;
            [SharedMemory] Sqe* _sqes;
            uint _mask = 7, _entries = 8;
            [PrivateCopy("Tail")] uint _cachedTail;
            uint _cachedHead;
            int[] _data = new int[8];
            static void Use(long n) { }
            static void Use(Cqe c) { }
            static void Wake() { }
            {{members}}
        }
        """;
}
