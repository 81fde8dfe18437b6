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

    public static readonly DiagnosticDescriptor PIN3004_SharedValueMustBeFetchedOnce = new(
        "PIN3004",
        "Shared value must be fetched once",
        "'{0}' is fetched again after another fetch of it was tested",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The other side may change the value between the two fetches: what was checked is not what is used. Fetch it once into a local and use that.",
        HelpLinks.Of("PIN3004"));

    public static readonly DiagnosticDescriptor PIN3005_SharedValueMustBeChecked = new(
        "PIN3005",
        "Shared value must be checked before it selects memory",
        "'{0}' comes from shared memory and is used as an index, length or offset without a check against a bound of our own",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A hostile or broken peer chooses what is read or written. Compare the value with a private bound, or mask it, before it is used; a bound that the peer can write is none.",
        HelpLinks.Of("PIN3005"));

    public static readonly DiagnosticDescriptor PIN3006_FenceBetweenPublishAndTest = new(
        "PIN3006",
        "A full fence must stand between a publish and a test of the peer's flag",
        "'{0}' may be read before '{1}' is visible: there is no full fence in between",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A release store and a later load of another cell may change places, on x64 too. Both sides then miss what the other has just written, and both sleep.",
        HelpLinks.Of("PIN3006"));

    public static readonly DiagnosticDescriptor PIN3007_PayloadMustPrecedeItsIndex = new(
        "PIN3007",
        "Payload must be accessed before its index is published",
        "'{0}' is {1} after '{2}' was published",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Once the index is published the slot is the other side's: it may read a payload that is not yet there, or write over one that is still being read. A release store does not order what follows it.",
        HelpLinks.Of("PIN3007"));

    public static readonly DiagnosticDescriptor PIN3008_SharedStructMustNotBeCopiedWhole = new(
        "PIN3008",
        "Shared struct must not be copied whole",
        "'{0}' is copied whole {1} shared memory",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The copy is neither atomic nor ordered: its fields are from different moments. Read the fields that matter one by one, each once.",
        HelpLinks.Of("PIN3008"));

    public static readonly DiagnosticDescriptor PIN3009_PrivateCursorMustBeAValue = new(
        "PIN3009",
        "Private cursor must be a value",
        "'{0}' is meant to be private but points to the shared cell",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A pointer or reference to the shared cursor is no copy of it: whatever the other side writes, it shows.",
        HelpLinks.Of("PIN3009"));

    public static readonly DiagnosticDescriptor PIN3010_ReadOnlyMappingMustNotBeWritten = new(
        "PIN3010",
        "Read-only mapping must not be read by Interlocked",
        "'{0}' is mapped for reading only, and Interlocked.{1} writes",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Interlocked.Read and a compare-exchange that changes nothing still write, and fault on memory that is mapped for reading only. Volatile.Read does not.",
        HelpLinks.Of("PIN3010"));

    public static readonly DiagnosticDescriptor PIN3011_SharedPointerMustNotOutliveItsSlot = new(
        "PIN3011",
        "Pointer into shared memory must not outlive its slot",
        "'{0}' points into shared memory and {1}",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "When it is used, the slot may hold something else. Copy what is needed before the slot is handed back.",
        HelpLinks.Of("PIN3011"));

    public static readonly DiagnosticDescriptor PIN3012_OwnIndexShouldStayPrivate = new(
        "PIN3012",
        "Own index should be kept privately, the peer's left alone",
        "'{0}' {1}",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Each side of a ring writes its own index and keeps an authoritative copy in private memory; what is read back from shared memory is what the peer wants it to be.",
        HelpLinks.Of("PIN3012"));

    public static readonly DiagnosticDescriptor PIN3013_IndexesMustBeComparedByDistance = new(
        "PIN3013",
        "Free-running indexes should be compared by their distance",
        "'{0}' and '{1}' run freely and wrap around; compare their difference",
        SharedMemoryCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "After the wrap the later index is the smaller number.",
        HelpLinks.Of("PIN3013"));

    public static readonly DiagnosticDescriptor PIN3014_BarrierShouldPrecedePublish = new(
        "PIN3014",
        "A barrier behind a plain publish orders nothing",
        "The barrier stands behind the plain store to '{0}', which what precedes it may pass",
        SharedMemoryCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "What must be visible before the store is not ordered by a fence behind it. A release store is what is meant.",
        HelpLinks.Of("PIN3014"));

    public static readonly DiagnosticDescriptor PIN3015_SharedStructMustHaveSharedLayout = new(
        "PIN3015",
        "Shared struct must have a layout that both sides know",
        "'{0}' {1}",
        SharedMemoryCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Both sides must agree on size, offset and representation of every field, and cells must be aligned to be atomic.",
        HelpLinks.Of("PIN3015"));

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
