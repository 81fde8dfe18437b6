using System;
using Xunit;

namespace PinAccounting.Tests.Specification;

/// <summary>Switches validation on for one test. It is a switch of the process, so these tests run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideValidation : IDisposable
{
    public const string Name = "Validation of specifications";

    public ProcessWideValidation() => ApiSpecification.IsValidating = true;

    public void Dispose() => ApiSpecification.IsValidating = false;
}
