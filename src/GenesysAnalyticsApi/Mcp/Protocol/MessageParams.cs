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

    /// <summary>The type of the params of each supported method. The SDK rejects any other method as not found, except those in <see cref="RejectedMethods"/>.</summary>
    private static readonly FrozenDictionary<string, Type> ParamsTypes = new Dictionary<string, Type>
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
#pragma warning disable MCP9005 // Clients of protocol revisions before 2026-07-28 can still set the level.
        [RequestMethods.LoggingSetLevel] = typeof(SetLevelRequestParams),
#pragma warning restore MCP9005
        [RequestMethods.SubscriptionsListen] = typeof(SubscriptionsListenRequestParams),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The SDK accepts these methods, but the service has no sessions and could never send an update.</summary>
    private static readonly string[] RejectedMethods = [RequestMethods.ResourcesSubscribe, RequestMethods.ResourcesUnsubscribe];

    /// <summary>
    /// Adds a filter that rejects requests with invalid <c>params</c>. <see cref="ErrorOfAsync"/> explains those whose params the SDK reads before the filter.
    /// </summary>
    public static void AddFilter(IMcpMessageFilterBuilder filters) => filters.AddIncomingFilter(next => (context, cancellationToken) =>
        context.JsonRpcMessage is not JsonRpcRequest request ? next(context, cancellationToken)
        : RejectedMethods.Contains(request.Method) ? throw new McpProtocolException($"The service has no {request.Method}: the catalog changes only with the version of the service.", McpErrorCode.MethodNotFound)
        : ErrorOf(request.Method, request.Params) is { } error ? throw new McpProtocolException(error, McpErrorCode.InvalidParams)
        : next(context, cancellationToken));

    /// <summary>Returns an error that names each invalid member, its value and what is accepted; null if the params are valid.</summary>
    public static string? ErrorOf(string method, JsonNode? parameters)
    {
        if (!ParamsTypes.TryGetValue(method, out var type))
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
            // Thrown for an escape that is half of a surrogate pair, which is valid JSON but not valid text.
            return $"params: {MessageEnvelope.HalfEscape}";
        }
    }

    /// <summary>Returns the error for a message whose params the SDK cannot read. The body must be buffered.</summary>
    public static async Task<JsonRpcError> ErrorOfAsync(HttpRequest request)
    {
        request.Body.Position = 0;
        var message = (await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted))!;
        var error = message["method"] is { } method ? ErrorOf(method.GetValue<string>(), message["params"]) : null;
        return MessageEnvelope.Error(
            McpErrorCode.InvalidParams, error ?? "The params do not have the form that the method requires. Compare them with the schema of the protocol.", message["id"]?.GetValue<JsonElement>() ?? default);
    }

    private static IEnumerable<string> ErrorsOf(string path, JsonElement given, JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Object && given.ValueKind == JsonValueKind.Object)
        {
            return type.Properties.SelectMany(member => MemberErrorsOf(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member, given));
        }

        if (type.Kind == JsonTypeInfoKind.Enumerable && given.ValueKind == JsonValueKind.Array)
        {
            return given.EnumerateArray().SelectMany((item, index) => ErrorsOf($"{path}[{index}]", item, Options.GetTypeInfo(type.ElementType!)));
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
            _ => "a value that matches the schema of the protocol",
        },
    };
}
