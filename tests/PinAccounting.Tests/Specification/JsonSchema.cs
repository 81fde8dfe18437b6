using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace PinAccounting.Tests.Specification;

/// <summary>The part of JSON Schema that our schema uses: type, enum, required, properties, additionalProperties, items, local references.</summary>
internal static class JsonSchema
{
    public static IEnumerable<string> Failures(JsonElement root, JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            string name = reference.GetString()!["#/$defs/".Length..];
            return Failures(root, root.GetProperty("$defs").GetProperty(name), value, path);
        }

        if (schema.TryGetProperty("enum", out JsonElement allowed))
            return allowed.EnumerateArray().Any(one => one.GetString() == value.GetString()) ? [] : [$"{path}: '{value}' is not in the enum"];
        string type = schema.GetProperty("type").GetString()!;
        if (!HasType(value, type)) return [$"{path}: is no {type}"];
        return type switch
        {
            "object" => OfObject(root, schema, value, path),
            "array" => value.EnumerateArray().SelectMany((item, index) => Failures(root, schema.GetProperty("items"), item, $"{path}[{index}]")),
            _ => [],
        };
    }

    private static IEnumerable<string> OfObject(JsonElement root, JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _)) yield return $"{path}: '{name}' is missing";
            }
        }

        JsonElement properties = schema.GetProperty("properties");
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (!properties.TryGetProperty(property.Name, out JsonElement declared))
            {
                yield return $"{path}: '{property.Name}' is not declared";
                continue;
            }

            foreach (string failure in Failures(root, declared, property.Value, $"{path}.{property.Name}")) yield return failure;
        }
    }

    private static bool HasType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new ArgumentException($"'{type}' is not understood.", nameof(type)),
    };
}
