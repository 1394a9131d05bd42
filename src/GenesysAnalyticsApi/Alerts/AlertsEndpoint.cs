using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>Serves <c>GET /alerts</c>.</summary>
internal static class AlertsEndpoint
{
    public static void MapAlerts(this IEndpointRouteBuilder routes) => routes.MapGet("/alerts", GetAlerts)
        .WithTags("Alerts")
        .RequireScope(CallerScopes.Read)
        .RequireJsonAccepted()
        .WithName("GetAlerts")
        .WithSummary("The alerts of the queues")
        .WithDescription(
            "Alerts that are firing, pending or recently resolved, and alerts that are unknown because there is no current and complete figure. "
            + "The rules are settings of the service (Alerts:Rules). This request causes no Genesys request for figures.")
        .WithParameters(AlertsParameters.Metadata)
        .WithResponseHeaders(RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
        .Produces<AlertsResponse>()
        .WithProblems(
            ProblemType.InvalidRequest, ProblemType.Unauthenticated, ProblemType.Forbidden, ProblemType.NotAcceptable, ProblemType.CallerRateLimited, ProblemType.GenesysRefused,
            ProblemType.GenesysRateLimited, ProblemType.GenesysUnavailable, ProblemType.IdentityUnavailable, ProblemType.GenesysTimeout);

    private static async Task<IResult> GetAlerts(
        [AsParameters] AlertsParameters parameters, HttpContext http, AlertRules rules, AlertRegisterReader register, QueueDirectory directory, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var visibility = http.Caller().Visibility;
        var visible = await directory.VisibleToAsync(visibility, cancellationToken);
        var report = new AlertsReport(await register.ReadAsync(cancellationToken), rules.All, visible, visibility, Instant.FromDateTimeOffset(clock.GetUtcNow()));

        ParameterRules.ThrowIfInvalid(http.Request.Query, AlertsParameters.ParameterNames, AlertsParameters.ParameterNames, parameters.Errors(report.VisibleRules));
        http.Response.Headers.CacheControl = "no-store";
        return new BufferedJsonResult<AlertsResponse>(report.ResponseOf(parameters.States, parameters.Rule ?? []), AlertsJson.Default.AlertsResponse);
    }
}

/// <summary>
/// Reads the newest state of the alerts: this replica's own state if it evaluates the rules, otherwise the stored state, which is cached for a second.
/// </summary>
internal sealed class AlertRegisterReader(AlertEvaluator evaluator, IAlertStore store, TimeProvider clock)
{
    private static readonly TimeSpan LoadedLifetime = TimeSpan.FromSeconds(1);

    private volatile Loaded? _loaded;

    /// <returns>
    /// Null if there is no state, for example because no replica has evaluated the rules yet. If the state cannot be read, the last known state is returned;
    /// the age of its figures shows whether it is current.
    /// </returns>
    public async Task<AlertRegister?> ReadAsync(CancellationToken cancellationToken)
    {
        if (evaluator.Current is { } current)
        {
            return current;
        }

        if (_loaded is not { } known || clock.GetElapsedTime(known.Timestamp) >= LoadedLifetime)
        {
            _loaded = known = new Loaded(await store.LoadAsync(cancellationToken) ?? _loaded?.Register, clock.GetTimestamp());
        }

        return known.Register;
    }

    private sealed record Loaded(AlertRegister? Register, long Timestamp);
}
