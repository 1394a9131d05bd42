using System.Collections.Immutable;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Checks whether the client may query figures and whether the reply can be parsed, with a query for the last complete hour.</summary>
internal sealed class AggregatesPermissionCheck(IGenesysGateway gateway, TimeProvider clock) : IDiagnosticCheck
{
    public string Name => DiagnosticNames.AggregatesPermission;

    public IReadOnlyList<string> Needs => [DiagnosticNames.Token];

    public TimeSpan Limit => TimeSpan.FromSeconds(8);

    public string Subject => "A question to Genesys for the figures of one hour";

    public async Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken)
    {
        try
        {
            visit.LastHour = await AskAsync(gateway, visit, LastHours(clock, 1), cancellationToken);
            return CheckOutcome.Ok($"Genesys gives figures, and they can be read: '{GenesysWire.AggregatesPermission}' is there.");
        }
        catch (GenesysException failed)
        {
            return GenesysRemedies.Of(failed.Failure, "Asking for figures", GenesysWire.AggregatesPermission);
        }
    }

    /// <summary>The last complete hours, as one bucket.</summary>
    public static ImmutableArray<Instant> LastHours(TimeProvider clock, int hours)
    {
        var end = Instant.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds() / 3_600 * 3_600);
        return [end - Duration.FromHours(hours), end];
    }

    /// <summary>Requests only these two metrics, because every interaction of a queue begins with one of them.</summary>
    public static async Task<AggregateFacts> AskAsync(IGenesysGateway gateway, DiagnosticContext visit, ImmutableArray<Instant> bucket, CancellationToken cancellationToken)
    {
        var question = new AggregatesRequest(bucket, Granularity: null, TimeZone: null, ["nOffered", "nOutbound"], Direction: null, QueueIds: []) { Origin = DiagnosticContext.Asker };
        return (await visit.AskAsync(() => gateway.QueryAggregatesAsync(question, cancellationToken), reply => reply.Calls)).Facts;
    }
}
