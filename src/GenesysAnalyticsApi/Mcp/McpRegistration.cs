using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>
/// Serves the Model Context Protocol at <c>/mcp</c>. Each call is one HTTP request without a session, so any replica serves it, and authentication,
/// scopes, visible queues and rate limits are those of the other endpoints.
/// </summary>
internal static class McpRegistration
{
    public const string Path = "/mcp";

    private const string Instructions =
        "Figures of contact center queues from Genesys Cloud. Use a period word (today, yesterday, this-week, last-week, last-7-days, this-month, last-month) and a time zone "
        + "instead of computing dates: the service resolves them and returns the interval. Queues are selected by name; * stands for any characters. Durations are "
        + "milliseconds, ratios are 0-1. Results with figures state how old (asOf) and how complete the figures are: repeat that with the figures. A null figure is unknown or not "
        + "defined, not zero. Do not add ratios or averages over rows: ask for groupBy none instead.";

    /// <summary>Null members are written, because the output schemas require every member.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // The text of a result is for a model, and never part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static void AddMcp(this IServiceCollection services)
    {
        services.AddOptions<McpOptions>().BindConfiguration(McpOptions.Section);
        services.AddSingleton<FiguresReader>();
        services.AddSingleton<ToolFailures>();
        services.PostConfigure<McpServerOptions>(ToolArguments.ForbidUnknownArguments);
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
            .WithRequestFilters(filters => filters.AddCallToolFilter(next => (request, cancellationToken) =>
                request.Services!.GetRequiredService<ToolFailures>().ExplainAsync(next, request, cancellationToken)));
    }

    public static void MapMcp(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<McpOptions>>().Value.Enabled)
        {
            var endpoint = app.MapMcp(Path).RequireScope(CallerScopes.Read).ExcludeFromDescription();
            endpoint.Add(builder => builder.RequestDelegate = ExplainInvalidParams(builder.RequestDelegate!));
        }
    }

    /// <summary>The SDK throws if a member of <c>params</c> does not have the expected form. Turns this exception into a JSON-RPC error.</summary>
    private static RequestDelegate ExplainInvalidParams(RequestDelegate next) => async http =>
    {
        try
        {
            await next(http);
        }
        catch (Exception invalid) when (invalid is JsonException or ArgumentException or InvalidOperationException && !http.Response.HasStarted)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            var path = invalid is JsonException { Path: { } at } ? $" at {at}" : "";
            await http.Response.WriteAsJsonAsync(new JsonRpcError
            {
                Id = default,
                Error = new() { Code = (int)ModelContextProtocol.McpErrorCode.InvalidParams, Message = $"The params do not have the form that the method requires{path}. Compare them with the protocol's schema." },
            }, ModelContextProtocol.McpJsonUtilities.DefaultOptions, http.RequestAborted);
        }
    };
}
