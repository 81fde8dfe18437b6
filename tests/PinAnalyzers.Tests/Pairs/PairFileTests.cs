using System.Linq;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Pairs;
using PinAnalyzers.Pairs.Files;
using Xunit;

namespace PinAnalyzers.Tests.Pairs;

public sealed class PairFileTests
{
    private const string Library = """
        namespace Lib
        {
            public static class Native
            {
                public static int PinPages(System.IntPtr address, int count) => 0;
                public static void UnpinPages(System.IntPtr address, int count) { }
                public static bool TryTake(ref bool taken) => true;
                public static void Give() { }
            }
            public class Handle { public void Close() { } }
            public class Opener { public Handle Open() => null; public bool Enter() => true; public void Leave() { } }
            public class Block { public Block(int size) { } public static void Drop(Block block) { } }
        }
        class Use
        {
            void M()
            {
                Lib.Native.PinPages(default, 1); Lib.Native.UnpinPages(default, 1);
                var o = new Lib.Opener(); o.Open(); new Lib.Handle().Close(); o.Enter(); o.Leave();
                new Lib.Block(1); Lib.Block.Drop(null); bool t = false; Lib.Native.TryTake(ref t); Lib.Native.Give();
            }
        }
        """;

    [Fact]
    public void Line_WithAllFields_IsRead()
    {
        var probe = new PairProbe(Library, pairsFile: "\uFEFF# pairs\n\n  M:Lib.Native.PinPages(System.IntPtr,System.Int32) => M:Lib.Native.UnpinPages(System.IntPtr,System.Int32); token=0,0; amount=1,1; succeeds=zero; stacks=no; release=idempotent; severity=perf; key=pages # why");
        var (charge, release) = (probe.Charge("Lib.Native.PinPages"), probe.Release("Lib.Native.UnpinPages"));
        Assert.Empty(probe.Catalog.Problems);
        Assert.Equal((ValueSource.Argument(0), ValueSource.Argument(1), SuccessSignal.Zero), (charge.Identity, charge.Amount, charge.Success));
        Assert.Equal((ValueSource.Argument(0), ValueSource.Argument(1), true), (release.Identity, release.Amount, release.Idempotent));
        Assert.Same(charge.Pair, release.Pair);
        Assert.Equal(("pages", Stacking.Idempotent, LossKind.Performance, false), (charge.Pair.Key, charge.Pair.Stacking, charge.Pair.Loss, charge.Pair.HasToken));
        Assert.Contains("PinPages", probe.Catalog.ChargeNames);
        Assert.Contains("UnpinPages", probe.Catalog.ReleaseNames);
    }

    [Fact]
    public void Identity_WithoutFields_IsWhatTheReleaseIsCalledOnOrTakes()
    {
        var probe = new PairProbe(Library, pairsFile: """
            M:Lib.Opener.Open => M:Lib.Handle.Close
            M:Lib.Opener.Enter => M:Lib.Opener.Leave
            M:Lib.Block.#ctor(System.Int32) => M:Lib.Block.Drop(Lib.Block)
            """);
        Assert.Equal((ValueSource.Result, ValueSource.Receiver), (probe.Charge("o.Open").Identity, probe.Release("new Lib.Handle().Close").Identity));
        Assert.Equal((ValueSource.Receiver, ValueSource.Receiver, SuccessSignal.True), (probe.Charge("o.Enter").Identity, probe.Release("o.Leave").Identity, probe.Charge("o.Enter").Success));
        Assert.Equal((ValueSource.Result, ValueSource.Argument(0)), (probe.Charge("new Lib.Block").Identity, probe.Release("Lib.Block.Drop").Identity));
        Assert.Contains("Block", probe.Catalog.ChargeNames);
    }

    [Fact]
    public void LinesOfOneKey_AreOnePair()
    {
        var probe = new PairProbe(Library, pairsFile: "M:Lib.Opener.Open => M:Lib.Handle.Close; key=h\nM:Lib.Block.#ctor(System.Int32) => M:Lib.Block.Drop(Lib.Block); key=h");
        Assert.Same(probe.Charge("o.Open").Pair, probe.Charge("new Lib.Block").Pair);
    }

    [Fact]
    public void UnresolvedIds_AreIgnoredInSilence()
    {
        var probe = new PairProbe(Library, pairsFile: "M:Other.Open => M:Other.Close\nM:Lib.Opener.Open => M:Lib.Handle.Shut");
        Assert.Empty(probe.Catalog.Problems);
        Assert.Empty(probe.Charges("o.Open"));
        Assert.DoesNotContain("Open", probe.Catalog.ChargeNames);
    }

