using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Text;
using ModelContextProtocol.Protocol;

namespace GenesysAnalyticsApi.Mcp.Protocol;

/// <summary>
/// Checks the arguments of a call against the input schema of the tool. The SDK ignores an argument that the tool does not have, so without this check, a
/// misspelled filter would make the tool return the figures of all queues.
/// </summary>
internal static class ToolArguments
{
    private static readonly Synonyms OtherNames = new(
        ("queue", "queues queueId queueIds queueName queueNames"), ("mediaType", "media mediaTypes channel channels"), ("figures", "metrics metric fields"), ("period", "interval range"));

    /// <summary>The names of the arguments that a method of a tool has.</summary>
    public static IReadOnlyList<string> NamesOf<TTool>(string method) =>
        [.. typeof(TTool).GetMethod(method)!.GetParameters().Where(parameter => parameter.GetCustomAttribute<DescriptionAttribute>() is not null).Select(parameter => parameter.Name!)];

    /// <summary>
    /// Checks the arguments, and adds a fault for each argument that is unknown or missing, has a JSON type that the schema does not allow, or is a list that is
    /// empty or has an empty item. If a list is expected, turns a single string into a list with one item, because models often pass a list in that way.
    /// </summary>
    /// <remarks>
    /// An argument with a fault is replaced by its text, as far as the schema allows, so that the tool can check the other arguments: without its <c>from</c>, a
    /// valid <c>to</c> would be a fault.
    /// </remarks>
    /// <exception cref="ProblemException">A required argument cannot be passed, so the tool cannot check the other arguments.</exception>
    public static void Check(Tool tool, CallToolRequestParams call, ArgumentFaults faults)
    {
        var known = tool.InputSchema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToDictionary(property => property.Name, property => property.Value) : [];
        var required = tool.InputSchema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToList() : [];
        var arguments = call.Arguments ?? new Dictionary<string, JsonElement>();
        foreach (var name in arguments.Keys.Where(name => !known.ContainsKey(name)))
        {
            faults.Add(InputExcerpt.Of(name), DidYouMean.Message(name, $"an argument of {tool.Name}", known.Keys, OtherNames) + (known.Count > DidYouMean.MaxListed ? $" Accepted arguments: {string.Join(", ", known.Keys)}." : ""));
        }

        foreach (var name in required.Where(name => !arguments.ContainsKey(name)))
        {
            faults.Add(name, $"is missing. Give {ExpectationOf(known[name])}.");
        }

        foreach (var (name, value) in arguments.Where(argument => known.ContainsKey(argument.Key)).ToList())
        {
            var types = TypesOf(known[name]);
            if (FaultOf(name, value, types, known[name]) is { } fault)
            {
                faults.Add(name, fault);
                arguments.Remove(name);
                if (types.Contains("array") || (types.Contains("string") && !types.Contains("integer")))
                {
                    arguments[name] = types.Contains("array") ? JsonSerializer.SerializeToElement(new[] { TextOf(value) }) : JsonSerializer.SerializeToElement(TextOf(value));
                }
            }
            else if (value.ValueKind == JsonValueKind.String && types.Contains("array") && !types.Contains("string"))
            {
                arguments[name] = JsonSerializer.SerializeToElement(new[] { value });
            }
        }

        if (required.Exists(name => !arguments.ContainsKey(name)))
        {
            faults.ThrowIfAny();
        }
    }

    /// <returns>Null if the schema allows the value.</returns>
    private static string? FaultOf(string name, JsonElement value, string[] types, JsonElement schema)
    {
        if (!types.Contains("array"))
        {
            return IsOneOf(types, value, schema) ? null : $"is {JsonKind.Of(value)}. Give {ExpectationOf(schema)}.";
        }

        return value.ValueKind switch
        {
            JsonValueKind.String when !string.IsNullOrWhiteSpace(value.GetString()) => null,
            // An empty list must not select everything, because the caller selected nothing.
            JsonValueKind.String => Empty(),
            JsonValueKind.Array when value.GetArrayLength() == 0 => Empty(),
            JsonValueKind.Array when value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(item.GetString())) => "has an empty item. Remove it.",
            _ when IsOneOf(types, value, schema) => null,
            JsonValueKind.Array => $"is a list with values of another type. Give {ExpectationOf(schema)}.",
            _ => $"is {JsonKind.Of(value)}. Give {ExpectationOf(schema)}.",
        };

        string Empty() => $"is empty. Give at least one value, or leave the argument out{(name == "queue" ? " to get all queues" : "")}.";
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

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

    private static string ExpectationOf(JsonElement schema)
    {
        var types = TypesOf(schema);
        return string.Join(" or ", types.Where(type => type != "null" && !(type == "string" && types.Contains("integer"))).Select(type => type switch
        {
            "array" => schema.TryGetProperty("items", out var items) ? $"a list whose items are each {ExpectationOf(items)}" : "a list",
            "integer" => $"a whole number, at most {int.MaxValue}",
            "number" => "a number",
            "string" => "a string",
            "boolean" => "true or false",
            _ => "an object",
        }));
    }
}

/// <summary>Describes JSON values in error messages.</summary>
internal static class JsonKind
{
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.String => $"the string '{InputExcerpt.Of(value.GetString()!)}'",
        JsonValueKind.Number => $"the number {InputExcerpt.Of(value.GetRawText())}",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => $"{(value.ValueKind == JsonValueKind.True ? "true" : "false")}",
    };
}

/// <summary>
/// Collects the faults of the arguments of one tool call, from the check against the input schema and from the checks of the tool, so that one error tells all
/// of them. Each call has its own instance.
/// </summary>
internal sealed class ArgumentFaults
{
    private readonly Dictionary<string, string[]> _byArgument = new(StringComparer.Ordinal);

    /// <summary>
    /// Adds the faults of an argument. The first check that finds faults in an argument determines its messages: a value of the wrong type also fails later
    /// checks, with messages that would not help.
    /// </summary>
    public void Add(string argument, params string[] messages) => _byArgument.TryAdd(argument, messages);

    /// <exception cref="ProblemException">An argument is invalid.</exception>
    public void ThrowIfAny()
    {
        if (_byArgument.Count > 0)
        {
            throw new ProblemException(ProblemFactory.InvalidRequest(_byArgument));
        }
    }
}
