using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace GenesysAnalyticsApi.Mcp.Protocol;

/// <summary>
/// Checks the <c>params</c> of a message against the type that the SDK reads them into: required members and JSON types. The SDK answers a fault in them with an
/// internal error, which says neither what is wrong nor that the caller can correct it.
/// </summary>
internal static class MessageParams
{
    private static readonly JsonSerializerOptions Options = McpJsonUtilities.DefaultOptions;

    /// <summary>The methods that this service has. For any other method, the SDK returns that the method is not available.</summary>
    private static readonly FrozenDictionary<string, Type> Types = new Dictionary<string, Type>
    {
        [RequestMethods.Initialize] = typeof(InitializeRequestParams),
        [RequestMethods.Ping] = typeof(PingRequestParams),
        [RequestMethods.ToolsList] = typeof(ListToolsRequestParams),
        [RequestMethods.ToolsCall] = typeof(CallToolRequestParams),
        [RequestMethods.PromptsList] = typeof(ListPromptsRequestParams),
        [RequestMethods.PromptsGet] = typeof(GetPromptRequestParams),
        [RequestMethods.ResourcesList] = typeof(ListResourcesRequestParams),
        [RequestMethods.ResourcesTemplatesList] = typeof(ListResourceTemplatesRequestParams),
        [RequestMethods.ResourcesRead] = typeof(ReadResourceRequestParams),
        [RequestMethods.ResourcesSubscribe] = typeof(SubscribeRequestParams),
        [RequestMethods.ResourcesUnsubscribe] = typeof(UnsubscribeRequestParams),
#pragma warning disable MCP9005 // Clients of protocol revisions before 2026-07-28 can still set the level.
        [RequestMethods.LoggingSetLevel] = typeof(SetLevelRequestParams),
#pragma warning restore MCP9005
        [RequestMethods.SubscriptionsListen] = typeof(SubscriptionsListenRequestParams),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Rejects every request with invalid <c>params</c> before the SDK reads them.</summary>
    public static void Check(IMcpMessageFilterBuilder filters) => filters.AddIncomingFilter(next => (context, cancellationToken) =>
        context.JsonRpcMessage is JsonRpcRequest request && ErrorOf(request.Method, request.Params) is { } error
            ? throw new McpProtocolException(error, McpErrorCode.InvalidParams)
            : next(context, cancellationToken));

    /// <summary>Returns an error that names each invalid member, its value and what is accepted; null if the params are valid.</summary>
    public static string? ErrorOf(string method, JsonNode? parameters)
    {
        if (!Types.TryGetValue(method, out var type))
        {
            return null;
        }

        try
        {
            var given = parameters is null ? JsonSerializer.SerializeToElement(new JsonObject()) : parameters.Deserialize<JsonElement>();
            List<string> errors = [.. ErrorsOf("", given, Options.GetTypeInfo(type))];
            return errors is [] ? null : string.Join(' ', errors);
        }
        catch (InvalidOperationException)
        {
            // Such an escape is valid JSON, but not valid text.
            return "params: contain an escape that is only half of a character, such as \\ud83d. Write the character itself, or both of its escapes.";
        }
    }

    /// <summary>Returns the error for a message that the SDK cannot read. The body must be buffered.</summary>
    public static async Task<JsonRpcError> ErrorOfAsync(HttpRequest request)
    {
        request.Body.Position = 0;
        JsonNode? message = null;
        try
        {
            message = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            // The message has no id, and the error says what every message needs.
        }

        var (id, method) = message is JsonObject members ? (members["id"], members["method"]) : (null, null);
        var error = method?.GetValueKind() == JsonValueKind.String ? ErrorOf(method.GetValue<string>(), message!["params"]) : null;
        return new JsonRpcError
        {
            Id = id?.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? id.Deserialize<RequestId>(Options) : default,
            Error = new() { Code = (int)McpErrorCode.InvalidParams, Message = error ?? "The params do not have the form that the method requires. Compare them with the schema of the protocol." },
        };
    }

    private static IEnumerable<string> ErrorsOf(string path, JsonElement given, JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Object && given.ValueKind == JsonValueKind.Object)
        {
            return type.Properties.SelectMany(member => MemberErrorsOf(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member, given));
        }

        return Fits(given, type) ? [] : [$"{(path.Length == 0 ? "params" : path)}: is {JsonKind.Of(given)}. Give {ExpectationOf(type)}."];
    }

    private static IEnumerable<string> MemberErrorsOf(string path, JsonPropertyInfo member, JsonElement parent)
    {
        var type = Options.GetTypeInfo(Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType);
        return parent.TryGetProperty(member.Name, out var given) && (given.ValueKind != JsonValueKind.Null || member.IsRequired) ? ErrorsOf(path, given, type)
            : member.IsRequired ? [$"{path}: is missing. Give {ExpectationOf(type)}."]
            : [];
    }

    private static bool Fits(JsonElement given, JsonTypeInfo type)
    {
        if (KindsOf(type) is { } kinds && !kinds.Contains(given.ValueKind))
        {
            return false;
        }

        try
        {
            given.Deserialize(type);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The JSON types of a value; null if the type itself decides.</summary>
    private static JsonValueKind[]? KindsOf(JsonTypeInfo type) => type switch
    {
        { Kind: JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary } => [JsonValueKind.Object],
        { Kind: JsonTypeInfoKind.Enumerable } => [JsonValueKind.Array],
        { Type.IsEnum: true } => [JsonValueKind.String],
        _ when type.Type == typeof(string) => [JsonValueKind.String],
        _ when type.Type == typeof(JsonObject) => [JsonValueKind.Object],
        _ => null,
    };

    private static string ExpectationOf(JsonTypeInfo type) => type switch
    {
        { Type.IsEnum: true } => $"one of {string.Join(", ", Enum.GetValues(type.Type).Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, type).GetString()))}",
        { Kind: JsonTypeInfoKind.Object } when type.Properties.Where(member => member.IsRequired).Select(member => member.Name).ToList() is [_, ..] members =>
            $"an object with the member{(members.Count == 1 ? "" : "s")} {string.Join(", ", members)}",
        _ => KindsOf(type) switch
        {
            [JsonValueKind.Object] => "an object",
            [JsonValueKind.Array] => "a list",
            [JsonValueKind.String] => "a string",
            _ when type.Type == typeof(bool) => "true or false",
            _ => "a value as in the schema of the protocol",
        },
    };
}
