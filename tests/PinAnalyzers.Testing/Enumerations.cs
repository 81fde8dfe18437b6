using System;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>The least severe compiler diagnostics that a test has to declare.</summary>
public enum CompilerDiagnostics
{
    None,
    Errors,
    Warnings,
    Suggestions,
    All,
}

/// <summary>What markup in a source means.</summary>
public enum MarkupMode
{
    /// <summary>It is part of the source.</summary>
    None,

    /// <summary>It is removed, and locations may be named by it, but it declares no diagnostic.</summary>
    Ignore,

    /// <summary>As <see cref="Allow"/>, but diagnostics that the code fix can fix are not declared by it.</summary>
    IgnoreFixable,

    /// <summary>It is removed and declares diagnostics.</summary>
    Allow,
}

[Flags]
public enum MarkupOptions
{
    None = 0,

    /// <summary><c>[|…|]</c> means the first descriptor where an analyzer has several.</summary>
    UseFirstDescriptor = 1,

    /// <summary><c>$$</c> is source text.</summary>
    TreatPositionIndicatorsAsCode = 2,
}

[Flags]
public enum TestBehaviors
{
    None = 0,

    /// <summary>Does not check that generated code is left alone.</summary>
    SkipGeneratedCodeCheck = 1,

    /// <summary>Does not check that <c>#pragma warning disable</c> silences the diagnostics.</summary>
    SkipSuppressionCheck = 2,
    SkipGeneratedSourcesCheck = 4,
}

[Flags]
public enum CodeFixTestBehaviors
{
    None = 0,
    SkipFixAllInDocumentCheck = 1,
    SkipFixAllInProjectCheck = 2,
    SkipFixAllInSolutionCheck = 4,
    SkipFixAllCheck = SkipFixAllInDocumentCheck | SkipFixAllInProjectCheck | SkipFixAllInSolutionCheck,

    /// <summary>Applies a single fix and stops.</summary>
    FixOne = 8,

    /// <summary>Also offers non-local diagnostics (reported at compilation end) to the fixer.</summary>
    SkipLocalDiagnosticCheck = 16,
}

/// <summary>How exactly the tree that a fix makes must be the tree that its text parses to.</summary>
public enum CodeActionValidationMode
{
    None,

    /// <summary>Nodes and tokens must be the same.</summary>
    SemanticStructure,

    /// <summary>Trivia too.</summary>
    Full,
}

/// <summary>What a fixed state takes over from the test state.</summary>
public enum StateInheritanceMode
{
    Explicit,
    AutoInherit,
    AutoInheritAll,
}

[Flags]
public enum DiagnosticOptions
{
    None = 0,
    IgnoreAdditionalLocations = 1,
    IgnoreSeverity = 2,
}

[Flags]
public enum DiagnosticLocationOptions
{
    None = 0,

    /// <summary>Only the start counts.</summary>
    IgnoreLength = 1,

    /// <summary>The path of the location is the key of a <c>{|#0:…|}</c> span.</summary>
    InterpretAsMarkupKey = 2,
}
