using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>Pointer arithmetic: who is given a pointer into a block can find its start again, and the way back by the same offset leads to the block itself.</summary>
public sealed class InteriorPointerTests
{
    [Fact]
    public Task PointersIntoABlock_CarryItAway() => Verify.File("""
        using System.Runtime.CompilerServices;

        public unsafe class Blocks
        {
            struct Hdr { public long Size; public Hdr* Next; public byte First; }
            byte* _f; Hdr* _h; nint _n; List<nint> _all = new();
            byte* Header(nuint n)
            {
                byte* p = (byte*)NativeMemory.Alloc(n + 16);
                *(nuint*)p = n;
                return p + 16;
            }

            void* Header2(nuint n)
            {
                Hdr* p = (Hdr*)NativeMemory.Alloc(n + 16);
                p->Size = 3;
                return p + 1;
            }

            void* Header3(nuint n)
            {
                Hdr* p = (Hdr*)NativeMemory.Alloc(n + 16);
                p->Size = 3;
                return &p->First;
            }

            void* Header4(nuint n)
            {
                Hdr* p = (Hdr*)NativeMemory.Alloc(n + 16);
                p->Size = 3;
                return &p[1];
            }

            void* Header5(nuint n)
            {
                void* p = NativeMemory.Alloc(n + 16);
                return (byte*)p + 16;
            }

            void Field(nuint n)
            {
                byte* p = (byte*)NativeMemory.Alloc(n + 16);
                _f = p + 16;
            }

            void Field2(nuint n)
            {
                Hdr* p = (Hdr*)NativeMemory.Alloc(n + 16);
                _h = p + n;
            }

            void ListAdd(int n)
            {
                nint p = Marshal.AllocHGlobal(n);
                _all.Add(p + 8);
            }

            void Free(byte* u) => NativeMemory.Free(u - 16);
            void UseHeader(nuint n)
            {
                byte* p = Header(n);
                *p = 3;
                Free(p);
            }

            nint Num(int n)
            {
                nint p = Marshal.AllocHGlobal(n);
                return p + 8;
            }

            nint Tag(int n)
            {
                nint p = Marshal.AllocHGlobal(n);
                return p | 1;
            }

            void NumOff(int n)
            {
                nint p = Marshal.AllocHGlobal(n);
                p += 8;
                Marshal.FreeHGlobal(p - 8);
            }

            void Off(nuint n)
            {
                byte* p = (byte*)NativeMemory.Alloc(n);
                p += 4;
                NativeMemory.Free(p - 4);
            }

            void Off2(nuint n)
            {
                int* p = (int*)NativeMemory.Alloc(n);
                p++;
                NativeMemory.Free((byte*)p - 4);
            }

            void Off3(nuint n)
            {
                Hdr* p = (Hdr*)NativeMemory.Alloc(n);
                p++;
                p += 2;
                NativeMemory.Free(p - 3);
            }

            void Off4(nuint n, int k)
            {
                Hdr* p = (Hdr*)NativeMemory.Alloc(n);
                p += k;
                NativeMemory.Free(p - k);
            }

            void Off5(nuint n, int k)
            {
                long* p = (long*)NativeMemory.Alloc(n);
                p += k;
                NativeMemory.Free(p - k);
            }

            void Addr(nuint n)
            {
                byte* p = (byte*)NativeMemory.Alloc(n);
                byte* q = &p[0];
                NativeMemory.Free(q);
            }

            void Walk(nuint n)
            {
                byte* p = (byte*)NativeMemory.Alloc(n);
                for (byte* q = p; q < p + n; q++) *q = 0;
                NativeMemory.Free(p);
            }

            void WalkStart(nuint n)
            {
                byte* start = (byte*)NativeMemory.Alloc(n);
                byte* p = start;
                while (n-- > 0) *p++ = 0;
                NativeMemory.Free(start);
            }

            ref int Ref(nuint n)
            {
                int* p = (int*)NativeMemory.Alloc(n);
                return ref *p;
            }

            ref int Ref2(nuint n)
            {
                int* p = (int*)NativeMemory.Alloc(n);
                return ref Unsafe.AsRef<int>(p);
            }

            Span<byte> Sp(int n)
            {
                byte* p = (byte*)NativeMemory.Alloc((nuint)n);
                return new Span<byte>(p, n);
            }

            Span<byte> Sp2(int n)
            {
                byte* p = (byte*)NativeMemory.Alloc((nuint)n);
                return new Span<byte>(p + 4, n - 4);
            }

            (nint, int) Tup(int n)
            {
                nint p = Marshal.AllocHGlobal(n);
                return (p + 8, n);
            }

            void Out(int n, out nint r)
            {
                nint p = Marshal.AllocHGlobal(n);
                r = p + 8;
            }

            Hold Ctor(int n)
            {
                nint p = Marshal.AllocHGlobal(n);
                return new Hold(p + 8);
            }

            sealed class Hold
            {
                readonly nint _p;

                public Hold(nint p) => _p = p;

                public void Close() => Marshal.FreeHGlobal(_p - 8);
            }
        }
        """);

    [Fact]
    public Task WhatOnlyLooksAtABlock_CarriesNothingAway() => Verify.File("""
        public unsafe class Lost
        {
            public struct Hdr
            {
                public long Size;
            }

            void BadFree(nuint n)
            {
                byte* p = (byte*){|PIN1001:NativeMemory.Alloc(n)|};
                if (n > 3) return;
                NativeMemory.Free(p + 4 - 4);
            }

            long BadRead(nuint n)
            {
                Hdr* p = (Hdr*){|PIN1001:NativeMemory.Alloc(n)|};
                return p->Size;
            }

            bool BadTest(nuint n)
            {
                byte* p = (byte*){|PIN1001:NativeMemory.Alloc(n)|};
                return p + 4 == null;
            }

            long BadDist(nuint n)
            {
                byte* p = (byte*){|PIN1001:NativeMemory.Alloc(n)|};
                byte* q = p + n;
                return q - p;
            }
        }
        """);

    /// <summary>A span over a block is the block, and so is the address of its first element, as a custom marshaller takes it.</summary>
    [Fact]
    public Task AddressOfASpanOverABlock_IsTheBlock() => Verify.File("""
        public unsafe ref struct ManagedToUnmanagedIn
        {
            private byte* _memory;
            private Span<int> _numbers;
            private bool _allocated;

            public void FromManaged(string text, Span<byte> buffer)
            {
                int size = text.Length * 3 + 1;
                if (size > buffer.Length)
                {
                    buffer = new Span<byte>((byte*)NativeMemory.Alloc((nuint)size), size);
                    _allocated = true;
                }
                _memory = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer));
            }

            public void FromManagedByPin(int size)
            {
                Span<byte> buffer = new(NativeMemory.Alloc((nuint)size), size);
                _allocated = true;
                _memory = (byte*)Unsafe.AsPointer(ref buffer.GetPinnableReference());
            }

            public void OfNumbers(int size) => _numbers = MemoryMarshal.Cast<byte, int>(new Span<byte>(NativeMemory.Alloc((nuint)size), size));

            public void Lost(int size)
            {
                Span<byte> buffer = new({|PIN1001:NativeMemory.Alloc((nuint)size)|}, size);
                ref byte first = ref MemoryMarshal.GetReference(buffer);
                first = 3;
                _allocated = first == 3;
            }

            public void Free()
            {
                if (_allocated) NativeMemory.Free(_memory);
            }
        }
        """);
}
