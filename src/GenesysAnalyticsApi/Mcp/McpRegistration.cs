using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Mcp.Protocol;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>
/// Serves the Model Context Protocol at <c>/mcp</c>. Each call is one HTTP request without a session, so any replica can serve it. Authentication, scopes,
/// visible queues and rate limits work as for the other endpoints. The specification also requires a check of the <c>Origin</c> header.
/// </summary>
internal static class McpRegistration
{
    public const string Path = "/mcp";

    private const string Instructions =
        "Figures of contact center queues from Genesys Cloud. Use a period word (today, yesterday, this-week, last-week, last-7-days, this-month, last-month) and a time zone "
        + "instead of computing dates: the service resolves them and returns the interval. Select queues by name or id; * in a name stands for any characters. Durations are in "
        + "milliseconds; ratios are from 0 to 1. Results with figures state how old (asOf) and how complete the figures are: state both when you report the figures. A null figure is unknown "
        + "or not defined, not zero. Do not add or average ratios or averages of several rows: ask for groupBy none instead.";

    /// <summary>Serializes results. Null members are written, because the output schemas require every member.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // A model reads the text of a result, which never becomes part of an HTML page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static void AddMcp(this IServiceCollection services)
    {
        services.AddOptions<McpOptions>().BindConfiguration(McpOptions.Section);
        services.AddSingleton<FiguresReader>();
        services.AddSingleton<ToolFailures>();
        services.AddSingleton<PromptArguments>();
        // A call is one HTTP request, so it has its own instance.
        services.AddScoped<ArgumentFaults>();
        services.PostConfigure<McpServerOptions>(ForbidUnknownArguments);
        services.PostConfigure<McpServerOptions>(SchemaDescriptions.Describe);
        services.AddMcpServer(server =>
            {
                server.ServerInfo = new Implementation { Name = "GenesysAnalyticsApi", Title = "Queue figures of Genesys Cloud", Version = ServiceVersion.Current };
                server.ServerInstructions = Instructions;
            })
            .WithHttpTransport(http => http.SessionMode = HttpServerSessionMode.Stateless)
            .WithTools<FindQueuesTool>(Json)
            .WithTools<QueueFiguresTool>(Json)
            .WithTools<LiveQueuesTool>(Json)
            .WithTools<ConversationsTool>(Json)
            .WithTools<ExplainFigureTool>(Json)
            .WithTools<DataHealthTool>(Json)
            .WithResources<CatalogResources>()
            .WithPrompts<ReportPrompts>()
            .WithMessageFilters(MessageParams.AddFilter)
            .WithRequestFilters(ProtocolErrors.Explain)
            .WithRequestFilters(filters => filters.AddCallToolFilter(next => (request, cancellationToken) =>
                request.Services!.GetRequiredService<ToolFailures>().ExplainAsync(next, request, cancellationToken)));
    }

    public static void MapMcp(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<McpOptions>>().Value.Enabled)
        {
            var endpoint = app.MapMcp(Path).RequireScope(CallerScopes.Read).ExcludeFromDescription();
            endpoint.Add(builder => builder.RequestDelegate = ExplainInvalidMessages(builder.RequestDelegate!));
            endpoint.RejectUnknownOrigins();
        }
    }

    /// <summary>Makes the input schemas forbid unknown arguments, as <see cref="ToolArguments.Check"/> does.</summary>
    private static void ForbidUnknownArguments(McpServerOptions options)
    {
        foreach (var tool in options.ToolCollection ?? [])
        {
            var schema = JsonObject.Create(tool.ProtocolTool.InputSchema)!;
            schema["additionalProperties"] = false;
            tool.ProtocolTool.InputSchema = JsonSerializer.SerializeToElement(schema);
        }
    }

    /// <summary>
    /// Returns a JSON-RPC error if the body is not a message, or if the SDK throws because a member of <c>params</c> does not have the expected form. The SDK
    /// reads some of them, such as those of <c>initialize</c>, before <see cref="MessageParams"/> can check them.
    /// </summary>
    private static RequestDelegate ExplainInvalidMessages(RequestDelegate next) => async http =>
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            await next(http);
            return;
        }

        RequestBody.RequireJson(http.Request);
        // The body is read more than once. It is small, and some containers have no place for files.
        http.Request.EnableBuffering(bufferThreshold: int.MaxValue);
        if (await MessageEnvelope.ErrorOfAsync(http.Request) is { } malformed)
        {
            await WriteAsync(http, malformed);
            return;
        }

        try
        {
            await next(http);
        }
        catch (Exception invalid) when (invalid is JsonException or ArgumentException or InvalidOperationException && !http.Response.HasStarted)
        {
            await WriteAsync(http, await MessageParams.ErrorOfAsync(http.Request));
        }
    };

    private static Task WriteAsync(HttpContext http, JsonRpcError error)
    {
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return http.Response.WriteAsJsonAsync(error, ModelContextProtocol.McpJsonUtilities.DefaultOptions, http.RequestAborted);
    }
}