    [Theory]
    [InlineData("M:A.B", 0, 0, 5, "has no '=>'")]
    [InlineData("# fine\n\n   A.B => M:C.D", 2, 3, 6, "did you mean 'M:A.B'?")]
    [InlineData("M:A.B => ", 0, 8, 8, "the release method is missing")]
    [InlineData("M:A.B() => M:C.D", 0, 0, 7, "not a well-formed documentation id")]
    [InlineData("M:A.B => M:C.D; tokn=0,0", 0, 16, 24, "unknown field 'tokn'; expected one of key, token, owner, amount, succeeds, stacks, release, severity; did you mean 'token'?")]
    [InlineData("M:A.B => M:C.D; succeeds=nonull", 0, 25, 31, "did you mean 'notnull'?")]
    [InlineData("M:A.B => M:C.D; token=0", 0, 22, 23, "'0' is no value for 'token'")]
    [InlineData("M:A.B => M:C.D; amount=1,-1", 0, 23, 27, "a parameter index for each side")]
    [InlineData("M:A.B => M:C.D; succeeds=taken:x", 0, 25, 32, "taken:i")]
    [InlineData("M:A.B => M:C.D; key=a; key=b", 0, 23, 28, "given twice")]
    [InlineData("M:A.B => M:C.D token=0,0", 0, 15, 24, "a ';' is missing before 'token=0,0'; expected 'M:Charge => M:Release; token=0,0; amount=1,1'")]
    [InlineData("M:A.B => M:C.D, token=0,0", 0, 16, 25, "a ';' is missing before 'token=0,0'")]
    [InlineData("M:A.B => M:C.D; token=0,0\tamount = 1,1", 0, 26, 38, "a ';' is missing before 'amount = 1,1'")]
    [InlineData("M:A.B; token=0,0 => M:C.D", 0, 5, 16, "fields stand behind both methods")]
    [InlineData("M:A.B token=0,0 => M:C.D", 0, 6, 15, "fields stand behind both methods")]
    [InlineData("\"M:A.B\" => M:C.D", 0, 0, 7, "did you mean 'M:A.B'?")]
    [InlineData("M:A.B => [M:C.D(System.Int32)]", 0, 9, 30, "did you mean 'M:C.D(System.Int32)'?")]
    [InlineData("m:A.B => M:C.D", 0, 0, 5, "did you mean 'M:A.B'?")]
    [InlineData("// M:A.B => M:C.D", 0, 0, 8, "a comment starts with '#'")]
    [InlineData("M:A.B => M:C.D; token=0,0 // why", 0, 22, 32, "a comment starts with '#'")]
    [InlineData("M:A.B => M:C.D(System.Int32)# why", 0, 28, 33, "white space is missing before the comment")]
    [InlineData("M:A.B(System.Int32, System.Int32) => M:C.D", 0, 19, 20, "there is a space in it")]
    [InlineData("M:A.B(System.Int32 => M:C.D", 0, 0, 18, "1 '(' and 0 ')' stand in it")]
    [InlineData("M:A.B => M:C.D => M:E.F", 0, 15, 17, "a second '=>' on one line")]
    [InlineData("M:A.B(int) => M:C.D", 0, 6, 9, "'int' is a word of C#, for which a documentation id has 'System.Int32'")]
    [InlineData("M:A.B(System.Collections.Generic.List{uint}) => M:C.D", 0, 38, 42, "has 'System.UInt32'")]
    [InlineData("M:A.B<T>(T) => M:C.D", 0, 5, 6, "a generic method is written 'Method``1'")]
    [InlineData("M:A..ctor(System.Int32) => M:C.D", 0, 3, 9, "a constructor is called '#ctor'")]
    [InlineData("M:A.B => M:C.", 0, 9, 13, "a name is missing at a '.'")]
    [InlineData("M:A => M:C.D", 0, 0, 3, "the type of the method is missing")]
    [InlineData("M:A.\0B => M:C.D", 0, 4, 5, "an invisible character, U+0000")]
    [InlineData("\u200BM:A.B => M:C.D", 0, 0, 1, "an invisible character, U+200B")]
    [InlineData("M:A.\uFFFD => M:C.D", 0, 4, 5, "save it as UTF-8")]
    [InlineData("M:A.B => M:C.D; token: 0,0", 0, 16, 26, "expected '=' after 'token'")]
    [InlineData("M:A.B => M:C.D; token=", 0, 16, 22, "'token' has no value; expected 'RETURN'")]
    [InlineData("M:A.B => M:C.D; stacks=true", 0, 23, 27, "expected yes, no or once")]
    [InlineData("M:X.Y => M:X.Z; token=0,0", 0, 0, 25, "line 1 says something else of the same charge and release")]
    public void BadLine_IsReportedAtItsOwnPlace(string text, int line, int start, int end, string message)
    {
        var (lines, problems) = PairFile.Parse("/app/PinPairs.txt", SourceText.From("M:X.Y => M:X.Z\n" + text), default);
        Assert.Single(lines);
        var problem = Assert.Single(problems);
        Assert.Contains(message, problem.Message, System.StringComparison.Ordinal);
        Assert.Equal(new LinePositionSpan(new(line + 1, start), new(line + 1, end)), problem.Location.GetLineSpan().Span);
        Assert.Equal("/app/PinPairs.txt", problem.Location.GetLineSpan().Path);
    }

