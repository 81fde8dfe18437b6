using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A place where a diagnostic is expected.</summary>
public readonly struct DiagnosticLocation(FileLinePositionSpan span, DiagnosticLocationOptions options)
{
    public FileLinePositionSpan Span { get; } = span;

    public DiagnosticLocationOptions Options { get; } = options;
}

/// <summary>A diagnostic that a test expects. The first location is its own, the rest are its additional locations in order.</summary>
public readonly struct DiagnosticResult
{
    public static readonly DiagnosticResult[] EmptyDiagnosticResults = [];

    private readonly ImmutableArray<DiagnosticLocation> _spans;
    private readonly bool _suppressMessage;
    private readonly string? _message;

    public DiagnosticResult(string id, DiagnosticSeverity severity)
        : this([], false, null, severity, DiagnosticOptions.None, id, null, null, null)
    {
    }

    public DiagnosticResult(DiagnosticDescriptor descriptor)
        : this([], false, null, descriptor.DefaultSeverity, DiagnosticOptions.None, descriptor.Id, descriptor.MessageFormat, null, null)
    {
    }

    private DiagnosticResult(
        ImmutableArray<DiagnosticLocation> spans,
        bool suppressMessage,
        string? message,
        DiagnosticSeverity severity,
        DiagnosticOptions options,
        string id,
        LocalizableString? messageFormat,
        object?[]? messageArguments,
        bool? isSuppressed)
    {
        _spans = spans;
        _suppressMessage = suppressMessage;
        _message = message;
        Severity = severity;
        Options = options;
        Id = id;
        MessageFormat = messageFormat;
        MessageArguments = messageArguments;
        IsSuppressed = isSuppressed;
    }

    public ImmutableArray<DiagnosticLocation> Spans => _spans.IsDefault ? [] : _spans;

    public DiagnosticSeverity Severity { get; }

    public DiagnosticOptions Options { get; }

    public string Id { get; }

    public LocalizableString? MessageFormat { get; }

    public object?[]? MessageArguments { get; }

    public bool? IsSuppressed { get; }

    public bool HasLocation => !Spans.IsEmpty;

    /// <summary>The whole message, where the test states one: as text, or as a format with its arguments.</summary>
    public string? Message
    {
        get
        {
            if (_suppressMessage)
                return null;
            if (_message is not null)
                return _message;
            return MessageFormat is not null && MessageArguments is { Length: > 0 } arguments
                ? string.Format(CultureInfo.InvariantCulture, MessageFormat.ToString(CultureInfo.InvariantCulture), arguments)
                : null;
        }
    }

    public static DiagnosticResult CompilerError(string identifier) => new(identifier, DiagnosticSeverity.Error);

    public static DiagnosticResult CompilerWarning(string identifier) => new(identifier, DiagnosticSeverity.Warning);

    public DiagnosticResult WithSeverity(DiagnosticSeverity severity)
        => new(Spans, _suppressMessage, _message, severity, Options, Id, MessageFormat, MessageArguments, IsSuppressed);

    public DiagnosticResult WithOptions(DiagnosticOptions options)
        => new(Spans, _suppressMessage, _message, Severity, options, Id, MessageFormat, MessageArguments, IsSuppressed);

    public DiagnosticResult WithArguments(params object[] arguments)
        => new(Spans, _suppressMessage, _message, Severity, Options, Id, MessageFormat, arguments, IsSuppressed);

    /// <summary>Expects this text; <see langword="null"/> means that the message does not matter.</summary>
    public DiagnosticResult WithMessage(string? message)
        => new(Spans, message is null, message, Severity, Options, Id, MessageFormat, MessageArguments, IsSuppressed);

    public DiagnosticResult WithMessageFormat(LocalizableString messageFormat)
        => new(Spans, _suppressMessage, _message, Severity, Options, Id, messageFormat, MessageArguments, IsSuppressed);

    public DiagnosticResult WithIsSuppressed(bool? isSuppressed)
        => new(Spans, _suppressMessage, _message, Severity, Options, Id, MessageFormat, MessageArguments, isSuppressed);

    public DiagnosticResult WithNoLocation() => WithSpans([]);

    public DiagnosticResult WithLocation(int line, int column) => WithLocation(string.Empty, new LinePosition(line - 1, column - 1));

    public DiagnosticResult WithLocation(LinePosition location) => WithLocation(string.Empty, location);

    public DiagnosticResult WithLocation(string path, int line, int column) => WithLocation(path, new LinePosition(line - 1, column - 1));

    public DiagnosticResult WithLocation(string path, LinePosition location) => WithLocation(path, location, DiagnosticLocationOptions.None);

    public DiagnosticResult WithLocation(string path, LinePosition location, DiagnosticLocationOptions options)
        => Append(new FileLinePositionSpan(path, location, location), options | DiagnosticLocationOptions.IgnoreLength);

    /// <summary>Expects the span that the sources mark as <c>{|#markupKey:…|}</c>.</summary>
    public DiagnosticResult WithLocation(int markupKey) => WithLocation(markupKey, DiagnosticLocationOptions.None);

    public DiagnosticResult WithLocation(int markupKey, DiagnosticLocationOptions options)
        => Append(new FileLinePositionSpan("#" + markupKey.ToString(CultureInfo.InvariantCulture), default, default), options | DiagnosticLocationOptions.InterpretAsMarkupKey);

    public DiagnosticResult WithSpan(int startLine, int startColumn, int endLine, int endColumn)
        => WithSpan(string.Empty, startLine, startColumn, endLine, endColumn);

    public DiagnosticResult WithSpan(string path, int startLine, int startColumn, int endLine, int endColumn)
        => WithSpan(new FileLinePositionSpan(path, new LinePosition(startLine - 1, startColumn - 1), new LinePosition(endLine - 1, endColumn - 1)));

    public DiagnosticResult WithSpan(FileLinePositionSpan span) => WithSpan(span, DiagnosticLocationOptions.None);

    public DiagnosticResult WithSpan(FileLinePositionSpan span, DiagnosticLocationOptions options) => Append(span, options);

    public DiagnosticResult WithDefaultPath(string path) => WithSpans([.. Spans.Select(location => location.Span.Path.Length > 0
        ? location
        : new DiagnosticLocation(new FileLinePositionSpan(path, location.Span.Span), location.Options))]);

    public DiagnosticResult WithLineOffset(int offset) => WithSpans([.. Spans.Select(location => Moved(location, offset))]);

    public override string ToString()
    {
        var where = string.Join(", ", Spans.Select(location => location.Span.ToString()));
        return $"{(where.Length == 0 ? "(no location)" : where)}: {Severity.ToString().ToLowerInvariant()} {Id}{(Message is { } text ? ": " + text : string.Empty)}";
    }

    internal DiagnosticResult WithSpans(ImmutableArray<DiagnosticLocation> spans)
        => new(spans, _suppressMessage, _message, Severity, Options, Id, MessageFormat, MessageArguments, IsSuppressed);

    private DiagnosticResult Append(FileLinePositionSpan span, DiagnosticLocationOptions options)
        => WithSpans(Spans.Add(new DiagnosticLocation(span, options)));

    private static DiagnosticLocation Moved(DiagnosticLocation location, int offset)
    {
        if (location.Options.HasFlag(DiagnosticLocationOptions.InterpretAsMarkupKey))
            return location;
        var (start, end) = (location.Span.StartLinePosition, location.Span.EndLinePosition);
        return new DiagnosticLocation(
            new FileLinePositionSpan(location.Span.Path, new LinePosition(start.Line + offset, start.Character), new LinePosition(end.Line + offset, end.Character)),
            location.Options);
    }
}
