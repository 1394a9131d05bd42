using System.Globalization;
using GenesysAnalyticsApi.Client.Models;
using Microsoft.Kiota.Abstractions;

namespace GenesysAnalyticsApi.Client;

/// <summary>The figures of <c>GET /aggregates</c>.</summary>
public sealed record QueueAggregates
{
    /// <param name="headers">
    /// The headers of the response. After a 304, they state how old the data is now; the remembered body states how old the data was then.
    /// </param>
    internal QueueAggregates(AggregatesAnswer body, RequestHeaders headers)
    {
        Body = body;
        Meta = new ResponseMeta
        {
            AsOf = headers.TryGetValue("X-Data-As-Of", out var asOf) ? DateTimeOffset.Parse(asOf.Single(), CultureInfo.InvariantCulture) : body.Meta?.AsOf,
            Complete = body.Meta?.Complete ?? false,
            Final = body.Meta?.Final ?? false,
            Stale = body.Meta?.Stale ?? false,
            Warnings = ResponseWarning.Of(body.Meta?.Warnings),
        };
    }

    /// <summary>
    /// One record per queue, media type and bucket, or per group of the query. Durations are in milliseconds; rates and service levels are from 0 to 1.
    /// </summary>
    public IReadOnlyList<AggregateRecord> Records => Body.Records ?? [];

    /// <summary>How old, how complete and how final the figures are.</summary>
    public ResponseMeta Meta { get; }

    /// <summary>The whole response, which also contains the query as the service understood it, the totals, and what could not be loaded.</summary>
    public AggregatesAnswer Body { get; }
}
