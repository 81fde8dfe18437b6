using Xunit;

namespace PinAccounting.Tests;

/// <summary>Tests that touch settings of the whole process, or collect garbage and wait for it, run by themselves.</summary>
[CollectionDefinition(nameof(ProcessWideDiagnostics), DisableParallelization = true)]
public sealed class ProcessWideDiagnostics;
