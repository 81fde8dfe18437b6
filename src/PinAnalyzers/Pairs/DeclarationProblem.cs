using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Pairs;

/// <summary>Something in an annotation, a pairs file or an option that cannot be what its author meant; reported as PIN4011 at its own place.</summary>
internal sealed record DeclarationProblem(Location Location, string Message);
