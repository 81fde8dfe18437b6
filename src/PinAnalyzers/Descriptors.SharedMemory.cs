using Microsoft.CodeAnalysis;

namespace PinAnalyzers;

internal static partial class Descriptors
{
    internal const string SharedMemoryCategory = "Pin.SharedMemory";

    public static readonly DiagnosticDescriptor PIN3001_SharedReadMustBeVolatile = new(
        "PIN3001",
        "Shared memory must be read as volatile",
        "'{0}' lies in shared memory and is read plainly",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Somebody else writes this memory at any time. A plain read may be moved before or merged with another one, and a reader of the code does not see that every read may give another value.",
        HelpLinks.Of("PIN3001"));

    public static readonly DiagnosticDescriptor PIN3002_SharedWriteMustBeVolatile = new(
        "PIN3002",
        "Shared memory must be written as volatile",
        "'{0}' lies in shared memory and is written plainly",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A plain store may become visible before the stores and loads that precede it: the other side then acts on what is not there yet. Where a later release store publishes it, this is a suggestion.",
        HelpLinks.Of("PIN3002"));

    public static readonly DiagnosticDescriptor PIN3003_SharedUpdateMustBeAtomic = new(
        "PIN3003",
        "Shared memory must not be read, changed and written back",
        "'{0}' lies in shared memory and is read and written back in two steps",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "What the other side writes between the read and the write is lost, and a hostile one decides what is written. Update it atomically, or keep the value in private memory and only publish it.",
        HelpLinks.Of("PIN3003"));

    public static readonly DiagnosticDescriptor PIN3016_AccessShouldKeepDiscipline = new(
        "PIN3016",
        "Cell that is volatile elsewhere should not be accessed plainly",
        "'{0}' is {1} plainly here, but '{2}' {3} it as volatile",
        SharedMemoryCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "One side of a protocol orders its accesses and the other does not: half a protocol is none.",
        HelpLinks.Of("PIN3016"));
}
