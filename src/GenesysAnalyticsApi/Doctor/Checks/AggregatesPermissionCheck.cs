using System.Collections.Immutable;
using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Checks whether the OAuth client may read the figures of the last complete hour, and whether the reply can be parsed.</summary>
internal sealed class AggregatesPermissionCheck(IGenesysGateway gateway, TimeProvider clock)
    : DiagnosticCheck(DiagnosticNames.AggregatesPermission, "The request for the figures of one hour", 8, DiagnosticNames.Token)
{
    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        context.LastHour = await SendAsync(gateway, context, LastHours(clock, 1), cancellationToken);
        return CheckOutcome.Ok($"Genesys accepts the request for figures, and its reply can be parsed: '{GenesysPermissions.Aggregates}' is granted.");
    }

    public override CheckOutcome OutcomeOf(GenesysFailure failure) => GenesysRemedies.Of(failure, "Reading figures", GenesysPermissions.Aggregates);

    /// <summary>Returns the edges of one bucket that covers the given number of complete hours before now.</summary>
    public static ImmutableArray<Instant> LastHours(TimeProvider clock, int hours)
    {
        var end = Instant.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds() / 3_600 * 3_600);
        return [end - Duration.FromHours(hours), end];
    }

    /// <summary>Requests nOffered and nOutbound, because each interaction of a queue is counted by one of these two metrics.</summary>
    public static async Task<AggregateFacts> SendAsync(IGenesysGateway gateway, DiagnosticContext context, ImmutableArray<Instant> edges, CancellationToken cancellationToken)
    {
        var request = new AggregatesRequest(edges, Granularity: null, TimeZone: null, ["nOffered", "nOutbound"], Direction: null, QueueIds: []) { Origin = DiagnosticContext.Origin };
        return (await context.SendAsync(() => gateway.QueryAggregatesAsync(request, cancellationToken), reply => reply.Calls)).Facts;
    }
}
