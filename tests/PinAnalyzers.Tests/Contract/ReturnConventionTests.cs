using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Tests.Contract;

/// <summary>PIN4012.</summary>
public sealed class ReturnConventionTests
{
    private const string Imports = """
        [DllImport("libc", SetLastError = true)] static extern nint mmap(nint a, nuint n, int prot, int flags, int fd, nint offset);
        [DllImport("libc", EntryPoint = "mmap")] static extern unsafe void* Map(nint a, nuint n, int prot, int flags, int fd, nint offset);
        [DllImport("aio")] static extern int io_setup(int nr, ref nint ctx);
        [DllImport("libc", EntryPoint = "io_setup")] static extern int io_setup_libc(int nr, ref nint ctx);
        [DllImport("libc")] static extern int mlock(nint a, nuint n);
        [DllImport("libc")] static extern int munlock(nint a, nuint n);
        [DllImport("libc")] static extern int posix_memalign(out nint p, nuint alignment, nuint n);
        [DllImport("kernel32")] static extern int VirtualLock(nint a, nuint n);
        [DllImport("kernel32")] static extern nint CreateFileW(nint name, int a, int b, nint c, int d, int e, nint f);
        [DllImport("libc")] static extern nint dlopen(nint name, int flags);

        """;

    [Theory]
    // Catalogue E16, as it was seen.
    [InlineData("bool Open(ref nint c) => {|PIN4012:io_setup(1, ref c) != -1|};")]
    [InlineData("bool M(nint a) => {|PIN4012:Native.PinPages(a, 4) == -1|};")]
    [InlineData("int M(nint a) { int r = Native.PinPages(a, 4); if ({|PIN4012:r == -1|}) return -1; return 0; }")]
    [InlineData("bool M(nint a) => {|PIN4012:Native.PinPages(a, 4) is -1|};")]
    [InlineData("bool M(nint a) => {|PIN4012:Native.Lock(a) == -11|};")]
    [InlineData("bool M(nint a) => {|PIN4012:Native.Attach(a) < 0|};")]
    [InlineData("bool M(nint a) => {|PIN4012:Native.Attach(a) == -1|};")]
    [InlineData("bool M(nint a) => {|PIN4012:-1 != Native.Attach(a)|};")]
    [InlineData("bool M(nint a) => {|PIN4012:posix_memalign(out a, 8, 8) < 0|};")]
    [InlineData("bool M() => {|PIN4012:dlopen(0, 1) == -1|};")]
    [InlineData("bool M() => {|PIN4012:CreateFileW(0, 1, 1, 0, 1, 1, 0) == IntPtr.Zero|};")]
    public Task WrongTest_IsReported(string members) => ContractVerifier.Members(Imports + members);

    [Theory]
    [InlineData("void M() { nint p = {|PIN1001:mmap(0, 8, 3, 2, -1, 0)|}; if ({|PIN4012:p == 0|}) throw new OutOfMemoryException(); }")]
    [InlineData("void M() { nint p = {|PIN1001:mmap(0, 8, 3, 2, -1, 0)|}; if ({|PIN4012:p == IntPtr.Zero|}) return; }")]
    [InlineData("unsafe void M() { void* p = {|PIN1001:Map(0, 8, 3, 2, -1, 0)|}; if ({|PIN4012:p == null|}) return; }")]
    [InlineData("unsafe void M() { void* p = {|PIN1001:Map(0, 8, 3, 2, -1, 0)|}; if ({|PIN4012:p is null|}) return; }")]
    [InlineData("void M(nint a) { if ({|PIN4012:VirtualLock(a, 8) < 0|}) return; }")]
    public Task WrongTestOfACharge_IsReportedBesideItsLoss(string members) => ContractVerifier.Members(Imports + members);

    [Theory]
    [InlineData("bool Open(ref nint c, out int errno) { int r = io_setup(1, ref c); errno = r < 0 ? -r : 0; return r == 0; }")]
    [InlineData("bool M(nint a) => Native.PinPages(a, 4) < 0;")]
    [InlineData("bool M(nint a) => Native.PinPages(a, 4) == -11;")]
    [InlineData("int M(nint a) { int r = Native.PinPages(a, 4); if (r == -1) return 1; if (r < 0) return 2; return 0; }")]
    [InlineData("bool M(nint a) => Native.Lock(a) == -1;")]
    [InlineData("bool M(nint a) => Native.Lock(a) != 0;")]
    [InlineData("bool M(nint a) => Native.Lock(a) < 0;")]
    [InlineData("bool M(nint a) => Native.Attach(a) != 0;")]
    [InlineData("bool M(nint a) => Native.Attach(a) == 11;")]
    [InlineData("bool M(nint a) => Native.Attach(a) > 0;")]
    [InlineData("bool M() => dlopen(0, 1) == 0;")]
    [InlineData("bool M() => CreateFileW(0, 1, 1, 0, 1, 1, 0) == -1;")]
    [InlineData("bool M() => CreateFileW(0, 1, 1, 0, 1, 1, 0) == new IntPtr(-1);")]
    [InlineData("static readonly nint s_failed = -1; bool M() { nint p = CreateFileW(0, 1, 1, 0, 1, 1, 0); return p == s_failed || p == 0; }")]
    [InlineData("bool M() { nint p = CreateFileW(0, 1, 1, 0, 1, 1, 0); return p == 0 || p == -1; }")]
    [InlineData("bool M(ref nint c) => io_setup_libc(1, ref c) == -1;")]
    [InlineData("int M(nint a) { int r = Native.PinPages(a, 4); if (r < -4) return r; r = a == 0 ? 1 : -1; return r == -1 ? 1 : 0; }")]
    [InlineData("static int Own() => -1; bool M() => Own() == -1;")]
    public Task RightOrOtherTest_IsSilent(string members) => ContractVerifier.Members(Imports + members);
}
