using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Text;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>
/// Checks the arguments of a call against the input schema of the tool. The SDK ignores an argument that the tool does not have, so without this check, a
/// misspelled filter would make the tool return the figures of all queues.
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

    /// <summary>
    /// Checks the arguments. If a list is expected, turns a single string into a list with one item, because models often pass a list in that way.
    /// </summary>
    /// <exception cref="ProblemException">
    /// An argument is unknown or missing, has a JSON type that the schema does not allow, or is a list with an empty item.
    /// </exception>
    public static void Check(Tool tool, CallToolRequestParams call)
    {
        var known = tool.InputSchema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToDictionary(property => property.Name, property => property.Value) : [];
        var required = tool.InputSchema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToList() : [];
        var arguments = call.Arguments ?? new Dictionary<string, JsonElement>();
        var errors = arguments.Keys.Where(name => !known.ContainsKey(name))
            .ToDictionary(InputExcerpt.Of, name => new[] { DidYouMean.Message(name, $"an argument of {tool.Name}", known.Keys, OtherNames) + (known.Count > DidYouMean.MaxListed ? $" Accepted arguments: {string.Join(", ", known.Keys)}." : "") });
        foreach (var name in required.Where(name => !arguments.ContainsKey(name)))
        {
            errors[name] = ["is missing."];
        }

        foreach (var (name, value) in arguments.Where(argument => known.ContainsKey(argument.Key)).ToList())
        {
            var types = TypesOf(known[name]);
            if (value.ValueKind == JsonValueKind.String && types.Contains("array") && string.IsNullOrWhiteSpace(value.GetString()))
            {
                errors[name] = ["is empty. Give at least one value, or omit the argument."];
            }
            else if (value.ValueKind == JsonValueKind.String && types.Contains("array") && !types.Contains("string"))
            {
                arguments[name] = JsonSerializer.SerializeToElement(new[] { value });
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
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(name => name.GetString()!)]
        : [type.GetString()!];

    private static bool IsOneOf(string[] types, JsonElement value, JsonElement schema) => types is [] || value.ValueKind switch
    {
        JsonValueKind.Null => types.Contains("null"),
        // Where a whole number is expected, a string that contains one is accepted too.
        JsonValueKind.String => types.Contains("string") && (!types.Contains("integer") || int.TryParse(value.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out _)),
        JsonValueKind.Number => types.Contains("number") || (types.Contains("integer") && value.TryGetInt32(out _)),
        JsonValueKind.True or JsonValueKind.False => types.Contains("boolean"),
        JsonValueKind.Array => types.Contains("array") && (!schema.TryGetProperty("items", out var items) || value.EnumerateArray().All(item => item.ValueKind != JsonValueKind.Null && IsOneOf(TypesOf(items), item, items))),
        _ => types.Contains("object"),
    };

    /// <summary>Describes a JSON value in an error message.</summary>
    public static string KindOf(JsonElement value) => value.ValueKind switch
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
