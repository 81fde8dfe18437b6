using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace PinAccounting;

/// <summary>Specifications as JSON, by hand and in a fixed order: no serializer, no reflection. The schema is <c>docs/api-specification.schema.json</c>.</summary>
internal static class SpecificationJson
{
    public const string Schema = ProjectAddress.Root + "/raw/main/docs/api-specification.schema.json";

    public static string Write(string name, IReadOnlyList<ConstraintSpecification> constraints, IReadOnlyList<MemberSpecification> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            json.WriteString("name", name);
            json.WriteStartArray("members");
            foreach (MemberSpecification member in members) Write(json, member);
            json.WriteEndArray();
            WriteConstraints(json, constraints);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length).ReplaceLineEndings("\n");
    }

    private static void Write(Utf8JsonWriter json, MemberSpecification member)
    {
        json.WriteStartObject();
        json.WriteString("name", member.Name);
        json.WriteString("signature", member.Signature);
        Optional(json, "description", member.Description);
        json.WriteStartArray("parameters");
        foreach (ParameterSpecification parameter in member.Parameters) Write(json, parameter);
        json.WriteEndArray();
        json.WriteStartObject("return");
        json.WriteString("type", member.Returns.Type);
        Optional(json, "convention", member.Returns.Convention?.ToString());
        Optional(json, "success", member.Returns.Success);
        json.WriteEndObject();
        WriteArray(json, "errors", member.Errors, static (json, error) =>
        {
            json.WriteString("status", error.Status);
            Optional(json, "when", error.When);
            Optional(json, "description", error.Description);
        });
        WriteArray(json, "locks", member.Locks, static (json, taken) =>
        {
            json.WriteString("name", taken.Name);
            Optional(json, "kind", taken.Kind);
            Optional(json, "description", taken.Description);
        });
        WriteArray(json, "interruptions", member.Interruptions, static (json, interruption) =>
        {
            Optional(json, "status", interruption.Status);
            Optional(json, "when", interruption.When);
        });
        WriteArray(json, "effects", member.Effects, static (json, effect) =>
        {
            json.WriteString("target", effect.Target);
            json.WriteBoolean("reversible", effect.ReversedBy is not null);
            Optional(json, "reversedBy", effect.ReversedBy);
        });
        WriteArray(json, "transitions", member.Transitions, static (json, transition) =>
        {
            json.WriteString("subject", transition.Subject);
            Optional(json, "from", transition.From);
            Optional(json, "to", transition.To);
            Optional(json, "when", transition.When);
        });
        WriteConstraints(json, member.Constraints);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ParameterSpecification parameter)
    {
        json.WriteStartObject();
        json.WriteString("name", parameter.Name);
        json.WriteString("type", parameter.Type);
        json.WriteString("direction", parameter.Direction);
        Optional(json, "description", parameter.Description);
        if (parameter.Range is { } range)
        {
            json.WriteStartObject("range");
            json.WriteNumber("min", range.Min);
            json.WriteNumber("max", range.Max);
            json.WriteEndObject();
        }

        if (parameter.Mask is { } mask)
        {
            json.WriteNumber("mask", mask);
            if (parameter.RequireAnyOf != 0) json.WriteNumber("requireAnyOf", parameter.RequireAnyOf);
        }

        if (parameter.MustBeZero) json.WriteBoolean("mustBeZero", true);
        WriteConstraints(json, parameter.Constraints);
        json.WriteEndObject();
    }

    private static void WriteConstraints(Utf8JsonWriter json, IReadOnlyList<ConstraintSpecification> constraints) => WriteArray(json, "constraints", constraints, static (json, constraint) =>
    {
        json.WriteString("expression", constraint.Expression);
        Optional(json, "description", constraint.Description);
    });

    /// <summary>An empty list is left out: what is not said is not promised.</summary>
    private static void WriteArray<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, System.Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0) return;
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
