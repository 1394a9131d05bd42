using GenesysAnalyticsApi.Client.Models;

namespace GenesysAnalyticsApi.Client;

/// <summary>What happens in the queues now, from <c>GET /observations</c>.</summary>
public sealed record QueueObservations
{
    internal QueueObservations(ObservationsResponse body)
    {
        Body = body;
        Meta = ResponseMeta.Of(body.Meta, ResponseWarning.Of(body.Warnings));
    }

    /// <summary>One per queue and media type, or as the query groups.</summary>
    public IReadOnlyList<ObservationRecord> Records => Body.Records ?? [];

    /// <summary>How old and how complete the state is.</summary>
    public ResponseMeta Meta { get; }

    /// <summary>The whole response: also how the service understood the query, and where the state comes from.</summary>
    public ObservationsResponse Body { get; }
}
