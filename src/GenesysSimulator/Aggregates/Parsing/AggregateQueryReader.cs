using System.Collections.Frozen;
using GenesysSimulator.Contract;
using GenesysSimulator.Wire;
using GenesysSimulator.World;
using NodaTime;

namespace GenesysSimulator.Aggregates.Parsing;

/// <summary>Parses the body of an aggregates query, and rejects what Genesys would reject or what the simulator does not support.</summary>
internal static class AggregateQueryReader
{
    private const string Sync = "ConversationAggregationQuery";
    private const string Async = "ConversationAsyncAggregationQuery";

    private static readonly FrozenSet<string> SyncMembers = GenesysContract.Members(Sync);
    private static readonly FrozenSet<string> AsyncMembers = GenesysContract.Members(Async);
    private static readonly FrozenSet<string> MetricNames = GenesysContract.Values(Sync, "MetricsEnum");
    private static readonly FrozenSet<string> GroupNames = GenesysContract.Values(Sync, "GroupByEnum");
    private static readonly FrozenSet<string> TimeDimensions = GenesysContract.Values(Sync, "AlternateTimeDimensionEnum");
    private static readonly FrozenSet<string> QueryTypes = GenesysContract.Values(Sync, "QueryTypeEnum");

    // These metrics are part of the contract, but Genesys rejects them.
    private static readonly FrozenSet<string> AlwaysRejected =
        new[] { "tAgentVideoConnected", "tScreenMonitoring", "tSnippetRecord" }.ToFrozenSet(StringComparer.Ordinal);

    public static AggregateQuery Read(ReadOnlyMemory<byte> body, int rowLimit, int? maxPageSize = null)
    {
        var isAsync = maxPageSize is not null;
        using var document = RequestBody.ParseStrictly(body);
        var query = isAsync
            ? new StrictObject(document.RootElement, Async, AsyncMembers)
            : new StrictObject(document.RootElement, Sync, SyncMembers);

        var (start, end) = IntervalReader.Read(query.RequiredText("interval"));
        var groupBy = query.ManyOf("groupBy", GroupNames);
        var metrics = ReadMetrics(query, groupBy);
        RejectRankings(query);
        query.OneOf("alternateTimeDimension", TimeDimensions);
        query.RequireBoolean("flattenMultivaluedDimensions");

        return new(
            Buckets.Of(start, end, query.Text("granularity"), ReadZone(query.Text("timeZone")), rowLimit),
            metrics,
            // Genesys always groups by media type, even if the query does not request it.
            [.. groupBy.Append("mediaType").Distinct(StringComparer.Ordinal)],
            MetricViewReader.Read(query.List("views"), MetricNames),
            query.Find("filter") is { } filter ? DimensionFilterReader.Read(filter) : DimensionFilter.None)
        {
            Fingerprint = FingerprintOf(body.Span),
            PageSize = maxPageSize is { } max ? ReadPageSize(query, max) : null,
        };
    }

    private static List<string> ReadMetrics(StrictObject query, List<string> groupBy)
    {
        var metrics = query.ManyOf("metrics", MetricNames);
        if (metrics.Count == 0)
        {
            throw query.Missing("metrics");
        }

        foreach (var metric in metrics)
        {
            if (AlwaysRejected.Contains(metric) || (metric == "nConversations" && groupBy.Contains("queueId")))
            {
                throw new ApiException(400, "invalid.value", $"Value [{metric}] is not valid for field type [metrics] with this groupBy.");
            }
        }

        return [.. metrics.Distinct(StringComparer.Ordinal)];
    }

    private static void RejectRankings(StrictObject query)
    {
        var type = query.OneOf("queryType", QueryTypes) ?? "groupBy";
        if (type != "groupBy")
        {
            throw ApiException.BadRequest($"queryType {type} is not supported by the simulator.");
        }

        if (query.Find("sortMetric") is not null || query.Find("limit") is not null)
        {
            throw ApiException.BadRequest("sortMetric and limit require queryType topN or bottomN, which the simulator does not support.");
        }
    }

    private static DateTimeZone ReadZone(string? id) => id is null
        ? DateTimeZone.Utc
        // NodaTime also accepts UTC+05:30, which is not an IANA name.
        : DateTimeZoneProviders.Tzdb.Ids.Contains(id) ? DateTimeZoneProviders.Tzdb[id] : throw ApiException.BadRequest($"timeZone [{id}] is not an IANA time zone.");

    private static int? ReadPageSize(StrictObject query, int max) => query.Number("pageSize") is not { } size
        ? null
        : size >= 1 && size <= max && size == Math.Floor(size) ? (int)size : throw ApiException.BadRequest($"pageSize must be an integer from 1 to {max}.");

    private static ulong FingerprintOf(ReadOnlySpan<byte> body)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in body)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        return SeededRandom.Mix(hash, 1);
    }
}
