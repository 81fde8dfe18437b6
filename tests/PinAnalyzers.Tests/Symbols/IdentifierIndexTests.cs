using System;
using System.Linq;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Balance.Races;
using PinAnalyzers.Symbols;
using Xunit;

namespace PinAnalyzers.Tests.Symbols;

/// <summary>The one pass over a file's characters against the plainest way to find the same.</summary>
public sealed class IdentifierIndexTests
{
    /// <summary>Characters are read in pieces of this length: what matters must not be lost where one ends.</summary>
    private const int Piece = 8192;

    [Theory]
    [InlineData("used += n;")]
    [InlineData("used -= n;")]
    [InlineData("used--;")]
    [InlineData("--used;")]
    [InlineData("used++; a = b + c - d; // -----")]
    [InlineData("a +-b; a - -b; a+++b; p->x;")]
    public void SignsAcrossTheEndOfAPiece_AreFound(string code)
    {
        for (int before = Piece - code.Length - 1; before <= Piece + 1; before++) AssertSigns(new string(' ', before) + code);
    }

    [Fact]
    public void SignsInAnyOrder_AreFound()
    {
        Random random = new(7);
        for (int round = 0; round < 500; round++)
            AssertSigns(new string(Enumerable.Range(0, random.Next(1, 60)).Select(_ => "ab1_+-=; .}\n"[random.Next(12)]).ToArray()));
    }

    [Fact]
    public void NamesAcrossTheEndOfAPiece_AreFoundWhole()
    {
        for (int before = Piece - 8; before <= Piece + 1; before++)
        {
            string text = new string(' ', before) + "Release(x)";
            IdentifierIndex index = IdentifierIndex.Of(SourceText.From(text));
            Assert.Equal(IdentifierIndex.Hash("Release"), index.Hashes[0]);
            Assert.Equal(before, index.PositionAt(0));
        }
    }

    private static void AssertSigns(string text)
    {
        IdentifierIndex index = IdentifierIndex.Of(SourceText.From(text));
        Assert.Equal(Enumerable.Range(0, text.Length).Where(i => text[i] is '+' or '-' && (i == 0 || text[i - 1] != text[i])), index.Signs);
        Assert.Equal(text.Contains("+=") || text.Contains("-=") || text.Contains("--"), index.HasSteps);

        // A file that is not read a second time has nothing to tell.
        if (!StepScan.Find(SourceText.From(text)).Telling.IsEmpty) Assert.True(index.HasSteps);
    }
}
