using System.Linq;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Flow.Graphs;
using Xunit;

namespace PinAnalyzers.Flow.Tests;

/// <summary>What <see cref="ExceptionalGraph"/> adds to Roslyn's graph.</summary>
public sealed class GraphTests
{
    [Theory]
    [InlineData("while (P()) A(); B();")]
    [InlineData("do { A(); } while (P()); B();")]
    [InlineData("for (int i = 0; i < n; i++) A(); B();")]
    [InlineData("foreach (int i in new int[3]) A(); B();")]
    [InlineData("again: A(); if (P()) goto again; B();")]
    public void BodyOfALoop_IsInIt_WhatFollowsIsNot(string body)
    {
        var graph = new ExceptionalGraph(Bodies.Graph(body));
        Assert.True(graph.IsInLoop(BlockOf(graph, "A()")));
        Assert.False(graph.IsInLoop(BlockOf(graph, "B()")));
    }

    [Fact]
    public void Handlers_AreInOrder()
    {
        var graph = new ExceptionalGraph(Bodies.Graph("try { A(); } catch (ArgumentException) when (P()) { } catch (Exception) { } finally { F(); }"));
        var region = BlockOf(graph, "A()").EnclosingRegion;
        var kinds = string.Empty;
        for (; region is not null; region = region.EnclosingRegion)
            kinds += string.Concat(graph.HandlersOf(region).Select(handler => handler.Kind.ToString()[0]));
        Assert.Equal("FCF", kinds);
    }

    [Fact]
    public void Handler_KnowsWhatItCatches()
    {
        var graph = new ExceptionalGraph(Bodies.Graph("try { A(); } catch (ArgumentException) { } "));
        var handler = graph.HandlersOf(BlockOf(graph, "A()").EnclosingRegion!).Single();
        var compilation = Bodies.Compile("class C;");
        Assert.True(handler.Catches(handler.Region.ExceptionType));
        Assert.Null(handler.Catches(null));
        Assert.False(handler.Catches(compilation.GetTypeByMetadataName("System.InvalidCastException")));
    }

    [Theory]
    [InlineData("try { A(); } catch { }", true)]
    [InlineData("try { A(); } finally { F(); }", true)]
    [InlineData("try { } catch { A(); }", false)]
    [InlineData("try { try { } finally { A(); } } catch { }", true)]
    [InlineData("A();", false)]
    public void Guarded_IsWhatAHandlerWaitsFor(string body, bool guarded)
    {
        var graph = new ExceptionalGraph(Bodies.Graph(body));
        Assert.Equal(guarded, ExceptionalGraph.IsGuarded(BlockOf(graph, "A()").EnclosingRegion));
    }

    [Fact]
    public void WrittenMembers_AreThoseAssignedAnywhereInTheBody()
    {
        Assert.Equal(["_flag"], Written("_flag = p;"));
        Assert.Equal(["_flag"], Written("Action a = () => _flag = p;"));
        Assert.Equal(["_flag"], Written("(_flag, n) = (p, 3);"));
        Assert.Equal(["_flag"], Written("System.Threading.Volatile.Write(ref _flag, p);"));
        Assert.Empty(Written("p = _flag;"));
    }

    private static string[] Written(string body) => [.. new ExceptionalGraph(Bodies.Graph(body)).WrittenMembers.Select(member => member.Name)];

    private static BasicBlock BlockOf(ExceptionalGraph graph, string call)
        => graph.Graph.Blocks.First(block => block.Operations.Any(operation => operation.Syntax.ToString().StartsWith(call, System.StringComparison.Ordinal)));
}