    /// <summary>A line of a merged file that says the same again is none the worse for it, and what the compiler names is well formed.</summary>
    [Theory]
    [InlineData("M:X.Y => M:X.Z")]
    [InlineData("M:X.Y => M:X.Z; key=other; token=0,0")]
    [InlineData("M:X.Y(System.Collections.Generic.List{System.Int32},System.Int32[0:,0:],System.Byte*,``0@) => M:X.I#Z``1")]
    [InlineData("M:X.<Main>$(System.String[]) => M:X.op_Implicit(X)~System.Int32;; token=0,0;\r")]
    public void OddLine_IsRead(string text)
    {
        var (lines, problems) = PairFile.Parse("/app/PinPairs.txt", SourceText.From("M:X.Y => M:X.Z\n" + text), default);
        Assert.Empty(problems);
        Assert.Equal(2, lines.Length);
    }

    [Fact]
    public void VeryLongLine_IsShownInPart()
    {
        var (_, problems) = PairFile.Parse("/app/PinPairs.txt", SourceText.From("M:X.Y => M:X.Z; " + new string('z', 100_000) + "=1\n" + new string('y', 100_000) + " => M:X.Z"), default);
        Assert.Equal(2, problems.Length);
        Assert.All(problems, problem => Assert.InRange(problem.Message.Length, 1, 500));
    }

    [Theory]
    [InlineData("M:Lib.Native.PinPages(System.IntPtr,System.Int32) => M:Lib.Native.UnpinPages(System.IntPtr,System.Int32); token=0,2", "has 2 parameter(s), so there is none with index 2")]
    [InlineData("M:Lib.Native.PinPages(System.IntPtr,System.Int32) => M:Lib.Native.UnpinPages(System.IntPtr,System.Int32); owner=this,this", "static and has no 'this'")]
    [InlineData("M:Lib.Native.PinPages(System.IntPtr,System.Int32) => M:Lib.Native.UnpinPages(System.IntPtr,System.Int32); succeeds=true", "returns 'int' and not 'bool'")]
    [InlineData("M:Lib.Native.PinPages(System.IntPtr,System.Int32) => M:Lib.Native.UnpinPages(System.IntPtr,System.Int32); succeeds=taken:1", "no 'ref bool'")]
    [InlineData("M:Lib.Native.UnpinPages(System.IntPtr,System.Int32) => M:Lib.Native.Give; token=RETURN,0", "'RETURN' cannot be its token")]
    public void FieldThatTheSignatureCannotKeep_IsReportedAtTheField(string text, string message)
    {
        var problem = Assert.Single(new PairProbe(Library, pairsFile: text).Catalog.Problems);
        Assert.Contains(message, problem.Message, System.StringComparison.Ordinal);
        Assert.Equal(text.LastIndexOf(' ') + 1, problem.Location.GetLineSpan().StartLinePosition.Character);
    }

    [Fact]
    public void TakenFlag_IsRead()
    {
        var probe = new PairProbe(Library, pairsFile: "M:Lib.Native.TryTake(System.Boolean@) => M:Lib.Native.Give; succeeds=taken:0");
        Assert.Equal((SuccessSignal.Taken, 0, ValueSource.None), (probe.Charge("Lib.Native.TryTake").Success, probe.Charge("Lib.Native.TryTake").TakenOrdinal, probe.Charge("Lib.Native.TryTake").Identity));
    }

    [Theory]
    [InlineData("/a/PinPairs.txt", true)]
    [InlineData("/a/pinpairs.Lib.TXT", true)]
    [InlineData("/a/PinPairsExtra.txt", false)]
    [InlineData("/a/PinPairs.md", false)]
    public void FileName_Decides(string path, bool isPairFile) => Assert.Equal(isPairFile, PairFile.IsPairFile(path));
}
