using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Text;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>
/// Checks the arguments of a call against the input schema of its tool. The binding ignores an argument that the tool does not have: if a model misspelled the
/// filter, the tool would return the figures of all queues.
/// </summary>
internal static class ToolArguments
{
    private static readonly Synonyms OtherNames = new(
        ("queue", "queues queueId queueIds queueName queueNames"), ("mediaType", "media mediaTypes channel channels"), ("figures", "metrics metric fields"), ("period", "interval range"));

    /// <summary>Makes the input schemas forbid unknown arguments, as <see cref="Check"/> does.</summary>
    public static void ForbidUnknownArguments(McpServerOptions options)
    {
        foreach (var tool in options.ToolCollection ?? [])
        {
            var schema = JsonObject.Create(tool.ProtocolTool.InputSchema)!;
            schema["additionalProperties"] = false;
            tool.ProtocolTool.InputSchema = JsonSerializer.SerializeToElement(schema);
        }
    }

    /// <summary>Checks the arguments. Turns a single value for a list into a list with one item, because models often pass it that way.</summary>
    /// <exception cref="ProblemException">An argument is unknown, missing, or has another JSON type.</exception>
    public static void Check(Tool tool, CallToolRequestParams call)
    {
        var known = tool.InputSchema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToDictionary(one => one.Name, one => one.Value) : [];
        var required = tool.InputSchema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToList() : [];
        var given = call.Arguments ?? new Dictionary<string, JsonElement>();
        var errors = given.Keys.Where(name => !known.ContainsKey(name))
            .ToDictionary(InputExcerpt.Of, name => new[] { DidYouMean.Message(name, $"an argument of {tool.Name}", known.Keys, OtherNames) + (known.Count > 16 ? $" Accepted are {string.Join(", ", known.Keys)}." : "") });
        foreach (var name in required.Where(name => !given.ContainsKey(name)))
        {
            errors[name] = ["is missing."];
        }

        foreach (var (name, value) in given.Where(one => known.ContainsKey(one.Key)).ToList())
        {
            var types = TypesOf(known[name]);
            if (value.ValueKind == JsonValueKind.String && types.Contains("array") && !types.Contains("string"))
            {
                given[name] = JsonSerializer.SerializeToElement(new[] { value });
            }
            else if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(item.GetString())))
            {
                errors[name] = ["has an empty item. Remove it."];
            }
            else if (!IsOneOf(types, value, known[name]))
            {
                errors[name] = [$"is {KindOf(value)}. Give {ExpectationOf(types, known[name])}."];
            }
        }

        if (errors.Count > 0)
        {
            throw new ProblemException(ProblemFactory.InvalidRequest(errors));
        }
    }

    private static string[] TypesOf(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)]
        : [type.GetString()!];

    private static bool IsOneOf(string[] types, JsonElement value, JsonElement schema) => types is [] || value.ValueKind switch
    {
        JsonValueKind.Null => types.Contains("null"),
        // A whole number may be given as a string.
        JsonValueKind.String => types.Contains("string") && (!types.Contains("integer") || int.TryParse(value.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out _)),
        JsonValueKind.Number => types.Contains("number") || (types.Contains("integer") && value.TryGetInt32(out _)),
        JsonValueKind.True or JsonValueKind.False => types.Contains("boolean"),
        JsonValueKind.Array => types.Contains("array") && (!schema.TryGetProperty("items", out var items) || value.EnumerateArray().All(item => item.ValueKind != JsonValueKind.Null && IsOneOf(TypesOf(items), item, items))),
        _ => types.Contains("object"),
    };

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.String => $"the string '{InputExcerpt.Of(value.GetString()!)}'",
        JsonValueKind.Number => $"the number {InputExcerpt.Of(value.GetRawText())}",
        JsonValueKind.Array => "a list with values of another type",
        JsonValueKind.Object => "an object",
        _ => $"{(value.ValueKind == JsonValueKind.True ? "true" : "false")}",
    };

    private static string ExpectationOf(string[] types, JsonElement schema) => string.Join(" or ", types.Where(type => type != "null" && !(type == "string" && types.Contains("integer"))).Select(type => type switch
    {
        "array" => schema.TryGetProperty("items", out var items) ? $"a list whose items are each {ExpectationOf(TypesOf(items), items)}" : "a list",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a string",
        "boolean" => "true or false",
        _ => "an object",
    }));
}
