using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace PinAccounting;

/// <summary>Specifications as Markdown, in the order of the kernel's API specifications: parameters, return, errors, locks, signals, side effects, state, constraints.</summary>
internal static class SpecificationMarkdown
{
    public static string Write(string name, IReadOnlyList<ConstraintSpecification> constraints, IReadOnlyList<MemberSpecification> members)
    {
        var text = new StringBuilder();
        text.Append("# ").Append(name).Append('\n');
        foreach (MemberSpecification member in members) Write(text, member);
        Section(text, "## Constraints", constraints, Describe);
        // What was written by hand, such as a description, may have the line ends of the machine it was written on.
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Write(StringBuilder text, MemberSpecification member)
    {
        text.Append("\n## ").Append(member.Name).Append("\n\n    ").Append(member.Signature).Append('\n');
        if (member.Description is not null) text.Append('\n').Append(member.Description).Append('\n');
        Section(text, "### Parameters", member.Parameters, Describe);
        text.Append("\n### Return\n\n- `").Append(member.Returns.Type).Append('`');
        if (member.Returns.Convention is { } convention) text.Append(CultureInfo.InvariantCulture, $": {convention}; success when `{member.Returns.Success}`");
        text.Append('\n');
        Section(text, "### Errors", member.Errors, static error => $"`{error.Status}`{When(error.When)}{More(error.Description)}");
        Section(text, "### Locks", member.Locks, static taken => $"`{taken.Name}`{(taken.Kind is null ? "" : $" ({taken.Kind})")}{More(taken.Description)}");
        Section(text, "### Interruptions", member.Interruptions, static interruption => $"{(interruption.Status is null ? "interruptible" : $"`{interruption.Status}`")}{When(interruption.When)}");
        Section(text, "### Side effects", member.Effects, static effect => effect.Target + (effect.ReversedBy is null ? "; not reversible" : $"; reversed by `{effect.ReversedBy}`"));
        Section(text, "### State transitions", member.Transitions, static transition => $"{transition.Subject}: {transition.From ?? "any"} → {transition.To ?? "?"}{When(transition.When)}");
        Section(text, "### Constraints", member.Constraints, Describe);
    }

    private static string Describe(ParameterSpecification parameter)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"`{parameter.Name}` (`{parameter.Type}`, {parameter.Direction})");
        char separator = ':';
        if (parameter.Range is { } range) Add(string.Create(CultureInfo.InvariantCulture, $"{range.Min} to {range.Max}"));
        if (parameter.Mask is { } mask) Add(string.Create(CultureInfo.InvariantCulture, $"only bits 0x{mask:X}"));
        if (parameter.RequireAnyOf != 0) Add(string.Create(CultureInfo.InvariantCulture, $"at least one of 0x{parameter.RequireAnyOf:X}"));
        if (parameter.MustBeZero) Add("must be zero before the call");
        foreach (ConstraintSpecification constraint in parameter.Constraints) Add(Describe(constraint));
        line.Append(More(parameter.Description));
        return line.ToString();

        void Add(string part)
        {
            line.Append(separator).Append(' ').Append(part);
            separator = ';';
        }
    }

    private static string Describe(ConstraintSpecification constraint) => $"`{constraint.Expression}`{More(constraint.Description)}";

    private static string When(string? when) => when is null ? "" : $": {when}";

    private static string More(string? description) => description is null ? "" : $". {description}";

    private static void Section<T>(StringBuilder text, string title, IReadOnlyList<T> items, System.Func<T, string> describe)
    {
        if (items.Count == 0) return;
        text.Append('\n').Append(title).Append("\n\n");
        foreach (T item in items) text.Append("- ").Append(describe(item)).Append('\n');
    }
}
