using GenesysAnalyticsApi.Client.Models;

namespace GenesysAnalyticsApi.Client;

/// <summary>The current state of the queues, from <c>GET /observations</c>.</summary>
public sealed record QueueObservations
{
    internal QueueObservations(ObservationsResponse body)
    {
        Body = body;
        Meta = ResponseMeta.Of(body.Meta, ResponseWarning.Of(body.Warnings));
    }

    /// <summary>One record per queue and media type, or per group of the query.</summary>
    public IReadOnlyList<ObservationRecord> Records => Body.Records ?? [];

    /// <summary>How old and how complete the state is.</summary>
    public ResponseMeta Meta { get; }

    /// <summary>The whole response, which also contains the query as the service understood it, and the source of the state.</summary>
    public ObservationsResponse Body { get; }
}
