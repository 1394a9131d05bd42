using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Hosting.Health;

/// <summary><c>/health/live</c> says that the process runs, <c>/health/ready</c> that it can answer.</summary>
internal static class HealthEndpoints
{
    public const string Path = "/health";

    public static void AddHealth(this IServiceCollection services) =>
        // The start is refused while a setting is wrong, so a running service has passed this one.
        services.AddSingleton(new ReadinessCheck("configuration", IsRequired: true, () => new ComponentHealth(ComponentStatus.Ok)))
            .AddSingleton<GracefulShutdown>()
            .AddHostedService(provider => provider.GetRequiredService<GracefulShutdown>())
            .AddSingleton(provider => new ReadinessCheck("running", IsRequired: true, () => provider.GetRequiredService<GracefulShutdown>().Readiness))
            .AddSingleton(provider => new ReadinessCheck("genesys", IsRequired: false, () => Of(provider.GetRequiredService<GenesysStatus>().State)))
            .AddSingleton<ClockSkew>()
            .AddSingleton(provider => new ReadinessCheck("clock", IsRequired: false, () => provider.GetRequiredService<ClockSkew>().Readiness));

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup(Path).WithTags("Health");

        health.MapGet("/live", () => new BufferedJsonResult<LiveResponse>(new LiveResponse("live"), HealthJson.Default.LiveResponse))
            .WithName("GetLive")
            .WithSummary("Whether the process runs")
            .WithDescription("Always 200: a process that does not run does not answer. Orchestrators restart what does not answer here.")
            .Produces<LiveResponse>();

        health.MapGet("/ready", GetReady)
            .WithName("GetReady")
            .WithSummary("Whether the service can answer")
            .WithDescription("200 once everything required is there. Genesys Cloud's condition is told and never makes it 503: stale, labelled answers are needed exactly then.")
            .Produces<ReadyResponse>()
            .Produces<ReadyResponse>(StatusCodes.Status503ServiceUnavailable);
    }

    private static ComponentHealth Of((bool IsFailing, bool IsDown, DateTimeOffset? Since, string? Reason) genesys) =>
        new(genesys.IsDown ? ComponentStatus.Down : genesys.IsFailing ? ComponentStatus.Degraded : ComponentStatus.Ok, genesys.Since, genesys.Reason);

    private static BufferedJsonResult<ReadyResponse> GetReady(IEnumerable<ReadinessCheck> checks, HttpContext http)
    {
        var found = checks.Select(check => (Check: check, Readiness: check.Read())).ToList();
        var isReady = !found.Any(one => one.Check.IsRequired && one.Readiness.Condition == ComponentStatus.Down);
        var answer = new ReadyResponse(
            isReady ? "ready" : "not-ready",
            http.CallerMay(CallerScopes.Operator)
                ? found.ToDictionary(one => one.Check.Name, one => new ReadyCheck(one.Readiness.Condition, one.Readiness.Since, one.Readiness.Reason))
                : null);

        return new(answer, HealthJson.Default.ReadyResponse, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>The process runs.</summary>
/// <param name="Status" example="live">Always <c>live</c>.</param>
internal sealed record LiveResponse(string Status);

/// <summary>Whether the service can answer, and how each thing is that it depends on.</summary>
/// <param name="Status" example="ready"><c>ready</c> or <c>not-ready</c>.</param>
/// <param name="Checks" example='{ "configuration": { "condition": "ok" }, "queues": { "condition": "ok" } }'>What was looked at, by name; for the scope operator only.</param>
internal sealed record ReadyResponse(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, ReadyCheck>? Checks);

/// <summary>How one thing is that the service depends on.</summary>
/// <param name="Condition">How it is.</param>
/// <param name="Since">Since when, where that is known.</param>
/// <param name="Reason">Why it is not ok and what to change, where that is known.</param>
internal sealed record ReadyCheck(
    ComponentStatus Condition,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Since,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LiveResponse))]
[JsonSerializable(typeof(ReadyResponse))]
internal sealed partial class HealthJson : JsonSerializerContext;
