using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GenesysAnalyticsApi.Hosting.Health;

/// <summary>Maps <c>/health/live</c> (the process is running) and <c>/health/ready</c> (the service can serve requests).</summary>
internal static class HealthEndpoints
{
    public const string Path = "/health";

    /// <summary>
    /// Registers the health checks of the process. Each feature registers its own checks. All checks read only memory, because orchestrators request them every
    /// few seconds.
    /// </summary>
    public static void AddHealth(this IServiceCollection services) => services
        .AddSingleton<GracefulShutdown>()
        .AddHostedService(provider => provider.GetRequiredService<GracefulShutdown>())
        .AddHealthChecks()
        // This check always succeeds, because the service does not start with an invalid setting.
        .AddCheck("configuration", () => HealthCheckResult.Healthy(), tags: [Readiness.Required])
        .AddCheck<GracefulShutdown>("running", tags: [Readiness.Required]);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup(Path).WithTags("Health");

        health.MapGet("/live", () => new BufferedJsonResult<LiveResponse>(new LiveResponse("live", ServiceVersion.Current), HealthJson.Default.LiveResponse))
            .WithName("GetLive")
            .WithSummary("Whether the process is running")
            .WithDescription("Always 200, with the version of the service. An orchestrator can restart the process if this endpoint does not respond.")
            .Produces<LiveResponse>();

        health.MapGet("/ready", GetReady)
            .WithName("GetReady")
            .WithSummary("Whether the service can serve requests")
            .WithDescription("200 if all required checks succeed, otherwise 503. The response reports the condition of Genesys Cloud, but an outage of Genesys Cloud never causes a 503: callers still need responses with older figures, which are marked as stale.")
            .Produces<ReadyResponse>()
            .Produces<ReadyResponse>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<BufferedJsonResult<ReadyResponse>> GetReady(HealthCheckService checks, HttpContext http)
    {
        var report = await checks.CheckHealthAsync(http.RequestAborted);
        var isReady = Readiness.IsReady(report);
        var response = new ReadyResponse(
            isReady ? "ready" : "not-ready",
            http.CallerMay(CallerScopes.Operator) ? report.Entries.ToDictionary(entry => entry.Key, entry => ReadyCheck.Of(entry.Value)) : null);

        return new(response, HealthJson.Default.ReadyResponse, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>States that the process is running.</summary>
/// <param name="Status" example="live">Always <c>live</c>.</param>
/// <param name="Version" example="1.4.0">The version of the service.</param>
internal sealed record LiveResponse(string Status, string Version);

/// <summary>Whether the service can serve requests, and the condition of each dependency.</summary>
/// <param name="Status" example="ready"><c>ready</c> or <c>not-ready</c>.</param>
/// <param name="Checks" example='{ "configuration": { "condition": "ok" }, "queues": { "condition": "ok" } }'>The checks by name; only with the scope operator.</param>
internal sealed record ReadyResponse(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, ReadyCheck>? Checks);

/// <summary>The condition of one dependency.</summary>
/// <param name="Condition">The condition of the dependency.</param>
/// <param name="Since">When the dependency entered this condition, if known.</param>
/// <param name="Reason">Why the dependency is not ok and what to change, if known.</param>
internal sealed record ReadyCheck(
    ComponentStatus Condition,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Since,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    public static ReadyCheck Of(HealthReportEntry entry) => new(
        entry.Status switch
        {
            HealthStatus.Healthy => ComponentStatus.Ok,
            HealthStatus.Degraded => ComponentStatus.Degraded,
            _ => ComponentStatus.Down,
        },
        entry.Data.GetValueOrDefault(Readiness.Since) as DateTimeOffset?,
        entry.Description);
}

/// <summary>`ok`, `degraded` (it works in part) or `down`.</summary>
internal enum ComponentStatus
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("degraded")]
    Degraded,

    [JsonStringEnumMemberName("down")]
    Down,
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LiveResponse))]
[JsonSerializable(typeof(ReadyResponse))]
internal sealed partial class HealthJson : JsonSerializerContext;
