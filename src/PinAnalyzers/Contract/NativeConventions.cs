using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Contract;

/// <summary>How a native style result tells of failure.</summary>
internal enum ResultConvention
{
    NegativeErrno,
    MinusOneErrno,
    ZeroOrErrno,

    /// <summary>A pointer or handle that is -1 on failure (<c>MAP_FAILED</c>, <c>INVALID_HANDLE_VALUE</c>).</summary>
    MinusOnePointer,

    /// <summary>A pointer or handle that is null on failure.</summary>
    NullPointer,

    /// <summary>A Win32 <c>BOOL</c>: 0 on failure.</summary>
    ZeroFails,
}

/// <summary>What is known of imported functions by their entry points, and what a test of each kind of result must look like.</summary>
internal static class NativeConventions
{
    private static readonly ImmutableDictionary<string, ResultConvention> s_byEntryPoint = Table();

    public static bool IsKnown(string entryPoint) => s_byEntryPoint.ContainsKey(entryPoint);

    /// <param name="entryPoint">What the import calls.</param>
    /// <param name="library">Where it is imported from: <c>libaio</c> returns the negated errno where the system call wrapper of libc would not.</param>
    /// <param name="result">The type that the import declares.</param>
    public static ResultConvention? Of(string entryPoint, string? library, ITypeSymbol result)
    {
        if (!s_byEntryPoint.TryGetValue(entryPoint, out ResultConvention convention)) return null;
        bool isPointer = result.TypeKind == TypeKind.Pointer || result.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr or SpecialType.System_Int64 or SpecialType.System_UInt64;
        bool isNumber = result.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_IntPtr or SpecialType.System_UInt32;
        return convention switch
        {
            ResultConvention.MinusOnePointer or ResultConvention.NullPointer => isPointer ? convention : null,
            ResultConvention.NegativeErrno => isNumber && library is "aio" or "libaio" or "libaio.so" or "libaio.so.1" ? convention : null,
            _ => isNumber ? convention : null,
        };
    }

    /// <summary>What makes the test with a constant the wrong one; null when it is right or says nothing.</summary>
    public static bool IsMisuse(ResultConvention convention, BinaryOperatorKind test, long constant)
    {
        bool isEquality = test is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals;
        return convention switch
        {
            ResultConvention.NegativeErrno => isEquality && constant == -1,
            ResultConvention.MinusOneErrno => isEquality && constant < -1,
            ResultConvention.ZeroOrErrno => isEquality ? constant < 0 : test is BinaryOperatorKind.LessThan or BinaryOperatorKind.GreaterThanOrEqual ? constant <= 0 : constant < 0,
            ResultConvention.MinusOnePointer => isEquality && constant == 0,
            ResultConvention.NullPointer => isEquality && constant == -1,
            _ => isEquality ? constant < 0 : test is BinaryOperatorKind.LessThan or BinaryOperatorKind.GreaterThanOrEqual && constant <= 0,
        };
    }

    /// <summary>True when the test is the one that the convention asks for: whoever makes it knows, and may test other things besides.</summary>
    public static bool IsRight(ResultConvention convention, BinaryOperatorKind test, long constant)
    {
        bool isEquality = test is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals;
        return convention switch
        {
            ResultConvention.NegativeErrno => !isEquality || constant == 0,
            ResultConvention.MinusOneErrno => !isEquality || constant is -1 or 0,
            ResultConvention.ZeroOrErrno => isEquality ? constant >= 0 : !IsMisuse(convention, test, constant),
            ResultConvention.MinusOnePointer => isEquality && constant == -1,
            ResultConvention.NullPointer => isEquality && constant == 0,
            _ => isEquality && constant >= 0,
        };
    }

    public static string Describe(ResultConvention convention) => convention switch
    {
        ResultConvention.NegativeErrno => "returns the negated errno on failure",
        ResultConvention.MinusOneErrno => "returns -1 on failure and sets errno",
        ResultConvention.ZeroOrErrno => "returns 0 or the errno itself, which is positive",
        ResultConvention.MinusOnePointer => "returns -1 on failure, never null",
        ResultConvention.NullPointer => "returns null on failure, never -1",
        _ => "returns 0 on failure and anything else on success",
    };

    /// <summary>The signal that tells success, for what follows statuses; null for pointers, which are no statuses.</summary>
    public static SuccessSignal? SignalOf(ResultConvention convention) => convention switch
    {
        ResultConvention.NegativeErrno => SuccessSignal.NonNegative,
        ResultConvention.MinusOneErrno => SuccessSignal.NotMinusOne,
        ResultConvention.ZeroOrErrno => SuccessSignal.Zero,
        ResultConvention.ZeroFails => SuccessSignal.NonZero,
        _ => null,
    };

    private static ImmutableDictionary<string, ResultConvention> Table()
    {
        ImmutableDictionary<string, ResultConvention>.Builder table = ImmutableDictionary.CreateBuilder<string, ResultConvention>(StringComparer.Ordinal);
        Add(ResultConvention.NegativeErrno, "io_setup", "io_destroy", "io_submit", "io_getevents", "io_cancel", "io_queue_init");
        Add(ResultConvention.MinusOneErrno, "mlock", "mlock2", "munlock", "mlockall", "munlockall", "munmap", "mprotect", "madvise", "msync", "shmdt", "shmget", "ftruncate", "memfd_create", "setrlimit", "getrlimit", "prlimit");
        Add(ResultConvention.ZeroOrErrno, "posix_memalign", "posix_fallocate", "posix_fadvise", "posix_madvise", "pthread_mutex_lock", "pthread_mutex_trylock", "pthread_mutex_unlock", "pthread_create", "pthread_join", "pthread_setaffinity_np");
        Add(ResultConvention.MinusOnePointer, "mmap", "mmap64", "mremap", "shmat", "sbrk", "CreateFile", "CreateFileA", "CreateFileW", "FindFirstFile", "FindFirstFileW", "CreateNamedPipe", "CreateNamedPipeW", "CreateToolhelp32Snapshot");
        Add(ResultConvention.NullPointer, "malloc", "calloc", "realloc", "aligned_alloc", "memalign", "valloc", "dlopen", "dlsym", "VirtualAlloc", "VirtualAllocEx", "VirtualAlloc2", "MapViewOfFile", "MapViewOfFileEx", "MapViewOfFile3", "CreateFileMapping", "CreateFileMappingA", "CreateFileMappingW", "OpenFileMapping", "OpenFileMappingW", "OpenProcess", "OpenThread", "LoadLibrary", "LoadLibraryA", "LoadLibraryW", "LoadLibraryEx", "LoadLibraryExW", "GetModuleHandle", "GetModuleHandleW", "GetProcAddress", "GlobalAlloc", "LocalAlloc", "HeapAlloc", "HeapCreate");
        Add(ResultConvention.ZeroFails, "VirtualLock", "VirtualUnlock", "VirtualFree", "VirtualProtect", "UnmapViewOfFile", "CloseHandle", "SetProcessWorkingSetSize");
        return table.ToImmutable();

        void Add(ResultConvention convention, params string[] entryPoints)
        {
            foreach (string entryPoint in entryPoints) table.Add(entryPoint, convention);
        }
    }
}
