using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A state without markup: plain files, and expectations with real locations.</summary>
internal sealed class EvaluatedState
{
    private readonly Dictionary<string, FileLinePositionSpan> _keys = [];
    private readonly List<DiagnosticResult> _marked = [];
    private readonly Func<string?, DiagnosticResult> _describe;
    private readonly MarkupMode _mode;
    private readonly bool _positions;
    private readonly ImmutableHashSet<string> _fixableIds;

    /// <param name="describe">The expectation that an id in the markup stands for; <see langword="null"/> for <c>[|…|]</c>.</param>
    private EvaluatedState(SolutionState state, MarkupMode mode, bool positions, ImmutableHashSet<string> fixableIds, Func<string?, DiagnosticResult> describe)
    {
        (_mode, _positions, _fixableIds, _describe) = (state.MarkupHandling ?? mode, positions, fixableIds, describe);
        Main = Evaluate(state);
        Others = [.. state.AdditionalProjects.OrderBy(project => project.Key, StringComparer.Ordinal).Select(project => Evaluate(project.Value))];
        var defaultPath = Main.Sources.FirstOrDefault().Path ?? string.Empty;
        Expected = [.. state.ExpectedDiagnostics.Select(Resolve).Concat(_marked).Select(expected => expected.WithDefaultPath(defaultPath))];
    }

    private EvaluatedState(EvaluatedState original, Func<SourceText, SourceText> change)
    {
        (_mode, _positions, _fixableIds, _describe) = (original._mode, original._positions, original._fixableIds, original._describe);
        Main = original.Main.WithSources(change);
        Others = [.. original.Others.Select(project => project.WithSources(change))];
        Expected = original.Expected;
    }

    public EvaluatedProject Main { get; }

    public ImmutableArray<EvaluatedProject> Others { get; }

    public ImmutableArray<DiagnosticResult> Expected { get; }

    public static EvaluatedState Create(SolutionState state, MarkupMode mode, bool positions, ImmutableHashSet<string> fixableIds, Func<string?, DiagnosticResult> describe)
        => new(state, mode, positions, fixableIds, describe);

    /// <summary>The same with changed sources; the expectations are left as they are.</summary>
    public EvaluatedState WithSources(Func<SourceText, SourceText> change) => new(this, change);

    public bool HasSameFiles(EvaluatedState other)
        => Main.HasSameFiles(other.Main)
            && Others.Length == other.Others.Length
            && Others.Zip(other.Others).All(pair => pair.First.HasSameFiles(pair.Second));

    private EvaluatedProject Evaluate(ProjectState project) => new(
        project,
        [.. project.Sources.Select(Unmark)],
        [.. project.AdditionalFiles.Select(Unmark)],
        [.. project.AnalyzerConfigFiles]);

    private (string Path, SourceText Content) Unmark((string Path, SourceText Content) file)
    {
        if (_mode == MarkupMode.None)
            return file;
        var parsed = TestFileMarkupParser.Parse(file.Content.ToString(), _positions);
        var content = SourceText.From(parsed.Text, file.Content.Encoding, file.Content.ChecksumAlgorithm);
        foreach (var (name, span) in parsed.Spans)
        {
            var location = new FileLinePositionSpan(file.Path, content.Lines.GetLinePositionSpan(span));
            if (name?.StartsWith('#') == true)
            {
                if (!_keys.TryAdd(name, location))
                    throw new ArgumentException($"The location '{name}' is marked twice.");
            }
            else
            {
                Declare(name, location, DiagnosticLocationOptions.None);
            }
        }

        foreach (var position in parsed.Positions)
        {
            var location = new FileLinePositionSpan(file.Path, content.Lines.GetLinePositionSpan(new TextSpan(position, 0)));
            Declare(null, location, DiagnosticLocationOptions.IgnoreLength);
        }

        return (file.Path, content);
    }

    private void Declare(string? id, FileLinePositionSpan location, DiagnosticLocationOptions options)
    {
        if (_mode == MarkupMode.Ignore)
            return;
        var expected = _describe(id);
        if (_mode == MarkupMode.Allow || !_fixableIds.Contains(expected.Id))
            _marked.Add(expected.WithSpan(location, options).WithOptions(expected.Options | DiagnosticOptions.IgnoreAdditionalLocations));
    }

    private DiagnosticResult Resolve(DiagnosticResult expected) => expected.WithSpans([.. expected.Spans.Select(location =>
    {
        if (!location.Options.HasFlag(DiagnosticLocationOptions.InterpretAsMarkupKey))
            return location;
        return _keys.TryGetValue(location.Span.Path, out var marked)
            ? new DiagnosticLocation(marked, location.Options & ~DiagnosticLocationOptions.InterpretAsMarkupKey)
            : throw new ArgumentException($"{expected.Id} is expected at '{location.Span.Path}', which no source marks as '{{|{location.Span.Path}:…|}}'.");
    })]);
}

internal sealed record EvaluatedProject(
    ProjectState Settings,
    ImmutableArray<(string Path, SourceText Content)> Sources,
    ImmutableArray<(string Path, SourceText Content)> AdditionalFiles,
    ImmutableArray<(string Path, SourceText Content)> AnalyzerConfigFiles)
{
    public EvaluatedProject WithSources(Func<SourceText, SourceText> change)
        => this with { Sources = [.. Sources.Select(file => (file.Path, change(file.Content)))] };

    public bool HasSameFiles(EvaluatedProject other)
        => Same(Sources, other.Sources) && Same(AdditionalFiles, other.AdditionalFiles) && Same(AnalyzerConfigFiles, other.AnalyzerConfigFiles);

    private static bool Same(ImmutableArray<(string Path, SourceText Content)> left, ImmutableArray<(string Path, SourceText Content)> right)
        => left.Length == right.Length && left.Zip(right).All(pair => pair.First.Path == pair.Second.Path && pair.First.Content.ToString() == pair.Second.Content.ToString());
}
