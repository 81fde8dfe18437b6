using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance.Types;

/// <summary>What a fix needs to know of a charge that a field holds.</summary>
/// <param name="Storage">Documentation id of the field or property.</param>
/// <param name="IsElement">The field is a collection of charges.</param>
/// <param name="Template">How the release is written; null if no one way fits.</param>
/// <param name="LiveProperty">Property of the token that is true while it is held.</param>
/// <param name="AcceptsNull">Releasing nothing does no harm.</param>
internal sealed record TypeProperties(string Storage, bool IsElement, string? Template, string? LiveProperty, bool AcceptsNull)
{
    public static TypeProperties Of(StoredCharge charge) => new(
        charge.Storage.GetDocumentationCommentId() ?? "",
        charge.IsElement,
        charge.Pair.HasToken ? TemplateOf(charge) : null,
        charge.Pair.LiveProperty,
        charge.Pair.Family is PairFamily.Marshal or PairFamily.NativeMemory);

    public ImmutableDictionary<string, string?> ToDictionary() => ImmutableDictionary<string, string?>.Empty
        .Add("path", "1")
        .Add("storage", Storage)
        .Add("element", IsElement ? "yes" : "no")
        .Add("template", Template)
        .Add("live", LiveProperty)
        .Add("null", AcceptsNull ? "yes" : "no");

    public static TypeProperties? From(ImmutableDictionary<string, string?> properties)
    {
        if (!properties.TryGetValue("storage", out string? storage) || storage is null || !properties.TryGetValue("template", out string? template)) return null;
        properties.TryGetValue("live", out string? live);
        return new TypeProperties(storage, properties["element"] == "yes", template, live, properties["null"] == "yes");
    }

    /// <summary>The release with the receiver of the charge put in, which must mean the same in another member: a static, or a member of the object itself.</summary>
    private static string? TemplateOf(StoredCharge charge)
    {
        string? template = charge.Pair.ReleaseTemplate ?? DisposeOf(charge);
        if (template is null || !template.Contains("{1}")) return template;
        return charge.Charge is IInvocationOperation { Instance: IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } receiver } && receiver.Type is not null
            ? template.Replace("{1}", receiver.Member.IsStatic ? StaticName(receiver.Member) : "this." + receiver.Member.Name)
            : null;
    }

    /// <summary>A token whose own <c>Dispose</c> releases it needs no template.</summary>
    private static string? DisposeOf(StoredCharge charge) =>
        charge.Pair.ReleaseDisplay.EndsWith(".Dispose", System.StringComparison.Ordinal) || charge.Pair.ReleaseDisplay == "Dispose" ? "{0}.Dispose()" : null;

    private static string StaticName(ISymbol member) => member.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + "." + member.Name;
}
